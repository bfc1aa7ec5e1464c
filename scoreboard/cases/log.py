"""The event log of cases and the table `cases`, which is the log folded: importing, undoing, rebuilding.

Every row of a file becomes an event, also one that changes nothing: when an earlier load is undone, the
values it shared with later files must still be there. `old` of an event holds the columns it changed, as
they were. A case whose type or opening is not known waits: it has events but no row in `cases`. Cases go by
branch and number: the id of a row changes whenever the row does.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, bindparam, delete, false, func, insert, or_, select, update

from scoreboard.cases.arriving import by_branch
from scoreboard.cases.lifecycle import COLUMNS, INSTANTS, CaseState, Event, apply, is_known
from scoreboard.cases.terms import Terms
from scoreboard.cases.timers import due_at
from scoreboard.cases.watch import attention_at, rewound
from scoreboard.errors import Refused
from scoreboard.state.schema import case_events, case_terms, cases, load_files, loads

if TYPE_CHECKING:
    import pyarrow

OURS = re.compile(r"X\d+")  # the numbers given here
_CHUNK = 10_000  # one parameter a case: below the 32,766 of SQLite and the 65,535 of PostgreSQL

_Columns = dict[str, Any]
_Known = _Columns | None  # None: no row in `cases`
_CaseNos = Sequence[str] | Select[tuple[str]]


class Change(NamedTuple):
    """A case that differs from before. Opened in UTC; None: no row in `cases` before, or after."""

    branch: str
    case_no: str
    columns: tuple[str, ...]
    opened_before: datetime | None
    opened_after: datetime | None


@dataclass(frozen=True)
class Counts:
    """What the rows of a file did, each counted once; `changes` are the cases that differ from before."""

    new: int
    changed: int
    same: int
    waiting: int
    changes: tuple[Change, ...]


def import_rows(
    conn: Connection, rows: pyarrow.Table | Path, *, columns: Collection[str], load_file_id: int,
    terms: Terms, who: str, now: datetime,
) -> Counts:
    """Write an event for every row of a file (`rows`, or a Parquet file of them) and fold it into its case.

    `columns` are those the file has, branch and case_no among them; no two rows have the same key. Times are
    the wall clock of the branch. Costs what the file costs, not the log. What was due before a case came here is not said any more.
    Refused when a number was given to a case raised here.
    """
    brought = [name for name in COLUMNS if name in columns]
    entry = {"at": now, "recorded_at": now, "who": who, "what": "imported", "load_file_id": load_file_id}
    counts: Counter[str] = Counter()
    changes: list[Change] = []
    for branch, chunk in by_branch(rows, brought, terms.zones, _CHUNK):
        _require_none_raised_here(conn, branch, chunk)
        before = _rows(conn, branch, list(chunk))
        unknown = [case_no for case_no in chunk if case_no not in before]
        waiting = _merged(conn, branch, unknown) if unknown else {}
        after = _append(conn, branch, chunk, {**waiting, **before}, entry)
        counts.update(_outcome(before.get(case_no), after[case_no]) for case_no in chunk)
        changes += _write(conn, branch, before, after, terms, now)
    return Counts(counts["new"], counts["changed"], counts["same"], counts["waiting"], tuple(changes))


def _require_none_raised_here(conn: Connection, branch: str, case_nos: Collection[str]) -> None:
    """Refused when a number of a file was given to another case here: one of the two would be lost in the other."""
    alike, log = [one for one in case_nos if OURS.fullmatch(one)], case_events.c
    taken = sorted(conn.scalars(select(log.case_no).where(
        log.branch == branch, log.case_no.in_(alike), log.what == "opened"))) if alike else []
    if taken:
        raise Refused(f"The file has exceptions of {branch} under numbers that were given here: {', '.join(taken[:10])}"
                      f"{f' and {len(taken) - 10} more' if len(taken) > 10 else ''}.",
                      "Give them other numbers in the file, for example with a letter before, and load it again.")


def undo_file(conn: Connection, load_file_id: int, terms: Terms, now: datetime) -> list[Change]:
    """Fold the cases of an undone file again, as if it had never been imported; those that differ by it.

    Events of loads marked as undone are ignored, and those of this file in any case.
    """
    log = case_events.c
    touched = conn.execute(select(log.branch, log.case_no).where(log.load_file_id == load_file_id)).all()
    changes = []
    for branch, rows in groupby(sorted(set(touched)), key=itemgetter(0)):
        case_nos = [case_no for _, case_no in rows]
        for first in range(0, len(case_nos), _CHUNK):
            changes += _refold(conn, branch, case_nos[first:first + _CHUNK], terms, now, undone=load_file_id)
    return changes


def rebuild(conn: Connection, terms: Terms, now: datetime) -> list[Change]:
    """Fold every case from the log and repair `cases`; the rows that were not what the log says."""
    changes = []
    for branch in sorted(conn.scalars(select(case_events.c.branch).union(select(cases.c.branch)))):
        logged = select(case_events.c.case_no).where(case_events.c.branch == branch)
        strays = select(cases.c.case_no).where(cases.c.branch == branch, cases.c.case_no.not_in(logged))
        changes += _refold(conn, branch, logged, terms, now) + _refold(conn, branch, strays, terms, now)
    return changes


def _append(
    conn: Connection, branch: str, chunk: Mapping[str, _Columns], known: Mapping[str, _Columns],
    entry: Mapping[str, object],
) -> dict[str, _Known]:
    """Log the rows of a branch; the row of each case after them."""
    logged, after = [], {}
    for case_no, new in chunk.items():
        values = known.get(case_no, {})
        old = {name: values[name] for name in new if name in values and values[name] != new[name]}
        logged.append({**entry, "branch": branch, "case_no": case_no, "old": as_json(old), "new": as_json(new)})
        after[case_no] = _row(apply(values, Event(branch, case_no, "imported", new)))
    conn.execute(insert(case_events), logged)
    return after


def _refold(conn: Connection, branch: str, case_nos: _CaseNos, terms: Terms, now: datetime, undone: int | None = None) -> list[Change]:
    """Make rows of `cases` what the log says."""
    before, merged = _rows(conn, branch, case_nos), _merged(conn, branch, case_nos, undone)
    after = {case_no: _row(merged.get(case_no, {})) for case_no in {**before, **merged}}
    return _write(conn, branch, before, after, terms, now)


def _rows(conn: Connection, branch: str, case_nos: _CaseNos) -> dict[str, _Columns]:
    """Columns of the cases that have a row."""
    statement = select(cases.c.case_no, *(cases.c[name] for name in COLUMNS)).where(
        cases.c.branch == branch, cases.c.case_no.in_(case_nos))
    return {row[0]: dict(zip(COLUMNS, row[1:], strict=True)) for row in conn.execute(statement)}


def _merged(conn: Connection, branch: str, case_nos: _CaseNos, undone: int | None = None) -> dict[str, _Columns]:
    """Columns of cases by their live events; the columns that no event brought are left out."""
    log = case_events.c
    statement = select(log.case_no, log.what, log.new, log.at).where(log.branch == branch, log.case_no.in_(case_nos), live(undone))
    merged: dict[str, _Columns] = {}
    for case_no, what, new, at in conn.execute(statement.order_by(log.case_no, log.id)):
        event = Event(branch, case_no, what, from_json(new), at)
        merged[case_no] = apply(merged.get(case_no, {}), event)
    return merged


def live(undone: int | None = None) -> ColumnElement[bool]:
    """Which events count: not those of undone loads, nor of the file `undone`."""
    dead = select(load_files.c.id).join(loads).where(or_(
        loads.c.undone_version.is_not(None), load_files.c.id == undone if undone is not None else false()))
    return or_(case_events.c.load_file_id.is_(None), case_events.c.load_file_id.not_in(dead))


def _write(conn: Connection, branch: str, before: Mapping[str, _Columns], after: Mapping[str, _Known], terms: Terms,
           now: datetime) -> list[Change]:
    """Bring rows of `cases` from before to after, in two statements; what differed."""
    differing = [case_no for case_no, row in after.items() if row != before.get(case_no)]
    stale = [case_no for case_no in differing if case_no in before]
    watched = dict(conn.execute(select(cases.c.case_no, cases.c.watched_until).where(
        cases.c.branch == branch, cases.c.case_no.in_(stale))).all()) if stale else {}
    fresh = []
    for case_no in differing:
        if (row := after[case_no]) is None:
            continue
        state, until = CaseState(branch, case_no, **row), watched.get(case_no, now)
        if state.closed_at is None and (old := before.get(case_no)):
            until = rewound(CaseState(branch, case_no, **old), state, terms, until)
        fresh.append({**row, **dated(state, terms, until), "branch": branch, "case_no": case_no})
    # Taken out and put back: updating row by row, PostgreSQL without statistics reads the whole branch for each.
    if stale:
        conn.execute(delete(cases).where(cases.c.branch == branch, cases.c.case_no.in_(stale)))
    if fresh:
        conn.execute(insert(cases), fresh)
    return [_change(branch, case_no, before.get(case_no) or {}, after[case_no] or {}) for case_no in differing]


def dated(state: CaseState, terms: Terms, watched_until: datetime | None) -> _Columns:
    """What is kept beside a case's columns, because it must be found: when it was closed, what is due, what comes next."""
    is_open = state.closed_at is None and state.branch in terms.zones
    return {"closed_at": state.closed_at, "due_at": due_at(state, terms) if is_open else None,
            "watched_until": watched_until, "attention_at": attention_at(state, terms, watched_until) if is_open else None}


