"""Case metrics of undecided weeks are computed on read: cases are as of now, and now moves without a commit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Connection, select

from scoreboard.cases import reading as case_reading
from scoreboard.facts import engine
from scoreboard.metrics.reach import Reach
from scoreboard.metrics.rollup import Run, as_midnight, metrics_reading, roll_up
from scoreboard.metrics.scopes import Scope
from scoreboard.settings import Settings
from scoreboard.state.schema import versions

Rows = Mapping[tuple[str, date], Any]
_OPEN_ENDED = {m.key for m in metrics_reading("exceptions") if m.whole.relation.name == "case_rows"}


def as_of_now(conn: Connection, settings: Settings, reach: Reach, scope: Scope, rows: Rows, version: int) -> Rows:
    """`rows` with the undecided case weeks of a scope computed anew, when time has passed since `version`."""
    # Open rows that are past due stay what they are; a quantile that falls on an open row grows with its age.
    stale = {key for key, row in rows.items() if key[0] in _OPEN_ENDED and (row.undecided or row.at_least or row.p90_at_least)}
    committed = conn.scalar(select(versions.c.at).where(versions.c.number == version))
    if not stale or committed is None or committed >= settings.now:
        return rows
    weeks = {week for _, week in stale}
    members = frozenset().union(*(scope.members(reach.company, week) for week in weeks))
    company = replace(reach.company, branches={b: reach.company.branches[b] for b in members})
    cases = case_reading.as_arrow(conn, members, as_midnight(min(weeks) - timedelta(days=100)),
                                  as_midnight(max(weeks) + timedelta(days=8)), company.zones)
    wanted = {metric: frozenset(w for m, w in stale if m == metric) for metric, _ in stale}
    with engine.reader(settings.reading) as con:
        results = roll_up(Run(con, settings.data, (), cases, company, replace(reach, company=company)), wanted)
    fresh = {(r.metric, r.week): r for r in results if (r.scope_kind, r.scope) == (scope.kind, scope.name)}
    return {**rows, **{key: SimpleNamespace(**asdict(fresh[key]), reporting=rows[key].reporting, expected=rows[key].expected)
                       for key in stale if key in fresh}}
