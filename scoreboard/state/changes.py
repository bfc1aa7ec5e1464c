"""The change log: who changed what, when, and why; append-only.

A subject is `company`, `territory NAME`, `branch CODE`, `option KEY`, `person EMAIL` or `load NUMBER`.
A viewer limited to branches reads the entries about those branches, the company and its options.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, null, or_, select

from scoreboard.state.schema import change_log
from scoreboard.state.viewers import Viewer


@dataclass(frozen=True)
class Change:
    """One entry; `old` and `new` are what JSON can hold, None when there was or is nothing."""

    at: datetime
    who: str
    what: str
    subject: str
    old: Any
    new: Any
    why: str


def record(conn: Connection, *, at: datetime, who: str, what: str, subject: str,
           old: object = None, new: object = None, why: str = "") -> None:
    """Add an entry. `old` and `new`: anything JSON holds, dates and instants included."""
    # A bare None would be kept as the JSON value null, which is not SQL's NULL.
    conn.execute(insert(change_log).values(
        at=at, who=who, what=what, subject=subject, why=why,
        old=null() if old is None else old, new=null() if new is None else new))


def listing(conn: Connection, viewer: Viewer, limit: int = 100) -> list[Change]:
    """The latest `limit` entries the viewer may read, newest first."""
    columns = [change_log.c[name] for name in Change.__dataclass_fields__]
    statement = select(*columns).order_by(change_log.c.id.desc()).limit(limit)
    if viewer.branches is not None:
        theirs = ["company", *(f"branch {code}" for code in viewer.branches)]
        statement = statement.where(or_(change_log.c.subject.in_(theirs), change_log.c.subject.startswith("option ")))
    return [Change(*row) for row in conn.execute(statement)]


def about(conn: Connection, subject: str, what: Collection[str]) -> list[Change]:
    """The entries of some kinds about one subject, newest first; whoever asks has checked that the viewer may read it."""
    columns = [change_log.c[name] for name in Change.__dataclass_fields__]
    statement = select(*columns).where(change_log.c.subject == subject, change_log.c.what.in_(list(what)))
    return [Change(*row) for row in conn.execute(statement.order_by(change_log.c.id.desc()))]
