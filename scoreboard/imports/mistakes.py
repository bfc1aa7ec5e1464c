"""The rows that are not taken, each with everything that is wrong with it.

The convention: rows are explained by the expressions that turned them back (`expressions.checked_sql`), run again over
their raw cells only; a row that is blank, a total or a note is set aside without being called wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Iterator, Mapping, Sequence

import duckdb

from scoreboard.errors import Problem
from scoreboard.imports import report
from scoreboard.imports.cells import Cell, Findings
from scoreboard.imports.expressions import checked_sql
from scoreboard.imports.reading import Table
from scoreboard.imports.repeats import line_sql
from scoreboard.imports.report import BadRow
from scoreboard.imports.staging import header_of, kept_places, rows_sql

_KEPT = ("line", "raw", "other", "_cells", "_more")
_AT_ONCE = 10_000


@dataclass(frozen=True)
class Context:
    """What explaining a row takes: the file, how its cells are read, and which branches may be named."""

    table: Table
    cells: Sequence[Cell]
    findings: Findings
    everywhere: bool


def gather(con: duckdb.DuckDBPyConnection, context: Context, staged: str, conflicting: int) -> int:
    """Fill the temporary table bad with the raw cells of staged and of conflicting rows; how many there are."""
    more = "_cells, _more" if context.table.numbered else "NULL::BIGINT AS _cells, NULL::VARCHAR AS _more"
    con.execute(f"CREATE OR REPLACE TEMP TABLE bad AS SELECT {line_sql(context.table)} AS line, _raw AS raw, "
                f"NULL::BIGINT AS other, {more} FROM read_parquet({staged}, file_row_number = true) WHERE _raw IS NOT NULL")
    if conflicting:
        raw = ", ".join(f"c{i}" for i in kept_places(context.table))
        rows = rows_sql(context.table)
        if not context.table.numbered:
            rows = f"(SELECT *, row_number() OVER () + {context.table.skip} AS _line FROM {rows})"
        con.execute(f"INSERT INTO bad SELECT line, [{raw}], CASE WHEN line = first_line THEN last_line ELSE first_line END, "
                    f"NULL, NULL FROM {rows} JOIN (SELECT * FROM twins WHERE NOT same) ON line = _line")
    return int(con.execute("SELECT count(*) FROM bad").fetchall()[0][0])


def bad_rows(con: duckdb.DuckDBPyConnection, context: Context) -> Iterator[BadRow]:
    """The rows of the table bad in the order of the file, but for blank ones."""
    places = {place: i for i, place in enumerate(kept_places(context.table), 1)}
    raw = ", ".join(f"raw[{i}] AS c{place}" for place, i in places.items())
    codes = ", ".join(f"k{i}" for i in range(len(context.cells)))
    source = f"(SELECT *, {raw} FROM bad)"
    found = con.execute(f"SELECT {', '.join(_KEPT)}, [{codes}] "
                        f"FROM ({checked_sql(context.cells, context.findings, source, _KEPT)}) ORDER BY line")
    while batch := found.fetchmany(_AT_ONCE):
        for line, cells, other, count, more, wrong in batch:
            if any(cell and cell.strip() for cell in cells):
                yield BadRow(line, _shown(context, cells),
                             _problems(context, line, dict(zip(places, cells, strict=True)), other, count, more, wrong))


def _shown(context: Context, cells: Sequence[str | None]) -> Sequence[str | None]:
    """The cells as handed back. Without headers nobody knows what the others hold: only those of the map are shown."""
    if context.table.header_row:
        return cells
    mapped = {cell.place for cell in context.cells}
    return [text if place in mapped else None for place, text in enumerate(cells)]


def _problems(context: Context, line: int, cells: Mapping[int, str | None], other: int | None, count: int | None,
              more: str | None, wrong: Sequence[str | None]) -> list[Problem]:
    if "missing_value" in wrong and report.is_note([*cells.values(), more]):
        said = " ".join(cell.strip() for cell in _shown(context, list(cells.values())) if cell and cell.strip())
        return [Problem("skipped_line", f"Row {line} is a total, a page footer or a note and is left out.", line,
                        value=said[:200], rejects=False)]
    width = len(context.table.headers)
    if count is not None and count != width:
        return [Problem("ragged_row", f"Row {line} has {count} cells under {width} headers. Put texts that hold a "
                        "delimiter in quotation marks, or complete the row.", line, value=more or None)]
    found = [_problem(context, cell, line, cells, code) for cell, code in zip(context.cells, wrong, strict=True) if code]
    if other is not None:
        key = next((c for c in context.cells if c.kind == "identifier" and c.needed), context.cells[0])
        found.append(Problem("conflicting_key", f"Row {line} and row {other} have the same key and say different things. "
                             "Keep the right one.", line, header_of(context.table, key), cells.get(key.place or 0)))
    return found


def _problem(context: Context, cell: Cell, line: int, cells: Mapping[int, str | None], code: str) -> Problem:
    value: Any = cell.constant if cell.place is None else cells[cell.place]
    header, read = header_of(context.table, cell), cell.read_as(value)
    turned = f'The map turns "{value.strip()}" into "{read}". ' if value and read != value else ""
    if code == "unknown_branch":
        known = [name for name, _ in context.findings.branches.values()]
        code = code if context.everywhere else "not_allowed_branch"
        return Problem(code, turned + report.branch_sentence((read or "").strip(), known, context.everywhere), line, header, value)
    latest = f"{cell.latest:%Y-%m-%d}" if cell.latest else ""
    return Problem(code, turned + report.sentence(code, header, read or "", cell.choices, latest), line, header, value)


def order_notes(context: Context) -> list[Problem]:
    """Which way dates like 3/11/2026 were read, said once per column."""
    columns = {cell.column: header_of(context.table, cell) for cell in context.cells}
    return [Problem("date_order_inferred", f'Dates like 3/11/2026 in "{columns[column]}" were read as {order} first, as the '
                    "column shows. Declare the format in a map to be sure.", column=columns[column], rejects=False)
            for column, order in context.findings.orders.items() if order in ("day", "month")]
