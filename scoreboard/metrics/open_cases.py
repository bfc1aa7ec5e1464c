"""Case metrics of undecided weeks are computed on read: cases are as of now, and now moves without a commit."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection, select

from scoreboard.cases import reading as case_reading
from scoreboard.facts import engine
from scoreboard.metrics.reach import Reach
from scoreboard.metrics.results import ByMetric, Sums
from scoreboard.metrics.rollup import Run, as_midnight, metrics_reading, roll_up
from scoreboard.metrics.scopes import Scope
from scoreboard.settings import Settings
from scoreboard.state.schema import versions

_OPEN_ENDED = {m.key for m in metrics_reading("exceptions") if m.whole.relation.name == "case_rows"}


def as_of_now(conn: Connection, settings: Settings, reach: Reach, scope: Scope, rows: ByMetric, version: int) -> ByMetric:
    """`rows` with the undecided case weeks of a scope computed anew, when time has passed since `version`."""
    # Open rows that are past due stay what they are; a quantile that falls on an open row grows with its age.
    stale = {metric: weeks for metric, found in rows.items() if metric in _OPEN_ENDED and (
        weeks := frozenset(week for week, row in found.items() if row.undecided or row.at_least or row.p90_at_least))}
    weeks = frozenset().union(*stale.values())
    committed = conn.scalar(select(versions.c.at).where(versions.c.number == version)) if weeks else None
    if committed is None or committed >= settings.now:
        return rows
    members = frozenset().union(*(scope.members(reach.company, week) for week in weeks))
    company = replace(reach.company, branches={b: reach.company.branches[b] for b in members})
    cases = case_reading.as_arrow(conn, members, as_midnight(min(weeks) - timedelta(days=100)),
                                  as_midnight(max(weeks) + timedelta(days=8)), company.zones)
    with engine.reader(settings.reading) as con:
        results = roll_up(Run(con, settings.data, (), cases, company, replace(reach, company=company)), stale)
    found = {metric: dict(those) for metric, those in rows.items()}
    for r in results:
        if (r.scope_kind, r.scope) == (scope.kind, scope.name) and r.week in stale[r.metric]:
            kept = rows[r.metric][r.week]
            found[r.metric][r.week] = Sums._make([*(getattr(r, name) for name in Sums._fields[:-2]), kept.reporting, kept.expected])
    return found