def redate(conn: Connection, terms: Terms, branches: Collection[str] | None = None) -> int:
    """Works out anew what is due in the open cases of branches that were dated under other terms; how many. Else it costs nothing.

    Of `branches` alone, or of all. A change is dated by whoever makes it; this is for what lay there before.
    """
    stale = {branch: key for branch, key in undated(conn, terms).items() if branches is None or branch in branches}
    if not stale:
        return 0
    columns = [cases.c.id, cases.c.watched_until, cases.c.branch, cases.c.case_no, *(cases.c[name] for name in COLUMNS)]
    rows = [{"of": row[0], **dated(CaseState(*row[2:]), terms, row[1])}
            for row in conn.execute(select(*columns).where(cases.c.closed_at.is_(None), cases.c.branch.in_(stale)))]
    if rows:
        conn.execute(update(cases).where(cases.c.id == bindparam("of")).values(
            {name: bindparam(name) for name in ("closed_at", "due_at", "watched_until", "attention_at")}), rows)
    conn.execute(delete(case_terms).where(case_terms.c.branch.in_(stale)))
    conn.execute(insert(case_terms), [{"branch": branch, "key": key} for branch, key in stale.items()])
    return len(rows)


def open_cases(conn: Connection) -> dict[str, int]:
    """How many cases are open, by branch."""
    return dict(conn.execute(select(cases.c.branch, func.count()).where(cases.c.closed_at.is_(None)).group_by(cases.c.branch)).all())


def undated(conn: Connection, terms: Terms) -> dict[str, str]:
    """The branches whose open cases were dated under other terms, each with the key of these."""
    known = dict(conn.execute(select(case_terms.c.branch, case_terms.c.key)).all())
    return {branch: key for branch in terms.zones if known.get(branch) != (key := terms.key(branch))}


def _change(branch: str, case_no: str, old: _Columns, new: _Columns) -> Change:
    columns = tuple(name for name in COLUMNS if old.get(name) != new.get(name))
    return Change(branch, case_no, columns, old.get("opened_at"), new.get("opened_at"))


def _row(values: Mapping[str, Any]) -> _Known:
    """All columns of a case's row; None for a case that waits."""
    return {name: values.get(name) for name in COLUMNS} if is_known(values) else None


def _outcome(before: _Known, after: _Known) -> str:
    if after is None:
        return "waiting"
    if before is None:
        return "new"
    return "same" if before == after else "changed"


def as_json(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()}


def from_json(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: datetime.fromisoformat(value) if value and name in INSTANTS else value
            for name, value in values.items()}
