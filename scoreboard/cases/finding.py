"""Finding cases: the lists a branch works from, one case with its log, and who owns what is open.

The convention: every read takes the viewer and the branches asked for and gives what is both. LISTS is every list, in the order in
which they are looked at: first the customers who do not know yet. By owner there is the count of what is open, and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, null, or_, select

from scoreboard.cases.actions import clean
from scoreboard.cases.lifecycle import COLUMNS, CaseState, Event
from scoreboard.cases.log import from_json, live
from scoreboard.errors import Refused
from scoreboard.state.schema import case_events, cases
from scoreboard.state.viewers import Viewer

AT_MOST = 200  # rows of a list at once; the count beside it is of all
SOON = timedelta(hours=24)
LOOKED_BACK = timedelta(days=90)
_C = cases.c
_OPEN = _C.closed_at.is_(None)
_UNACCEPTED = or_(_C.owner.is_(None), and_(_C.owner_accepted_at.is_(None), or_(_C.assigned_at.is_not(None), _C.accepted_at.is_(None))))


@dataclass(frozen=True)
class Kind:
    """A list of cases: its word, what stands in it, and the order of its rows."""

    key: str
    name: str
    which: Callable[[datetime], ColumnElement[bool]]
    order: tuple[ColumnElement[Any], ...]
    empty: str


_BY_RESOLVED = func.coalesce(_C.resolved_at, _C.opened_at)  # not the bare column: over many branches SQLite would read the closed ones
_BY_DUE = (_C.due_at.is_(None), _C.due_at, _C.opened_at, _C.case_no)
LISTS: tuple[Kind, ...] = (
    Kind("not_told", "Not told", lambda now: and_(_OPEN, _C.resolved_at.is_not(None)), (_BY_RESOLVED, _C.case_no),
         "Every customer whose exception is resolved knows it."),
    Kind("not_accepted", "Not accepted", lambda now: and_(_OPEN, _C.resolved_at.is_(None), _UNACCEPTED), (_C.opened_at, _C.case_no),
         "Every open exception has an owner who said yes."),
    Kind("past", "Past standard", lambda now: and_(_OPEN, _C.due_at < now), _BY_DUE, "Nothing is past its standard."),
    Kind("soon", "Due within a day", lambda now: and_(_OPEN, _C.due_at >= now, _C.due_at < now + SOON), _BY_DUE,
         "Nothing is due within a day."),
    Kind("open", "All open", lambda now: _OPEN, _BY_DUE, "No exception is open."),
    Kind("closed", "Closed", lambda now: and_(_C.closed_at.is_not(None), _C.opened_at >= now - LOOKED_BACK),
         (_C.opened_at.desc(), _C.case_no), "Nothing opened in the last 90 days is closed."),
)
BY_KEY = {kind.key: kind for kind in LISTS}


@dataclass(frozen=True)
class Found:
    """A case of a list, and when its standard is used up (UTC; None: no standard, or closed)."""

    state: CaseState
    due_at: datetime | None


@dataclass(frozen=True)
class Entry:
    """A live entry of a case's log, as people see it."""

    id: int
    at: datetime
    recorded_at: datetime
    who: str
    what: str
    old: dict[str, Any]
    new: dict[str, Any]


def counts(conn: Connection, viewer: Viewer, branches: Collection[str], now: datetime) -> dict[str, int]:
    """How many cases each list of open ones holds."""
    asked = [kind for kind in LISTS if kind.key != "closed"]
    row = conn.execute(select(*(func.count().filter(kind.which(now)) for kind in asked)).where(
        _C.branch.in_(_seen(viewer, branches)), _OPEN)).one()
    return {kind.key: n for kind, n in zip(asked, row, strict=True)}


def listed(conn: Connection, viewer: Viewer, branches: Collection[str], key: str, now: datetime, *, owner: str | None = None,
           words: str = "", most: int | None = AT_MOST) -> list[Found]:
    """The first rows of one list (`most` None: all); of one owner ("" for nobody), or those with some words in number, customer, order
    or part. Closed ones name nobody."""
    if owner is not None and key != "open":
        raise Refused("By owner only what is open is listed, never what is late.", "Leave out the owner, or ask for all that is open.")
    kind, words = BY_KEY[key], " ".join(clean(words).split())
    asked: list[ColumnElement[bool]] = [_C.branch.in_(_seen(viewer, branches)), kind.which(now)]
    if owner is not None:
        asked += [func.coalesce(_C.owner, "") == owner, _OPEN]
    if words:
        asked.append(or_(*(column.icontains(words, autoescape=True)
                           for column in (_C.case_no, _C.customer, _C.order_no, _C.part_no))))
    unnamed = ("owner",) if key == "closed" else ()  # by name there is what is open, and nothing else
    columns = [null().label(name) if name in unnamed else _C[name] for name in ("branch", "case_no", *COLUMNS)]
    rows = conn.execute(select(_C.due_at, *columns).where(*asked).order_by(*kind.order).limit(most))
    return [Found(CaseState(*row[1:]), row[0]) for row in rows]


def by_owner(conn: Connection, viewer: Viewer, branches: Collection[str]) -> list[tuple[str, int]]:
    """Who owns how many open cases; "" where nobody does. Only what is open is ever counted by person."""
    rows = conn.execute(select(_C.owner, func.count()).where(_C.branch.in_(_seen(viewer, branches)), _OPEN).group_by(_C.owner))
    return sorted((owner or "", n) for owner, n in rows)


def any_ever(conn: Connection, viewer: Viewer, branches: Collection[str]) -> bool:
    """Whether some branches ever had an exception."""
    return conn.execute(select(_C.id).where(_C.branch.in_(_seen(viewer, branches))).limit(1)).first() is not None


def entries(conn: Connection, viewer: Viewer, branch: str, case_no: str) -> list[Entry]:
    """The live log of a case, in its order. NotAllowed for another's branch."""
    viewer.require_branch(branch)
    log = case_events.c
    rows = conn.execute(select(log.id, log.at, log.recorded_at, log.who, log.what, log.old, log.new).where(
        log.branch == branch, log.case_no == case_no, live()).order_by(log.id))
    return [Entry(*row[:5], from_json(row[5] or {}), from_json(row[6])) for row in rows]


def events(entries: Collection[Entry], branch: str, case_no: str) -> list[Event]:
    """Entries as the events a case is folded from."""
    return [Event(branch, case_no, one.what, one.new, one.at) for one in entries]


def _seen(viewer: Viewer, branches: Collection[str]) -> list[str]:
    return sorted(branch for branch in branches if viewer.sees(branch))
