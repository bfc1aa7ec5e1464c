"""What customers notice: exceptions with their times, contacts with repeats, survey answers."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from random import Random
from typing import Iterator

from scoreboard.samples.orders import Order
from scoreboard.samples.places import NORTH
from scoreboard.samples.shipping import Row
from scoreboard.samples.stories import CORES_IN_LIMBO, FAST_BUT_SLOPPY, MIS_PICKS, ROUTE_SLIPS
from scoreboard.samples.world import DAY, PARTS, World, between, chosen, counted, one_of, popular


@dataclass(frozen=True)
class Kind:
    """A type of exception: where it belongs, its share, its standard in working minutes and its usual causes."""

    type: str
    handoff: str
    share: float
    standard_minutes: int
    owner: str
    causes: tuple[str, ...]


KINDS: tuple[Kind, ...] = (
    Kind("wrong part", "Quote → Pick", 0.12, 480, "inside sales", ("catalogue read wrong", "superseded")),
    Kind("backorder", "Quote → Pick", 0.13, 960, "inside sales", ("ETA not verified", "supplier late")),
    Kind("quote overdue", "Quote → Pick", 0.05, 240, "inside sales", ("no cover",)),
    Kind("mis-pick", "Pick → Stage", 0.12, 480, "warehouse", ("look-alike parts", "wrong bin")),
    Kind("short or over", "Pick → Stage", 0.1, 480, "warehouse", ("count skipped",)),
    Kind("damaged", "Load → Deliver", 0.1, 960, "driver", ("packing", "load shifted")),
    Kind("late delivery", "Load → Deliver", 0.14, 480, "driver", ("route too long", "left behind")),
    Kind("credit delay", "Deliver → Close", 0.09, 1440, "counter", ("paper missing",)),
    Kind("return or core in limbo", "Deliver → Close", 0.07, 1440, "counter", ("no next step",)),
    Kind("warranty", "Deliver → Close", 0.05, 2400, "counter", ("supplier slow",)),
    Kind("paperwork", "Deliver → Close", 0.03, 960, "counter", ("paper missing",)),
)
# A story brings more exceptions of one type.
_EXTRA = ((FAST_BUT_SLOPPY, "wrong part"), (ROUTE_SLIPS, "late delivery"), (MIS_PICKS, "mis-pick"),
          (CORES_IN_LIMBO, "return or core in limbo"))


def exception_rows(world: World, orders: list[Order]) -> Iterator[Row]:
    """Every exception by the time it was opened; those of the last days are still open."""
    rng = world.chance("exceptions")
    opened = [(moment, chosen(rng, [(kind, kind.share) for kind in KINDS]))
              for moment in _moments(world, rng, world.place.exceptions)]
    for story, type_ in _EXTRA:
        kind = next(kind for kind in KINDS if kind.type == type_)
        opened += [(moment, kind) for moment in _moments(world, rng, 3) if world.tells(story, moment)]
    for number, (moment, kind) in enumerate(sorted(opened, key=lambda found: found[0])):
        yield {"case_no": f"E{40001 + number}"} | _exception(world, rng, orders, moment, kind)


def _moments(world: World, rng: Random, mean: int) -> list[int]:
    found = [world.hours.in_week(rng, week) for week in range(world.weeks) for _ in range(counted(rng, mean))]
    return sorted(moment for moment in found if moment is not None)


def _exception(world: World, rng: Random, orders: list[Order], opened: int, kind: Kind) -> Row:
    cause = one_of(rng, kind.causes)
    row: Row = {"type": kind.type, "opened_at": world.hours.text(opened), "handoff": kind.handoff,
                "owner": f"{kind.owner} {between(rng, 1, 3)}"}
    row |= _about(world, rng, orders, opened, kind) | _times(world, rng, opened, kind)
    return row | {"root_cause": cause if row["resolved_at"] else ""}


def _about(world: World, rng: Random, orders: list[Order], opened: int, kind: Kind) -> Row:
    """The order it is about: placed some days before; for a late delivery one that a van brought."""
    at = bisect_left(orders, opened - between(rng, 1, 7) * DAY, key=lambda order: order.ordered) - 1
    late = kind.type == "late delivery"
    route = NORTH if late and world.tells(ROUTE_SLIPS, opened) and rng.random() < 0.8 else ""
    while late and at >= 0 and (orders[at].carrier != "van" or route not in orders[at].customer.route):
        at -= 1
    if at < 0:
        return {"customer": popular(rng, world.customers).name}
    order = orders[at]
    return {"customer": order.customer.name, "order_no": order.number, "part_no": one_of(rng, order.lines).part.number,
            "route": order.customer.route if late else ""}


def _times(world: World, rng: Random, opened: int, kind: Kind) -> Row:
    """Accepted, told, resolved, told again, in parts of the working time it took altogether."""
    within = rng.random() < 0.82
    total = kind.standard_minutes * (between(rng, 20, 92) if within else between(rng, 108, 260)) // 100

    def after(low: int, high: int) -> int:
        return world.hours.after(opened, total * between(rng, low, high) // 100)

    told_first = after(20, 55)
    resolved, told = (after(60, 95), after(100, 100))[::1 if rng.random() < 0.85 else -1]
    called = None if rng.random() < 0.7 else after(3, 18) if rng.random() < 0.6 else after(56, 100)
    return {name: world.hours.event(moment) for name, moment in (
        ("accepted_at", after(3, 19)), ("customer_called_at", called), ("first_told_at", told_first),
        ("resolved_at", resolved), ("told_at", told if rng.random() >= 0.02 else None),
        ("escalated_at", after(50, 70) if not within and rng.random() < 0.4 else None),
        ("reopened_at", after(56, 59) if rng.random() < 0.02 else None))}


def contact_rows(world: World) -> Iterator[Row]:
    """Contacts by their time, one in eight followed by another of the same customer about the same part."""
    if world.place.totals_only:
        return
    rng, found = world.chance("contacts"), []
    for at in _moments(world, rng, world.place.contacts):
        customer, part, again = popular(rng, world.customers).name, one_of(rng, PARTS).number, rng.random() < 0.125
        found.append((at, customer, part))
        if again:
            found.append((world.hours.after(at, between(rng, 60, 2000)), customer, part))
    seen = sorted(contact for contact in found if world.hours.seen(contact[0]) is not None)
    for number, (at, customer, part) in enumerate(seen):
        yield {"contact_no": f"K{50001 + number}", "at": world.hours.text(at), "customer": customer, "part_no": part}


_SCORES = ((10, 0.3), (9, 0.22), (8, 0.2), (7, 0.12), (6, 0.06), (5, 0.04), (3, 0.03), (2, 0.02), (0, 0.01))


def survey_rows(world: World) -> Iterator[Row]:
    """Survey answers, 0 to 10, by their time."""
    rng = world.chance("surveys")
    for number, at in enumerate(_moments(world, rng, world.place.surveys)):
        yield {"response_no": f"V{60001 + number}", "at": world.hours.text(at), "score": chosen(rng, _SCORES)}
