"""The page Branches: the same words as on each branch's board, only the viewer's branches, and something true in every case."""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from streamlit.testing.v1 import AppTest

from scoreboard import settings as settings_module
from scoreboard.state import branches, notes, peer_groups, people, targets
from scoreboard.state.database import open_database, writing
from scoreboard.state.viewers import EVERYONE
from scoreboard.views import asking
from scoreboard.views.territory import parts, side_by_side
from tests.command_line import copied
from tests.views.conftest import NOW, Open
from tests.views.reading import BANNED, boards, tables, words

PAGE = "pages/territory/branches.py"
RANKS = re.compile(r"\b(rank\w*|best|worst|league|leader ?board|winner|loser|first place|no\. ?1)\b", re.IGNORECASE)


@pytest.fixture
def folder(sample_folder: Path, tmp_path: Path) -> Path:
    """The sample, to be changed."""
    copied(sample_folder, tmp_path / "mine")
    return tmp_path / "mine"


def change(folder: Path) -> Any:
    return writing(open_database(settings_module.read(str(folder), NOW).database_url))


def matrix(app: AppTest) -> dict[str, Any]:
    return next(found for e in app.get("bidi_component") if e.proto.json and (found := json.loads(e.proto.json).get("matrix")))


def cards(app: AppTest) -> list[dict[str, Any]]:
    return next(found["cards"] for e in app.get("bidi_component") if e.proto.json and (found := json.loads(e.proto.json).get("strips")))


def names(app: AppTest) -> list[str]:
    return [row["name"] for row in matrix(app)["rows"]]


def test_a_cell_says_what_the_tile_of_the_branch_says_in_the_room_it_has(opened: Open, sample_folder: Path) -> None:
    shown = matrix(opened(sample_folder, PAGE, week="2026-W45"))
    for row in shown["rows"]:
        (board,) = boards(opened(sample_folder, branch=row["code"], week="2026-W45"))
        there = {tile["key"]: tile for tile in board["tiles"]}
        for column, cell in zip(shown["columns"], row["cells"], strict=True):
            tile, state, aim = there[column["key"]], shown["states"][cell[4]], shown["aims"][cell[5]]
            assert (cell[0].removeprefix("> "), cell[1], cell[3]) == (tile["number"], tile["unit"], tile["at"])
            assert (state[0], state[2]) == (tile["state"]["shape"], tile["state"]["tone"])
            assert (aim[0], aim[2]) == (tile["aim"]["shape"], tile["aim"]["tone"])
            assert tile["behind"].startswith(cell[2])


def test_what_the_server_read_ahead_is_not_read_again_until_something_changes(opened: Open, folder: Path) -> None:
    first, proved = matrix(opened(folder, PAGE)), set[str]()

    def listen(_conn: Any, _cursor: Any, statement: str, asked_for: tuple[Any, ...], *_: Any) -> None:
        if "count(*)" in statement and "weekly_results" in statement:  # the sizes of weeks, read of cells that have to be proved
            proved.update(str(one) for one in asked_for)

    event.listen(asking.ask_of_all().engine, "before_cursor_execute", listen)
    assert not side_by_side.keep(asking.ask_of_all()), "the page has read it"
    with change(folder) as conn:
        targets.set_target(conn, metric="otif", scope_kind="branch", scope="RIV", target=0.61, floor=None, from_on=date(2026, 11, 2),
                           who="test", reason="agreed", now=datetime(2026, 11, 9, 13), metrics=["otif"])
    assert side_by_side.keep(asking.ask_of_all()) and not side_by_side.keep(asking.ask_of_all())
    assert "otif" in proved
    proved.clear()
    then = matrix(opened(folder, PAGE))
    assert "otif" not in proved and then["aims"] != first["aims"]


