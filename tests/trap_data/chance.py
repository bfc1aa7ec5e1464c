"""Seeded luck, and when things happen: the period crosses the end of 2026, some rows lie in clock-change weekends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from random import Random
from typing import TypeVar

T = TypeVar("T")
WEEK, DAY, HOUR, MINUTE = timedelta(weeks=1), timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
YEAR_END = datetime(2026, 12, 28)                                  # the Monday of week 53
CLOCK_CHANGES = (datetime(2026, 10, 25), datetime(2026, 11, 1))    # Europe, North America

CUSTOMERS = ("C-01", "C-02", "C-03")
PARTS = ("00123", "4711-A", "PF-9", "brake, front")


class Chance:
    """Seeded luck: the same seed gives the same rows."""

    def __init__(self, seed: int, first: datetime, weeks: int) -> None:
        self.random, self.first, self.days = Random(seed), first, weeks * 7

    def often(self, share: float) -> bool:
        return self.random.random() < share

    def one(self, words: Sequence[T]) -> T:
        return self.random.choice(words)

    def maybe(self, value: T, share: float = 0.8) -> T | None:
        return value if self.often(share) else None

    def moment(self) -> datetime:
        """A minute of the period: mostly working hours, else any hour, midnight, or a clock-change weekend."""
        if self.often(0.06):
            return self.one(CLOCK_CHANGES) + self.one((-1, 0, 0, 1)) * DAY + self.one((HOUR, 2 * HOUR, 10 * HOUR))
        day = self.first + self.random.randrange(self.days) * DAY
        hours = (8, 16) if self.often(0.7) else (0, 23)
        if self.often(0.08):
            return day
        return day + self.random.randint(*hours) * HOUR + self.random.randrange(60) * MINUTE

    def later(self, start: datetime, days: float, missing: float = 0.15) -> datetime | None:
        """Some time after `start` (now and then at once, before it, or that day without a time); None when missing."""
        if self.often(missing):
            return None
        if self.often(0.04):
            return start
        if self.often(0.03):
            return start - self.random.randrange(1, 3000) * MINUTE
        end = start + self.random.randrange(1, int(days * 1440)) * MINUTE
        return datetime.combine(end.date(), time()) if self.often(0.1) else end
