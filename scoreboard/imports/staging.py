"""From a table of text to typed rows: one pass of DuckDB over the file, in the file's order.

The convention: the stage is a Parquet file of our columns plus `_problem` (code of the first thing wrong with a
row, else NULL) and `_raw` (the cells as they stand, only of such rows). What has to be known of a whole column
(date order, decimal mark, new branches) is taken from the first rows and, as soon as a row contradicts or cannot
be read, from all rows.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Iterable, Mapping, Sequence

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
# Problems that knowing the whole column may solve, and what to look at.
CURABLE = {"bad_date": "dates", "ambiguous_date": "dates", "bad_number": "numbers", "unknown_branch": "branches"}


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
    curable = {code: what for code, what in CURABLE.items() if create or what != "branches"}
    branches = {code.lower(): (code, zone) for code, zone in known.items()}
    findings = Findings({}, {}, branches, serials_from=table.serials_from)
    findings = _find_out(con, table, cells, set(curable.values()), rows_sql(table, SAMPLE_ROWS), findings)
    if "ask" in findings.orders.values():
        findings = _find_out(con, table, cells, {"dates"}, rows_sql(table), findings)
    while True:
        _refuse_unsure(table, cells, findings)
        _write(con, table, cells, findings, rows_sql(table), to)
        met = con.execute(f"SELECT DISTINCT _problem FROM {quoted(str(to))} WHERE _problem IS NOT NULL").fetchall()
        better = _find_out(con, table, cells, {curable[code] for code, in met if code in curable}, rows_sql(table), findings)
        if better == findings:
            return findings
        findings = better


def _find_out(con: duckdb.DuckDBPyConnection, table: Table, cells: Sequence[Cell], what: set[str], rows: str,
              found: Findings) -> Findings:
    """`found`, with what `rows` show of "dates", "numbers" and "branches"; the order of a date column may be "ask"."""
    timed = [c for c in cells if c.kind in ("time", "date", "week") and c.place is not None]
    counted = [c for c in cells if c.kind == "number" and c.place is not None]
    if "numbers" in what and counted:
        shapes = _row(con, rows, [numbers.survey_sql(text_sql(c)) for c in counted])
        seen = {c.column: numbers.marks_of(each) for c, each in zip(counted, shapes, strict=True)}
        found = replace(found, marks=numbers.decimal_marks(seen, counted[0].decimal))
    if "branches" in what:
        found = replace(found, branches={**_new_branches(con, cells, rows, found), **found.branches})
    if "dates" in what and timed:
        counts = _row(con, rows, [dates.survey_sql(text_sql(c)) for c in timed])
        orders = {c.column: dates.order_of(dates.slashes_of(counts[2 * i], counts[2 * i + 1]))
                  for i, c in enumerate(timed) if not c.date_format}
        found = replace(found, orders={column: order for column, order in orders.items() if order})
        found = replace(found, usual=_usual_formats(con, timed, found, rows_sql(table, SAMPLE_ROWS)))
    return found


def _refuse_unsure(table: Table, cells: Sequence[Cell], findings: Findings) -> None:
    for cell in cells:
        if findings.orders.get(cell.column) == "ask":
            raise Refused(f'The dates in "{header_of(table, cell)}" could be month/day or day/month: no day is over 12.',
                          f'Say which in a map: [dates] {cell.column} = "%m/%d/%Y" or "%d/%m/%Y".')


def header_of(table: Table, cell: Cell) -> str:
    """The file's own name of a column; ours for a constant."""
    return cell.column if cell.place is None else table.headers[cell.place]


def _row(con: duckdb.DuckDBPyConnection, rows: str, aggregates: Sequence[str]) -> tuple[Any, ...]:
    """The aggregates over `rows`, in one scan."""
    found: tuple[Any, ...] = con.execute(f"SELECT {', '.join(aggregates)} FROM {rows}").fetchall()[0]
    return found


def _usual_formats(con: duckdb.DuckDBPyConnection, timed: Sequence[Cell], found: Findings, rows: str) -> dict[str, str]:
    """For columns with a format, which of its ways to write a time most rows have."""
    tries = [(c.column, each, f"count(try_strptime({text_sql(c)}, {quoted(each)}))") for c in timed
             for each in dates.formats_of(found.orders.get(c.column, ""), c.date_format)]
    if not tries:
        return {}
    counts = _row(con, rows, [sql for *_, sql in tries])
    best: dict[str, tuple[int, str]] = {}
    for (column, date_format, _), count in zip(tries, counts, strict=True):
        if count > best.get(column, (0, ""))[0]:
            best[column] = (count, date_format)
    return {column: date_format for column, (_, date_format) in best.items()}


def _new_branches(con: duckdb.DuckDBPyConnection, cells: Sequence[Cell], rows: str,
                  found: Findings) -> dict[str, tuple[str, str]]:
    """Branch codes of the file in its own spelling, by lower case, without those that cannot be a new branch."""
    text = next(text_sql(cell) for cell in cells if cell.kind == "branch")
    known = [code for code, _ in found.branches.values()]
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
