"""A new usual level: where a metric has moved for good, a person who knows why lets its weeks since then judge it.

The convention: a level begins with the first week of a run that still stands, and never by itself; the one before stays on the
chart. What is judged is a scope's whole history as known now.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Connection, delete

from scoreboard import weeks
from scoreboard.errors import Refused
from scoreboard.metrics import board as boards
from scoreboard.metrics.company import Company
from scoreboard.metrics.model import Metric
from scoreboard.metrics.scopes import Scope
from scoreboard.metrics.usual import judge
from scoreboard.settings import Settings
from scoreboard.state import levels
from scoreboard.state.levels import Level
from scoreboard.state.schema import usual_ranges
from scoreboard.state.viewers import Viewer


def offered(conn: Connection, settings: Settings, scope: Scope, metric: Metric, company: Company) -> date | None:
    """The week in which a new level may begin: the first of a run that still stands. None on any other week."""
    points = boards.series(conn, settings, scope, metric, company=company)
    begun = levels.of_scope(conn, scope.kind, scope.name).get(metric.key, ())
    return judge(metric, points, None, [one.from_week for one in begun]).held


def begin(conn: Connection, settings: Settings, viewer: Viewer, scope: Scope, metric: Metric, reason: str, company: Company) -> date:
    """Begins a level where one is offered, and returns its first week. Refused where none is; else as `state.levels.begin`."""
    week = offered(conn, settings, scope, metric, company)
    if week is None:
        raise Refused(f"{metric.name} has no new level: it does not lie on one side of its usual level.",
                      "A new level can begin when eight judged weeks in a row do, the latest among them.")
    levels.begin(conn, viewer, scope_kind=scope.kind, scope=scope.name, metric=metric.key, from_week=week, reason=reason,
                 now=settings.now)
    return week


def take_back(conn: Connection, viewer: Viewer, level_id: int, now: datetime) -> Level:
    """As `state.levels.take_back`; what was kept of the level goes with it."""
    gone, range_ = levels.take_back(conn, viewer, level_id, now), usual_ranges.c
    conn.execute(delete(usual_ranges).where(range_.scope_kind == gone.scope_kind, range_.scope == gone.scope,
                                            range_.metric == gone.metric, range_.since == gone.from_week))
    return gone


def in_words(level: Level) -> str:
    """`since 2026-W31: new route (administrator)`."""
    return f"since {weeks.label(level.from_week)}: {level.reason} ({level.who})"
