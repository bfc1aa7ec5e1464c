"""The state of a value, derived on read from the series, its neighbours and how far the data reaches.

Never stored: it depends on the median n, which every load shifts, and on now. States: value · no_events ·
too_few · running · maturing · missing · not_available. Only `value` is judged: complete, decided, and n large
enough (shares and rates: max(10, half the median n); durations: max(5, half)).
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from scoreboard.calendars import last_open_day
from scoreboard.facts.sources import BY_NAME
from scoreboard.metrics.model import Metric
from scoreboard.metrics.reach import Reach
from scoreboard.metrics.values import value
from scoreboard.weeks import WEEK

USUAL_WEEKS = 26  # half a year says what a usual n is; signals will ask the phase
_BEFORE = (USUAL_WEEKS - 1) * WEEK
DURATION_DECIDED_AFTER = timedelta(weeks=8)
AWAITED = WEEK  # so long after its end the rest of a week may still come; then it is missing


class Point(NamedTuple):
    """One metric in one week; `row` is the weekly result, None when nothing was counted. `thin`: it has too few rows to be judged,
    now or once it has matured. A tuple, as `results.Sums` is."""

    metric: Metric
    week: date
    row: Any | None
    value: float | None
    state: str
    thin: bool = False

    @property
    def judged(self) -> bool:
        return self.state == "value"


@dataclass(frozen=True)
class Outlook:
    """How far data reaches for one metric in a scope: as-ofs in ascending order, with the branch of each."""

    metric: Metric
    as_ofs: tuple[tuple[datetime, str], ...]
    reach: Reach

    @property
    def available(self) -> bool:
        return bool(self.as_ofs)

    @cached_property
    def decided(self) -> date:
        """Every branch reaches beyond the weeks that ended by this day, and they have matured."""
        maturity = self.reach.company.options[self.metric.maturity] if self.metric.maturity else 0
        return self.as_ofs[0][0].date() - timedelta(days=maturity) if self.available else date.min

    def of_week(self, week: date, *, whole: bool) -> tuple[datetime, str] | None:
        """The least as-of among branches that reach into the week, or through the `whole` of it; None when none does."""
        start = bisect_left(self.as_ofs, (datetime(week.year, week.month, week.day), ""))
        return next((one for one in self.as_ofs[start:] if not whole or self.completes(one, week)), None)

    def completes(self, reached: tuple[datetime, str], week: date) -> bool:
        """Whether an as-of lies on or after the branch's last open day of the week; the row of a period is always whole."""
        at, branch = reached
        return at.date() >= week + WEEK or BY_NAME[_whole_source(self.metric)].period or at.date() >= _last_open(self.reach, branch, week)

    def covers(self, week: date) -> bool:
        source = _whole_source(self.metric)
        return any(self.reach.covers(branch, source, week, week + WEEK) for _, branch in self.as_ofs)


def outlook(metric: Metric, members: frozenset[str], reach: Reach) -> Outlook:
    """The outlook of a metric over some branches; those that lack its columns are left out."""
    found = [(at, branch) for branch in members if (at := reach.as_of(metric, branch)) is not None]
    return Outlook(metric, tuple(sorted(found)), reach)


def points(view: Outlook, rows: Mapping[date, Any], first: date, last: date, today: datetime) -> list[Point]:
    """One point a week from `first` to `last`, both included; `today` is the scope's wall clock.

    `rows` should reach `USUAL_WEEKS` before `first`: a week's n is measured against them.
    """
    found, week = [], first
    reach_back = first - min(_BEFORE, first - date.min)
    counted = sorted([(at, row.n) for at, row in rows.items() if reach_back <= at <= last and row.n])
    smallest = _Smallest(view.metric, counted)
    while week <= last:
        row, end = rows.get(week), week + WEEK
        state = basic_state(view, row, week, today)
        thin = row is not None and row.n and state in ("value", "maturing") and not smallest.reached(week, row.n)
        found.append(_point(view.metric, week, row, state, bool(thin), view.reach.company.options))
        week = end
    return found


