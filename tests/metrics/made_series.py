"""A store of weekly results without files: series of every kind with what makes judging hard, as loads would have left them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Engine, insert

from scoreboard.facts.sources import SOURCES
from scoreboard.metrics import company as companies
from scoreboard.metrics import reach as reaches
from scoreboard.metrics import results, usual_ranges
from scoreboard.metrics.catalogue import CATALOGUE
from scoreboard.metrics.model import Metric
from scoreboard.settings import Settings
from scoreboard.state import branches, options
from scoreboard.state.database import open_database, reading, writing
from scoreboard.state.schema import load_branches, load_files, loads, versions, weekly_results

NOW, LAST = datetime(2026, 11, 10, 12), date(2026, 11, 2)
WEEKS = 75
METRICS = [m for m in CATALOGUE if not m.minimum]


def made(folder: Path, database_url: str, codes: Sequence[str], seed: int) -> tuple[Settings, Engine]:
    """Branches of the territory North with the weekly results of 75 weeks, their usual ranges kept."""
    settings, luck = Settings(folder, database_url, NOW), Random(seed)
    engine = open_database(database_url)
    with writing(engine) as conn:
        for code in codes:
            branches.add(conn, code, territory="North", now=NOW, who="")
        conn.execute(insert(versions), {"number": 1, "at": NOW, "what": "load", "who": ""})
        conn.execute(insert(loads), {"id": 1, "at": NOW, "who": "", "version": 1, "sample": False})
        for number, source in enumerate((s for s in SOURCES if s.name != "weekly_totals"), start=1):
            counted = dict.fromkeys(("read", "new", "changed", "same", "rejected", "waiting"), 0)
            conn.execute(insert(load_files), {
                "id": number, "load_id": 1, "source": source.name, "name": source.name, "sha256": source.name, "settings": {},
                "original": "", "columns": ",".join(source.columns), "keyless": False, "through": NOW, **counted})
            conn.execute(insert(load_branches), [
                {"load_file_id": number, "branch": code, "first_on": LAST - timedelta(weeks=WEEKS), "last_on": LAST + timedelta(days=4),
                 "rows": 1, "through": datetime(2026, 11, 9, 8) - timedelta(days=luck.choice((0, 0, 0, 0, 3, 20)))} for code in codes])
        kept = options.current(conn)
        rows = [row for code in codes for m in METRICS for row in _series(luck, code, m, results.definition(m, kept))]
        conn.execute(insert(weekly_results), rows)
    with reading(engine) as conn:
        reach = reaches.fold(reaches.pieces(conn), companies.read(conn, NOW))
    usual_ranges.keep_all(engine, reach)
    return settings, engine


def _series(luck: Random, code: str, metric: Metric, definition: str) -> list[dict[str, Any]]:
    """One series: mostly calm; some move, some are thin, flat or rare, weeks are lacking or undecided."""
    level, usual = luck.choice((0.5, 0.8, 0.93, 0.99, 1.0)), luck.choice((8, 14, 40, 200))
    moved, calm = luck.choice((0.0, 0.0, -0.2, -0.4)), luck.random() < 0.6
    began, found = luck.randrange(3, 12), []
    for back in range(WEEKS):
        if not calm and luck.random() < 0.06:
            continue
        n = luck.choice((1, 3, 3 * usual)) if not calm and luck.random() < 0.1 else max(1, round(luck.gauss(usual, usual / 9)))
        share = min(1.0, max(0.0, level + (moved if back < began else 0.0)))
        part = sum(luck.random() < share for _ in range(n))
        undecided = luck.choice((0, 0, 2)) if back < 3 and not calm else 0
        found.append({
            "scope_kind": "branch", "scope": code, "week": LAST - timedelta(weeks=back), "metric": metric.key, "from_version": 1,
            "to_version": None, "part": float(part), "whole": float(n), "n": n, "undecided": undecided, "open": undecided,
            "p50": luck.lognormvariate(4 + 3 * (moved if back < began else 0.0), 0.3) if metric.is_duration else None, "p90": None,
            "at_least": False, "p90_at_least": False, "reporting": 1, "expected": 1, "definition": definition})
    return found
