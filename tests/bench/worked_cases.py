"""Exceptions by the million: what lists and figures of one branch among 500 cost, and a commit of marked weeks."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine, event, insert, select

from scoreboard import settings as settings_module
from scoreboard.cases.standing import standing
from scoreboard.imports.marks import settle_marks
from scoreboard.metrics import board, company
from scoreboard.metrics.open_cases import SETTLED
from scoreboard.metrics.scopes import Scope
from scoreboard.settings import Settings
from scoreboard.state import branches
from scoreboard.state.database import open_database, reading, writing
from scoreboard.state.schema import case_books, case_marks, cases, options, versions
from tests.bench import exceptions_page

NOW, LATER, BRANCHES = "2026-11-09T12:00", "2026-11-09T12:14", 500
_MADE = """INSERT INTO cases (branch, case_no, type, opened_at, accepted_at, first_told_at, resolved_at, told_at, part_no, customer,
        closed_at, due_at, pauses)
    WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {count}), t AS (
        SELECT i, {minutes} AS ago, {plus} AS later FROM n), c AS (
        SELECT i, strftime('{form}', '{end}', '-' || ago || ' minutes') AS opened,
            strftime('{form}', '{end}', (later - ago) || ' minutes') AS closed,
            strftime('{form}', '{end}', (240 - ago) || ' minutes') AS over
        FROM t)
    SELECT printf('B%03d', i % {branches}), printf('{name}%d', i), CASE i % 3 WHEN 0 THEN 'wrong part' ELSE 'late delivery' END,
        opened, opened, closed, closed, closed, printf('P%d', i % 2003), printf('C%d', i % 997), closed,
        CASE WHEN closed IS NULL THEN strftime('{form}', opened, '+1 day') END,
        CASE WHEN i % 10 = 0 THEN json_array(json_array(replace(opened, ' ', 'T'), replace(over, ' ', 'T'), 'customer', 'decides')) END
    FROM c"""


def measure(add: Callable[[str, str, str], None], place: Path, scale: float) -> None:
    """100,000 open and 2 million closed ones (times `scale`); five years, the open ones of four weeks, one of ten waited."""
    settings = settings_module.read(str(place / "cases"), NOW)
    engine = open_database(settings.database_url)
    _prepare(engine, scale)
    with reading(engine) as conn:
        known = company.read(conn, settings.now)
        add(f"One branch of {BRANCHES}, {scale * 0.1:g} M open and {scale * 2:g} M closed exceptions: what stands open",
            _median(lambda n: standing(conn, {_of(n)}, settings.now)), "≤ 50 ms")
        add("… its open ones, the first due first", _median(lambda n: _open(conn, _of(n))), "≤ 50 ms")
        for words, also in (("its board, four weeks edited and computed on read", ()), ("… with every metric", None)):
            add(words, _median(lambda n, also=also: _board(conn, settings, _of(n), known, also)), "≤ 50 ms" if also is not None else "")
        add("What stands open in the company", _median(lambda n: standing(conn, known.branches, settings.now), 5), "≤ 50 ms")
    held: list[float] = []
    started: list[float] = []
    event.listen(engine, "begin", lambda conn: started.append(time.perf_counter()))
    event.listen(engine, "commit", lambda conn: held.append(time.perf_counter() - started[-1]))
    begun = time.perf_counter()
    settle_marks(settings, engine)
    took = time.perf_counter() - begun
    add(f"Four edited weeks of {BRANCHES} branches settled", f"{took:.1f} s; SQL write lock {held[-1] * 1000:.0f} ms", "lock ≤ 500 ms")
    _escalate(settings, NOW)  # what a store that nobody watched has to say: a store in use has long said it
    took, found = _escalate(settings, LATER)
    add(f"`escalate`, the whole command, {found['cases']} exceptions due", f"{took:.2f} s", "≤ 2 s")
    exceptions_page.measure(add, settings.data, LATER)


def _escalate(settings: Settings, now: str) -> tuple[float, dict[str, int]]:
    """Seconds, and what it says it did."""
    begun = time.perf_counter()
    done = subprocess.run([sys.executable, "-m", "scoreboard", "--data", str(settings.data), "--now", now, "--json", "escalate"],
                          check=True, capture_output=True, text=True)
    return time.perf_counter() - begun, json.loads(done.stdout)


def _of(number: int) -> str:
    return f"B{number * 7 % BRANCHES:03d}"


def _median(ask: Callable[[int], object], times: int = 24) -> str:
    """The median, and that of the processor's time, which a busy machine does not stretch so far."""
    took, worked = [], []
    for number in range(times):
        begun, began = time.perf_counter(), time.process_time()
        ask(number)
        took.append(time.perf_counter() - begun)
        worked.append(time.process_time() - began)
    return f"{statistics.median(took[times // 4:]) * 1000:.1f} ms ({statistics.median(worked[times // 4:]) * 1000:.1f} ms of the processor)"


def _open(conn: Connection, branch: str) -> None:
    assert conn.execute(select(cases).where(cases.c.branch == branch, cases.c.closed_at.is_(None)).order_by(cases.c.due_at)).all()


def _board(conn: Connection, settings: Settings, branch: str, known: company.Company, also: tuple[str, ...] | None) -> None:
    tiles = board.read(conn, settings, Scope("branch", branch), date(2026, 11, 2), company=known, also=also).tiles
    assert any(tile.metric.key == "exception_close_loop" and tile.picked.row for tile in tiles)


def _prepare(engine: Engine, scale: float) -> None:
    now = datetime(2026, 11, 9, 12)
    with writing(engine) as conn:
        for number in range(BRANCHES):
            branches.add(conn, f"B{number:03d}", territory=f"T{number % 20}", now=now, who="bench")
        conn.execute(insert(options).values(key="exception_standards", value={"late delivery": 480, "wrong part": 960}, changed_at=now))
        conn.execute(insert(case_books), [
            {"branch": f"B{b:03d}", "last_no": 0, "began_at": now - timedelta(weeks=262)} for b in range(BRANCHES)])
        conn.execute(insert(versions).values(number=1, at=now - timedelta(days=1), what=SETTLED, who=""))
        for name, count, minutes, plus in (("X", int(2e6 * scale), f"40320 + CAST(i * {1.29 / scale} AS INT)", "60 + i * 37 % 4000"),
                                           ("Y", int(1e5 * scale), f"CAST(i * {0.4 / scale} AS INT)", "NULL")):
            conn.exec_driver_sql(_MADE.format(count=count, branches=BRANCHES, name=name, minutes=minutes, plus=plus,
                                              form="%Y-%m-%d %H:%M:00.000000", end="2026-11-09 11:00"))
        conn.execute(insert(case_marks), [{"branch": f"B{b:03d}", "opened_at": now - timedelta(weeks=w, hours=1)}
                                          for b in range(BRANCHES) for w in range(4)])
        conn.exec_driver_sql("ANALYZE")