def basic_state(view: Outlook, row: Any | None, week: date, today: datetime) -> str:
    """The state before the size of n is asked."""
    if not view.available:
        return "not_available"
    end = week + WEEK
    if row is not None and row.n and not row.undecided and end <= view.decided:
        return "value"
    awaited = today.date() < end + AWAITED
    reached = view.of_week(week, whole=not awaited)
    has_rows = row is not None and (row.n or row.undecided or row.open)
    if reached is None or not (has_rows or view.covers(week)):
        return "running" if today.date() < end else "missing"
    if not view.completes(reached, week):
        return "running"
    if row is not None and _maturing(view.metric, row, end, reached[0], view.reach.company.options):
        return "maturing"
    if row is not None and row.n:
        return "value"
    may_come = today.date() <= _last_open(view.reach, reached[1], week)
    return "running" if may_come else "no_events"


def _last_open(reach: Reach, branch: str, week: date) -> date:
    return last_open_day(reach.company.calendars[branch], week, week + timedelta(days=6)) or week + timedelta(days=6)


def _maturing(metric: Metric, row: Any, end: date, as_of: datetime, options: Mapping[str, Any]) -> bool:
    if metric.maturity and as_of.date() < end + timedelta(days=options[metric.maturity]):
        return True
    return bool(row.undecided) and not (metric.is_duration and as_of.date() >= end + DURATION_DECIDED_AFTER)


def least_n(metric: Metric) -> float:
    """Of how many rows a figure must be at least to be judged, however many are usual; 0 where any number will do."""
    return 5.0 if metric.is_duration else 10.0 if metric.unit in ("share", "per 100") else 0.0


class _Smallest:
    """The least n that is judged: a floor, and half the median n of the last `USUAL_WEEKS` up to a week. Weeks are asked in order."""

    def __init__(self, metric: Metric, counted: list[tuple[date, int]]) -> None:
        self._base = least_n(metric)
        self._counted, self._first, self._end = counted, 0, 0
        self._ns: list[int] = []  # those of the window, in ascending order
        self._never_more = max(self._base, 0.5 * max((n for _, n in counted), default=0)) if self._base else 0.0

    def reached(self, week: date, n: int) -> bool:
        """Whether so many are enough in a week. Half the largest n always is: then the median need not be found."""
        return n >= self._never_more or n >= self._of(week)

    def _of(self, week: date) -> float:
        while self._end < len(self._counted) and self._counted[self._end][0] <= week:
            insort(self._ns, self._counted[self._end][1])
            self._end += 1
        oldest = week - _BEFORE
        while self._first < self._end and self._counted[self._first][0] < oldest:
            del self._ns[bisect_left(self._ns, self._counted[self._first][1])]
            self._first += 1
        half = len(self._ns) // 2
        middle = self._ns[half] if len(self._ns) % 2 else (self._ns[half - 1] + self._ns[half]) / 2
        return max(self._base, 0.5 * middle)


def _point(metric: Metric, week: date, row: Any | None, state: str, thin: bool, options: Mapping[str, Any]) -> Point:
    if row is None:
        return Point(metric, week, None, None, state)
    if too_few_to_show(metric, row, options):
        return Point(metric, week, None, None, "too_few" if state in ("value", "no_events") else state)
    figure = value(metric, row)
    if state == "value":
        state = "too_few" if thin else "no_events" if figure is None else state
    return Point(metric, week, row, figure, state, thin)


def too_few_to_show(metric: Metric, row: Any, options: Mapping[str, Any]) -> bool:
    """Whether a figure stays hidden, because it could be traced to one of its few people or answers."""
    return bool(metric.minimum) and float(row.whole or 0) < options[metric.minimum]


def _whole_source(metric: Metric) -> str:
    counted = metric.whole
    return counted.relation.dates[counted.week][0].partition(".")[0]
