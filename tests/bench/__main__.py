"""Runs every measurement and writes docs/bench.md. Absolute times depend on the machine: compare the ratios."""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import delete, event, insert

from scoreboard import settings as settings_module
from scoreboard.facts.sources import BY_NAME
from scoreboard.imports import loading
from scoreboard.metrics import board, company, rows, usual_ranges
from scoreboard.metrics import reach as reaches
from scoreboard.metrics.catalogue import BY_KEY, CATALOGUE
from scoreboard.metrics.results import Difference
from scoreboard.metrics.scopes import Scope
from scoreboard.settings import Settings
from scoreboard.state import branches
from scoreboard.state.database import open_database, reading, writing
from scoreboard.state.schema import load_branches, load_files, loads, versions, weekly_results
from scoreboard.state.schema import usual_ranges as usual_ranges_table
from scoreboard.state.viewers import EVERYONE
from tests.bench import lines, many_branches, many_pages, matrix, web, workbooks, worked_cases

NOW = "2026-11-09T12:00"
BARE = ("import duckdb,sys; c=duckdb.connect(); c.execute('set enable_progress_bar=false'); "
        "c.execute(f\"copy (select * from read_csv('{sys.argv[1]}')) to '{sys.argv[2]}'\")")


@dataclass
class Report:
    """What was measured, as lines of a table."""

    lines: list[tuple[str, str, str]] = field(default_factory=list)

    def add(self, what: str, measured: str, goal: str = "") -> None:
        self.lines.append((what, measured, goal))
        print(f"{what}: {measured}   {goal}", flush=True)


