"""Event notes: written and read in one's branches, taken off without being lost."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlalchemy import Connection, Engine

from scoreboard.errors import NotAllowed, Refused
from scoreboard.state import branches, changes, notes
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


# ---- shared with sister branches -------------------------------------------------------------------------
SOON = date(2026, 11, 9)


def territories(conn: Connection) -> None:
    """EAST and NEAR in the North, FAR in the South; MOVED went from North to South on 9 November."""
    for code, territory in (("EAST", "North"), ("NEAR", "North"), ("FAR", "South"), ("MOVED", "North"), ("ALONE", None)):
        branches.add(conn, code, territory=territory, now=NOW, who="ann@example.com")
    branches.move(conn, "MOVED", "South", SOON, now=NOW, who="ann@example.com")


def seen(conn: Connection, branch: str, viewer: Viewer | None = None) -> list[tuple[str, date, str, str]]:
    asking = viewer or Viewer("v@example.com", "V", "viewer", frozenset({branch}))
    return [(n.branch, n.week, n.text, n.who) for n in notes.of_sisters(conn, asking, branch)]


def test_a_shared_note_is_read_in_the_branches_of_its_territory_without_its_author(database: Engine) -> None:
    with writing(database) as conn:
        territories(conn)
        notes.add(conn, LEE, branch="EAST", week=WEEK, text="road closed", now=NOW, shared=True)
        notes.add(conn, LEE, branch="EAST", week=WEEK, text="ours alone", now=NOW)
        assert seen(conn, "NEAR") == [("EAST", WEEK, "road closed", "")]
        assert seen(conn, "FAR") == seen(conn, "ALONE") == seen(conn, "EAST") == []
        assert [(n.text, n.shared) for n in notes.of_branch(conn, LEE, "EAST")] == [("road closed", True), ("ours alone", False)]
        assert notes.of_branch(conn, Viewer("v@example.com", "V", "viewer", frozenset({"NEAR"})), "EAST") == []


def test_the_territory_is_that_of_the_week_of_the_note_on_both_sides(database: Engine) -> None:
    with writing(database) as conn:
        territories(conn)
        for branch in ("EAST", "FAR", "MOVED"):
            for week in (WEEK, SOON):
                notes.add(conn, EVERYONE, branch=branch, week=week, text="x", now=NOW, shared=True)
        assert [(b, w) for b, w, _, _ in seen(conn, "MOVED")] == [("EAST", WEEK), ("FAR", SOON)]
        assert [(b, w) for b, w, _, _ in seen(conn, "EAST")] == [("MOVED", WEEK)]
        assert [(b, w) for b, w, _, _ in seen(conn, "FAR")] == [("MOVED", SOON)]


def test_who_may_not_look_at_a_branch_reads_nothing_of_its_sisters(database: Engine) -> None:
    with writing(database) as conn:
        territories(conn)
        notes.add(conn, LEE, branch="EAST", week=WEEK, text="road closed", now=NOW, shared=True)
        assert seen(conn, "NEAR", Viewer("f@example.com", "F", "viewer", frozenset({"FAR"}))) == []


def test_a_shared_note_taken_off_is_gone_everywhere_and_only_its_own_branch_takes_it_off(database: Engine) -> None:
    with writing(database) as conn:
        territories(conn)
        notes.add(conn, LEE, branch="EAST", week=WEEK, text="road closed", now=NOW, shared=True)
        with pytest.raises(Refused):
            notes.remove(conn, Viewer("n@example.com", "N", "team member", frozenset({"NEAR"})), 1, NOW)
        notes.remove(conn, LEE, 1, NOW)
        assert seen(conn, "NEAR") == []


def test_a_branch_without_a_territory_has_nobody_to_share_with(database: Engine) -> None:
    with writing(database) as conn:
        territories(conn)
        with pytest.raises(Refused, match="belongs to no territory in that week"):
            notes.add(conn, EVERYONE, branch="ALONE", week=WEEK, text="x", now=NOW, shared=True)
        assert notes.of_branch(conn, EVERYONE, "ALONE") == []
