"""Orders of the sample: what was planned for each line, drawn once and told by order lines, shipments and credits.

A plan may reach past the end of the sample; only the rows leave out what was not seen yet.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from scoreboard.samples import trips
from scoreboard.samples.places import NORTH, PARCEL
from scoreboard.samples.stories import PROMISE_REWRITTEN, ROUTE_SLIPS
from scoreboard.samples.trips import Trip
from scoreboard.samples.world import DAY, PARTS, Customer, Part, World, between, chosen, counted, popular, skewed


@dataclass(frozen=True)
class Promise:
    """The first promise and the one that stands; `moved_by` is empty while they are the same."""

    first: int
    stands: int
    moved_by: str = ""


@dataclass(frozen=True)
class Line:
    """`first` units went with the order's first trip, the rest with `trip`; of all, `delivered` arrived."""

    number: int
    part: Part
    quantity: int
    first: int
    delivered: int
    trip: Trip
    promise: Promise
    substituted: bool = False
    transfer: bool = False
    cancelled: int | None = None
    cancel_reason: str = ""


@dataclass(frozen=True)
class Order:
    number: str
    ordered: int
    customer: Customer
    made_by: str
    carrier: str
    priority: bool
    trip: Trip
    lines: tuple[Line, ...]

    @property
    def will_call(self) -> bool:
        return self.carrier == ""


_MADE_BY = (("counter", 0.45), ("inside sales", 0.3), ("web", 0.2), ("driver", 0.05))
_LINES = ((1, 0.42), (2, 0.3), (3, 0.16), (4, 0.08), (5, 0.04))
_PROMISE_DAYS = ((1, 0.7), (2, 0.2), (4, 0.1))
_PROMISE_CLOCK = ((0, 0.7), (12 * 60, 0.1), (16 * 60, 0.2))
_FIRST_NUMBER = 100001


def orders(world: World) -> list[Order]:
    """All orders of a branch, by the time they were placed; numbers begin alike at every branch."""
    rng = world.chance("orders")
    moments = [world.hours.in_week(rng, week) for week in range(world.weeks)
               for _ in range(counted(rng, world.place.orders))]
    placed = sorted(moment for moment in moments if moment is not None)
    return [_order(world, rng, str(_FIRST_NUMBER + n), moment) for n, moment in enumerate(placed)]


def _order(world: World, rng: Random, number: str, ordered: int) -> Order:
    customer = popular(rng, world.customers)
    priority = rng.random() < 0.15
    carrier = _carrier(rng, customer, priority)
    first = _first_promise(world, rng, ordered, carrier)
    trip = trips.soon(world, rng, ordered, first, carrier)
    promise = Promise(first, first)
    if rng.random() < _late_share(world, customer, carrier, first):
        trip = trips.hold(world, rng, trip, world.hours.reach(first // DAY, between(rng, 1, 2)), carrier)
        if rng.random() < (1.0 if world.tells(PROMISE_REWRITTEN, first) else 0.2):
            promise = Promise(first, trip.delivered // DAY * DAY, "us")
    elif rng.random() < 0.02:
        later = world.hours.reach(first // DAY, between(rng, 1, 3))
        trip, promise = trips.hold(world, rng, trip, later, carrier), Promise(first, later * DAY, "customer")
    lines = tuple(_line(world, rng, n + 1, ordered, trip, promise, carrier) for n in range(chosen(rng, _LINES)))
    return Order(number, ordered, customer, chosen(rng, _MADE_BY), carrier, priority, trip, lines)


def _carrier(rng: Random, customer: Customer, priority: bool) -> str:
    if rng.random() < 0.08:
        return ""
    return "courier" if priority else "parcel" if customer.route == PARCEL else "van"


def _late_share(world: World, customer: Customer, carrier: str, promised: int) -> float:
    """How many of such orders come after their first promise."""
    if carrier == "van" and customer.route == NORTH and world.tells(ROUTE_SLIPS, promised):
        return 0.8
    if world.tells(PROMISE_REWRITTEN, promised):
        return 0.4
    return 0.04


def _first_promise(world: World, rng: Random, ordered: int, carrier: str) -> int:
    """Most promises name a day only; a courier is promised for the same day when there is time for it."""
    early = ordered % DAY < world.hours.opens + 330
    if carrier in ("courier", "") and early:
        return ordered // DAY * DAY
    days = 3 if carrier == "parcel" else chosen(rng, _PROMISE_DAYS)
    return world.hours.reach(ordered // DAY, days) * DAY + (0 if carrier != "van" else chosen(rng, _PROMISE_CLOCK))


def _line(world: World, rng: Random, number: int, ordered: int, trip: Trip, promise: Promise, carrier: str) -> Line:
    part, quantity, fate = popular(rng, PARTS), skewed(rng, 1, 6), rng.random()
    line = Line(number, part, quantity, quantity, quantity, trip, promise)
    if not part.stocked:
        return _special(world, rng, line, carrier)
    if fate < 0.02:
        return _backordered(world, rng, line, carrier)
    return _mishap(world, rng, line, ordered, fate)


def _special(world: World, rng: Random, line: Line, carrier: str) -> Line:
    """What is not stocked is bought in and has a later promise of its own; who moved the order's moves it too."""
    first = world.hours.reach(line.promise.first // DAY, between(rng, 3, 5))
    stands = world.hours.reach(first, 2) if line.promise.moved_by else first
    return replace(line, trip=trips.picked_later(world, rng, stands, carrier),
                   promise=Promise(first * DAY, stands * DAY, line.promise.moved_by))


def _backordered(world: World, rng: Random, line: Line, carrier: str) -> Line:
    """Some or none goes first; the rest follows days after the promise."""
    day = world.hours.reach(line.promise.stands // DAY, between(rng, 2, 8))
    return replace(line, first=between(rng, 0, line.quantity - 1), trip=trips.picked_later(world, rng, day, carrier))


def _mishap(world: World, rng: Random, line: Line, ordered: int, fate: float) -> Line:
    """The rarer ways of a line: cancelled, one too few or too many, replaced, fetched from another branch."""
    after = world.hours.after
    if fate < 0.026:
        return replace(line, cancelled=after(ordered, between(rng, 2, 5)), cancel_reason="customer")
    if fate < 0.03:
        return replace(line, cancelled=after(ordered, between(rng, 300, 1500)), cancel_reason="stock-out")
    if fate < 0.038:
        return replace(line, delivered=line.quantity + (-1 if fate < 0.036 else 1))
    return replace(line, substituted=fate < 0.055, transfer=0.055 <= fate < 0.065)
