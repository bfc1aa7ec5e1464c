"""Cases for the roll-up: the columns of the source `exceptions` on the branch's wall clock, and how long each waited.

The convention: what is not a time of day but a length (how long a case waited for its customer) is worked out here, where the pure
functions are, so that the engine only adds it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, DateTime, select

from scoreboard.calendars import wall_clock
from scoreboard.cases.lifecycle import CaseState
from scoreboard.cases.terms import Terms
from scoreboard.cases.timers import waited
from scoreboard.facts.sources import exceptions
from scoreboard.state.schema import cases

if TYPE_CHECKING:
    import pyarrow

_ZONES_APART = timedelta(hours=26)  # a wall clock is never further from UTC, nor a clock change beyond it
_NAMES = [column.name for column in exceptions.columns]
IN_FIGURES = frozenset(_NAMES) | {"pauses"}  # columns of a case that a figure may rest on
_INSTANTS = [at for at, column in enumerate(exceptions.columns) if isinstance(column.type, DateTime)]
_OPENED = _NAMES.index("opened_at")


@dataclass(frozen=True)
class Cases:
    """What a roll-up reads of cases: their rows, and the waits of some of them: (branch, case_no, working minutes)."""

    rows: pyarrow.Table
    waits: tuple[tuple[str, str, float], ...] = ()


def for_figures(
    conn: Connection, branches: Iterable[str] | None, opened_from: datetime | None, opened_to: datetime | None,
    terms: Terms, now: datetime,
) -> Cases:
    """Cases of `branches` (None: all) opened in `[opened_from, opened_to)` on their wall clock (None: no bound), and the working minutes
    that they waited for their customers: up to their closing, else `now`.

    Columns as the source `exceptions` names and orders them, texts and timestamps; rows by branch and case number. Only the cases that
    have a type and an opening.
    """
    rows, waits = [], []
    for row, state in _read(conn, branches, opened_from, opened_to, terms.zones):
        rows.append(row)
        if state and (minutes := waited(state, terms, state.closed_at or now)):
            waits.append((state.branch, state.case_no, minutes))
    return Cases(_table(rows), tuple(waits))


def _read(
    conn: Connection, branches: Iterable[str] | None, opened_from: datetime | None, opened_to: datetime | None,
    zones: Mapping[str, str],
) -> Iterator[tuple[list[Any], CaseState | None]]:
    """Each case as a row on its wall clock; one that was paused also as it is, in UTC."""
    statement = select(*(cases.c[name] for name in _NAMES), cases.c.pauses).order_by(cases.c.branch, cases.c.case_no)
    if branches is not None:
        statement = statement.where(cases.c.branch.in_(list(branches)))
    if opened_from is not None:
        statement = statement.where(cases.c.opened_at >= opened_from - _ZONES_APART)
    if opened_to is not None:
        statement = statement.where(cases.c.opened_at < opened_to + _ZONES_APART)
    for *stored, paused in conn.execute(statement):
        row = list(stored)
        for at in _INSTANTS:
            row[at] = row[at] and wall_clock(row[at], zones[row[0]])
        if (opened_from is None or row[_OPENED] >= opened_from) and (opened_to is None or row[_OPENED] < opened_to):
            yield row, CaseState(**dict(zip(_NAMES, stored, strict=True)), pauses=paused) if paused else None


def _table(rows: Sequence[Sequence[Any]]) -> pyarrow.Table:
    import pyarrow as pa

    columns = list(zip(*rows, strict=True)) or [()] * len(_NAMES)
    arrays = [_times(values) if at in _INSTANTS else _texts(values) for at, values in enumerate(columns)]
    return pa.Table.from_arrays(arrays, names=_NAMES)


# Built from parts, because pa.array imports pandas: half a second in every command.
def _texts(values: Sequence[str | None]) -> pyarrow.Array:
    import pyarrow as pa

    builder = pa.lib.StringBuilder()
    builder.append_values(list(values))
    return builder.finish()


def _times(values: Sequence[datetime | None]) -> pyarrow.Array:
    import numpy as np
    import pyarrow as pa

    times = np.array(values, dtype="datetime64[us]")
    there = np.packbits(~np.isnat(times), bitorder="little")
    return pa.Array.from_buffers(pa.timestamp("us"), len(times), [pa.py_buffer(there), pa.py_buffer(times)])
