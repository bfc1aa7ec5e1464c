"""Returns, warranty, damaged goods and cores of the sample, each with its own clock."""

from __future__ import annotations

from bisect import bisect_left
from random import Random
from typing import Iterator

from scoreboard.samples.orders import Line, Order
from scoreboard.samples.shipping import Row, money, yes
from scoreboard.samples.stories import CORES_IN_LIMBO
from scoreboard.samples.world import DAY, PARTS, World, between, chosen, counted, one_of, popular, skewed

_KINDS = (("return", 0.6), ("warranty", 0.22), ("damaged", 0.18))
_REASONS = {
    "return": (("customer over-buy", 0.35), ("ordered wrong", 0.25), ("mis-pick", 0.2), ("wrong part quoted", 0.2)),
    "warranty": (("failed in use", 0.8), ("failed at fitting", 0.2)),
    "damaged": (("damaged", 1.0),)}
_DISPOSITIONS = {
    "return": (("restock", 0.8), ("resell", 0.12), ("scrap", 0.08)),
    "warranty": (("to supplier", 0.6), ("repair", 0.3), ("scrap", 0.1)),
    "damaged": (("scrap", 0.5), ("refurbish", 0.3), ("recycle", 0.2))}


def return_rows(world: World, orders: list[Order]) -> Iterator[Row]:
    """Everything that comes back, by the day it was opened."""
    rng, cores = world.chance("returns"), world.chance("cores")
    found = [_return(world, rng, orders, at) for at in _moments(world, rng, world.place.returns)]
    found += [_core(world, cores, orders, at) for at in _moments(world, cores, world.place.cores)]
    known = sorted((item for item in found if world.hours.seen(item[0]) is not None), key=lambda item: item[0])
    for number, (_, row) in enumerate(known):
        yield {"rma_no": f"R{30001 + number}", "rma_line": 1} | row


def _moments(world: World, rng: Random, mean: int) -> list[int]:
    # A fortnight past the end, for what is announced by then but not yet received.
    last = min(world.weeks + 2, world.hours.open_days[-1] // 7)
    found = [world.hours.in_week(rng, week) for week in range(last) for _ in range(counted(rng, mean))]
    return [moment for moment in found if moment is not None]


def _sold(rng: Random, orders: list[Order], before: int, back: int) -> tuple[Order, Line] | None:
    """A line of the youngest order placed before; none when nobody knows it, or it was not delivered by `back`."""
    at = bisect_left(orders, before, key=lambda order: order.ordered) - 1
    if at < 0 or rng.random() < 0.1:
        return None
    line = one_of(rng, orders[at].lines)
    return (orders[at], line) if line.cancelled is None and line.trip.delivered < back else None


def _return(world: World, rng: Random, orders: list[Order], received: int) -> tuple[int, Row]:
    hours = world.hours
    kind = chosen(rng, _KINDS)
    announced = hours.after(max(received - between(rng, 1, 6) * DAY, 0), between(rng, 10, 400))
    opened = min(announced, received)
    arrived = received if rng.random() >= 0.05 else None
    decided, credited, told = _later(world, rng, arrived, 1, 8), _later(world, rng, arrived, 2, 13), None
    if credited is not None:
        told = hours.after(credited, skewed(rng, 5, 1400)) if rng.random() < 0.7 else decided
    disposition = chosen(rng, _DISPOSITIONS[kind])
    row = _goods(world, rng, _sold(rng, orders, opened - between(rng, 6, 15) * DAY, opened)) | {
        "kind": kind, "opened_at": hours.text(opened), "received_at": hours.event(arrived),
        "dispositioned_at": hours.event(decided), "disposition": disposition if hours.event(decided) else "",
        "credited_at": hours.event(credited), "customer_told_at": hours.event(told),
        "reason": chosen(rng, _REASONS[kind]),
        "repaired_at": hours.event(_later(world, rng, decided, 1, 6)) if disposition == "repair" else "",
        "supplier": f"supplier {between(rng, 1, 4)}" if kind == "warranty" else "",
        "warranty_eligible": yes(rng.random() < 0.85) if kind == "warranty" else ""}
    return opened, row


def _core(world: World, rng: Random, orders: list[Order], received: int) -> tuple[int, Row]:
    """A core is opened when the part is sold; the supplier credits it, unless nobody sends it on."""
    hours = world.hours
    sale = _sold(rng, orders, received - between(rng, 5, 24) * DAY, received)
    opened = sale[0].ordered if sale else received
    limbo = world.tells(CORES_IN_LIMBO, received) and rng.random() < 0.88
    arrived = received if rng.random() >= 0.08 else None
    decided = None if limbo else _later(world, rng, arrived, 1, 5)
    credited = None if limbo else _later(world, rng, arrived, 5, 20)
    deadline = (received + between(rng, 42, 60) * DAY) // DAY * DAY
    row = _goods(world, rng, sale) | {
        "kind": "core", "opened_at": hours.text(opened), "sold_at": hours.text(opened if sale else None),
        "received_at": hours.event(arrived), "dispositioned_at": hours.event(decided),
        "disposition": "to supplier" if hours.event(decided) else "", "credited_at": hours.event(credited),
        "customer_told_at": hours.event(None if credited is None else hours.after(credited, skewed(rng, 5, 900))),
        "supplier": f"supplier {between(rng, 1, 4)}",
        "supplier_deadline_on": hours.text(deadline) if hours.event(arrived) else "",
        "value": money(1500 + between(rng, 0, 160) * 100)}
    return opened, row


def _later(world: World, rng: Random, moment: int | None, low: int, high: int) -> int | None:
    """Some open days later at a time of day; none when there is no moment to start from."""
    if moment is None:
        return None
    days = low + (between(rng, 0, high - low) + between(rng, 0, high - low)) // 3
    return world.hours.reach(moment // DAY, days) * DAY + world.hours.opens + between(rng, 10, 500)


def _goods(world: World, rng: Random, sale: tuple[Order, Line] | None) -> Row:
    """What came back, of which order when it is known."""
    if sale is None:
        part = popular(rng, PARTS)
        return {"part_no": part.number, "customer": popular(rng, world.customers).name, "value": money(part.cents)}
    order, line = sale
    return {"order_no": order.number, "part_no": line.part.number, "customer": order.customer.name,
            "value": money(line.part.cents * line.quantity)}
