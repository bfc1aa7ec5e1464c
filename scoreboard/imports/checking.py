"""From an export file to checked, typed rows: `check` reads, maps and checks one file and writes its good rows.

The convention: wrong data never stops a file, it is returned as problems; only a file that cannot be
understood is Refused. Nothing outside `scratch` is touched.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Mapping, Sequence

import duckdb

from scoreboard.errors import Problem, Refused, StoreDamaged
from scoreboard.facts.sources import Source
from scoreboard.imports import mistakes, repeats, report
from scoreboard.imports.cells import Cell, Findings, cells_of
from scoreboard.imports.dates import quoted
from scoreboard.imports.mapping import Columns, decide, known_headers
from scoreboard.imports.maps import read_map, source_called
from scoreboard.imports.reading import Table, numbered, read
from scoreboard.imports.staging import connect, stage


@dataclass(frozen=True)
class BranchSpan:
    """The good rows of a branch: how many, and their first and last record date (None when the file has no such column)."""

    branch: str
    first_on: date | None
    last_on: date | None
    rows: int


@dataclass(frozen=True)
class Known:
    """What checking must know of the company.

    `branches` maps codes to IANA time zones; `allowed` are those the person may load for, None all;
    with `create_branches` unknown codes become branches.
    """

    branches: Mapping[str, str]
    allowed: frozenset[str] | None
    create_branches: bool


@dataclass(frozen=True)
class Checked:
    """A file checked. `rows` is a Parquet file of its good rows; read only `columns` of it, others may be there.

    `through` is how far the file reaches in the branch's wall clock: as declared, else its latest event.
    `read` counts rows of data: the good ones, `repeated` (exact repeats of a key, collapsed) and `rejected`.
    `problems` lists the first 10,000; `problem_counts` counts all; `problems_path` holds the rejected rows.
    """

    source: Source
    name: str
    sha256: str
    columns: tuple[str, ...]
    keyless: bool
    rows: Path
    through: datetime | None
    read: int
    repeated: int
    rejected: int
    problems: list[Problem]
    problem_counts: dict[str, int]
    problems_path: Path | None
    branches: tuple[BranchSpan, ...]
    new_branches: tuple[str, ...]
    ignored: tuple[str, ...]


def check(path: Path, *, known: Known, now: datetime, scratch: Path, source: str | None = None,
          map_file: Path | None = None, branch: str | None = None, through: datetime | None = None) -> Checked:
    """Check a file and write its good rows into `scratch`. Refused when it cannot be read, mapped or understood."""
    if source:
        source_called(source)
    told = read_map(map_file)
    table = read(path, known_headers(told), headers=told.headers, delimiter=told.delimiter)
    columns = decide(table.headers, told, source=source, branch=branch, name=path.name)
    _check_constant_branch(columns, known)
    scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=scratch) as folder, connect(Path(folder)) as con:
        try:
            return _check(con, table, columns, known, now, Path(folder), scratch, through)
        except (duckdb.IOException, duckdb.OutOfMemoryException, OSError) as error:
            raise StoreDamaged(f"Checking {path.name} stopped: {str(error).splitlines()[0]}",
                               f"See that {scratch} can be written and has room.") from error


def _check(con: duckdb.DuckDBPyConnection, table: Table, columns: Columns, known: Known, now: datetime, folder: Path,
           scratch: Path, through: datetime | None) -> Checked:
    cells = cells_of(columns, now)
    taken = {code: zone for code, zone in known.branches.items() if known.allowed is None or code in known.allowed}
    table, findings, total = _stage(con, table, cells, taken, known, folder)
    staged = quoted(str(folder / "stage.parquet"))
    conflicts = repeats.find(con, staged, columns)
    found = mistakes.MistakesOf(con, table, cells, findings, staged, known.allowed is None)
    rows, bad = found.bad_rows(conflicts), found.count(conflicts)
    also = [*found.order_notes(), *repeats.problems(con, table, columns, staged), *_impossible(con, staged, columns)]
    headers = [table.headers[i] for i in found.kept] if columns.told.headers else None
    collected = report.collect(rows, also, headers, bad, scratch)
    good = _good_rows(con, folder / "stage.parquet", columns, scratch / "rows.parquet", bad + conflicts.repeated)
    spans, latest = _spans(con, good, columns)
    new = tuple(sorted({span.branch for span in spans} - set(known.branches)))
    return Checked(
        columns.source, table.original.name, table.sha256, columns.columns, columns.keyless, good, through or latest,
        sum(span.rows for span in spans) + conflicts.repeated + collected.rejected, conflicts.repeated,
        collected.rejected, collected.problems, report.sorted_counts(collected.counts), collected.path, spans, new,
        columns.ignored)
