"""Working cases: one is raised, owned, told of, closed. What can be done stands in `actions.ACTIONS`.

The convention: whoever acts says which entry of its log they saw last. What others did since goes together when it touched other
columns; where both changed the same, the later one is told who changed what (`Overtaken`) and decides. Nothing is ever deleted.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from scoreboard.calendars import EPOCH
from scoreboard.cases import types
from scoreboard.cases.actions import ABOUT, BY_WHAT, NOT_NOW, Desk, about, clean, known_owner, past, text
from scoreboard.cases.lifecycle import COLUMNS, CaseState, Event, apply, status
from scoreboard.cases.log import as_json, dated, live
from scoreboard.cases.reading import IN_FIGURES
from scoreboard.cases.watch import rewound
from scoreboard.errors import ChangedMeanwhile, Refused
from scoreboard.state.schema import case_books, case_events, case_marks, cases
from scoreboard.state.viewers import Viewer

_DATED = ("closed_at", "due_at", "watched_until", "attention_at")
_UPDATE = update(cases).where(cases.c.branch == bindparam("of"), cases.c.case_no == bindparam("no")).values(
    {name: bindparam(name) for name in (*COLUMNS, *_DATED)})


class Overtaken(ChangedMeanwhile):
    """Somebody changed the same since it was looked at; `theirs` is what: (who, at, column, before, now)."""

    def __init__(self, theirs: list[tuple[str, datetime, str, Any, Any]]) -> None:
        self.theirs = theirs
        said = "; ".join(f"{who} changed {column.replace('_', ' ')} from {_said(old)} to {_said(new)}"
                         for who, _, column, old, new in theirs)
        super().__init__(f"Meanwhile {said}.", "Look at it again, then save yours if it still holds.")


def raise_case(desk: Desk, branch: str, given: Mapping[str, Any], *, opened_at: datetime | None = None, rule: str | None = None,
               cause_key: str | None = None, row: Mapping[str, Any] | None = None, who: str | None = None) -> CaseState:
    """Raises an exception; its owner is the one named, else whom its type's rule names. Its number is given here.

    `given` has columns of ABOUT and `owner`; `row` is what a rule saw in the data, kept in the log as it was. Refused for an unknown
    type or owner, without a type, or for a time to come.
    """
    desk.viewer.require_change("cases")
    desk.viewer.require_branch(branch)
    if branch not in desk.terms.zones:
        raise Refused(f'There is no branch "{branch}".', "See `branches list`.")
    if not given.get("type"):
        raise Refused("What went wrong was not said.", "Choose the type of exception.")
    found = about(desk, branch, given)
    kind = types.find(desk.conn, branch, found["type"])
    opened = opened_at or desk.now
    if opened > desk.now:
        raise Refused("It would be opened in the future.", "Give the time when it was noticed.")
    if opened.year < EPOCH.year:
        raise Refused(f"It would be opened before {EPOCH.year}.", "Look at the year.")
    new = {**found, "opened_at": opened, "handoff": found.get("handoff") or kind.handoff or None, "rule": rule, "cause_key": cause_key,
           "owner": known_owner(desk, branch, given.get("owner")) or kind.owner or None}
    if given.get("note"):
        new["note"] = text(given["note"], "A note")
    if row:
        new["row"] = as_json(row)
    event = Event(branch, _next_number(desk, branch), "opened", {k: v for k, v in new.items() if v is not None}, opened)
    state = CaseState(**{"branch": branch, "case_no": event.case_no, **apply({}, event)})
    _log(desk, [(event, {})], who)
    _mark(desk, {(branch, opened)})
    desk.conn.execute(insert(cases).values(**_row(state), branch=branch, case_no=event.case_no, **dated(state, desk.terms, None)))
    return state


def act(desk: Desk, branch: str, case_no: str, what: str, given: Mapping[str, Any] | None = None, *, seen: int | None = None,
        at: datetime | None = None, who: str | None = None) -> CaseState:
    """Does one of ACTIONS to a case and returns it as it is then. `seen` is the last entry of its log the person saw (None: all).

    `at` is when it happened, `desk.now` unless said. Refused for what cannot be; Overtaken when somebody was there first.
    """
    desk.viewer.require_change("cases")
    before, watched_until = require(desk.conn, desk.viewer, branch, case_no)
    action, moment = BY_WHAT[what], at or desk.now
    if seen is not None:
        _not_overtaken(desk, before, given or {} if action.touches is ABOUT else action.touches, seen)
    if status(before) not in action.when:
        raise Refused(*NOT_NOW.get((what, status(before)), (f"It is {status(before)}: this cannot be done now.", "Look at it again.")))
    new = action.check(desk, before, given or {}, past(desk, before, moment, "It"))
    return record(desk, before, watched_until, what, new, moment, who)


def record(desk: Desk, before: CaseState, watched_until: datetime | None, what: str, new: Mapping[str, Any], at: datetime,
           who: str | None = None) -> CaseState:
    """Writes one more entry into a case's log and what follows from it. For `act`, and for what a rule does."""
    return record_all(desk, [(before, watched_until, what, new)], at, who)[0]


