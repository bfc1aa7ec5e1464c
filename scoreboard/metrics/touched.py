"""Which weeks of which metrics a change of facts may move.

A superset is enough (only differing rows are written): the weeks of every date a metric's week can come
from, in the changed groups as they were and as they are, widened by how far a relation looks around.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb

from scoreboard.calendars import wall_clock
from scoreboard.facts.files import FactFile, family
from scoreboard.facts.parquet import read_files
from scoreboard.facts.sources import BY_NAME, Source
from scoreboard.metrics.catalogue import CATALOGUE
from scoreboard.metrics.company import Company
from scoreboard.metrics.rollup import LOOKS_EVERYWHERE, Weeks, metrics_reading
from scoreboard.metrics.statements import SIDES
from scoreboard.weeks import WEEK, week_of

Touched = dict[str, Weeks]
REPEATS = "repeat_share"  # the one metric whose weeks depend on cases of weeks before
CASE_METRICS = frozenset(m.key for m in metrics_reading("exceptions"))


def by_settling(con: duckdb.DuckDBPyConnection, folder: Path, files: Iterable[FactFile], source: Source,
                first_day: int, *, fresh: bool) -> Touched:
    """Per metric the weeks the last `settle` or `unsettle` of `source` may have moved (None: all).

    Reads the `before_…` and `after_…` tables it left; `fresh` when the family held nothing before.
    """
    kin = {s.name for s in family(source)}
    days: dict[str, set[date]] = {}
    linked: set[date] | None = None
    found: Touched = {}
    if source.name == "weekly_totals":
        return {metric.key: None for metric in CATALOGUE} if fresh else _totals(con, first_day)
    for side in SIDES:
        relation, key = side.counted.relation, side.metric.key
        columns = [c for c in relation.dates[side.counted.week] if c.partition(".")[0] in kin]
        if not columns and source.name not in relation.reads:
            continue
        if fresh:
            found[key] = None
            continue
        moved: set[date] = set()
        for column in columns:
            if column not in days:
                days[column] = _days(con, column)
            moved |= days[column]
        if source.name == "order_lines" and "quotes" in relation.reads:
            linked = _linked_quotes(con, folder, files) if linked is None else linked
            moved |= linked
        if not columns and source.name in relation.reads and not moved and relation.back > LOOKS_EVERYWHERE:
            moved |= {day for c in source.record for day in _days(con, f"{source.name}.{c}")}
        known = found.get(key, frozenset())
        found[key] = None if known is None else known | _widened(moved, relation.back, relation.ahead, first_day)
    return found


def by_cases(openings: Iterable[tuple[str, datetime]], company: Company) -> Touched:
    """Per metric the weeks that cases may have moved: (branch, opening in UTC) of each, as it was and as it is."""
    zones, first_day = company.zones, company.first_day
    firsts = {week_of(wall_clock(opened_at, zones[branch]).date(), first_day) for branch, opened_at in openings}

    def and_after(ahead: int) -> frozenset[date]:
        return frozenset(first + number * WEEK for first in firsts for number in range(ahead))

    repeats = company.options["repeat_days"] // 7 + 2  # so much later a repeat shows
    return {key: and_after(repeats if key == REPEATS else 1) for key in CASE_METRICS} if firsts else {}


def merge(into: Touched, more: Touched) -> None:
    """Adds the weeks of `more` to `into`."""
    for key, weeks in more.items():
        known = into.get(key, frozenset())
        into[key] = None if known is None or weeks is None else known | weeks


def _days(con: duckdb.DuckDBPyConnection, column: str) -> set[date]:
    table, _, name = column.partition(".")
    return {row[0] for row in con.execute(
        f'SELECT DISTINCT "{name}"::DATE FROM before_{table} WHERE "{name}" IS NOT NULL UNION '
        f'SELECT DISTINCT "{name}"::DATE FROM after_{table} WHERE "{name}" IS NOT NULL').fetchall()}


def _totals(con: duckdb.DuckDBPyConnection, first_day: int) -> Touched:
    """The weeks and metrics of changed typed totals."""
    found: Touched = {}
    for key, day in con.execute("SELECT metric, week FROM before_weekly_totals UNION "
                                "SELECT metric, week FROM after_weekly_totals").fetchall():
        merge(found, {key: frozenset((week_of(day, first_day),))})
    return found


def _linked_quotes(con: duckdb.DuckDBPyConnection, folder: Path, files: Iterable[FactFile]) -> set[date]:
    """The request dates of quotes whose order is among the changed ones."""
    quotes = [f for f in files if f.source == "quotes"]
    if not quotes:
        return set()
    return {row[0] for row in con.execute(f"""SELECT DISTINCT requested_at::DATE
        FROM ({read_files(BY_NAME['quotes'], folder, set(quotes))}) q
        WHERE q.requested_at IS NOT NULL AND (q.branch, q.order_no) IN (
            SELECT branch, order_no FROM before_order_lines UNION SELECT branch, order_no FROM after_order_lines)""").fetchall()}


def _widened(days: set[date], back: int, ahead: int, first_day: int) -> frozenset[date]:
    weeks: set[date] = set()
    for day in days:
        week, last = week_of(day - timedelta(days=ahead), first_day), week_of(day + timedelta(days=back), first_day)
        while week <= last:
            weeks.add(week)
            week += timedelta(days=7)
    return frozenset(weeks)