def run(*words: str, data: Path | None = None) -> tuple[float, float]:
    """Seconds and peak megabytes of a command."""
    env = {**os.environ, **({"SCOREBOARD_DATA": str(data)} if data else {})}
    begun = time.perf_counter()
    process = subprocess.Popen([sys.executable, *words], env=env, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        raise SystemExit(f"{words} failed")
    return time.perf_counter() - begun, usage.ru_maxrss / 1024


def load(path: Path, data: Path) -> tuple[float, float]:
    return run("-m", "scoreboard", "--now", NOW, "load", str(path), "--source", "order_lines", "--create-branches", data=data)


def bulk(report: Report, place: Path, million: float, repeats: int) -> None:
    """The whole load of a large file against the bare copy of the same file."""
    path = place / "bulk.csv"
    lines.write(path, lines=int(million * 1e6), branches=20, first="2025-11-03", days=364)
    pairs, peaks = [], []
    for _ in range(repeats):
        bare, _ = run("-c", BARE, str(path), str(place / "bare.parquet"))
        shutil.rmtree(place / "bulk", ignore_errors=True)
        whole, peak = load(path, place / "bulk")
        pairs.append((whole, bare))
        peaks.append(peak)
    ratio = statistics.median(w / b for w, b in pairs)
    report.add(f"Load {million:g} M order lines ({path.stat().st_size / 1e6:.0f} MB)",
               f"{ratio:.2f} × the bare copy ({statistics.median(w for w, _ in pairs):.1f} s against "
               f"{statistics.median(b for _, b in pairs):.1f} s); peak {max(peaks):.0f} MB", "≤ 5 ×, ≤ 1,500 MB")
    small = place / "small.csv"
    lines.write(small, lines=int(million * 1e6 / 4), branches=20, first="2025-11-03", days=364)
    _, peak = load(small, place / "small")
    report.add("Peak memory of a quarter of it", f"{peak:.0f} MB", "flat in file size")


def week_into_years(report: Report, place: Path, million: float, total: float) -> Path:
    """A week of 20,000 lines into years of history, against an empty store; then the history is filled up."""
    data, each, at = place / "years", 5.0, 0
    start = date(2021, 11, 8)
    days = int(1820 * min(1.0, each / million))
    while at * each < million:
        _fill(place, data, int(min(each, million - at * each) * 1e6), start + timedelta(days=days * at), days, at)
        at += 1
    week = place / "week.csv"
    full, empty = [], []
    for number in range(3):
        lines.write(week, lines=20_000, branches=100, first="2026-11-02", days=5, start=900_000_000 + 60_000 * number)
        shutil.rmtree(place / "empty", ignore_errors=True)
        empty.append(load(week, place / "empty")[0])
        full.append(load(week, data)[0])
    ratio = statistics.median(full) / statistics.median(empty)
    report.add(f"A week of 20,000 lines into {million:g} M lines of 100 branches",
               f"{ratio:.2f} × into an empty store ({statistics.median(full):.2f} s against {statistics.median(empty):.2f} s)", "≤ 2 ×")
    filled = million
    while filled < total:
        later = start + timedelta(days=int(days * (filled - million) / each))
        _fill(place, data, int(min(each, total - filled) * 1e6), later, days, at + 100)
        filled, at = filled + each, at + 1
    return data


def _fill(place: Path, data: Path, count: int, first: date, days: int, number: int) -> None:
    path = place / "fill.csv"
    lines.write(path, lines=count, branches=100, first=first.isoformat(), days=days, start=number * 6_000_000)
    load(path, data)
    path.unlink()


def rows_of_a_week(report: Report, data: Path, total: float) -> None:
    """The rows behind one branch-week out of all lines, inside the process."""
    settings = settings_module.read(str(data), NOW)
    engine = open_database(settings.database_url)
    times = []
    with reading(engine) as conn:
        for weeks in range(10, 110, 10):
            begun = time.perf_counter()
            found = rows.rows(settings, conn, Scope("branch", "B007"), BY_KEY["otif"], date(2026, 10, 26) - timedelta(weeks=weeks))
            times.append(time.perf_counter() - begun)
            assert found
    report.add(f"Rows of one branch-week out of {total:g} M lines", f"{statistics.median(times) * 1000:.0f} ms", "≤ 300 ms")


def lock(report: Report, place: Path) -> None:
    """How long the SQL write lock is held for a load of a week of 500 branches."""
    data, path = place / "lock", place / "lock.csv"
    settings = settings_module.read(str(data), NOW)
    engine = open_database(settings.database_url)
    lines.write(path, lines=2_000_000, branches=500, first="2026-08-03", days=91)
    loading.load(settings, engine, EVERYONE, [path], loading.Wish(source="order_lines", create_branches=True))
    lines.write(path, lines=100_000, branches=500, first="2026-11-02", days=5, start=900_000_000)
    held: list[float] = []
    begun: list[float] = []
    event.listen(engine, "begin", lambda conn: begun.append(time.perf_counter()))
    event.listen(engine, "commit", lambda conn: held.append(time.perf_counter() - begun[-1]))
    loading.load(settings, engine, EVERYONE, [path], loading.Wish(source="order_lines"))
    report.add("SQL write lock, a week of 500 branches (100,000 lines)", f"{max(held) * 1000:.0f} ms", "≤ 500 ms")


def boards(report: Report, place: Path) -> None:
    """Board figures inside the process, 500 branches × 260 weeks against 10."""
    medians = {}
    for count in (10, 500):
        settings = _store(place, count)
        engine = open_database(settings.database_url)
        with reading(engine) as conn:
            known = company.read(conn, settings.now)
            times, shown = [], []
            for number in range(60):
                begun = time.perf_counter()
                board.read(conn, settings, Scope("branch", f"B{number % count:03d}"), company=known)
                times.append(time.perf_counter() - begun)
                begun = time.perf_counter()
                board.read(conn, settings, Scope("branch", f"B{number % count:03d}"), company=known, also=())
                shown.append(time.perf_counter() - begun)
        medians[count] = statistics.median(times[10:])
    report.add("Board of one branch, 500 branches × 260 weeks", f"{medians[500] * 1000:.1f} ms", "≤ 20 ms")
    report.add("… of what a screen reads", f"{statistics.median(shown[10:]) * 1000:.1f} ms")
    report.add("… against 10 branches", f"{medians[500] / medians[10]:.2f} ×", "≤ 1.2 ×")


def kept_ranges(report: Report, place: Path) -> None:
    """What a load that moves twelve metrics of 500 branches adds: the first time, and with every week after it."""
    settings = _store(place, 500)
    engine = open_database(settings.database_url)
    with reading(engine) as conn:
        reach = reaches.fold(reaches.pieces(conn), company.read(conn, settings.now))
    series = [("branch", f"B{b:03d}", m.key) for b in range(500) for m in [m for m in CATALOGUE[:25] if not m.rolling][:12]]
    with writing(engine) as conn:
        conn.execute(delete(usual_ranges_table))
    for name, week in (("the whole history", date(2026, 11, 2) - timedelta(weeks=259)), ("a week", date(2026, 11, 2))):
        moved: list[tuple[Any, dict[str, Any] | None]] = [
            (None, dict(zip(("scope_kind", "scope", "metric", "week"), (*one, week), strict=True))) for one in series]
        change = Difference([], [], moved)
        begun = time.perf_counter()
        with writing(engine) as conn:
            usual_ranges.forget(conn, change)
        usual_ranges.keep(engine, reach, change)
        report.add(f"Usual ranges after a load of {name}: 500 branches × 12 metrics × 260 weeks",
                   f"{time.perf_counter() - begun:.2f} s", "≤ 3 s")
    usual_ranges.keep_all(engine, reach)


def _store(place: Path, count: int) -> Settings:
    """A data folder with weekly results of so many branches, made once."""
    settings = settings_module.read(str(place / f"board{count}"), NOW)
    if not settings.data.exists():
        engine = open_database(settings.database_url)
        _results(engine, count)
        many_branches.keep_ranges(engine, settings)
        engine.dispose()
    return settings


def _results(engine: object, count: int) -> None:
    """Weekly results of every metric, as loads would leave them, with the loads they came from."""
    now, last = datetime(2026, 11, 9), date(2026, 11, 2)
    with writing(engine) as conn:  # type: ignore[arg-type]
        for number in range(count):
            branches.add(conn, f"B{number:03d}", territory=f"T{number % 20}", now=now, who="bench")
        conn.execute(insert(versions), {"number": 1, "at": now, "what": "load", "who": "bench"})
        conn.execute(insert(loads), {"id": 1, "at": now, "who": "bench", "version": 1, "sample": False})
        for number, source in enumerate(("quotes", "order_lines", "credits", "returns"), start=1):
            conn.execute(insert(load_files), {
                "id": number, "load_id": 1, "source": source, "name": source, "sha256": source, "settings": {},
                "original": "", "rows_path": "", "columns": ",".join(BY_NAME[source].columns), "keyless": False, "through": now,
                "read": 0, "new": 0, "changed": 0, "same": 0, "rejected": 0, "waiting": 0})
            conn.execute(insert(load_branches), [{
                "load_file_id": number, "branch": f"B{b:03d}", "first_on": last - timedelta(weeks=260), "last_on": last,
                "through": now, "rows": 1} for b in range(count)])
        for b in range(count):
            conn.execute(insert(weekly_results), [{
                "scope_kind": "branch", "scope": f"B{b:03d}", "week": last - timedelta(weeks=w), "metric": m.key, "from_version": 1,
                "to_version": None, "part": 80.0 + w % 7, "whole": 100.0, "n": 100, "undecided": 0, "open": 0,
                "p50": 60.0 + w % 5 if m.is_duration else None, "p90": None, "at_least": False, "p90_at_least": False,
                "reporting": 1, "expected": 1, "definition": "bench"} for w in range(260) for m in CATALOGUE[:25]])


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--quick", action="store_true", help="a tenth of the size, one repeat; nothing is written")
    words.add_argument("--only", default="", help="bulk, years, lock, boards, cases, matrix, workbooks or web")
    asked = words.parse_args()
    scale, repeats = (0.1, 1) if asked.quick else (1.0, 3)
    report = Report()
    with tempfile.TemporaryDirectory(prefix="scoreboard-bench-") as name:
        place = Path(name)
        if asked.only in ("", "bulk"):
            bulk(report, place, 2.0 * scale, repeats)
        if asked.only in ("", "boards"):
            boards(report, place)
            kept_ranges(report, place)
        if asked.only in ("", "cases"):
            worked_cases.measure(report.add, place, scale)
        if asked.only in ("", "matrix"):
            matrix.measure(report.add, place)
            many_pages.measure(report.add, place, 1 if asked.quick else 5)
        if asked.only in ("", "workbooks"):
            workbooks.measure(report.add, place, scale)
        if asked.only in ("", "web"):
            web.measure(report.add, place, _store(place, 500).data, 1 if asked.quick else 7)
        if asked.only in ("", "lock"):
            lock(report, place)
        if asked.only in ("", "years"):
            data = week_into_years(report, place, 25.0 * scale, 40.0 * scale)
            rows_of_a_week(report, data, 40.0 * scale)
    if not asked.quick and not asked.only:
        _write(report)


def _write(report: Report) -> None:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    head = (f"# Speed and memory\n\nWritten by `make bench` on {datetime.now(UTC):%Y-%m-%d}: {os.cpu_count()} cores, {memory:.0f} GiB, "
            f"Python {platform.python_version()}. Ratios are taken in one run; absolute times depend on the machine.\n\n"
            "| what | measured | goal |\n|---|---|---|\n")
    Path("docs/bench.md").write_text(head + "".join(f"| {a} | {b} | {c} |\n" for a, b, c in report.lines))


if __name__ == "__main__":
    main()
