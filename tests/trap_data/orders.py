"""Orders with their lines, shipments and credits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from typing import Any

from tests.trap_data.chance import CUSTOMERS, DAY, HOUR, MINUTE, PARTS, Chance

Row = dict[str, Any]
REASONS = ("mis-pick", "Short", "OVER", "damaged", "paperwork", "wrong label", "wrong part quoted", "price",
           "goodwill", "core credit", "warranty", "customer over-buy", "picked wrong")
CANCEL_REASONS = ("stock-out", "Out of stock", "customer changed mind", "duplicate", None)


def make(chance: Chance, size: int) -> dict[str, list[Row]]:
    """`size` orders with everything that belongs to them, and a little that belongs to none."""
    rows: dict[str, list[Row]] = {"order_lines": [], "shipments": [], "credits": []}
    for number in range(size):
        _order(chance, f"{1000 + number}", rows)
    return rows


def _order(chance: Chance, order_no: str, rows: dict[str, list[Row]]) -> None:
    ordered_at, priority = chance.moment(), chance.one((None, "Rush", "normal", "Standard", "urgent"))
    split = chance.often(0.35)
    for line_no in range(1, chance.one((1, 1, 2, 3)) + 1):
        keyed_at = ordered_at + chance.one((0, 0, 0, 7)) * DAY
        line = _line(chance, keyed_at, priority) | {"order_no": order_no, "line_no": str(line_no)}
        rows["order_lines"].append(line | {"ordered_at": chance.maybe(keyed_at, 0.98)})
        if split and chance.often(0.8):
            rows["shipments"] += _shipments(chance, line)
        for number in range(chance.one((0, 0, 0, 1, 2))):
            rows["credits"].append(_credit(chance, line, f"K{order_no}-{line_no}-{number}"))
    if chance.often(0.05):
        whole = {"order_no": order_no, "qty": chance.maybe(3.0, 0.3)}
        rows["shipments"].append(_shipment(chance, f"W{order_no}", ordered_at) | whole)
    if chance.often(0.03):
        lost = {"order_no": f"lost-{order_no}", "line_no": "1", "ordered_at": ordered_at}
        rows["shipments"].append(_shipment(chance, "S0", ordered_at) | {"order_no": lost["order_no"]})
        rows["credits"] += [_credit(chance, lost, f"K{order_no}-{number}") for number in range(2)]


def _line(chance: Chance, ordered_at: datetime, priority: str | None) -> Row:
    first = _promise(chance, ordered_at)
    moved = chance.often(0.25)
    quantity = float(chance.one((0, 1, 1, 2, 5, 10)))
    got = [float(max(0, quantity + chance.one((0, 0, 0, 0, 0, -1, 1)))) for _ in range(3)]
    picked, shipped = chance.later(ordered_at, 2), chance.later(ordered_at, 3, missing=0.12)
    cancelled = chance.often(0.12)
    return {
        "ordered_at": ordered_at, "customer": chance.maybe(chance.one(CUSTOMERS)),
        "part_no": chance.maybe(chance.one(PARTS)), "part_class": chance.one((None, "critical", "A", "B", "C")),
        "stocked": chance.one((True, True, True, None, False)),
        "part_family": chance.one((None, "brakes", "Core charge brakes", "CORE CHARGE", "core")),
        "first_promised_for": first, "promise_moved_by": chance.one(("us", "customer", None)) if moved else None,
        "promised_for": chance.maybe(_promise(chance, ordered_at) if moved else first, 0.85),
        "promise_made_by": chance.one((None, "counter", "inside sales", "web", "driver")),
        "qty_ordered": quantity, "qty_first_shipment": chance.maybe(got[0]), "qty_shipped": chance.maybe(got[1]),
        "qty_delivered": chance.maybe(got[2], 0.9), "picked_at": picked, "shipped_at": shipped,
        "delivered_at": chance.later(shipped or ordered_at, 2) if shipped or chance.often(0.1) else None,
        "cancelled_at": chance.later(ordered_at, 5, missing=0) if cancelled else None,
        "cancel_reason": chance.one(CANCEL_REASONS) if cancelled or chance.often(0.02) else None,
        "substituted": chance.one((None, None, None, None, False, True)), "transfer": chance.maybe(True, 0.1),
        "will_call": chance.one((None, None, None, False, True)), "route": chance.maybe(chance.one(("R1", "R2"))),
        "priority": priority if chance.often(0.85) else chance.one((None, "rush", "low")),
        "value": chance.maybe(quantity * 12.5),
    }


def _promise(chance: Chance, ordered_at: datetime) -> datetime | None:
    """A promise with a time or for a day (weekends and holidays too), in past and future; sometimes none."""
    promise = ordered_at + chance.random.randint(-1, 9) * DAY + chance.one((0, 1, 6)) * HOUR
    return chance.maybe(datetime.combine(promise.date(), time()) if chance.often(0.5) else promise, 0.85)


def _shipments(chance: Chance, line: Row) -> Iterator[Row]:
    """Split shipments of a line: short, exact, or more than ordered, some of them still on the way."""
    for part in range(chance.one((1, 2, 3))):
        # The lines of an order often leave together, so that its first shipment holds several.
        start = datetime.combine(line["ordered_at"].date(), time(14)) if chance.often(0.5) else line["ordered_at"]
        yield _shipment(chance, f"S{part}", start) | {
            "order_no": line["order_no"], "line_no": line["line_no"],
            "qty": chance.maybe(chance.one((line["qty_ordered"], 1.0, line["qty_ordered"] / 2)), 0.85)}


def _shipment(chance: Chance, shipment_no: str, start: datetime) -> Row:
    shipped_at = chance.maybe(start + chance.one((0, 0, 1, 2)) * DAY)
    return {"shipment_no": shipment_no, "shipped_at": shipped_at, "delivered_at": chance.later(shipped_at or start, 4),
            "will_call": chance.maybe(True, 0.03), "carrier": chance.maybe("north line")}


def _credit(chance: Chance, line: Row, credit_no: str) -> Row:
    issued_at = line["ordered_at"] + chance.random.randrange(1, 40 * 1440) * MINUTE
    linked = chance.one(("line", "line", "order", None))
    return {"credit_no": credit_no, "credit_line": chance.maybe("1", 0.7), "issued_at": issued_at,
            "order_no": line["order_no"] if linked else None,
            "order_line": line["line_no"] if linked == "line" else None,
            "shipped_at": chance.maybe(line["ordered_at"] + DAY, 0.4), "reason": chance.one(REASONS),
            "customer_error": chance.one((None, None, False, True)), "qty": chance.maybe(1.0),
            "caught_before_customer": chance.one((None, None, False, False, True))}
