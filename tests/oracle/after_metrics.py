"""What comes after the sale: credits for our errors, returns and cores."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, time
from typing import Any

from tests.oracle.orders import Line, Order, lines, orders
from tests.oracle.world import DAY, Row, Thing, World, both, latest

OWN_RETURNS = ("return", "warranty", "damaged")


def errors(world: World) -> Iterator[Thing]:
    """error_rate, order_accuracy, and the shipped lines that return_rate is counted against."""
    by_line = {(line.branch, line.order_no, line.line_no): line for line in lines(world) if line.order_no is not None}
    by_order = {(order.branch, order.order_no): order for order in orders(world)}
    for line in lines(world):
        if line.last_shipped_at is not None:
            for metric in ("error_rate", "return_rate"):
                yield Thing(metric, line.branch, line.last_shipped_at, whole=1.0)
    wrong = _credited(world)
    for (branch, order_no, order_line, *_), credits in wrong.items():
        at = _shipped(by_line.get((branch, order_no, order_line)), by_order.get((branch, order_no)), credits)
        yield Thing("error_rate", branch, at, part=1.0, n=0)
    wrong_orders = {(branch, order_no) for branch, order_no, *_ in wrong}
    for key, order in by_order.items():
        shipped = [line.first_shipped_at for line in order.lines if line.first_shipped_at is not None]
        if shipped:
            yield world.share("order_accuracy", order.branch, min(shipped), key not in wrong_orders)


def _credited(world: World) -> dict[tuple[Any, ...], list[Row]]:
    """Credits for our own errors: those of one order line together, any other alone."""
    reasons = {reason.casefold() for reason in world.options["error_reasons"]}
    found: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for number, row in enumerate(world.of("credits")):
        ours = (row.get("reason") or "").casefold() in reasons and row.get("customer_error") is not True
        if ours and row.get("caught_before_customer") is not True:
            line = (row["branch"], row.get("order_no"), row.get("order_line"))
            found[line if None not in line else (*line, number)].append(row)
    return found


def _shipped(line: Line | None, order: Order | None, credits: list[Row]) -> datetime:
    """When the credited line was shipped, as well as is known."""
    at = line.last_shipped_at if line else None
    if at is None and order:
        at = latest(*(other.last_shipped_at for other in order.lines))
    said = [row["shipped_at"] for row in credits if row.get("shipped_at") is not None]
    return at or min(said or [row["issued_at"] for row in credits])


def returned(world: World) -> Iterator[Thing]:
    """return_cycle_time, rma_turnaround, core_cycle_time, core_value_at_risk, and the returns of return_rate."""
    for row in world.of("returns"):
        branch, kind, received_at = row["branch"], row["kind"], row.get("received_at")
        first = row.get("sold_at") or received_at or row.get("opened_at")
        if kind == "return" and first is not None:
            yield Thing("return_rate", branch, first, part=1.0, n=0)
        if received_at is None:
            continue
        if kind in OWN_RETURNS:
            yield from world.lasted("return_cycle_time", branch, received_at, received_at,
                                    both(row.get("credited_at"), row.get("customer_told_at")))
        yield from world.lasted("rma_turnaround", branch, received_at, received_at, row.get("dispositioned_at"))
        if kind == "core":
            yield from _core(world, row)


def _core(world: World, row: Row) -> Iterator[Thing]:
    branch, received_at, credited_at = row["branch"], row["received_at"], row.get("credited_at")
    if row.get("sold_at") is not None:
        yield from world.lasted("core_cycle_time", branch, received_at, row["sold_at"], credited_at)
    if row.get("supplier_deadline_on") is not None:
        near = datetime.combine(row["supplier_deadline_on"] - world.options["core_deadline_days"] * DAY, time())
        yield world.share("core_value_at_risk", branch, received_at, credited_at is None or credited_at >= near,
                          open=credited_at is None, due=near, amount=row.get("value") or 0.0)
