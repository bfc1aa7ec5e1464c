"""Root causes: why the same error comes back, written once for what its misses have in common ("route 4", "part 4711"), and the
standard that answers it, once there is one.

A root cause belongs to a branch and to one value of one column, and shows wherever that value does. What is written anew or
taken off is never deleted: the change log keeps both.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from scoreboard.errors import Refused
from scoreboard.state import changes
from scoreboard.state.schema import root_causes
from scoreboard.state.viewers import Viewer

GROUPED_BY = ("part_no", "customer", "route", "reason")  # what misses may have in common; never a person
LONGEST = 300


@dataclass(frozen=True)
class RootCause:
    """What stands now for one group: `grouped_by` is one of GROUPED_BY, `subject` what stands in that column."""

    branch: str
    grouped_by: str
    subject: str
    cause: str
    who: str
    at: datetime
    standard: str = ""


def write(conn: Connection, viewer: Viewer, *, branch: str, grouped_by: str, subject: str, cause: str, now: datetime,
          standard: str | None = None) -> None:
    """Keeps a root cause in place of the one before; `standard` None leaves its standard as it is. NotAllowed for another's
    branch or a role that only reads; Refused for a column that is not one of GROUPED_BY, without words, or with too many."""
    viewer.require_change("notes")
    viewer.require_branch(branch)
    if grouped_by not in GROUPED_BY:
        raise Refused(f'Root causes are not kept by "{grouped_by}".', f"Use one of: {', '.join(GROUPED_BY)}.")
    if not subject or len(subject) > LONGEST:
        raise Refused("A root cause belongs to something that has a name of at most 300 characters.", "Choose a group that has one.")
    said = " ".join(cause.split())
    if not said:
        raise Refused("A root cause needs words.", "Say what makes it come back, or take it off.")
    before = of_branch(conn, viewer, branch).get((grouped_by, subject))
    answer = " ".join(standard.split()) if standard is not None else before.standard if before else ""
    for what, text in (("A root cause", said), ("Its standard", answer)):
        if len(text) > LONGEST:
            raise Refused(f"{what} has room for {LONGEST} characters; this one has {len(text)}.", "Say it shorter.")
    if before is not None and (before.cause, before.standard) == (said, answer):
        return
    _end(conn, branch, grouped_by, subject, now)
    conn.execute(insert(root_causes).values(branch=branch, grouped_by=grouped_by, subject=subject, cause=said, who=viewer.who, at=now,
                                            standard=answer or None))
    _log(conn, viewer, "root cause written", branch, grouped_by, subject, _kept(before) if before else None,
         {"cause": said, "standard": answer}, now)


def take_off(conn: Connection, viewer: Viewer, *, branch: str, grouped_by: str, subject: str, now: datetime) -> None:
    """Takes a root cause off. Refused when it is gone already; NotAllowed as `write`."""
    viewer.require_change("notes")
    viewer.require_branch(branch)
    before = of_branch(conn, viewer, branch).get((grouped_by, subject))
    if before is None:
        raise Refused("This root cause is not there any more.", "Look at the list again.")
    _end(conn, branch, grouped_by, subject, now)
    _log(conn, viewer, "root cause taken off", branch, grouped_by, subject, _kept(before), None, now)


def of_branch(conn: Connection, viewer: Viewer, branch: str) -> dict[tuple[str, str], RootCause]:
    """The root causes of a branch by (grouped_by, subject); nothing where the viewer may not look."""
    if not viewer.sees(branch):
        return {}
    columns = [func.coalesce(root_causes.c.standard, "") if name == "standard" else root_causes.c[name]
               for name in RootCause.__dataclass_fields__]
    found = conn.execute(select(*columns).where(root_causes.c.branch == branch, root_causes.c.removed_at.is_(None)).order_by(
        root_causes.c.id))
    return {(one.grouped_by, one.subject): one for one in (RootCause(*row) for row in found)}


def _end(conn: Connection, branch: str, grouped_by: str, subject: str, now: datetime) -> None:
    t = root_causes.c
    conn.execute(update(root_causes).where(
        t.branch == branch, t.grouped_by == grouped_by, t.subject == subject, t.removed_at.is_(None)).values(removed_at=now))


def _log(conn: Connection, viewer: Viewer, what: str, branch: str, grouped_by: str, subject: str, old: dict[str, str] | None,
         new: dict[str, str] | None, now: datetime) -> None:
    of = {"grouped_by": grouped_by, "subject": subject}
    changes.record(conn, at=now, who=viewer.who, what=what, subject=f"branch {branch}",
                   old=None if old is None else {**of, **old}, new=None if new is None else {**of, **new})


def _kept(one: RootCause) -> dict[str, str]:
    return {"cause": one.cause, "standard": one.standard}