def record_all(desk: Desk, entries: Sequence[tuple[CaseState, datetime | None, str, Mapping[str, Any]]], at: datetime,
               who: str | None = None) -> list[CaseState]:
    """`record` for one entry each of many cases, given as (before, watched until, what, new), in a few statements."""
    events, rows, afters, moved = [], [], [], set[tuple[str, datetime]]()
    for before, watched_until, what, new in entries:
        columns = {name: getattr(before, name) for name in COLUMNS}
        event = Event(before.branch, before.case_no, what, new, at)
        after = CaseState(**{"branch": before.branch, "case_no": before.case_no, **apply(columns, event)})
        replaced = {name: old for name, old in columns.items() if old != getattr(after, name)}
        events.append((event, replaced))
        if replaced.keys() & IN_FIGURES:
            moved.add((before.branch, after.opened_at))
        watched = rewound(before, after, desk.terms, watched_until)
        rows.append({**_row(after), **dated(after, desk.terms, watched), "of": before.branch, "no": before.case_no})
        afters.append(after)
    _log(desk, events, who)
    _mark(desk, moved)
    if rows:
        desk.conn.execute(_UPDATE, rows)
    return afters


def require(conn: Connection, viewer: Viewer, branch: str, case_no: str) -> tuple[CaseState, datetime | None]:
    """A case as it is now, and until when it was watched. Refused when there is none; NotAllowed for another's branch."""
    viewer.require_branch(branch)
    branch, case_no = clean(branch), clean(case_no)
    columns = [cases.c[name] for name in COLUMNS]
    row = conn.execute(select(cases.c.watched_until, *columns).where(cases.c.branch == branch, cases.c.case_no == case_no)).first()
    if row is None:
        raise Refused(f'There is no exception "{case_no}" at {branch}.', "See `cases list`.")
    return CaseState(branch, case_no, *row[1:]), row[0]


def _not_overtaken(desk: Desk, case: CaseState, touches: Collection[str], seen: int) -> None:
    log = case_events.c
    rows = desk.conn.execute(select(log.who, log.at, log.old).where(
        log.branch == case.branch, log.case_no == case.case_no, log.id > seen, live()).order_by(log.id)).all()
    theirs = [(who, at, name, old, getattr(case, name)) for who, at, before in rows for name, old in (before or {}).items()
              if name in touches]
    if theirs:
        raise Overtaken(theirs)


def _next_number(desk: Desk, branch: str) -> str:
    book, log = case_books.c, case_events.c
    last = desk.conn.scalar(select(book.last_no).where(book.branch == branch))
    if last is None:
        desk.conn.execute(insert(case_books).values(branch=branch, last_no=0, began_at=desk.now))
    number = (last or 0) + 1
    while desk.conn.execute(select(log.id).where(log.branch == branch, log.case_no == f"X{number}")).first():
        number += 1  # a file brought one of that number, perhaps one that still waits for its opening
    desk.conn.execute(update(case_books).where(book.branch == branch).values(last_no=number))
    return f"X{number}"


def _log(desk: Desk, events: Sequence[tuple[Event, Mapping[str, Any]]], who: str | None) -> None:
    """Appends events, each given with what it replaced."""
    if events:
        desk.conn.execute(insert(case_events), [
            {"branch": event.branch, "case_no": event.case_no, "at": event.at, "recorded_at": desk.now, "who": who or desk.viewer.who,
             "what": event.what, "old": as_json(old), "new": as_json(event.new)} for event, old in events])


def _mark(desk: Desk, openings: Collection[tuple[str, datetime]]) -> None:
    """Marks the weeks of cases, by branch and opening: their figures moved."""
    if not openings:
        return
    mark = case_marks.c
    there = desk.conn.execute(select(mark.branch, mark.opened_at).where(
        mark.branch.in_({branch for branch, _ in openings}), mark.opened_at.in_({at for _, at in openings})))
    if fresh := set(openings) - {(branch, at) for branch, at in there}:
        desk.conn.execute(insert(case_marks), [{"branch": branch, "opened_at": at} for branch, at in sorted(fresh)])


def _row(state: CaseState) -> dict[str, Any]:
    return {name: getattr(state, name) for name in COLUMNS}


def _said(value: Any) -> str:
    if value in (None, "", []):
        return "nothing"
    if isinstance(value, list):  # pauses and promises: the last is what was done
        return " to ".join(str(one).replace("T", " ")[:16] for one in value[-1][:2]) + " UTC"
    return f"{value:%Y-%m-%d %H:%M} UTC" if isinstance(value, datetime) else str(value)
