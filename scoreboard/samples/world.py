"""What every part of the sample shares: chance, working hours, customers and parts of one branch.

A moment is whole minutes since the first day of the sample at 00:00, in the branch's wall clock; one at 00:00
sharp is a day without a time. Chance is `Random.random()` and plain arithmetic only, because these give the
same bits on every platform.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Sequence, TypeVar

from scoreboard.samples import stories
from scoreboard.samples.places import Place

DAY = 24 * 60
# Deadlines and late deliveries reach past the end of the sample.
_MARGIN_DAYS = 150
_T = TypeVar("_T")


def between(rng: Random, low: int, high: int) -> int:
    """A whole number from `low` to `high`, both possible, all alike."""
    return low + int(rng.random() * (high - low + 1))


def skewed(rng: Random, low: int, high: int) -> int:
    """As `between`, but most often near `low`: half of them in the first eighth."""
    chance = rng.random()
    return low + int(chance * chance * chance * (high - low + 1))


def counted(rng: Random, mean: int) -> int:
    """A count around `mean` with the spread of 2 × mean tosses of a coin."""
    return sum(rng.random() < 0.5 for _ in range(2 * mean))


def chosen(rng: Random, shares: Sequence[tuple[_T, float]]) -> _T:
    """One of the words by its share; the shares add to 1."""
    chance = rng.random()
    for word, share in shares:
        chance -= share
        if chance < 0:
            return word
    return shares[-1][0]


def one_of(rng: Random, items: Sequence[_T]) -> _T:
    """One of the items, all alike."""
    return items[int(rng.random() * len(items))]


def popular(rng: Random, items: Sequence[_T]) -> _T:
    """One of the items, the first ones more often."""
    chance = rng.random()
    return items[int(chance * chance * len(items))]


@dataclass(frozen=True)
class Hours:
    """Working hours of a branch, on open days numbered in turn. `days` are the dates from the first day on."""

    opens: int
    closes: int
    open_days: tuple[int, ...]
    days: tuple[str, ...]
    through: int

    def reach(self, day: int, steps: int) -> int:
        """The day `steps` open days after `day`; for 0 the day itself or, when closed, the next open one."""
        return self.open_days[bisect_left(self.open_days, day) + steps]

    def after(self, moment: int, minutes: int) -> int:
        """The moment `minutes` of working time later, inside working hours."""
        day = moment // DAY
        at = bisect_left(self.open_days, day)
        done = max(moment % DAY - self.opens, 0) if self.open_days[at] == day else 0
        steps, rest = divmod(min(done, self.closes - self.opens) + minutes, self.closes - self.opens)
        return self.open_days[at + steps] * DAY + self.opens + rest

    def in_week(self, rng: Random, week: int, margin: int = 20) -> int | None:
        """A moment in the working hours of the `week`-th week; none when the branch is closed all week."""
        first, last = bisect_left(self.open_days, week * 7), bisect_left(self.open_days, week * 7 + 7)
        if first == last:
            return None
        return self.open_days[between(rng, first, last - 1)] * DAY + between(rng, self.opens, self.closes - margin)

    def seen(self, moment: int | None) -> int | None:
        """The moment, unless the export was made before it."""
        return moment if moment is not None and moment <= self.through else None

    def text(self, moment: int | None) -> str:
        """ISO text of a moment or of a day without time; empty when there is none."""
        if moment is None:
            return ""
        day, minute = divmod(moment, DAY)
        return f"{self.days[day]}T{minute // 60:02d}:{minute % 60:02d}" if minute else self.days[day]

    def event(self, moment: int | None) -> str:
        """ISO text of a moment if it was seen, else empty."""
        return self.text(self.seen(moment))


@dataclass(frozen=True)
class Customer:
    name: str
    route: str


@dataclass(frozen=True)
class Part:
    number: str
    rank: str
    stocked: bool
    cents: int


@dataclass(frozen=True)
class World:
    """One branch of one sample."""

    place: Place
    hours: Hours
    customers: tuple[Customer, ...]
    weeks: int
    seed: int

    def chance(self, source: str) -> Random:
        """Chance of its own for each source, so that one source does not disturb another."""
        return Random(f"{self.seed} {self.place.code} {source}")

    def tells(self, story: str, moment: int) -> bool:
        """Whether the story runs at this branch in the week of the moment."""
        return stories.runs(story, self.place.code, self.weeks - 1 - moment // (7 * DAY))


_TRADES = ("Fleet", "Auto", "Garage", "Towing", "Body Shop", "Farm", "Transit", "Rental", "Diesel", "School Bus")
PARTS = tuple(
    Part(f"{number * 37 % 1000:04d}-{number:03d}", "critical" if number % 7 == 3 else "ABC"[number % 3],
         number % 25 != 24, 450 + number * number * 61 % 23000)
    for number in range(120))


def world(place: Place, first: date, weeks: int, seed: int) -> World:
    """The branch with its hours for `weeks` weeks from Monday `first` on, and its 36 customers."""
    customers = tuple(
        Customer(f"C{1001 + 40 * place.number + n} {_TRADES[n % len(_TRADES)]}", place.routes[n % len(place.routes)])
        for n in range(36))
    return World(place, _hours(place, first, weeks), customers, weeks, seed)


def _hours(place: Place, first: date, weeks: int) -> Hours:
    import holidays  # takes a tenth of a second that no other command should pay

    dates = [first + timedelta(days=n) for n in range(weeks * 7 + _MARGIN_DAYS)]
    closed = holidays.country_holidays("US", years=range(dates[0].year, dates[-1].year + 1))
    works = set(map(int, place.open_days))
    open_days = tuple(n for n, day in enumerate(dates) if day.isoweekday() in works and day not in closed)
    through = (weeks * 7 - 1) * DAY + 23 * 60
    return Hours(_minute(place.opens), _minute(place.closes), open_days, tuple(map(str, dates)), through)


def _minute(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])
