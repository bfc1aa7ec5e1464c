"""The engine: one function takes a statement and returns rows (today DuckDB in the process).

Statements are SQLAlchemy, compiled with PostgreSQL's dialect and DuckDB's functions. Constants are `Double`,
never `Float` or `Numeric`: DuckDB would compute in 32 bits or three decimals.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import duckdb
from sqlalchemy.dialects import postgresql
from sqlalchemy.sql import ClauseElement

from scoreboard.errors import StoreDamaged
from scoreboard.facts.sources import Source

MEMORY = "900MB"
_DIALECT = postgresql.dialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]
_READERS: dict[Path, duckdb.DuckDBPyConnection] = {}
_OPENING = Lock()
SQL_TYPES = {"VARCHAR": "VARCHAR", "DOUBLE": "DOUBLE", "DATETIME": "TIMESTAMP", "DATE": "DATE", "BOOLEAN": "BOOLEAN"}


def connect(scratch: Path, memory: str = MEMORY) -> duckdb.DuckDBPyConnection:
    """An in-memory database that spills into `scratch` (made when needed) instead of growing past `memory`."""
    con = duckdb.connect(config={"memory_limit": memory, "temp_directory": str(scratch), "autoinstall_known_extensions":
                                 "false", "autoload_known_extensions": "false"})
    con.execute("SET partitioned_write_max_open_files = 600")
    con.execute("SET enable_progress_bar = false")
    return con


@contextmanager
def reader(scratch: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection for a short read; its temporary tables and views are its own. One database serves all readers of a
    process, because opening one takes longer than most reads."""
    with _database(scratch) as con:
        yield con


def _database(scratch: Path) -> duckdb.DuckDBPyConnection:
    with _OPENING:
        if scratch not in _READERS:
            _READERS[scratch] = connect(scratch)
        return _READERS[scratch].cursor()


def compiled(statement: ClauseElement, values: Mapping[str, Any] | None = None) -> tuple[str, list[Any]]:
    """SQL text and its parameters; `values` are those of the statement's named parameters."""
    result = _compile(statement)
    found = result.construct_expanded_state(dict(values or {}))
    return found.statement, list(found.positional_parameters or ())


@lru_cache(maxsize=512)
def _compile(statement: ClauseElement) -> Any:
    return statement.compile(dialect=_DIALECT)


def inlined(statement: ClauseElement, values: Mapping[str, Any]) -> str:
    """SQL text with its values written into it, because views cannot hold parameters."""
    return str(statement.params(values).compile(dialect=_DIALECT, compile_kwargs={"literal_binds": True}))


def run(con: duckdb.DuckDBPyConnection, statement: ClauseElement,
        values: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """The rows of a statement, each by column name."""
    text, parameters = compiled(statement, values)
    with damage_as_sentence():
        result = con.execute(text, parameters)
        names = [column[0] for column in result.description or ()]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def small_table(con: duckdb.DuckDBPyConnection, name: str, columns: Mapping[str, tuple[str, list[Any]]]) -> None:
    """A temporary table from lists of values, all of one length: {column: (DuckDB type, values)}.

    Not through Arrow: building its arrays from lists imports pandas, half a second in every command.
    """
    picked = ", ".join(f"unnest(?::{kind}[]) AS {column}" for column, (kind, _) in columns.items())
    con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT {picked}", [values for _, values in columns.values()])


class damage_as_sentence:
    """Turns the engine's IO errors into one sentence that names the file and the way out."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        # A damaged Parquet file may also end in the bare class: "Out of buffer", "TProtocolException: Invalid data".
        if error is not None and (kind is duckdb.Error or isinstance(
                error, OSError | duckdb.IOException | duckdb.InvalidInputException | duckdb.OutOfMemoryException)):
            raise StoreDamaged(f"The facts store cannot be read or written: {said(error)}.",
                               'Free disk space or give write access if that is the cause; otherwise run "doctor": '
                               "it names damaged files and rebuilds them.") from error


def said(error: BaseException) -> str:
    """What the engine or the system says, as the end of a sentence of ours."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror} ({error.filename})" if error.filename else error.strerror
    text = (str(error).strip().splitlines() or ["no reason given"])[0]
    inner = re.search(r'"exception_message":("(?:\\.|[^"\\])*")', text)  # a write that failed in a thread of its own
    text = json.loads(inner[1]) if inner else re.sub(r"^(\w+ )+Error: |^\w+Exception: ", "", text).rstrip(". ")
    missing = re.fullmatch(r'No files found that match the pattern "(.*)"', text)
    return f'the file "{missing[1]}" is missing' if missing else text


def quoted(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def listed(paths: Iterable[str]) -> str:
    """File paths as an SQL list."""
    return "[" + ", ".join(quoted(path) for path in paths) + "]"


def sql_type(source: Source, column: str) -> str:
    """DuckDB's type of a column."""
    return SQL_TYPES[str(source.table.c[column].type)]


def source_select(source: Source, paths: list[str], columns: Iterable[str], extra: str = "") -> str:
    """SELECT text over files that all have these columns, with every column of the source; the others are typed NULLs."""
    present = set(columns)
    names = [f'"{c}"' if c in present else f'NULL::{sql_type(source, c)} AS "{c}"' for c in source.columns]
    if not paths:
        nothing = ", ".join(f'NULL::{sql_type(source, c)} AS "{c}"' for c in source.columns)
        return f"SELECT {nothing}{_nulls(extra)} WHERE false"
    places = ", hive_partitioning=true, hive_types={'_bucket': VARCHAR}" if "_bucket" in extra else ""
    return f"SELECT {', '.join(names)}{extra} FROM read_parquet({listed(paths)}{places})"


def _nulls(extra: str) -> str:
    kinds = {"_filed": "UBIGINT", "_key": "UBIGINT", "_keyless": "BOOLEAN", "_bucket": "VARCHAR"}
    return "".join(f", NULL::{kinds[name.strip()]} AS {name.strip()}" for name in extra.split(",") if name.strip())


def define_views(con: duckdb.DuckDBPyConnection, selects: Mapping[str, str]) -> None:
    """Names SELECT texts so that statements can read them as tables."""
    with damage_as_sentence():
        for name, text in selects.items():
            con.execute(f'CREATE OR REPLACE TEMP VIEW "{name}" AS {text}')
