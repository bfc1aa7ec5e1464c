"""A made-up company of many branches, two years of twelve figures each, as loads would have left them.

The convention: figures vary by chance around a level of the branch's own. Of twelve series one has moved in the last ten weeks; one
branch of twenty is in its first year, and one metric of twelve still matures, so that what is measured is not only the easy cells.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Connection, Engine, insert

from scoreboard import settings as settings_module
from scoreboard.facts.sources import BY_NAME
from scoreboard.metrics import company, results, usual_ranges
from scoreboard.metrics import reach as reaches
from scoreboard.metrics.catalogue import BY_KEY, CATALOGUE
from scoreboard.metrics.model import Metric
from scoreboard.settings import Settings
from scoreboard.state import branches, options, rollouts
from scoreboard.state.database import open_database, reading, writing
from scoreboard.state.schema import load_branches, load_files, loads, versions, weekly_results
from scoreboard.state.schema import options as options_table
from scoreboard.state.viewers import EVERYONE

NOW, LAST, WEEKS = "2026-11-09T12:00", date(2026, 11, 2), 104
TWELVE = ("quote_response_time", "quote_conversion", "fill_rate", "fill_rate_units", "otif", "on_time", "in_full", "error_rate",
          "return_cycle_time", "rma_turnaround", "return_rate", "exception_close_loop")
_SOURCES = ("quotes", "order_lines", "credits", "returns", "exceptions")
_LOADED = [m for m in CATALOGUE[:30] if not m.minimum]  # a branch brings more figures than its board shows


def store(place: Path, count: int) -> Settings:
    """A data folder with so many branches of five territories, made once."""
    settings = settings_module.read(str(place / f"many{count}"), NOW)
    if not settings.data.exists():
        engine = open_database(settings.database_url)
        with writing(engine) as conn:
            _begin(conn, settings.now, count)
        _results(engine, count)
        keep_ranges(engine, settings)
        engine.dispose()
    return settings


def keep_ranges(engine: Engine, settings: Settings) -> None:
    """Keeps the usual ranges of every series, as a load would."""
    with reading(engine) as conn:
        reach = reaches.fold(reaches.pieces(conn), company.read(conn, settings.now))
    usual_ranges.keep_all(engine, reach)


def _begin(conn: Connection, now: datetime, count: int) -> None:
    """Branches, one load of every source, the board of twelve, and a rollout begun at every second branch."""
    for number in range(count):
        branches.add(conn, f"B{number:03d}", territory=f"T{number % 5}", now=now, who="bench")
    conn.execute(insert(options_table), [{"key": key, "value": value, "changed_at": now} for key, value in (
        ("board_metrics", list(TWELVE)), ("exception_standards", {"late delivery": 480}))])
    conn.execute(insert(versions), {"number": 1, "at": now, "what": "load", "who": "bench"})
    conn.execute(insert(loads), {"id": 1, "at": now, "who": "bench", "version": 1, "sample": False})
    for at, source in enumerate(_SOURCES, start=1):
        counted = dict.fromkeys(("read", "new", "changed", "same", "rejected", "waiting"), 0)
        conn.execute(insert(load_files), {
            "id": at, "load_id": 1, "source": source, "name": source, "sha256": source, "settings": {}, "original": "", "rows_path": "",
            "columns": ",".join(BY_NAME[source].columns), "keyless": False, "through": now, **counted})
        conn.execute(insert(load_branches), [{
            "load_file_id": at, "branch": f"B{b:03d}", "first_on": LAST - timedelta(weeks=_weeks(b)), "last_on": LAST + timedelta(days=6),
            "through": now, "rows": 1} for b in range(count)])
    for number in range(0, count, 2):
        rollouts.begin(conn, EVERYONE, branch=f"B{number:03d}", start_on=LAST - timedelta(days=number % 90), now=now)


def _weeks(branch: int) -> int:
    return 30 if branch % 20 == 7 else WEEKS


def _results(engine: Engine, count: int) -> None:
    with reading(engine) as conn:
        named = {m.key: results.definition(m, options.current(conn)) for m in _LOADED}
    with writing(engine) as conn:
        for number in range(count):
            luck, weeks = Random(number), _weeks(number)
            conn.execute(insert(weekly_results), [row | {"definition": named[row["metric"]]} for metric in _LOADED
                                                  for row in _series(luck, f"B{number:03d}", metric, weeks)])
        for kind, name, size in (("company", "", count), *(("territory", f"T{t}", count // 5) for t in range(5))):
            luck = Random(name)
            conn.execute(insert(weekly_results), [row | {
                "scope_kind": kind, "definition": named[row["metric"]], "part": row["part"] * size, "whole": row["whole"] * size,
                "n": row["n"] * size, "reporting": size, "expected": size}
                for metric in _LOADED for row in _series(luck, name, metric, WEEKS)])


def _series(luck: Random, code: str, metric: Metric, weeks: int) -> Iterator[dict[str, Any]]:
    level, moved = luck.uniform(0.7, 0.95), luck.choice((-0.12, 0.04)) if luck.random() < 1 / 12 else 0.0
    for back in range(weeks):
        n, now = round(luck.gauss(100, 8)), level + (moved if back < 10 else 0.0)
        yield {"scope_kind": "branch", "scope": code, "week": LAST - timedelta(weeks=back), "metric": metric.key, "from_version": 1,
               "to_version": None, "part": float(round(luck.gauss(n * now, (n * now * (1 - now)) ** 0.5))), "whole": float(n), "n": n,
               "undecided": 0, "open": 0, "p50": 600 * luck.lognormvariate(-3 * now, 0.15) if metric.is_duration else None,
               "p90": 1000.0 if metric.is_duration else None, "at_least": False, "p90_at_least": False, "reporting": 1, "expected": 1}


assert all(key in BY_KEY for key in TWELVE)
