"""Files of exceptions for the tests of cases: what a load has written before the log is asked to import."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa
from sqlalchemy import Boolean, Connection, Integer, insert, select, update

from scoreboard.calendars import Calendar
from scoreboard.cases.lifecycle import INSTANTS
from scoreboard.cases.log import Counts, import_rows
from scoreboard.cases.reading import for_figures
from scoreboard.cases.terms import Terms
from scoreboard.state.schema import cases, load_files, loads

NOW = datetime(2026, 11, 9, 12)
ZONES = {"EAST": "America/New_York", "WEST": "America/Los_Angeles", "BERLIN": "Europe/Berlin"}
TERMS = Terms(dict.fromkeys(ZONES, Calendar("", "12345", "08:00", "17:00")), ZONES, {"late": 120})


def at(text: str) -> datetime:
    """`at("11-03 09:00")`: a time in 2026."""
    return datetime.fromisoformat(f"2026-{text}")


def rows_of(columns: Sequence[str], *rows: Sequence[Any]) -> pa.Table:
    """A file's checked rows, typed as the checker types them."""
    types = {name: pa.timestamp("us") if name in INSTANTS else pa.string() for name in columns}
    return pa.table({name: pa.array([row[n] for row in rows], types[name]) for n, name in enumerate(columns)})


def new_file(conn: Connection) -> int:
    """A load of one file of exceptions; the file's id."""
    load = conn.execute(insert(loads).values(_filled(loads))).inserted_primary_key[0]
    return conn.execute(insert(load_files).values({**_filled(load_files), "load_id": load})).inserted_primary_key[0]


def bring(conn: Connection, columns: str, *rows: Sequence[Any]) -> tuple[int, Counts]:
    """Import a file with `columns` ("branch case_no type …"); its id and what it did."""
    names, file = columns.split(), new_file(conn)
    return file, import_rows(conn, rows_of(names, *rows), columns=names, load_file_id=file, terms=TERMS,
                             who="administrator", now=NOW)


def mark_undone(conn: Connection, file: int) -> None:
    """Mark the load of a file as undone, as its undo does."""
    load = select(load_files.c.load_id).where(load_files.c.id == file).scalar_subquery()
    conn.execute(update(loads).where(loads.c.id == load).values(undone_version=2))


def on_the_wall(conn: Connection, *columns: str) -> list[tuple[Any, ...]]:
    """Every case: branch, case_no and `columns`, on the wall clock."""
    table = for_figures(conn, None, None, None, TERMS, NOW).rows
    return [tuple(row[name] for name in ("branch", "case_no", *columns)) for row in table.to_pylist()]


def table_of_cases(conn: Connection) -> set[tuple[Any, ...]]:
    """The rows of `cases`, without their ids."""
    return {tuple(row) for row in conn.execute(select(*(c for c in cases.columns if c.name != "id")))}


def _filled(table: Any) -> dict[str, object]:
    """A value for every column that needs one and that these tests do not look at."""
    values: dict[str, object] = {}
    for column in table.columns:
        if not column.nullable and not column.primary_key and not column.foreign_keys:
            kind = column.type.python_type
            values[column.name] = (NOW if kind is datetime else False if isinstance(column.type, Boolean)
                                   else 1 if isinstance(column.type, Integer) else {} if kind is dict else "x")
    return values
