"""Statements for thousands of rows, made ready before a transaction, so that the write lock is held only while the driver works.

The convention: `ready` before, `run` inside; between them nothing is done row by row in Python.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Dialect, Executable
from sqlalchemy.sql.compiler import SQLCompiler


@dataclass(frozen=True)
class Ready:
    """SQL text and its rows as the driver takes them: by position, or by name where it has no positions."""

    text: str
    rows: Sequence[Any]


def ready(dialect: Dialect, statement: Executable, rows: Sequence[Mapping[str, Any]]) -> Ready:
    """The statement for every row, for `dialect`. All rows have the same names."""
    if not rows:
        return Ready("", ())
    compiled = statement.compile(dialect=dialect, column_keys=list(rows[0]))  # type: ignore[attr-defined]
    assert isinstance(compiled, SQLCompiler)
    names = list(compiled.positiontup or compiled.binds)
    columns = [_as_driver_takes(compiled, name, [row.get(name, compiled.binds[name].value) for row in rows]) for name in names]
    found: list[Any] = list(zip(*columns, strict=True))
    return Ready(str(compiled), found if compiled.positional else [dict(zip(names, row, strict=True)) for row in found])


def _as_driver_takes(compiled: SQLCompiler, name: str, values: list[Any]) -> list[Any]:
    process = compiled.binds[name].type.dialect_impl(compiled.dialect).bind_processor(compiled.dialect)
    return values if process is None else [process(value) for value in values]


def run(conn: Connection, statement: Ready) -> None:
    """Runs it for its rows."""
    if statement.rows:
        conn.exec_driver_sql(statement.text, statement.rows)
