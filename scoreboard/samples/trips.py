"""How ordered goods travel: picked, staged, loaded, shipped, delivered, in this order and in working hours."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from scoreboard.samples.world import DAY, World, between, skewed


@dataclass(frozen=True)
class Trip:
    """One way through the warehouse; at the counter (will-call) nothing is loaded."""

    picked: int
    staged: int
    loaded: int | None
    shipped: int
    delivered: int


def soon(world: World, rng: Random, ordered: int, promised: int, carrier: str) -> Trip:
    """Picked and staged soon; a van leaves twice a day, on the day before the promise at the earliest."""
    hours = world.hours
    picked = hours.after(ordered, skewed(rng, 5, 90))
    staged = hours.after(picked, skewed(rng, 5, 40))
    if carrier == "":
        return Trip(picked, staged, None, *(hours.after(staged, between(rng, 10, 120)),) * 2)
    if carrier == "courier":
        shipped = hours.after(staged, between(rng, 8, 25))
    else:
        early = max(staged + 30, hours.reach(max(promised // DAY - 1, 0), 0) * DAY if carrier == "van" else 0)
        shipped = _departure(world, early, carrier)
    return _travel(world, rng, picked, staged, shipped, carrier)


def _departure(world: World, early: int, carrier: str) -> int:
    """Vans leave 90 and 330 minutes after opening, the parcel service collects once, 480 minutes after."""
    day = world.hours.reach(early // DAY, 0)
    for minutes in (480,) if carrier == "parcel" else (90, 330):
        if day * DAY + world.hours.opens + minutes >= early:
            return day * DAY + world.hours.opens + minutes
    return _departure(world, (day + 1) * DAY, carrier)


def _travel(world: World, rng: Random, picked: int, staged: int, shipped: int, carrier: str) -> Trip:
    """Loaded just before it leaves; there within hours, but a parcel or what misses closing on the next open day."""
    loaded = shipped - between(rng, 3, 8 if carrier == "courier" else 25)
    arrival = shipped + between(rng, 25, 110 if carrier == "courier" else 165)
    if carrier == "parcel" or arrival % DAY > world.hours.closes:
        arrival = world.hours.reach(shipped // DAY, 1) * DAY + world.hours.opens + between(rng, 60, 360)
    return Trip(picked, staged, max(loaded, staged), shipped, arrival)


def hold(world: World, rng: Random, trip: Trip, day: int, carrier: str) -> Trip:
    """The same picking, handed over on `day`, an open one: by parcel it leaves the open day before."""
    if carrier == "":
        moment = max(day * DAY + world.hours.opens + between(rng, 10, 400), trip.shipped)
        return Trip(trip.picked, trip.staged, None, moment, moment)
    start = world.hours.reach(day, -1) if carrier == "parcel" else day
    early = max(start * DAY, trip.staged + 30, trip.shipped)
    return _travel(world, rng, trip.picked, trip.staged, _departure(world, early, carrier), carrier)


def picked_later(world: World, rng: Random, day: int, carrier: str) -> Trip:
    """Picked the open day before, handed over on `day`."""
    picked = world.hours.reach(day, -1) * DAY + world.hours.opens + between(rng, 60, 240)
    return hold(world, rng, Trip(picked, picked + between(rng, 5, 40), None, 0, 0), day, carrier)
