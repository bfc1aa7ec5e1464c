"""From an export file to checked, typed rows: `check` reads, maps and checks one file and writes its good rows.

The convention: wrong data never stops a file, it is returned as problems; only a file that cannot be
understood is Refused. Nothing outside `scratch` is touched.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Mapping, Sequence

import duckdb

from scoreboard.errors import Problem, Refused, StoreDamaged
from scoreboard.facts.engine import said
from scoreboard.facts.sources import Source
from scoreboard.imports import mistakes, repeats, report, summary
from scoreboard.imports.cells import Cell, cells_of
from scoreboard.imports.dates import quoted
from scoreboard.imports.mapping import Columns, decide, known_headers
from scoreboard.imports.maps import read_map, source_called
from scoreboard.imports.reading import Table, numbered, read
from scoreboard.imports.staging import connect, kept_places, stage

STAGE = "stage.parquet"
_IRREGULAR = (duckdb.ProgrammingError, duckdb.DataError)   # how DuckDB says that a text is not a regular table


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
    try:
        table = read(path, known_headers(told), headers=told.headers, delimiter=told.delimiter)
    except OSError as error:
        raise Refused(f'"{path}" cannot be read: {error.strerror}.', "Check the path and its permissions.") from error
    columns = decide(table.headers, told, source=source, branch=branch, name=path.name)
    _check_constant_branch(columns, known)
    scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=scratch) as folder, connect(Path(folder)) as con:
        try:
            return _check(con, table, columns, known, now, Path(folder), scratch, through)
        except (duckdb.IOException, duckdb.OutOfMemoryException, OSError) as error:
            raise StoreDamaged(f"Checking {path.name} stopped: {said(error)}.",
                               f"See that {scratch} can be written and has room.") from error


def _check(con: duckdb.DuckDBPyConnection, table: Table, columns: Columns, known: Known, now: datetime, folder: Path,
           scratch: Path, through: datetime | None) -> Checked:
    context = _stage(con, table, cells_of(columns, now), known, folder)
    staged = quoted(str(folder / STAGE))
    twins = repeats.find(con, context.table, columns, staged)
    bad = mistakes.gather(con, context, staged, twins.conflicting)
    rows = _good_rows(con, folder / STAGE, columns, scratch / "rows.parquet", bool(bad or twins.repeated))
    good = f"read_parquet({quoted(str(rows))})"
    per_branch, latest = summary.spans(con, good, columns)
    impossible = summary.impossible_orders(con, good, columns)
    rewritten = summary.rewritten_promises(con, good, columns)
    headers = [context.table.headers[i] for i in kept_places(context.table)] if columns.told.headers else None
    notes = [*(warning for warning, _ in (*impossible, *rewritten)), *mistakes.order_notes(context), *repeats.problems(con)]
    collected = report.collect(mistakes.bad_rows(con, context), notes, headers, bad, scratch)
    counts = {**collected.counts, "impossible_order": sum(n for _, n in impossible),
              "promise_is_actual": sum(n for _, n in rewritten), "repeated_row": twins.repeated}
    spans = tuple(BranchSpan(*span) for span in per_branch)
    return Checked(
        source=columns.source, name=table.original.name, sha256=table.sha256, columns=columns.columns,
        keyless=columns.keyless, rows=rows, through=through or latest,
        read=sum(span.rows for span in spans) + twins.repeated + collected.rejected, repeated=twins.repeated,
        rejected=collected.rejected, problems=collected.problems, problem_counts=report.sorted_counts(counts),
        problems_path=collected.path, branches=spans,
        new_branches=tuple(sorted({span.branch for span in spans} - set(known.branches))), ignored=columns.ignored)


def _stage(con: duckdb.DuckDBPyConnection, table: Table, cells: Sequence[Cell], known: Known, folder: Path) -> mistakes.Context:
    """Stage a file in place where each of its lines is a row, else its numbered copy."""
    everywhere = known.allowed is None
    taken = {code: zone for code, zone in known.branches.items() if everywhere or code in (known.allowed or ())}
    # Who may load for some branches only creates none: a new code could be one of the others.
    create = known.create_branches and everywhere
    if table.lines >= 0:
        try:
            findings = stage(con, table, cells, taken, create, folder / STAGE)
            if _count(con, folder / STAGE) == table.lines - table.skip:
                return mistakes.Context(table, cells, findings, everywhere)
        except _IRREGULAR:
            pass   # ragged rows, mixed line ends, stray quotes: the copy sorts them out
    table = numbered(table, folder)
    try:
        findings = stage(con, table, cells, taken, create, folder / STAGE)
    except _IRREGULAR as error:
        raise Refused(f"{table.original.name} cannot be read as a table: {said(error)}.",
                      "Save it as .xlsx or CSV UTF-8 and load that.") from error
    return mistakes.Context(table, cells, findings, everywhere)


def _count(con: duckdb.DuckDBPyConnection, path: Path) -> int:
    return int(con.execute("SELECT count(*) FROM read_parquet(?)", [str(path)]).fetchall()[0][0])


def _good_rows(con: duckdb.DuckDBPyConnection, staged: Path, columns: Columns, to: Path, some_are_not: bool) -> Path:
    """The stage itself when every row of it is good, else a copy without the others."""
    if not some_are_not:
        return staged.replace(to)
    ours = ", ".join(f'"{column}"' for column in columns.columns)
    con.execute(f"COPY (SELECT {ours} FROM read_parquet({quoted(str(staged))}, file_row_number = true) "
                "WHERE _raw IS NULL AND file_row_number NOT IN "
                "(SELECT position FROM twins WHERE NOT same OR line > first_line)) "
                f"TO {quoted(str(to))} (FORMAT parquet)")
    return to


def _check_constant_branch(columns: Columns, known: Known) -> None:
    """A branch given for the whole file must be one; otherwise every row would be turned back."""
    code = columns.constants.get("branch")
    if code is None:
        return
    taken = [b for b in known.branches if known.allowed is None or b in known.allowed]
    if code.strip().lower() in {b.lower() for b in taken} or (known.create_branches and known.allowed is None):
        return
    where = f'{columns.told.at("constants", "branch")}: ' if columns.told.constants.get("branch") == code else ""
    raise Refused(where + report.branch_sentence(code, taken, known.allowed is None))
