"""Peer groups: branches of a kind, from a week on."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlalchemy import Engine

from scoreboard.errors import NotAllowed, Refused
from scoreboard.state import branches, changes, peer_groups
from scoreboard.state.database import reading, writing
from scoreboard.state.viewers import EVERYONE, Viewer

NOW = datetime(2026, 11, 9, 13)
MONDAY = date(2026, 11, 9)


@pytest.fixture
def company(database: Engine) -> Engine:
    with writing(database) as conn:
        for code in ("EAST", "WEST"):
            branches.add(conn, code, now=NOW, who="")
    return database


def put(company: Engine, branch: str, group: str, from_on: date | None = None, viewer: Viewer = EVERYONE) -> None:
    with writing(company) as conn:
        peer_groups.put(conn, viewer, branch, group, from_on, now=NOW)


def groups(company: Engine, week: date) -> dict[str, str]:
    with reading(company) as conn:
        return peer_groups.in_week(conn, week, 0)


def test_the_first_group_holds_from_always_and_the_next_from_the_week_of_its_date(company: Engine) -> None:
    put(company, "EAST", "city")
    put(company, "EAST", "counter only", date(2026, 11, 12))
    assert groups(company, date(2020, 1, 6)) == {"EAST": "city"}
    assert groups(company, date(2026, 11, 2)) == {"EAST": "city"}
    assert groups(company, MONDAY) == {"EAST": "counter only"}


def test_a_branch_can_leave_and_a_slip_is_set_right_on_the_same_day(company: Engine) -> None:
    put(company, "EAST", "city")
    put(company, "EAST", "", MONDAY)
    assert groups(company, MONDAY) == {} and groups(company, date(2026, 11, 2)) == {"EAST": "city"}
    put(company, "EAST", "depot", MONDAY)
    assert groups(company, MONDAY) == {"EAST": "depot"}
    with reading(company) as conn:
        logged = changes.about(conn, "branch EAST", ("peer group set",))
        spells = peer_groups.of_branch(conn, EVERYONE, "EAST")
    assert [entry.new["peer_group"] for entry in logged] == ["depot", "no peer group", "city"]
    assert [(one.group, one.from_on) for one in spells] == [("city", branches.ALWAYS), ("depot", MONDAY)]


@pytest.mark.parametrize(("branch", "group", "sentence"), [
    ("NORTH", "city", 'no branch "NORTH"'), ("EAST", "x" * 101, "at most 100 characters"), ("EAST", "City", 'looks like "city"'),
    ("EAST", "city", "already"), ("WEST", " ", "already")])
def test_what_cannot_be_a_group_gets_a_sentence(company: Engine, branch: str, group: str, sentence: str) -> None:
    put(company, "EAST", "city")
    with pytest.raises(Refused, match=sentence):
        put(company, branch, group)


def test_only_who_may_change_branches_sets_one_and_only_who_sees_a_branch_reads_its(company: Engine) -> None:
    with pytest.raises(NotAllowed, match="branches"):
        put(company, "EAST", "city", viewer=Viewer("a@b", "A", "branch leader", frozenset({"EAST"})))
    put(company, "EAST", "city")
    with reading(company) as conn:
        assert peer_groups.of_branch(conn, Viewer("a@b", "A", "viewer", frozenset({"WEST"})), "EAST") == []
