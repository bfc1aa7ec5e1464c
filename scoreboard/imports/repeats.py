"""Rows of one file with the same key: exact repeats count once, rows that differ are all turned back.

The convention: rows are compared as checked (typed, our columns only), so 10 and 10.0 are the same and a column
nobody uses makes no difference. Rows without a key cannot be compared and are never repeats.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from scoreboard.errors import Problem
from scoreboard.imports.mapping import Columns
from scoreboard.imports.reading import Table
from scoreboard.imports.report import MOST_LISTED


@dataclass(frozen=True)
class Repeats:
    """How many rows repeat another exactly, and how many contradict one."""

    repeated: int
    conflicting: int


def line_sql(table: Table) -> str:
    """SQL of a staged row's number as a person sees it in the file."""
    return "_line" if table.numbered else f"file_row_number + {table.skip + 1}"


def find(con: duckdb.DuckDBPyConnection, table: Table, columns: Columns, staged: str) -> Repeats:
    """Fill the temporary table twins: position and line of each row that shares its key, the first and last line of
    its key, and whether all rows of the key are the same."""
    con.execute("CREATE OR REPLACE TEMP TABLE twins "
                "(position BIGINT, line BIGINT, first_line BIGINT, last_line BIGINT, same BOOLEAN)")
    if columns.keyless:
        return Repeats(0, 0)
    key = ", ".join(f'"{c}"' for c in ("branch", *columns.source.key) if c in columns.columns)
    rows = f"read_parquet({staged}, file_row_number = true) WHERE _raw IS NULL"
    # Hashes first: one narrow scan says for nearly every file that there is nothing to compare.
    con.execute(f"CREATE OR REPLACE TEMP TABLE again AS SELECT h FROM (SELECT hash({key}) AS h FROM {rows}) "
                "GROUP BY h HAVING count(*) > 1")
    if not con.execute("SELECT count(*) FROM again").fetchall()[0][0]:
        return Repeats(0, 0)
    whole = ", ".join(f'"{c}"' for c in columns.columns)
    con.execute(
        f"INSERT INTO twins SELECT file_row_number, {line_sql(table)} AS line, min(line) OVER same_key, "
        f"max(line) OVER same_key, min(row({whole})) OVER same_key IS NOT DISTINCT FROM max(row({whole})) OVER same_key "
        f"FROM {rows} AND hash({key}) IN (SELECT h FROM again) "
        f"WINDOW same_key AS (PARTITION BY {key}) QUALIFY count(*) OVER same_key > 1")
    counted = con.execute("SELECT count(*) FILTER (same AND line > first_line), count(*) FILTER (NOT same) FROM twins")
    return Repeats(*counted.fetchall()[0])


def problems(con: duckdb.DuckDBPyConnection) -> list[Problem]:
    """The exact repeats, first ones first; they reject nothing."""
    found = con.execute("SELECT line, first_line FROM twins WHERE same AND line > first_line ORDER BY line "
                        f"LIMIT {MOST_LISTED}").fetchall()
    return [Problem("repeated_row", f"Row {line} repeats row {first} exactly and is counted once.", row=line, rejects=False)
            for line, first in found]
