"""Order lines and orders as the metrics see them: whose promise, what arrived when, what counts as cancelled.

Shipments, where any exist for a line, replace its quantities and dates.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.oracle.world import OracleBranch, Row, World, latest


@dataclass(frozen=True)
class Line:
    """One order line; `row` is as typed, everything else as derived.

    `shipped_at` and `delivered_at` are known once the whole line was; parts of it may have shipped before.
    """

    row: Row
    qty_first: float | None
    qty_delivered: float | None
    qty_on_time: float | None
    first_shipped_at: datetime | None
    last_shipped_at: datetime | None
    shipped_at: datetime | None
    delivered_at: datetime | None
    will_call: bool
    promise: datetime | None
    due: datetime | None
    cancelled_by_customer: bool

    def __getattr__(self, name: str) -> Any:
        return self.row.get(name)

    @property
    def stocked_line(self) -> bool:
        family = (self.row.get("part_family") or "").casefold()
        return self.row.get("stocked") is not False and not family.startswith("core charge")

    @property
    def counts_for_fill(self) -> bool:
        return self.stocked_line and not self.cancelled_by_customer

    @property
    def stock_out(self) -> bool:
        return _stock_out(self.row)

    @property
    def filled(self) -> bool:
        arrived = self.qty_first is not None and self.qty_first >= self.qty_ordered
        return not self.stock_out and (arrived or self.substituted is True)

    @property
    def open_for_fill(self) -> bool:
        return self.qty_first is None and self.substituted is not True and self.cancelled_at is None

    @property
    def promised(self) -> bool:
        return self.promise is not None and not self.will_call and not self.cancelled_by_customer

    @property
    def full(self) -> bool:
        return self.qty_delivered is not None and self.qty_delivered >= self.qty_ordered

    @property
    def moved_by_us(self) -> bool:
        first, now = self.first_promised_for, self.promised_for
        return None not in (first, now) and first != now and self.promise_moved_by == "us"

    @property
    def full_on_time(self) -> bool:
        return self.qty_on_time is not None and self.qty_on_time >= self.qty_ordered

    def by_promise(self, at: datetime | None) -> bool:
        return at is not None and self.due is not None and at <= self.due


@dataclass(frozen=True)
class Order:
    branch: str
    order_no: str
    lines: Sequence[Line]

    @property
    def ordered_at(self) -> datetime:
        first: datetime = min(line.ordered_at for line in self.lines)
        return first

    @property
    def live(self) -> list[Line]:
        return [line for line in self.lines if not line.cancelled_by_customer]

    @property
    def promised(self) -> list[Line]:
        return [line for line in self.lines if line.promised]

    @property
    def for_fill(self) -> list[Line]:
        return [line for line in self.lines if line.counts_for_fill]

    @property
    def shipped_at(self) -> datetime | None:
        """When the last line left; None while one has not (one that stock-out cancelled never will)."""
        shipped = [line.shipped_at for line in self.live]
        return None if None in shipped else latest(*shipped)


def lines(world: World) -> list[Line]:
    """Every line that was ordered; a line without `ordered_at` does not exist yet."""
    shipments = defaultdict(list)
    for shipment in world.of("shipments"):
        shipments[shipment["branch"], shipment["order_no"]].append(shipment)
    return [_line(row, shipments.get((row["branch"], row["order_no"]), []), world.branches[row["branch"]])
            for row in world.of("order_lines") if row["ordered_at"] is not None]


def orders(world: World) -> list[Order]:
    """Lines by order number; lines without one belong to no order."""
    found = defaultdict(list)
    for line in lines(world):
        if line.order_no is not None:
            found[line.branch, line.order_no].append(line)
    return [Order(branch, order_no, group) for (branch, order_no), group in found.items()]


def _line(row: Row, shipments: Sequence[Row], branch: OracleBranch) -> Line:
    promise = row.get("first_promised_for")
    if row.get("promise_moved_by") == "customer":
        promise = row.get("promised_for") or promise
    due = branch.end_of(promise) if promise is not None else None
    own = [s for s in shipments if s.get("line_no") in (None, row["line_no"])]
    if own:
        first = min((s["shipped_at"] for s in shipments if s.get("shipped_at") is not None), default=None)
        qty_first = None if first is None else sum(_qty(s, row) for s in own if s.get("shipped_at") == first)
        left = [s["shipped_at"] for s in own if s.get("shipped_at") is not None]
        arrived = [s for s in own if s.get("delivered_at") is not None]
        qty_delivered = sum(_qty(s, row) for s in arrived) if arrived else None
        in_time = [_qty(s, row) for s in arrived if due is not None and s["delivered_at"] <= due]
        on_time = sum(in_time) if in_time else None
        shipped_at, delivered_at = _done(own, "shipped_at", row), _done(own, "delivered_at", row)
        said = [s["will_call"] for s in own if s.get("will_call") is not None] or [row.get("will_call")]
    else:
        qty_first, qty_delivered = row.get("qty_first_shipment"), row.get("qty_delivered")
        shipped_at, delivered_at = row.get("shipped_at"), row.get("delivered_at")
        left, said = [shipped_at] if shipped_at is not None else [], [row.get("will_call")]
        on_time = qty_delivered if due is not None and delivered_at is not None and delivered_at <= due else None
    first_shipped_at = min(left, default=None)
    return Line(row, qty_first, qty_delivered, on_time, first_shipped_at, max(left, default=None), shipped_at,
                delivered_at, True in said, promise, due, _cancelled_by_customer(row, first_shipped_at, due))


def _done(shipments: Sequence[Row], column: str, row: Row) -> datetime | None:
    """When the ordered quantity was reached; short of it the last date, and None while a shipment has none."""
    last: datetime | None = None
    known = sorted((s for s in shipments if s.get(column) is not None), key=lambda s: s[column])
    total = 0.0
    for shipment in known:
        total, last = total + _qty(shipment, row), shipment[column]
        if total >= row["qty_ordered"]:
            return last
    return last if len(known) == len(shipments) else None


def _qty(shipment: Row, row: Row) -> float:
    whole = shipment.get("line_no") is None or shipment.get("qty") is None
    return float(row["qty_ordered"] if whole else shipment["qty"])


def _stock_out(row: Row) -> bool:
    return row.get("cancelled_at") is not None and "stock" in (row.get("cancel_reason") or "").casefold()


def _cancelled_by_customer(row: Row, shipped_at: datetime | None, due: datetime | None) -> bool:
    """Cancelled before anything was shipped, not for want of stock, and while the promise still stood."""
    cancelled_at = row.get("cancelled_at")
    if cancelled_at is None or _stock_out(row) or (shipped_at is not None and shipped_at <= cancelled_at):
        return False
    return due is None or cancelled_at <= due
