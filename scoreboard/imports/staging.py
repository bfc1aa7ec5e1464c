"""From a table of text to typed rows: one pass of DuckDB over the file, in the file's order.

The convention: the stage is a Parquet file of our columns plus `_problem` (code of the first thing wrong with a
row, else NULL) and `_raw` (the cells as they stand, only of such rows). What has to be known of a whole column
(date order, decimal mark, new branches) is taken from the first rows and, as soon as a row contradicts or cannot
be read, from all rows.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Callable, Iterable, Mapping, Sequence, TypeVar

import duckdb

from scoreboard.errors import Refused
from scoreboard.imports import dates, numbers
from scoreboard.imports.cells import Cell, Findings
from scoreboard.imports.dates import SPACE, quoted
from scoreboard.imports.expressions import MISSING, TYPES, branch_type_sql, checked_sql, text_sql
from scoreboard.imports.maps import is_personal
from scoreboard.imports.reading import Table
from scoreboard.imports.report import TOTAL, look_alike

SAMPLE_ROWS = 5_000
MEMORY = "700MB"
Seen = TypeVar("Seen")
# Problems that knowing the whole column may solve.
CURABLE = ("bad_date", "ambiguous_date", "bad_number", "unknown_branch")


def connect(folder: Path) -> duckdb.DuckDBPyConnection:
    """DuckDB within its share of memory, spilling into `folder`."""
    con = duckdb.connect(":memory:", config={"memory_limit": MEMORY, "temp_directory": str(folder)})
    # Both would compute the rare and costly branch of a CASE for every row (measured: ten times slower).
    con.execute("SET disabled_optimizers = 'common_subexpressions,in_clause'")
    con.execute("SET TimeZone = 'UTC'")
    return con


def rows_sql(table: Table, limit: int | None = None) -> str:
    """A relation of the file's rows: c0, c1, … as text and, for a numbered copy, _line, _cells and _more."""
    columns = {f"c{i}": "VARCHAR" for i in range(len(table.headers))}
    if table.numbered:
        columns |= {"_line": "BIGINT", "_cells": "BIGINT", "_more": "VARCHAR"}
    declared = ", ".join(f"'{name}': '{kind}'" for name, kind in columns.items())
    rows = (f"read_csv({quoted(str(table.path))}, auto_detect = false, header = false, skip = {table.skip}, "
            f"delim = {quoted(table.delimiter)}, quote = '\"', escape = '\"', columns = {{{declared}}})")
    return f"(SELECT * FROM {rows} LIMIT {limit})" if limit else rows


def kept_places(table: Table) -> list[int]:
    """The positions of the file's columns that may be handed back: all but personal ones."""
    return [i for i, header in enumerate(table.headers) if not is_personal(header)]


def stage(con: duckdb.DuckDBPyConnection, table: Table, cells: Sequence[Cell], known: Mapping[str, str],
          create: bool, to: Path) -> Findings:
    """Write the stage of a table to `to`. `known` maps the branches to take to time zones; `create` takes new ones.

    Refused when dates could be read in two ways. Raises duckdb.InvalidInputException when rows are not regular.
    """
    sample, whole = rows_sql(table, SAMPLE_ROWS), rows_sql(table)
    findings = find_out(con, table, cells, sample, known, create)
    if "ask" in findings.orders.values():
        findings = _whole_column(con, table, cells, findings, known, create)
    _write(con, table, cells, findings, whole, to)
    met = {code for code, in con.execute(f"SELECT DISTINCT _problem FROM {quoted(str(to))}").fetchall()}
    if met & set(CURABLE[:3] if not create else CURABLE):
        better = _whole_column(con, table, cells, findings, known, create)
        if better != findings:
            findings = better
            _write(con, table, cells, findings, whole, to)
    return findings


def find_out(con: duckdb.DuckDBPyConnection, table: Table, cells: Sequence[Cell], rows: str, known: Mapping[str, str],
             create: bool) -> Findings:
    """What `rows` show about dates, numbers and branches; an order may be "ask"."""
    timed = [c for c in cells if c.kind in ("time", "date", "week") and c.place is not None]
    counted = [c for c in cells if c.kind == "number" and c.place is not None]
    slashes = _survey(con, rows, [dates.survey_sql(text_sql(c)) for c in timed], dates.Slashes)
    marks = _survey(con, rows, [numbers.survey_sql(text_sql(c)) for c in counted], numbers.Marks)
    orders = {c.column: "" if c.date_format else dates.order_of(seen) for c, seen in zip(timed, slashes, strict=True)}
    found = Findings(
        orders={column: order for column, order in orders.items() if order},
        marks=numbers.decimal_marks({c.column: seen for c, seen in zip(counted, marks, strict=True)}),
        branches={code.lower(): (code, zone) for code, zone in known.items()}, serials_from=table.serials_from)
    if create:
        found = replace(found, branches={**_new_branches(con, cells, rows, known), **found.branches})
    return replace(found, usual=_usual_formats(con, timed, found, rows_sql(table, SAMPLE_ROWS)))


