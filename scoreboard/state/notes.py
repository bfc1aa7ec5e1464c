"""Event notes: what happened in a week of a branch ("new route", "two people ill"), shown on all of its charts.

A note is taken off, never deleted: the change log keeps both. A shared note is read, its text and its branch but not
who wrote it, by whoever sees a branch of the territory its branch belonged to in the week of the note; by nobody else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, insert, select, update

from scoreboard.errors import Refused
from scoreboard.state import branches, changes
from scoreboard.state.schema import notes
from scoreboard.state.viewers import Viewer

LONGEST = 300


@dataclass(frozen=True)
class Note:
    """One note; `week` is the first day of its week. `who` is empty where it is not the viewer's to know."""

    id: int
    branch: str
    week: date
    text: str
    who: str
    at: datetime
    shared: bool


def add(conn: Connection, viewer: Viewer, *, branch: str, week: date, text: str, now: datetime, shared: bool = False) -> None:
    """Adds a note. NotAllowed for another's branch or a role that only reads; Refused without words or with too many, and
    when it is to be shared while its branch belongs to no territory."""
    viewer.require_change("notes")
    viewer.require_branch(branch)
    said = " ".join(text.split())
    if not said:
        raise Refused("A note needs words.", "Say what happened, for whoever reads the chart later.")
    if len(said) > LONGEST:
        raise Refused(f"A note has room for {LONGEST} characters; this one has {len(said)}.", "Say it shorter.")
    if shared and branch not in branches.territory_on(conn, week):
        raise Refused("This branch belongs to no territory in that week, so nobody to share a note with.", "Keep it to the branch.")
    conn.execute(insert(notes).values(branch=branch, week=week, text=said, who=viewer.who, at=now, shared=shared))
    changes.record(conn, at=now, who=viewer.who, what="note added", subject=f"branch {branch}",
                   new={"week": week, "text": said, "shared": shared})


def remove(conn: Connection, viewer: Viewer, note_id: int, now: datetime) -> None:
    """Takes a note off the charts. Refused when it is gone already or not the viewer's to change."""
    viewer.require_change("notes")
    found = next((n for n in _all(conn) if n.id == note_id and viewer.sees(n.branch)), None)
    if found is None:
        raise Refused("This note is not there any more.", "Reload the page.")
    conn.execute(update(notes).where(notes.c.id == note_id, notes.c.removed_at.is_(None)).values(removed_at=now))
    changes.record(conn, at=now, who=viewer.who, what="note removed", subject=f"branch {found.branch}",
                   old={"week": found.week, "text": found.text})


def of_branch(conn: Connection, viewer: Viewer, branch: str) -> list[Note]:
    """The notes of a branch in the order of their weeks; nothing where the viewer may not look."""
    return _all(conn, notes.c.branch == branch) if viewer.sees(branch) else []


def of_branches(conn: Connection, viewer: Viewer, codes: Iterable[str]) -> list[Note]:
    """The notes of some branches, those the viewer sees, in the order of their weeks."""
    return _all(conn, notes.c.branch.in_([code for code in codes if viewer.sees(code)]))


def of_sisters(conn: Connection, viewer: Viewer, branch: str) -> list[Note]:
    """The shared notes of the branches that belonged to the same territory in the week of the note, in the order of weeks."""
    if not viewer.sees(branch):
        return []
    spans = branches.membership_spans(conn)
    homes = [(name, start, end) for code, name, start, end in spans if code == branch]
    sisters = {code for code, name, _, _ in spans if code != branch and name in {home for home, _, _ in homes}}
    together = [(code, max(start, since), min(end or date.max, until or date.max)) for code, name, start, end in spans if code in sisters
                for home, since, until in homes if home == name]
    shared = _all(conn, notes.c.shared, notes.c.branch.in_(sisters))
    return [replace(n, who="") for n in shared if any(n.branch == code and start <= n.week < end for code, start, end in together)]


def _all(conn: Connection, *which: ColumnElement[bool]) -> list[Note]:
    statement = select(*(notes.c[name] for name in Note.__dataclass_fields__)).where(notes.c.removed_at.is_(None), *which)
    return [Note(*row) for row in conn.execute(statement.order_by(notes.c.week, notes.c.id))]
