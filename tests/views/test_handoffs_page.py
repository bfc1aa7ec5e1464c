"""The page Handoffs: the chain in one picture, what opens from it, owners written in place, and what a branch lacks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete
from streamlit.testing.v1 import AppTest

from scoreboard.state.database import open_database, writing
from scoreboard.state.option_kinds import HANDOFFS
from scoreboard.state.schema import stages
from scoreboard.state.stages import STAGES
from tests.command_line import Store, copied
from tests.views.conftest import NOW, Open
from tests.views.reading import BANNED, tables, words

PAGE, WEEK = "pages/improve/handoffs.py", "2026-W45"


def chain(page: AppTest) -> dict[str, Any]:
    """The JSON given to the picture."""
    return next(found["chain"] for e in page.get("bidi_component") if e.proto.json and "chain" in (found := json.loads(e.proto.json)))


def press(page: AppTest, label: str) -> None:
    next(b for b in page.button if b.label == label).click()


@pytest.fixture
def own(sample_folder: Path, tmp_path: Path) -> Path:
    """A copy of the sample that may be changed, where nobody has agreed anything about the stages yet."""
    folder = copied(sample_folder, tmp_path / "data")
    with writing(open_database(f"sqlite:///{folder / 'scoreboard.sqlite'}")) as conn:
        conn.execute(delete(stages))
    return folder


def test_the_picture_says_what_the_command_says(opened: Open, sample_folder: Path) -> None:
    shown = chain(opened(sample_folder, PAGE, branch="MIL", week=WEEK))
    said = Store(sample_folder, NOW).json("handoffs", "show", "--branch", "MIL")
    assert [one["name"] for one in shown["stations"]] == list(STAGES.values())
    assert [one["key"] for one in shown["handoffs"]] == list(HANDOFFS)
    assert [one["count"] for one in shown["handoffs"]] == [m["credits"] + m["exceptions"] for m in said["misses"] if m["handoff"]]
    assert [one["lines"][0].split()[2] for one in shown["stations"]] == [str(stage["stays"][0]["n"]) for stage in said["stages"]]
    assert shown["headline"].startswith("Load holds things longest: half of the lines stay more than ")
    assert shown["detail"].startswith("It breaks most often at Pick → Stage: 90 of ")


@pytest.mark.parametrize("of", ["territory:Coast", "company"])
def test_a_territory_has_figures_and_no_owners(opened: Open, sample_folder: Path, of: str) -> None:
    page = opened(sample_folder, PAGE, branch=of, week=WEEK, see="Pick → Stage")
    shown = chain(page)
    assert not page.exception and all(one["number"] and not one["agreed"] for one in shown["stations"])
    assert "Rows are shown for one branch: choose one above." in words(page) and BANNED.findall(words(page)) == []
    assert "Branch" in tables(page)[0].columns


def test_a_handoff_opens_its_rows_without_a_person(opened: Open, sample_folder: Path) -> None:
    page = opened(sample_folder, PAGE, branch="MIL", week=WEEK, see="Pick → Stage")
    rows, count = tables(page)[0], chain(page)["handoffs"][1]["count"]
    assert len(rows) == count and list(rows.columns)[:3] == ["When", "What", "Why"] and "Owner" not in rows.columns
    assert "mis-pick" in words(page) and BANNED.findall(words(page)) == []
    press(page, "Close")
    page.run()
    assert "What broke at" not in words(page) and "see" not in page.query_params


def test_an_owner_is_written_in_place_and_undone(opened: Open, own: Path) -> None:
    page = opened(own, PAGE, branch="RIV", week=WEEK, see="pick")
    page.text_input[0].set_value("<b>Warehouse</b> lead")
    page.text_input[1].set_value("every line scanned")
    press(page, "Keep")
    page.run()
    assert not page.exception and [(one["owner"], one["done"]) for one in chain(page)["stations"]][1] == (
        "<b>Warehouse</b> lead", "every line scanned")
    again = opened(own, PAGE, branch="RIV", week=WEEK, see="pick")
    press(again, "Undo the last change")
    again.run()
    assert [one["owner"] for one in chain(again)["stations"]] == [""] * 6


def test_who_writes_second_is_told_and_keeps_what_was_typed(opened: Open, own: Path) -> None:
    page = opened(own, PAGE, branch="RIV", week=WEEK, see="pick")
    Store(own, NOW).json("handoffs", "set", "pick", "--branch", "RIV", "--owner", "Sam")
    page.text_input[0].set_value("Kim")
    press(page, "Keep")
    page.run()
    assert [e.value for e in page.error] == [
        'administrator changed Pick meanwhile\\: owner "Sam", done means "not written". Look at it and write yours again.']
    assert page.text_input[0].value == "Kim" and chain(page)["stations"][1]["owner"] == "Sam"
    press(page, "Keep")
    page.run()
    assert not page.error and chain(page)["stations"][1]["owner"] == "Kim"


def test_a_role_that_may_not_sees_owners_and_no_way_to_change_them(opened: Open, own: Path) -> None:
    store = Store(own, NOW)
    store.json("handoffs", "set", "pick", "--branch", "RIV", "--owner", "Sam")
    store.json("people", "add", "boss@example.com", "--name", "Boss", "--role", "administrator")
    store.seen_by("boss@example.com").json("people", "add", "tea@example.com", "--name", "Tea", "--role", "team member", "--branch", "RIV")
    page = opened(own, PAGE, branch="RIV", week=WEEK, see="pick", **{"as": "tea@example.com"})
    station = chain(page)["stations"][1]
    assert (station["owner"], station["may"]) == ("Sam", False) and "Owner" not in [one.label for one in page.text_input]


def test_what_waits_is_shown_step_by_step(opened: Open, sample_folder: Path) -> None:
    page = opened(sample_folder, PAGE, branch="LAK", week=WEEK)
    [radio] = [one for one in page.radio if one.label == "What is missing"]
    assert radio.value == "dispositioned_at" and any("145" in one for one in radio.options)
    assert len(tables(page)[0]) == 145 and tables(page)[0]["Waits"][0] == "111 days"
    radio.set_value("credited_at").run()
    assert len(tables(page)[0]) == 3


def test_a_root_cause_gets_the_standard_that_answers_it(opened: Open, own: Path) -> None:
    page = opened(own, PAGE, branch="MIL", week=WEEK)
    press(page, "Write the root cause")
    page.run()
    page.text_input[0].set_value("two bins look alike")
    page.text_input[1].set_value("scan the bin before the part")
    press(page, "Keep")
    page.run()
    assert "two bins look alike Answered by: scan the bin before the part" in words(page)
    first = Store(own, NOW).json("repeats", "--branch", "MIL")["groups"][0]
    assert (first["root_cause"], first["standard"]) == ("two bins look alike", "scan the bin before the part")


def test_how_it_is_counted_names_every_stay(opened: Open, sample_folder: Path) -> None:
    page = opened(sample_folder, PAGE, branch="RIV", week=WEEK)
    page.session_state["counting"] = True
    page.run()
    assert len(tables(page)[0]) == 7 and BANNED.findall(words(page)) == []


def test_a_branch_without_those_columns_is_told_which_would_show_it(opened: Open, tmp_path: Path) -> None:
    store = Store(tmp_path / "data", NOW)
    store.json("branches", "add", "EAST")
    (tmp_path / "orders.csv").write_text("branch,order_no,line_no,ordered_at,qty_ordered,shipped_at\n"
                                         "EAST,1,1,2026-11-03 09:00,1,2026-11-04 09:00\n")
    store.json("load", tmp_path / "orders.csv", "--source", "order_lines")
    page = opened(store.data, PAGE, branch="EAST")
    shown = chain(page)
    assert [one["number"] for one in shown["stations"]] == [""] * 6
    assert shown["stations"][1]["missing"] == "Would show with: Order lines: picked at"
    assert [one["count"] for one in shown["handoffs"]] == [None] * 5
    assert shown["headline"] == "Too little is known to say where the chain holds things up."
    assert shown["detail"] == "Neither credits nor exceptions are loaded, so nothing says where it breaks."
    assert "No returns are loaded." in words(page) and not page.exception and BANNED.findall(words(page)) == []
