"""Workbooks: how long and how large, against a bare file of the same cells."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path

import openpyxl
from sqlalchemy import insert

from scoreboard import settings as settings_module
from scoreboard.exports import branch_book, territory_book
from scoreboard.facts.sources import BY_NAME
from scoreboard.imports import sampling
from scoreboard.metrics import company, usual_ranges
from scoreboard.metrics import reach as reaches
from scoreboard.metrics.catalogue import CATALOGUE
from scoreboard.settings import Settings
from scoreboard.state import branches
from scoreboard.state.database import open_database, reading, writing
from scoreboard.state.schema import load_branches, load_files, loads, versions, weekly_results
from scoreboard.state.viewers import EVERYONE

NOW, LAST, WEEKS = "2026-11-09T12:00", date(2026, 11, 2), 104
SOURCES = ("quotes", "order_lines", "credits", "returns", "exceptions", "shifts")


def measure(add: Callable[..., None], place: Path, scale: float = 1.0) -> None:
    """A branch of the sample and of a store, territories of a quarter, half, all and twice of a hundred branches; processor time, because
    the machine may be busy."""
    many = max(4, int(100 * scale))
    spent = {number: _child(place, number) for number in (many // 4, many // 2, many, 2 * many)}
    one, bare, seconds, peak, cells = spent[many]
    add("Workbook of a branch of the sample, 26 weeks", f"{_sample(place):.2f} s", "≤ 2 s")
    add("… of a branch without rows behind its figures", f"{one:.2f} s", "≤ 2 s")
    add(f"Workbook of a territory of {many} branches, 26 weeks, {cells:,.0f} cells", f"{seconds:.1f} s, peak {peak:.0f} MB",
        "≤ 20 s, ≤ 300 MB")
    add("… against a bare write-only file of the same cells", f"{seconds / bare:.2f} × ({bare:.1f} s)", "≤ 2 ×")
    each = ", ".join(f"{1000 * found[2] / number:.0f} ms of {number}" for number, found in spent.items())
    add("… for each branch, by how many there are", each, "alike: linear")


def _sample(place: Path) -> float:
    """Seconds of processor for a branch of the sample, with all its rows."""
    settings = settings_module.read(str(place / "sample"), "2026-11-09T13:00")
    engine = open_database(settings.database_url)
    sampling.load_sample(settings, engine, EVERYONE)
    with reading(engine) as conn:
        known = company.read(conn, settings.now)
        return min(_timed(lambda: branch_book.write(conn, settings, EVERYONE, known, "RIV", None, out=BytesIO())) for _ in range(4))


def _child(place: Path, number: int) -> list[float]:
    """Measured in a process of its own: seconds of a branch, of a bare file, of the territory, peak megabytes, cells."""
    words = [sys.executable, "-m", "tests.bench.workbooks", str(place), str(number)]
    ended = subprocess.run(words, check=True, capture_output=True, text=True)
    return [float(word) for word in ended.stdout.split()]


def _store(place: Path, number: int) -> Settings:
    """A territory of so many branches with two years of its eight figures, as loads would leave them."""
    settings = settings_module.read(str(place / f"books{number}"), NOW)
    if settings.data.exists():
        return settings
    engine = open_database(settings.database_url)
    now, codes = datetime(2026, 11, 9), [f"B{n:03d}" for n in range(number)]
    with writing(engine) as conn:
        for code in codes:
            branches.add(conn, code, territory="North", now=now, who="bench")
        conn.execute(insert(versions), {"number": 1, "at": now, "what": "load", "who": "bench"})
        conn.execute(insert(loads), {"id": 1, "at": now, "who": "bench", "version": 1, "sample": False})
        for at, source in enumerate(SOURCES, start=1):
            conn.execute(insert(load_files), {
                "id": at, "load_id": 1, "source": source, "name": source, "sha256": source, "settings": {}, "original": "",
                "rows_path": "", "columns": ",".join(BY_NAME[source].columns), "keyless": False, "through": now, "read": 0, "new": 0,
                "changed": 0, "same": 0, "rejected": 0, "waiting": 0})
            conn.execute(insert(load_branches), [{
                "load_file_id": at, "branch": code, "first_on": LAST - timedelta(weeks=WEEKS), "last_on": LAST, "through": now,
                "rows": 1} for code in codes])
        for kind, scope, size in (("territory", "North", number), *(("branch", code, 1) for code in codes)):
            conn.execute(insert(weekly_results), [{
                "scope_kind": kind, "scope": scope, "week": LAST - timedelta(weeks=w), "metric": m.key, "from_version": 1,
                "to_version": None, "part": (80.0 + w % 7) * size, "whole": 100.0 * size, "n": 100 * size, "undecided": 0, "open": 0,
                "p50": 60.0 + w % 5 if m.is_duration else None, "p90": 90.0 if m.is_duration else None, "at_least": False,
                "p90_at_least": False, "reporting": size, "expected": size, "definition": "bench"}
                for w in range(WEEKS) for m in CATALOGUE])
    with reading(engine) as conn:
        reach = reaches.fold(reaches.pieces(conn), company.read(conn, settings.now))
    usual_ranges.keep_all(engine, reach)
    return settings


def _timed(do: Callable[[], object]) -> float:
    begun = time.process_time()
    do()
    return time.process_time() - begun


def _bare(book: Path, out: Path) -> tuple[float, int]:
    """Seconds of processor for the same values written by openpyxl alone, and how many cells there are."""
    read = openpyxl.load_workbook(book, read_only=True)
    sheets = {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in read}

    def write() -> None:
        made = openpyxl.Workbook(write_only=True)
        for name, rows in sheets.items():
            sheet = made.create_sheet(name)
            for row in rows:
                sheet.append(row)
        made.save(out)

    return _timed(write), sum(value is not None for rows in sheets.values() for row in rows for value in row)


def main(place: Path, number: int) -> None:
    """One measurement, printed for `_child`."""
    settings = _store(place, number)
    engine, out = open_database(settings.database_url), place / f"book{number}.xlsx"
    with reading(engine) as conn:
        known = company.read(conn, settings.now)
        branch_book.write(conn, settings, EVERYONE, known, "B000", None, out=out)  # the first one imports
        one = min(_timed(lambda: branch_book.write(conn, settings, EVERYONE, known, "B001", None, out=out)) for _ in range(3))
        seconds = min(_timed(lambda: territory_book.write(conn, settings, EVERYONE, known, "North", None, out=out)) for _ in range(2))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    bare, cells = _bare(out, place / "bare.xlsx")
    print(one, bare, seconds, peak, cells)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
