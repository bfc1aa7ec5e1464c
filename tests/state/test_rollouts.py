"""Start days and what people say of items: kept, moved with a reason, taken off and put back, never another branch's."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine

from scoreboard.errors import NotAllowed, Refused
from scoreboard.state import branches, changes, rollouts
from scoreboard.state.database import reading, writing
from scoreboard.state.people import EVERYONE
from scoreboard.state.rollouts import Entry
from scoreboard.state.viewers import Viewer

NOW = datetime(2026, 11, 9, 12)
TODAY = NOW.date()
LEE = Viewer("lee@example.com", "Lee", "branch leader", frozenset({"EAST"}))
COACH = Viewer("cam@example.com", "Cam", "coach", frozenset({"EAST", "WEST"}))
TEAM = Viewer("tea@example.com", "Tea", "team member", frozenset({"EAST"}))
STRANGER = Viewer("x@example.com", "X", "branch leader", frozenset({"WEST"}))
ITEMS = ("standards", "huddles")
DONE = {"branch": "EAST", "item": "standards", "text": "Three are written", "done_by": "Sam", "done_on": date(2026, 11, 2)}


@pytest.fixture
def branch(database: Engine) -> Engine:
    """EAST and WEST are there."""
    with writing(database) as conn:
        for code in ("EAST", "WEST"):
            branches.add(conn, code, now=NOW, who="test")
    return database


def begin(conn: Connection, start_on: date = date(2026, 11, 2), who: Viewer = LEE, **more: Any) -> None:
    rollouts.begin(conn, who, **{"branch": "EAST", "start_on": start_on, "now": NOW, **more})


def add(conn: Connection, who: Viewer = LEE, **more: Any) -> int:
    return rollouts.add_evidence(conn, who, **{**DONE, "now": NOW, "items": ITEMS, **more})


def say(conn: Connection, kind: str, reason: str, who: Viewer = LEE, **more: Any) -> int:
    return rollouts.override(conn, who, **{"branch": "EAST", "item": "standards", "kind": kind, "reason": reason, "now": NOW,
                                           "items": ITEMS, **more})


def standing(database: Engine, who: Viewer = LEE) -> list[Entry]:
    with reading(database) as conn:
        return rollouts.entries(conn, who, ["EAST", "WEST"])


def start_of(database: Engine, who: Viewer = LEE) -> date | None:
    with reading(database) as conn:
        found = rollouts.starts(conn, who, ["EAST"]).get("EAST")
    return found.start_on if found else None


def logged(database: Engine) -> list[str]:
    with reading(database) as conn:
        return [one.what for one in changes.listing(conn, EVERYONE) if one.what.startswith("rollout")]


# ---- the start day -----------------------------------------------------------------------------------
def test_a_branch_begins_without_a_reason_and_moves_its_day_with_one(branch: Engine) -> None:
    with writing(branch) as conn:
        begin(conn)
        begin(conn, date(2026, 11, 16), why="  the leader is away ")
    assert start_of(branch) == date(2026, 11, 16)
    with reading(branch) as conn:
        last = changes.listing(conn, EVERYONE)[0]
    assert (last.what, last.subject, last.why, last.old, last.new) == (
        "rollout start changed", "branch EAST", "the leader is away", {"start_on": "2026-11-02"}, {"start_on": "2026-11-16"})


def test_the_same_day_again_changes_nothing(branch: Engine) -> None:
    with writing(branch) as conn:
        begin(conn)
        begin(conn)
    assert logged(branch) == ["rollout began"]


def test_a_day_that_stands_is_neither_moved_nor_taken_off_without_a_reason(branch: Engine) -> None:
    with writing(branch) as conn:
        begin(conn)
    with pytest.raises(Refused, match="The start moves from 2026-11-02 to 2026-11-03: that needs a reason"), writing(branch) as conn:
        begin(conn, date(2026, 11, 3), why=" ")
    with pytest.raises(Refused, match="needs a reason"), writing(branch) as conn:
        rollouts.take_off(conn, LEE, branch="EAST", why="", now=NOW)
    assert start_of(branch) == date(2026, 11, 2)


def test_a_start_is_taken_off_once_and_begins_again(branch: Engine) -> None:
    with writing(branch) as conn:
        begin(conn)
        rollouts.take_off(conn, LEE, branch="EAST", why="too early", now=NOW)
    assert start_of(branch) is None
    with pytest.raises(Refused, match="EAST has no start day"), writing(branch) as conn:
        rollouts.take_off(conn, LEE, branch="EAST", why="again", now=NOW)
    with writing(branch) as conn:
        begin(conn)
    assert start_of(branch) == date(2026, 11, 2)


@pytest.mark.parametrize("start_on, taken", [
    (rollouts.EARLIEST, True), (rollouts.EARLIEST - timedelta(days=1), False), (TODAY + timedelta(days=366), True),
    (TODAY + timedelta(days=367), False)])
def test_a_start_may_be_planned_for_a_year_and_lies_within_sense(branch: Engine, start_on: date, taken: bool) -> None:
    if taken:
        with writing(branch) as conn:
            begin(conn, start_on)
    else:
        with pytest.raises(Refused, match="is not a day to begin on"), writing(branch) as conn:
            begin(conn, start_on)
    assert start_of(branch) == (start_on if taken else None)


# ---- evidence ----------------------------------------------------------------------------------------
def test_evidence_says_what_who_when_and_where(branch: Engine) -> None:
    with writing(branch) as conn:
        number = add(conn, text=" Three \n are written ", link=" https://example.com/standards ")
    assert standing(branch) == [Entry(number, "EAST", "standards", "evidence", "Three are written", "Sam", date(2026, 11, 2),
                                      "https://example.com/standards", "lee@example.com", NOW)]


def test_a_coach_may_write_evidence_down(branch: Engine) -> None:
    with writing(branch) as conn:
        add(conn, COACH)
    assert [one.who for one in standing(branch)] == ["cam@example.com"]


@pytest.mark.parametrize("asked, error, said", [
    ({"who": STRANGER}, NotAllowed, "not one of your branches"), ({"who": TEAM}, NotAllowed, "may not change this: rollout"),
    ({"branch": "NORTH", "who": EVERYONE}, Refused, 'no branch "NORTH"'), ({"item": "standard"}, Refused, 'Did you mean "standards"'),
    ({"text": " \n "}, Refused, "What was done is missing"), ({"text": "x" * 301}, Refused, "300 characters; this has 301"),
    ({"done_by": ""}, Refused, "Who did it is missing"), ({"done_by": "x" * 201}, Refused, "200 characters"),
    ({"done_on": TODAY + timedelta(days=1)}, Refused, "2026-11-10 has not come yet at EAST"),
    ({"done_on": date(1999, 12, 31)}, Refused, "lies too far back"),
    *(({"link": link}, Refused, "is not a link") for link in (
        "example.com", "javascript:alert(1)", "ftp://example.com/a", "https://", "https://exa mple.com", "http://[::1")),
    ({"link": "https://example.com/" + "x" * 500}, Refused, "500 characters")])
def test_what_is_refused_leaves_nothing(branch: Engine, asked: dict[str, Any], error: type[Refused], said: str) -> None:
    with pytest.raises(error, match=said), writing(branch) as conn:
        add(conn, **asked)
    assert standing(branch, EVERYONE) == [] and logged(branch) == []


def test_today_is_the_branchs_own_day(branch: Engine) -> None:
    evening = datetime(2026, 11, 9, 23)  # already Tuesday in Sydney
    with writing(branch) as conn:
        branches.add(conn, "EAST", time_zone="Australia/Sydney", now=NOW, who="test")
        add(conn, done_on=date(2026, 11, 10), now=evening)
    with pytest.raises(Refused, match="2026-11-11 has not come yet"), writing(branch) as conn:
        add(conn, done_on=date(2026, 11, 11), now=evening)


def test_the_same_evidence_twice_is_refused_and_other_evidence_is_not(branch: Engine) -> None:
    with writing(branch) as conn:
        add(conn)
    with pytest.raises(Refused, match="stands there already"), writing(branch) as conn:
        add(conn)
    with writing(branch) as conn:
        add(conn, done_on=date(2026, 11, 3))
        add(conn, item="huddles")
    assert len(standing(branch)) == 3


def test_evidence_is_taken_off_and_put_back(branch: Engine) -> None:
    with writing(branch) as conn:
        number = add(conn)
        before = rollouts.entries(conn, LEE, ["EAST"])
        rollouts.remove(conn, LEE, number, NOW)
    assert standing(branch) == []
    with pytest.raises(Refused, match="does not stand any more"), writing(branch) as conn:
        rollouts.remove(conn, LEE, number, NOW)
    with writing(branch) as conn:
        rollouts.put_back(conn, LEE, number, NOW)
    assert standing(branch) == before
    with pytest.raises(Refused, match="no entry of this number to put back"), writing(branch) as conn:
        rollouts.put_back(conn, LEE, number, NOW)
    assert logged(branch) == ["rollout evidence put back", "rollout evidence removed", "rollout evidence added"]


# ---- a person's word ---------------------------------------------------------------------------------
def test_of_the_words_said_of_an_item_the_last_stands(branch: Engine) -> None:
    with writing(branch) as conn:
        say(conn, "done", "the company did it")
        say(conn, "open", "it was given up again")
        say(conn, "done", "for all", item="huddles")
        add(conn)
    assert [(one.item, one.kind, one.text) for one in standing(branch)] == [
        ("standards", "open", "it was given up again"), ("huddles", "done", "for all"), ("standards", "evidence", "Three are written")]


def test_a_word_that_is_put_back_stands_in_place_of_the_later_one(branch: Engine) -> None:
    with writing(branch) as conn:
        first = say(conn, "done", "the company did it")
        say(conn, "open", "it was given up again")
        rollouts.put_back(conn, LEE, first, NOW)
    assert [(one.id, one.kind) for one in standing(branch)] == [(first, "done")]


@pytest.mark.parametrize("asked, error", [
    ({"kind": "evidence"}, Refused), ({"kind": "perhaps"}, Refused), ({"reason": " "}, Refused), ({"reason": "x" * 301}, Refused),
    ({"item": "nothing"}, Refused), ({"who": TEAM}, NotAllowed), ({"who": STRANGER}, NotAllowed)])
def test_a_word_that_is_refused_leaves_the_one_before(branch: Engine, asked: dict[str, Any], error: type[Refused]) -> None:
    with writing(branch) as conn:
        say(conn, "done", "the company did it")
    with pytest.raises(error), writing(branch) as conn:
        say(conn, **{"kind": "open", "reason": "no", **asked})
    assert [one.kind for one in standing(branch)] == ["done"]


# ---- whose it is -------------------------------------------------------------------------------------
def test_another_branch_is_neither_read_nor_changed(branch: Engine) -> None:
    with writing(branch) as conn:
        begin(conn)
        number = add(conn)
    assert start_of(branch, STRANGER) is None and standing(branch, STRANGER) == []
    for attempt in (lambda conn: rollouts.remove(conn, STRANGER, number, NOW), lambda conn: begin(conn, who=STRANGER),
                    lambda conn: rollouts.take_off(conn, STRANGER, branch="EAST", why="x", now=NOW),
                    lambda conn: rollouts.remove(conn, TEAM, number, NOW)):
        with pytest.raises(Refused), writing(branch) as conn:
            attempt(conn)
    assert start_of(branch) == date(2026, 11, 2) and len(standing(branch)) == 1


def test_who_asks_for_anothers_entry_hears_the_same_as_for_one_that_is_not_there(branch: Engine) -> None:
    with writing(branch) as conn:
        number = add(conn)
    said = []
    for who, entry in ((STRANGER, number), (STRANGER, number + 1)):
        with pytest.raises(Refused) as refused, writing(branch) as conn:
            rollouts.remove(conn, who, entry, NOW)
        said.append(str(refused.value))
    assert said[0] == said[1]


def test_a_viewer_of_every_branch_reads_all(branch: Engine) -> None:
    with writing(branch) as conn:
        add(conn)
        add(conn, replace(EVERYONE, email="ann@example.com"), branch="WEST")
    assert [one.branch for one in standing(branch, EVERYONE)] == ["EAST", "WEST"]
