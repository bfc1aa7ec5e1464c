"""Cases as a table for the roll-up: the columns of the source `exceptions`, on the branch's wall clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, DateTime, select

from scoreboard.calendars import wall_clock
from scoreboard.facts.sources import exceptions
from scoreboard.state.schema import cases

if TYPE_CHECKING:
    import pyarrow

_ZONES_APART = timedelta(hours=26)  # a wall clock is never further from UTC, nor a clock change beyond it


def as_arrow(
    conn: Connection, branches: Iterable[str] | None, opened_from: datetime | None, opened_to: datetime | None,
    zones: Mapping[str, str],
) -> pyarrow.Table:
    """Cases of `branches` (None: all) opened in `[opened_from, opened_to)` on their wall clock (None: no bound).

    Columns as the source `exceptions` names and orders them, texts and timestamps; rows by branch and case
    number. `zones` has the time zone of every branch. Only the cases that have a type and an opening.
    """
    names = [column.name for column in exceptions.columns]
    instants = [at for at, column in enumerate(exceptions.columns) if isinstance(column.type, DateTime)]
    opened = names.index("opened_at")
    statement = select(*(cases.c[name] for name in names)).order_by(cases.c.branch, cases.c.case_no)
    if branches is not None:
        statement = statement.where(cases.c.branch.in_(list(branches)))
    if opened_from is not None:
        statement = statement.where(cases.c.opened_at >= opened_from - _ZONES_APART)
    if opened_to is not None:
        statement = statement.where(cases.c.opened_at < opened_to + _ZONES_APART)
    rows = []
    for stored in conn.execute(statement):
        row = list(stored)
        for at in instants:
            row[at] = row[at] and wall_clock(row[at], zones[row[0]])
        if (opened_from is None or row[opened] >= opened_from) and (opened_to is None or row[opened] < opened_to):
            rows.append(row)
    return _table(names, set(instants), rows)


def _table(names: Sequence[str], instants: set[int], rows: Sequence[Sequence[Any]]) -> pyarrow.Table:
    import pyarrow as pa

    columns = list(zip(*rows, strict=True)) or [()] * len(names)
    arrays = [_times(values) if at in instants else _texts(values) for at, values in enumerate(columns)]
    return pa.Table.from_arrays(arrays, names=list(names))


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
