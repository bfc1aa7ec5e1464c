"""The page Promises: figures as on the board, rules taken over in one tap, changed, removed and put back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete
from streamlit.testing.v1 import AppTest

from scoreboard.state.database import open_database, writing
from scoreboard.state.promise_rules import FIRST
from scoreboard.state.schema import promise_rules
from tests.command_line import Store, copied
from tests.views.conftest import NOW, Open
from tests.views.reading import BANNED, tables, words

PAGE, WEEK = "pages/improve/promises.py", "2026-W45"


def tiles(page: AppTest) -> list[dict[str, Any]]:
    return next(found["tiles"] for e in page.get("bidi_component") if e.proto.json and "tiles" in (found := json.loads(e.proto.json)))


def press(page: AppTest, label: str) -> AppTest:
    next(b for b in page.button if b.label == label).click()
    return page.run()


@pytest.fixture
def own(sample_folder: Path, tmp_path: Path) -> Path:
    """A copy of the sample that may be changed, without the rules it has agreed."""
    folder = copied(sample_folder, tmp_path / "data")
    with writing(open_database(f"sqlite:///{folder / 'scoreboard.sqlite'}")) as conn:
        conn.execute(delete(promise_rules))
    return folder


def rules(folder: Path, *of: str) -> list[str]:
    return [one["promise"] for one in Store(folder, NOW).json("promises", "list", *(of or ("--branch", "RIV")))["rules"]]


@pytest.mark.parametrize("branch", ["RIV", "SUM", "CED"])
def test_the_figures_are_those_of_the_board(opened: Open, sample_folder: Path, branch: str) -> None:
    shown = tiles(opened(sample_folder, PAGE, branch=branch, week=WEEK))
    board = Store(sample_folder, NOW).board_of(branch, WEEK)
    assert [one["key"] for one in shown] == ["promise_kept", "promises_moved", "told_first"]
    for one in shown:
        value = board[one["key"]]["value"]
        assert float(one["number"]) == pytest.approx(value * (100 if one["unit"] == "%" else 1), abs=0.051)


def test_kept_by_who_promised_adds_up_to_the_split(opened: Open, sample_folder: Path) -> None:
    table = tables(opened(sample_folder, PAGE, branch="SUM", week=WEEK))[0]
    assert set(table["Made by"]) == {"counter", "inside sales", "web", "driver"}
    split = ("split", "--branch", "SUM", "--metric", "promise_kept", "--by", "promise_made_by", "--week")
    groups = [Store(sample_folder, NOW).json(*split, f"2026-W{n}")["groups"] for n in range(33, 46)]
    whole = sum(group["whole"] for week in groups for group in week)
    assert sum(int(said.split(" of ")[1].split()[0]) for said in table["Of"]) == whole


def test_etas_nobody_verified_are_said(opened: Open, sample_folder: Path) -> None:
    said = words(opened(sample_folder, PAGE, branch="SUM", week=WEEK))
    assert "ETAs given before stock was verified or a substitute offered: 39 of 175 (22\u00a0%) in the thirteen weeks up to week 45" in said


def test_a_proposal_is_taken_over_in_one_tap_and_the_tap_undone(opened: Open, own: Path) -> None:
    page = opened(own, PAGE, branch="RIV", week=WEEK)
    assert "No rule holds here yet." in words(page)
    press(page, "Take it over")
    assert rules(own) == [FIRST[0].promise] and sum(b.label == "Take it over" for b in page.button) == 2
    press(page, "Undo the last change")
    assert rules(own) == [] and not page.exception


def test_a_rule_is_added_changed_removed_and_put_back(opened: Open, own: Path) -> None:
    page = press(opened(own, PAGE, branch="RIV", week=WEEK), "Add a rule")
    press(page, "Keep")
    assert [e.value for e in page.error] == ["What may be promised is missing. A rule says what may be promised, and by whom."]
    for field, text in zip(page.text_input, ("Same day *if* ordered before 14:00", "counter", "ask"), strict=True):
        field.set_value(text)
    press(page, "Keep")
    assert rules(own) == ["Same day *if* ordered before 14:00"] and not page.error
    press(page, "Change")
    page.text_input[0].set_value("Same day")
    press(page, "Keep")
    assert rules(own) == ["Same day"]
    press(page, "Remove")
    assert rules(own) == []
    press(page, "Undo the last change")
    assert rules(own) == ["Same day"] and not page.exception and BANNED.findall(words(page)) == []


def test_a_rule_of_every_branch_shows_at_each_and_is_changed_by_who_sees_all(opened: Open, own: Path) -> None:
    Store(own, NOW).json("promises", "add", FIRST[0].promise, "--by", "counter", "--company")
    at_branch = opened(own, PAGE, branch="RIV", week=WEEK)
    assert "Every branch" in words(at_branch) and "Change" not in [b.label for b in at_branch.button]
    whole = opened(own, PAGE, branch="company", week=WEEK)
    assert "Change" in [b.label for b in whole.button]
    assert "Where promises were made is shown for one branch: choose one above." in words(whole)


def test_a_role_that_may_not_reads_the_rules(opened: Open, own: Path) -> None:
    store = Store(own, NOW)
    store.json("promises", "add", "Same day", "--by", "counter", "--branch", "RIV")
    store.json("people", "add", "boss@example.com", "--name", "Boss", "--role", "administrator")
    store.seen_by("boss@example.com").json("people", "add", "tea@example.com", "--name", "Tea", "--role", "team member", "--branch", "RIV")
    page = opened(own, PAGE, branch="RIV", week=WEEK, **{"as": "tea@example.com"})
    assert "Same day" in words(page) and not {"Change", "Remove", "Add a rule", "Take it over"} & {b.label for b in page.button}


def test_a_branch_without_those_columns_is_told_which_would_show_it(opened: Open, tmp_path: Path) -> None:
    store = Store(tmp_path / "data", NOW)
    store.json("branches", "add", "EAST")
    (tmp_path / "orders.csv").write_text("branch,order_no,line_no,ordered_at,qty_ordered\nEAST,1,1,2026-11-03 09:00,1\n")
    store.json("load", tmp_path / "orders.csv", "--source", "order_lines")
    page = opened(store.data, PAGE, branch="EAST")
    assert "ETAs nobody verified would show with: Quotes: eta given; Quotes: stock verified." in words(page)
    assert [one["number"] for one in tiles(page)] == [""] * 3 and not page.exception and BANNED.findall(words(page)) == []
