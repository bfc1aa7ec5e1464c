"""Rows about orders: order lines, shipments kept apart, and credits, as an export of the last evening shows them."""

from __future__ import annotations

from random import Random
from typing import Iterator

from scoreboard.samples.orders import Line, Order
from scoreboard.samples.stories import FAST_BUT_SLOPPY, MIS_PICKS
from scoreboard.samples.trips import Trip
from scoreboard.samples.world import DAY, Hours, World, between, chosen, skewed

Row = dict[str, object]
Shares = tuple[tuple[str, float], ...]

HANDOFF_OF_REASON = {
    "wrong part quoted": "Quote → Pick", "mis-pick": "Pick → Stage", "short": "Pick → Stage",
    "over": "Pick → Stage", "wrong label": "Stage → Load", "wrong staging": "Stage → Load",
    "damaged": "Load → Deliver", "paperwork": "Deliver → Close"}
_ERRORS: Shares = (
    ("mis-pick", 0.3), ("short", 0.15), ("over", 0.08), ("wrong label", 0.08), ("wrong staging", 0.06),
    ("damaged", 0.14), ("wrong part quoted", 0.12), ("paperwork", 0.07))
_SLOPPY: Shares = (("wrong part quoted", 0.4), ("mis-pick", 0.3), ("short", 0.15), ("paperwork", 0.15))
# No errors of ours: these must not count.
_OTHER: Shares = (
    ("price", 0.35), ("customer over-buy", 0.25), ("goodwill", 0.2), ("warranty", 0.1), ("core credit", 0.1))


def yes(flag: bool) -> str:
    return "yes" if flag else "no"


def money(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def order_line_rows(world: World, orders: list[Order]) -> Iterator[Row]:
    """Every line; the shipping columns stay blank at a branch that keeps its shipments apart."""
    hours = world.hours
    for order in orders:
        for line in order.lines:
            row: Row = {
                "order_no": order.number, "line_no": line.number, "ordered_at": hours.text(order.ordered),
                "customer": order.customer.name, "part_no": line.part.number, "part_class": line.part.rank,
                "stocked": yes(line.part.stocked), "first_promised_for": hours.text(line.promise.first),
                "promised_for": hours.text(line.promise.stands), "promise_moved_by": line.promise.moved_by,
                "promise_made_by": order.made_by, "qty_ordered": line.quantity,
                "backordered": yes(line.first < line.quantity), "substituted": yes(line.substituted),
                "transfer": yes(line.transfer), "will_call": yes(order.will_call),
                "cancelled_at": hours.event(line.cancelled), "cancel_reason": "",
                "priority": "priority" if order.priority else ""}
            if row["cancelled_at"]:
                row["cancel_reason"] = line.cancel_reason
            if line.cancelled is None and not world.place.shipments_apart:
                row |= _shipped(hours, order, line)
            yield row


def _shipped(hours: Hours, order: Order, line: Line) -> Row:
    """What is known of a line's way; of a split line the later part as soon as that has left."""
    rest_waits = 0 < line.first < line.quantity and hours.seen(line.trip.shipped) is None
    trip = order.trip if rest_waits else line.trip
    delivered = line.first if rest_waits else line.delivered
    shipped = line.first if rest_waits else max(line.quantity, line.delivered)
    first_trip = order.trip if line.first < line.quantity else line.trip
    return _times(hours, trip) | _carried(order) | {
        "qty_first_shipment": line.first if hours.event(first_trip.shipped) else "",
        "qty_shipped": shipped if hours.event(trip.shipped) else "",
        "qty_delivered": delivered if hours.event(trip.delivered) else ""}


def _times(hours: Hours, trip: Trip) -> Row:
    return {"picked_at": hours.event(trip.picked), "staged_at": hours.event(trip.staged),
            "loaded_at": hours.event(trip.loaded), "shipped_at": hours.event(trip.shipped),
            "delivered_at": hours.event(trip.delivered)}


def _carried(order: Order) -> Row:
    return {"carrier": order.carrier, "route": order.customer.route if order.carrier == "van" else ""}


def shipment_rows(world: World, orders: list[Order]) -> Iterator[Row]:
    """One row per shipment and line; none at branches whose order lines say it all."""
    if not world.place.shipments_apart:
        return
    for order in orders:
        loads = [(trip, line, units) for line in order.lines if line.cancelled is None
                 for trip, units in _loads(order, line) if units]
        trips = sorted({trip for trip, _, _ in loads}, key=lambda trip: (trip.shipped, trip.delivered))
        for trip, line, units in loads:
            if world.hours.event(trip.picked):
                yield {"shipment_no": f"{order.number}-{trips.index(trip) + 1}", "order_no": order.number,
                       "line_no": line.number, "qty": units, "will_call": yes(order.will_call),
                       } | _times(world.hours, trip) | _carried(order)


def _loads(order: Order, line: Line) -> tuple[tuple[Trip, int], ...]:
    if line.first == line.quantity:
        return ((line.trip, line.delivered),)
    return (order.trip, line.first), (line.trip, line.delivered - line.first)


def credit_rows(world: World, orders: list[Order]) -> Iterator[Row]:
    """Credits for lines that were shipped, for our own errors and for other reasons, by the day they were issued."""
    rng = world.chance("credits")
    issued = [found for order in orders for line in order.lines
              if line.cancelled is None and (found := _credit(world, rng, order, line))]
    for number, (_, row) in enumerate(sorted(issued, key=lambda found: found[0])):
        yield {"credit_no": f"CR{10001 + number}", "credit_line": 1} | row


def _credit(world: World, rng: Random, order: Order, line: Line) -> tuple[int, Row] | None:
    ours, errors, chance = _error_share(world, line.trip.shipped), _ERRORS, rng.random()
    if chance >= ours + 0.008:
        return None
    if world.tells(FAST_BUT_SLOPPY, line.trip.shipped):
        errors = _SLOPPY
    # What comes on top of the ordinary share during a cluster is mis-picks alone.
    cluster = world.tells(MIS_PICKS, line.trip.shipped) and 0.012 <= chance < ours
    reason = "mis-pick" if cluster else chosen(rng, errors if chance < ours else _OTHER)
    day = world.hours.reach(line.trip.delivered // DAY, skewed(rng, 1, 14))
    at = day * DAY + world.hours.opens + between(rng, 20, 480)
    linked = rng.random() >= 0.04
    row: Row = {
        "order_no": order.number if linked else "", "order_line": line.number if linked else "",
        "issued_at": world.hours.text(at), "shipped_at": "" if linked else world.hours.text(line.trip.shipped),
        "reason": reason, "handoff": HANDOFF_OF_REASON.get(reason, ""),
        "customer_error": yes(reason == "customer over-buy"),
        "caught_before_customer": yes(chance < ours and rng.random() < 0.08), "qty": line.quantity,
        "value": money(line.part.cents * line.quantity)}
    return (at, row) if world.hours.seen(at) is not None else None


def _error_share(world: World, shipped: int) -> float:
    """How many of the lines shipped at that time are credited for an error of ours."""
    if world.tells(FAST_BUT_SLOPPY, shipped):
        return 0.12
    return 0.14 if world.tells(MIS_PICKS, shipped) else 0.012