def _whole_column(con: duckdb.DuckDBPyConnection, table: Table, cells: Sequence[Cell], findings: Findings,
                  known: Mapping[str, str], create: bool) -> Findings:
    better = find_out(con, table, cells, rows_sql(table), known, create)
    for column, order in better.orders.items():
        if order == "ask":
            cell = next(c for c in cells if c.column == column)
            raise Refused(f'The dates in "{header_of(table, cell)}" could be month/day or day/month: no day is over 12.',
                          f'Say which in a map: [dates] {column} = "%m/%d/%Y" or "%d/%m/%Y".')
    return better


def header_of(table: Table, cell: Cell) -> str:
    """The file's own name of a column; ours for a constant."""
    return cell.column if cell.place is None else table.headers[cell.place]


def _survey(con: duckdb.DuckDBPyConnection, rows: str, counts: Sequence[str], seen: Callable[..., Seen]) -> list[Seen]:
    """One scan for the aggregates of several columns, each row of counts as a `seen`."""
    if not counts:
        return []
    found = con.execute(f"SELECT {', '.join(counts)} FROM {rows}").fetchone() or ()
    width = len(found) // len(counts)
    return [seen(*found[i:i + width]) for i in range(0, len(found), width)]


def _usual_formats(con: duckdb.DuckDBPyConnection, timed: Sequence[Cell], found: Findings, rows: str) -> dict[str, str]:
    """For columns with a format, which of its ways to write a time most rows have."""
    tries = [(c.column, each, f"count(try_strptime({text_sql(c)}, {quoted(each)}))") for c in timed
             for each in dates.formats_of(found.orders.get(c.column, ""), c.date_format)]
    if not tries:
        return {}
    counts = con.execute(f"SELECT {', '.join(sql for *_, sql in tries)} FROM {rows}").fetchone() or ()
    best: dict[str, tuple[int, str]] = {}
    for (column, date_format, _), count in zip(tries, counts, strict=True):
        if count > best.get(column, (0, ""))[0]:
            best[column] = (count, date_format)
    return {column: date_format for column, (_, date_format) in best.items()}


def _new_branches(con: duckdb.DuckDBPyConnection, cells: Sequence[Cell], rows: str,
                  known: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Branch codes of the file in its own spelling, by lower case, without those that cannot be a new branch."""
    text = next(text_sql(cell) for cell in cells if cell.kind == "branch")
    codes = con.execute(f"SELECT DISTINCT trim({text}, {quoted(SPACE)}) FROM {rows}").fetchall()
    return {code.lower(): (code, "UTC") for code, in sorted(codes, key=str, reverse=True) if code and is_code(code, known)}


def is_code(code: str, known: Iterable[str]) -> bool:
    """Whether a text can be the code of a new branch: short, printable, and not a look-alike of a known one."""
    return (len(code) <= 64 and code.isprintable() and code.lower() not in MISSING
            and look_alike(code, known) is None and not TOTAL.match(code))


def _write(con: duckdb.DuckDBPyConnection, table: Table, cells: Sequence[Cell], findings: Findings, rows: str,
           to: Path) -> None:
    con.execute(branch_type_sql(findings))
    raw = [f"c{i}" for i in kept_places(table)]
    numbers_too = ["_line", "_cells", "_more"] if table.numbered else []
    ragged = [f"CASE WHEN _cells <> {len(table.headers)} THEN 'ragged_row' END"] if table.numbered else []
    ours = range(len(cells))
    values = ", ".join(f'v{i}::{TYPES.get(cells[i].kind, "VARCHAR")} AS "{cells[i].column}"' for i in ours)
    problem = f"coalesce({', '.join([*ragged, *(f'k{i}' for i in ours)])})"
    also = "".join(f", {name}" for name in numbers_too)
    checked = (f"SELECT {', '.join(f'v{i}' for i in ours)}, {problem} AS _problem, {', '.join(raw)}{also} "
               f"FROM ({checked_sql(cells, findings, rows, raw + numbers_too)})")
    con.execute(f"COPY (SELECT {values}, _problem, CASE WHEN _problem IS NOT NULL THEN [{', '.join(raw)}] END AS _raw{also} "
                f"FROM ({checked})) TO {quoted(str(to))} (FORMAT parquet)")
