"""A new usual level in the browser: offered where a run has held, begun with a reason, drawn, taken back; and what lies beside."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from scoreboard.metrics.catalogue import BY_KEY
from scoreboard.metrics.counters import COUNTERS
from tests.command_line import Store, copied
from tests.views.conftest import NOW, Open
from tests.views.reading import BANNED, boards
from tests.views.reading import words as words_of

PAGE, QUOTES = "pages/huddle/metric.py", {"branch": "RIV", "week": "2026-W45", "metric": "quote_response_time"}


def chart(page: Any, at: int = 0) -> dict[str, Any]:
    return json.loads(page.get("plotly_chart")[at].proto.spec)  # type: ignore[no-any-return]


def bands(page: Any) -> list[dict[str, Any]]:
    return [shape for shape in chart(page)["layout"]["shapes"] if shape["type"] == "rect"]




def test_a_run_that_holds_offers_a_level_and_the_board_asks_for_the_cause(opened: Open, sample_folder: Path) -> None:
    page = opened(sample_folder, PAGE, **QUOTES)
    assert "Begin a new usual level with week 32" in [e.label for e in page.expander]
    assert len(bands(page)) == 1 and BANNED.findall(words_of(page)) == []
    talk = boards(opened(sample_folder, "pages/huddle/scoreboard.py", branch="RIV", week="2026-W45"))[0]["talk"]
    assert next(t["text"] for t in talk if t["metric"] == "quote_response_time").endswith("Nobody has noted why yet.")


def test_a_note_of_those_weeks_is_taken_for_the_cause(opened: Open, sample_folder: Path, tmp_path: Path) -> None:
    folder = copied(sample_folder, tmp_path / "copy")
    page = opened(folder, PAGE, branch="RIV", week="2026-W32", metric="otif")
    page.pills[0].set_value(["New system"]).run()
    talk = boards(opened(folder, "pages/huddle/scoreboard.py", branch="RIV", week="2026-W45"))[0]["talk"]
    said = next(t["text"] for t in talk if t["metric"] == "quote_response_time")
    assert said.endswith("Noted: New system. If it stays so, begin a new usual level.")


def test_a_level_is_drawn_beside_the_former_one_and_its_tile_is_calm(opened: Open, sample_folder: Path, tmp_path: Path) -> None:
    folder = copied(sample_folder, tmp_path / "copy")
    Store(folder, NOW).json("levels", "begin", "--branch", "RIV", "--metric", "quote_response_time", "--reason", "second inside sales desk")
    page = opened(folder, PAGE, **QUOTES)
    assert "◆ New usual level since week 32 · second inside sales desk (administrator)" in words_of(page)
    assert len(bands(page)) == 2 and bands(page)[1]["line"].get("dash") == "dot"  # 14 weeks: provisional
    assert not [e for e in page.expander if e.label.startswith("Begin")]
    board = boards(opened(folder, "pages/huddle/scoreboard.py", branch="RIV", week="2026-W45"))[0]
    assert next(t for t in board["tiles"] if t["key"] == "quote_response_time")["state"]["words"] == "Normal week"
    next(b for b in page.button if b.label == "Take back").click().run()
    assert "New usual level since" not in words_of(page) and len(bands(page)) == 1


def test_rare_errors_are_drawn_four_weeks_at_a_time(opened: Open, sample_folder: Path) -> None:
    page = opened(sample_folder, PAGE, branch="RIV", week="2026-W45", metric="error_rate")
    drawn = {trace["name"]: trace for trace in chart(page)["data"]}
    assert len(drawn["four weeks"]["x"]) == 14 and "Large dots" in words_of(page)
    assert set(drawn["week"]["marker"]["size"]) == {5}


def test_durations_lie_on_a_log_scale_with_plain_ticks(opened: Open, sample_folder: Path) -> None:
    axis = chart(opened(sample_folder, PAGE, **QUOTES))["layout"]["yaxis"]
    assert axis["type"] == "log" and "1 h" in axis["ticktext"] and "5 h" in axis["ticktext"]
    assert "type" not in chart(opened(sample_folder, PAGE, branch="RIV", week="2026-W45", metric="otif"))["layout"]["yaxis"]


def test_a_quick_quote_is_held_against_credits(opened: Open, sample_folder: Path) -> None:
    page = opened(sample_folder, PAGE, **QUOTES)
    assert "Held against it: Mis-pick and credit" in [h.value for h in page.header]
    assert "Quote response is better than usual while Mis-pick and credit is worse. One may be paid for with the other." in words_of(page)


def test_every_counter_is_a_metric_of_another_name() -> None:
    assert len({one.of for one in COUNTERS}) == len(COUNTERS)
    assert all(one.of in BY_KEY and one.by in BY_KEY and one.of != one.by for one in COUNTERS)
