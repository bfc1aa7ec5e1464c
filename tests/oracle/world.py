"""What the oracle counts from (rows, branches, options, as-of) and what it finds: one `Thing` per thing counted.

Rows are dicts as typed: wall-clock datetimes, None for missing. A time of 00:00 means "that day, no time known".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

Row = Mapping[str, Any]
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True)
class OracleBranch:
    """When a branch works: "HH:MM" ("24:00" ends the day), ISO weekdays as text ("12345"), dates that are closed."""

    opens: str = "08:00"
    closes: str = "17:00"
    open_days: str = "12345"
    holidays: set[date] = field(default_factory=set)

    def end_of(self, promise: datetime) -> datetime:
        """When a promise ends: at its time, or at closing time (the usual one on a closed day) where it has none."""
        return promise if promise.time() != time() else _at(promise.date(), self.closes)

    def working_minutes(self, start: datetime, end: datetime) -> float:
        """Minutes of `[start, end)` in which the branch was open, counted day by day; 0 when `end` is not later."""
        total, day = 0.0, start.date()
        while day <= end.date():
            if str(day.isoweekday()) in self.open_days and day not in self.holidays:
                inside = min(end, _at(day, self.closes)) - max(start, _at(day, self.opens))
                total += max(0.0, inside / MINUTE)
            day += DAY
        return total


@dataclass(frozen=True)
class Thing:
    """One thing counted for a metric, in the week that holds `at`.

    `part`, `whole` and `n` are what it adds when it is decided; `minutes` is a duration (its age while open).
    """

    metric: str
    branch: str
    at: datetime | date
    part: float = 0.0
    whole: float = 0.0
    n: int = 1
    open: bool = False
    undecided: bool = False
    minutes: float | None = None


@dataclass(frozen=True)
class World:
    """Everything a metric may look at. `as_of` gives None where a branch has no such metric."""

    rows: Mapping[str, Sequence[Row]]
    branches: Mapping[str, OracleBranch]
    options: Mapping[str, Any]
    as_of: Callable[[str, str], datetime | None]

    def of(self, source: str) -> Iterator[Row]:
        """Rows of a source that belong to a known branch."""
        return (row for row in self.rows.get(source, ()) if row["branch"] in self.branches)

    def now(self, metric: str, branch: str) -> datetime:
        return self.as_of(metric, branch) or datetime.min

    def week(self, at: datetime | date) -> date:
        """The first day of the week that holds `at`."""
        day = at.date() if isinstance(at, datetime) else at
        while day.weekday() != WEEKDAYS.index(self.options.get("week_first_day", "Mon")):
            day -= DAY
        return day

    def share(self, metric: str, branch: str, at: datetime, passed: bool, *, open: bool = False,
              due: datetime | None = None, cohort: bool = False, amount: float = 1.0,
              part: float | None = None) -> Thing:
        """A thing that passes or not. Open (in a cohort: always) it is undecided until `due` is past."""
        undecided = (open or cohort) and due is not None and due >= self.now(metric, branch)
        passing = part if part is not None else amount * passed
        return Thing(metric, branch, at, passing, amount, open=open, undecided=undecided)

    def lasted(self, metric: str, branch: str, at: datetime | date, start: datetime, end: datetime | None,
               working: bool = False) -> Iterator[Thing]:
        """A duration, open and at its present age without an end; none when it ended before it began."""
        if end is None or end >= start or end == datetime.combine(start.date(), time()):  # that day, no time known
            minutes = self.minutes(branch, start, end or self.now(metric, branch), working)
            yield Thing(metric, branch, at, minutes=max(0.0, minutes), open=end is None)

    def within(self, metric: str, branch: str, start: datetime, end: datetime | None,
               standard: float) -> Thing:
        """Whether it ended within a standard of working minutes; an open one is undecided until that is used up."""
        inside = self.minutes(branch, start, end or self.now(metric, branch), True) <= standard
        return Thing(metric, branch, start, float(inside and end is not None), 1.0, open=end is None,
                     undecided=end is None and inside)

    def minutes(self, branch: str, start: datetime, end: datetime, working: bool) -> float:
        return self.branches[branch].working_minutes(start, end) if working else (end - start) / MINUTE


def latest(*moments: datetime | None) -> datetime | None:
    """The latest of the moments that are known."""
    return max((moment for moment in moments if moment is not None), default=None)


def both(one: datetime | None, other: datetime | None) -> datetime | None:
    """The later of two moments, None until both are known."""
    return max(one, other) if one is not None and other is not None else None


def _at(day: date, clock: str) -> datetime:
    hours, minutes = clock.split(":")
    return datetime.combine(day, time()) + timedelta(hours=int(hours), minutes=int(minutes))
