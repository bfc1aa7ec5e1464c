"""Event notes: written and read in one's branches, taken off without being lost."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlalchemy import Engine

from scoreboard.errors import NotAllowed, Refused
from scoreboard.state import changes, notes
from scoreboard.state.database import reading, writing
from scoreboard.state.people import EVERYONE
from scoreboard.state.viewers import Viewer

NOW, WEEK = datetime(2026, 11, 9, 12), date(2026, 11, 2)
LEE = Viewer("lee@example.com", "Lee", "team member", frozenset({"EAST"}))
READER = Viewer("rey@example.com", "Rey", "viewer", frozenset({"EAST"}))


def test_a_note_is_read_by_those_who_see_the_branch(database: Engine) -> None:
    with writing(database) as conn:
        notes.add(conn, LEE, branch="EAST", week=WEEK, text="  new  route 4 ", now=NOW)
    with reading(database) as conn:
        assert [(n.week, n.text, n.who) for n in notes.of_branch(conn, READER, "EAST")] == [(WEEK, "new route 4", "lee@example.com")]
        assert notes.of_branch(conn, Viewer("x@example.com", "X", "viewer", frozenset({"WEST"})), "EAST") == []


@pytest.mark.parametrize("who, branch, text, error", [
    (LEE, "WEST", "hello", NotAllowed), (READER, "EAST", "hello", NotAllowed),
    (LEE, "EAST", "  ", Refused), (LEE, "EAST", "x" * 301, Refused)])
def test_what_is_refused_leaves_nothing(database: Engine, who: Viewer, branch: str, text: str, error: type[Refused]) -> None:
    with pytest.raises(error), writing(database) as conn:
        notes.add(conn, who, branch=branch, week=WEEK, text=text, now=NOW)
    with reading(database) as conn:
        assert notes.of_branch(conn, EVERYONE, branch) == []


def test_a_note_taken_off_is_kept_in_the_change_log(database: Engine) -> None:
    with writing(database) as conn:
        notes.add(conn, LEE, branch="EAST", week=WEEK, text="new route", now=NOW)
        notes.remove(conn, LEE, notes.of_branch(conn, LEE, "EAST")[0].id, NOW)
    with reading(database) as conn:
        assert notes.of_branch(conn, LEE, "EAST") == []
        assert [c.what for c in changes.listing(conn, EVERYONE)] == ["note removed", "note added"]


def test_a_note_of_another_branch_cannot_be_taken_off(database: Engine) -> None:
    with writing(database) as conn:
        notes.add(conn, EVERYONE, branch="WEST", week=WEEK, text="theirs", now=NOW)
    with pytest.raises(Refused), writing(database) as conn:
        notes.remove(conn, LEE, 1, NOW)
