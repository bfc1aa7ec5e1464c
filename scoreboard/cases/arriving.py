"""Cases as a file brings them: one row a case, times on the wall clock of its branch. They leave in UTC."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scoreboard.calendars import to_utc
from scoreboard.cases.lifecycle import INSTANTS

if TYPE_CHECKING:
    import pyarrow


def by_branch(
    rows: pyarrow.Table | Path, columns: Sequence[str], zones: Mapping[str, str], at_most: int,
) -> Iterator[tuple[str, dict[str, dict[str, Any]]]]:
    """Rows of a table or a Parquet file: (branch, {case_no: columns}), `at_most` rows at a time.

    `columns` besides branch and case_no; `zones` has the time zone of every branch.
    """
    if isinstance(rows, Path):
        from pyarrow.parquet import ParquetFile  # its read_table would import pandas

        with ParquetFile(rows) as file:
            rows = file.read(columns=["branch", "case_no", *columns])
    ordered = rows.select(["branch", "case_no", *columns]).sort_by("branch")
    start = 0
    for branch, group in groupby(ordered["branch"].to_pylist()):
        end = start + sum(1 for _ in group)
        for first in range(start, end, at_most):
            yield branch, _in_utc(ordered.slice(first, min(at_most, end - first)), columns, zones[branch])
        start = end


def _in_utc(part: pyarrow.Table, columns: Sequence[str], zone: str) -> dict[str, dict[str, Any]]:
    values = [part[name].to_pylist() for name in columns]
    for at, name in enumerate(columns):
        if name in INSTANTS:
            values[at] = [wall and to_utc(wall, zone) for wall in values[at]]
    rows = zip(*values, strict=True) if values else [()] * part.num_rows
    return {case_no: dict(zip(columns, row, strict=True))
            for case_no, row in zip(part["case_no"].to_pylist(), rows, strict=True)}
