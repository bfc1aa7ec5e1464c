"""A week as it was reported beside what is known now, with every version in which a figure changed in between.

The convention: a figure has changed when a person sees another one, its counts included. Versions that only moved what is still
open, the coverage or the name of a definition changed none. A figure that is hidden (too few people) is none, in any version.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, select

from scoreboard.calendars import to_utc
from scoreboard.metrics import results
from scoreboard.metrics.company import Company
from scoreboard.metrics.model import Metric
from scoreboard.metrics.scopes import Scope
from scoreboard.metrics.states import Point, too_few_to_show
from scoreboard.metrics.values import as_text, value
from scoreboard.state.schema import versions

DIGITS = 6  # sums made anew may differ in their last bits


@dataclass(frozen=True)
class Figure:
    """What a person saw: number and unit, what is behind them, and whether it is "more than"; `value` in the metric's unit."""

    said: str
    value: float = field(compare=False)
    part: float | None
    whole: float | None
    n: int
    more_than: bool


@dataclass(frozen=True)
class Change:
    """One step between the report and now; `version` None: no commit made it, exceptions have grown older or were worked."""

    version: int | None
    before: Figure | None
    after: Figure | None


@dataclass(frozen=True)
class Compared:
    """One metric: as reported, as known now, and the steps between in their order."""

    metric: Metric
    reported: Figure | None
    now: Figure | None
    changes: list[Change]

    @property
    def changed(self) -> bool:
        return self.reported != self.now


@dataclass(frozen=True)
class Restated:
    """A reported week: the version that was current then, since when it counts as reported (UTC), its metrics by key."""

    version: int
    at: datetime
    figures: Mapping[str, Compared]

    @property
    def changed(self) -> list[Compared]:
        return [one for one in self.figures.values() if one.changed]


def reporting_instant(company: Company, week: date) -> datetime:
    """When a week counts as reported (UTC)."""
    return to_utc(company.reporting_hour(week), company.options["company_time_zone"])


def reported(conn: Connection, company: Company, scope: Scope, week: date) -> tuple[int, datetime]:
    """The version that was current when a week was reported, and since when it counts as reported (UTC)."""
    instant = reporting_instant(company, week)
    version = results.reported_version(conn, scope.kind, scope.name, week, instant)
    committed = conn.scalar(select(versions.c.at).where(versions.c.number == version))
    return version, max(instant, committed or instant)


def compare(conn: Connection, company: Company, scope: Scope, week: date, now: Iterable[Point]) -> Restated | None:
    """Compares the points of a week as known now with its report. None before it is reported; a metric whose week still runs
    has no report either, and is left out."""
    if company.now < reporting_instant(company, week):
        return None
    points = {p.metric.key: p for p in now if p.state != "running"}
    version, at = reported(conn, company, scope, week)
    rows: dict[str, list[Any]] = {key: [] for key in points}
    for row in results.versions_since(conn, scope.kind, scope.name, week, points, version):
        rows[row.metric].append(row)
    found = {key: _compared(point, rows[key], version, company.options) for key, point in points.items()}
    return Restated(version, at, found)


def _compared(point: Point, rows: list[Any], version: int, options: Mapping[str, Any]) -> Compared:
    steps: list[tuple[int | None, Figure | None]] = [(version, None)]
    for row in rows:
        if steps[-1][0] == max(row.from_version, version):  # it follows the row before, or was there at the report
            steps.pop()
        steps.append((max(row.from_version, version), _figure(point.metric, row, options)))
        if row.to_version is not None:
            steps.append((row.to_version, None))
    steps.append((None, _figure(point.metric, point.row, options)))
    changes = [Change(at, before, after) for (_, before), (at, after) in pairwise(steps) if before != after]
    return Compared(point.metric, steps[0][1], steps[-1][1], changes)


def _figure(metric: Metric, row: Any | None, options: Mapping[str, Any]) -> Figure | None:
    if row is None or too_few_to_show(metric, row, options):
        return None
    found = value(metric, row)
    if found is None:
        return None
    more = bool(row.at_least)
    return Figure(as_text(metric, found, more), found, _rounded(row.part), _rounded(row.whole), row.n, more)


def _rounded(amount: float | None) -> float | None:
    return None if amount is None else round(amount, DIGITS)
