"""How the triangle moved: each week is that of its board, told by shape and word, and read only when somebody asks."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from scoreboard import settings as settings_module
from scoreboard.metrics import board as boards
from scoreboard.metrics import company as companies
from scoreboard.metrics import triangle_history
from scoreboard.metrics.scopes import scope_for
from scoreboard.state.database import open_database, reading
from scoreboard.state.viewers import EVERYONE
from scoreboard.views import moved
from tests.views.conftest import NOW, ROOT, Open
from tests.views.reading import BANNED, words


def strips(page: Any) -> list[dict[str, Any]]:
    """The JSON given to the strip's picture."""
    return [found["strip"] for e in page.get("bidi_component") if e.proto.json and "strip" in (found := json.loads(e.proto.json))]


@pytest.mark.parametrize("of", [{"branch": "RIV"}, {"branch": "LAK"}, {"territory": "Coast"}, {"whole": True}], ids=str)
def test_each_week_is_that_of_its_board(sample_folder: Path, of: dict[str, Any]) -> None:
    settings = settings_module.read(str(sample_folder), NOW)
    engine = open_database(settings.database_url)
    with reading(engine) as conn:
        company = companies.read(conn, settings.now)
        scope = scope_for(company, EVERYONE, **of)
        found = triangle_history.read(conn, settings, scope, company=company)
        assert [one.week for one in found][-1] == date(2026, 11, 2) and len(found) == triangle_history.WEEKS
        for one in found:
            board = boards.read(conn, settings, scope, one.week, company=company, also=())
            assert one.triangle == board.triangle, one.week
    engine.dispose()


def test_it_is_read_when_the_fold_is_opened(opened: Open, sample_folder: Path) -> None:
    page = opened(sample_folder, branch="RIV", week="2026-W45")
    assert strips(page) == []
    page.session_state["moved_fold"] = True
    page.run()
    strip = strips(page)[0]
    assert len(strip["weeks"]) == 26 and strip["picked"] == "2026-W45"
    assert [row["name"] for row in strip["rows"]] == ["Speed", "Accuracy", "Confidence", "Imbalance"]
    assert strip["rows"][1]["runs"][-1] == {"first": 13, "end": 26, "shape": "down", "words": "Needs help", "tone": "concern"}
    assert strip["weeks"][-1]["said"] == (
        "Week 45, 2–8 November 2026: Speed improving (Quote response); Accuracy needs help (Mis-pick and credit); Confidence steady. "
        "Speed is improving while Accuracy declines: one corner may be paying for another.")
    assert strip["sentence"].startswith("26 weeks, as their boards show them now: Speed ") and not page.exception
    assert BANNED.findall(words(page)) == []


def test_it_stays_in_place_while_one_looks_through_its_weeks_and_goes_back_for_an_older_one(opened: Open, sample_folder: Path) -> None:
    def last(week: str) -> str:
        page = opened(sample_folder, branch="HAR", week=week)
        page.session_state["moved_fold"] = True
        return strips(page.run())[0]["weeks"][-1]["week"]

    assert last("2026-W30") == "2026-W45" and last("2026-W10") == "2026-W10"


def test_every_state_of_a_corner_has_its_shape_and_word() -> None:
    told = {"needs help", "improving", "no data", "steady", "no target agreed"}  # those of metrics.triangle
    assert set(moved.STATES) == told and len({shape for shape, _, _ in moved.STATES.values()}) == len(told)
    script = (ROOT / "scoreboard/views/picture/shapes.js").read_text(encoding="utf-8")
    assert all(f"    {shape}: () =>" in script for shape, _, _ in [*moved.STATES.values(), moved.IMBALANCE])