def test_of_many_bright_spots_the_page_begins_with_some_and_shows_all_when_asked(
        opened: Open, sample_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def spots(app: AppTest) -> list[str]:
        return [row for table in tables(app) for row in table["Branch"]]

    monkeypatch.setattr(parts, "_SPOTS", 0)  # the sample has one
    app = opened(sample_folder, PAGE, week="2026-W45")
    assert spots(app) == []
    next(b for b in app.button if b.label == "Show all 1 bright spots").click().run()
    assert spots(app) == ["Riverside"]


def test_the_page_says_who_reported_and_nothing_that_ranks(opened: Open, sample_folder: Path) -> None:
    app = opened(sample_folder, PAGE)
    assert not app.exception and BANNED.findall(words(app)) == [] and RANKS.findall(words(app)) == []
    shown = matrix(app)
    assert shown["headline"] == "4 of 6 branches have a figure worse than usual; 1 more reliably misses a target."
    assert {column["reported"] for column in shown["columns"]} == {"6 of 6 reported"}
    assert shown["together"]["of"] == "company" and len(cards(app)) == 6


def test_territory_peer_group_and_signal_leave_rows_out_and_stand_in_the_address(opened: Open, folder: Path) -> None:
    with change(folder) as conn:
        for code in ("RIV", "CED"):
            peer_groups.put(conn, EVERYONE, code, "in town", date(2026, 1, 5), now=datetime(2026, 11, 9, 13))
    assert sorted(names(opened(folder, PAGE, territory="Coast"))) == ["Cedar Hollow", "Harbor", "Summit"]
    app = opened(folder, PAGE, group="in town")
    assert sorted(names(app)) == ["Cedar Hollow", "Riverside"] and matrix(app)["together"] is None
    assert {column["reported"] for column in matrix(app)["columns"]} == {"6 of 6 reported"}, "coverage and sentence are of all of them"
    better = opened(folder, PAGE, signal="better")
    assert names(better) == ["Riverside"]
    nobody = opened(folder, PAGE, territory="Coast", signal="better")
    assert "No branch passes these filters." in words(nobody).replace("\\", "") and not nobody.exception


def test_another_figure_is_drawn_for_every_branch_on_one_scale(opened: Open, sample_folder: Path) -> None:
    app = opened(sample_folder, PAGE, metric="otif")
    assert {card["key"] for card in cards(app)} == {"otif"}
    assert [card["branch"] for card in cards(app)] == names(app)
    assert "All on one scale, from" in words(app)


def test_a_bright_spot_tells_since_when_and_what_was_noted_and_agreed_around_then(opened: Open, folder: Path) -> None:
    now = datetime(2026, 11, 9, 13)
    with change(folder) as conn:
        for week, text in ((date(2026, 7, 27), "two people answer quotes now"), (date(2026, 3, 2), "stock count")):
            notes.add(conn, EVERYONE, branch="RIV", week=week, text=text, now=now)
        targets.set_target(conn, metric="quote_response_time", scope_kind="branch", scope="RIV", target=1.5, floor=None,
                           from_on=date(2026, 8, 3), reason="agreed in the huddle", who="", now=now, metrics=["quote_response_time"])
    (found,) = tables(opened(folder, PAGE))
    row = found[found["Branch"] == "Riverside"].iloc[0]
    assert (row["Figure"], row["Better since"]) == ("Quote response", "Week 32")
    assert row["Noted around then"] == "Week 31: two people answer quotes now"
    assert "target 1.5\u00a0h for the branch (agreed in the huddle)" in row["Agreed around then"]


def test_a_bright_spot_says_what_became_worse_and_its_name_leads_to_the_figure(opened: Open, sample_folder: Path) -> None:
    app = opened(sample_folder, PAGE, week="2026-W45")
    (found,) = tables(app)
    assert found.iloc[0]["Worse in the same time"] == "Mis-pick and credit since week 30"
    (link,) = re.findall(r"<td><a href='(.*?)' target='_self'>Riverside</a></td>", words(app))
    assert link.startswith("metric?") and {"branch=RIV", "metric=quote_response_time", "week=2026-W45"} <= set(
        link.removeprefix("metric?").split("&amp;"))


def test_what_most_cells_would_say_of_the_week_is_said_once(opened: Open, sample_folder: Path) -> None:
    shown = matrix(opened(sample_folder, PAGE, week="2026-W45"))
    said = [shown["states"][cell[4]] for row in shown["rows"] for cell in row["cells"]]
    assert sum(state[0] == "half" for state in said) > 16 and "Week 45 may change" not in {state[1] for state in said}
    assert [note[0] for note in shown["notes"]] == ["half"] and shown["notes"][0][1].startswith("Week 45 may change: ")
    decided = matrix(opened(sample_folder, PAGE, week="2026-W36"))
    assert decided["notes"] == [] and all(state[1] for state in decided["states"])


def test_how_many_branches_are_shown_is_said_once(opened: Open, sample_folder: Path) -> None:
    app = opened(sample_folder, PAGE, signal="better")
    assert [note[1] for note in matrix(app)["notes"] if "Shown" in note[1]] == [
        "Shown: 1 of 6 branches; the sentence above is of all of them."]
    assert words(app).replace("\\", "").count("of 6 branches;") == 1 + matrix(app)["headline"].count("of 6 branches;") == 1


def test_a_target_a_moving_figure_may_reach_or_not_stands_there_alone(opened: Open, sample_folder: Path) -> None:
    shown = matrix(opened(sample_folder, PAGE, week="2026-W45"))
    moving = [aim for aim in shown["aims"] if aim[0] == "wave" and not aim[1].startswith("Hit or miss")]
    assert moving and all(aim[1].startswith("Target ") for aim in moving) and "move" not in json.dumps(shown["aims"])


def test_the_file_of_the_matrix_has_whole_numbers(opened: Open, sample_folder: Path) -> None:
    shown = {"week_name": "Week 45", "columns": [{"name": "Value"}], "states": [["dot", "Normal week", "quiet"]], "aims": [["", "", ""]],
             "rows": [{"name": "East", "code": "E", "group": "", "fresh": "", "values": [1_234_567.8],
                       "cells": [["> 1.2M", "", "12 lines", "", 0, 0, "", 1]]}]}
    (row,) = side_by_side.as_table(shown)
    assert (row["Value"], row["Value: of"]) == (1_234_567.8, "more than; 12 lines")


def test_small_pictures_show_the_range_their_four_weeks_are_held_against(opened: Open, sample_folder: Path) -> None:
    app = opened(sample_folder, PAGE, metric="error_rate", week="2026-W45")
    spark = next(card["spark"] for card in cards(app) if card["code"] == "RIV")
    assert spark["low"] is not None and len(spark["blocks"]) >= 2 and max(block["value"] for block in spark["blocks"]) > spark["high"]
    assert all(0 <= block["at"] <= 12 for block in spark["blocks"]) and "four weeks are one dot" in words(app)
    assert not any(card["spark"]["blocks"] for card in cards(opened(sample_folder, PAGE, metric="quote_response_time", week="2026-W45")))


def test_a_leader_of_one_branch_sees_that_one_and_is_told_so(opened: Open, folder: Path) -> None:
    with change(folder) as conn:
        people.add(conn, "boss@example.com", name="Boss", role="administrator", now=datetime(2026, 11, 9), by=EVERYONE)
        people.add(conn, "riv@example.com", name="Lee", role="branch leader", branches=["RIV"], now=datetime(2026, 11, 9), by=EVERYONE)
    app = opened(folder, PAGE, **{"as": "riv@example.com"})
    assert not app.exception and not app.error
    assert names(app) == ["Riverside"]
    said = words(app)
    assert "There is one branch here" in said and not any(name in said for name in ("Harbor", "Millbrook", "Coast"))


def test_branches_without_data_and_a_week_before_they_belonged_anywhere_say_so(opened: Open, folder: Path) -> None:
    with change(folder) as conn:
        branches.add(conn, "NEW", name="Newtown", territory="Plains", now=datetime(2026, 11, 9), who="")
    app = opened(folder, PAGE, territory="Plains")
    assert not app.exception and BANNED.findall(words(app)) == []
    (row,) = matrix(app)["rows"]
    assert (row["fresh"], row["late"]) == ("Nothing loaded yet", True)
    assert {column["reported"] for column in matrix(app)["columns"]} == {"not begun yet"}
    everywhere = matrix(opened(folder, PAGE))
    assert {column["reported"] for column in everywhere["columns"]} == {"6 of 6 reported"}, "who has not begun is not expected"
