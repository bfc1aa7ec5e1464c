"""Fill, on time, in full, promises, cycle and priority: what is counted of order lines and orders."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time

from tests.oracle.orders import Line, Order, lines, orders
from tests.oracle.world import DAY, Thing, World, latest

NO_PRIORITY = ("normal", "standard", "no", "low", "regular")


def fill_by_order(world: World) -> Iterator[Thing]:
    """fill_rate, fill_rate_critical."""
    for order in orders(world):
        counted = order.for_fill
        if not counted:
            continue
        metrics = ["fill_rate"]
        if any(line.part_class == "critical" for line in counted):
            metrics.append("fill_rate_critical")
        at = latest(*(line.promise for line in counted)) or order.ordered_at
        due = latest(*(line.due for line in counted)) or order.ordered_at + 7 * DAY
        for metric in metrics:
            yield world.share(metric, order.branch, at, all(line.filled for line in counted),
                              open=all(line.open_for_fill for line in counted), due=due)


def fill_by_line(world: World) -> Iterator[Thing]:
    """fill_rate_lines, fill_rate_units."""
    for line in lines(world):
        if not line.counts_for_fill:
            continue
        at, due = line.promise or line.ordered_at, line.due or line.ordered_at + 7 * DAY
        units = line.qty_ordered if line.filled else min(line.qty_first or 0.0, line.qty_ordered)
        yield world.share("fill_rate_lines", line.branch, at, line.filled, open=line.open_for_fill, due=due)
        yield world.share("fill_rate_units", line.branch, at, line.filled, open=line.open_for_fill, due=due,
                          amount=line.qty_ordered, part=units)


def by_promise(world: World) -> Iterator[Thing]:
    """otif, its two legs, on_time_shipped, promises_moved: orders with a promised line."""
    for order in orders(world):
        counted = order.promised
        if counted:
            at = max(line.promise for line in counted if line.promise is not None)
            due = max(line.due for line in counted if line.due is not None)
            yield from _legs(world, order, counted, at, due)
            yield world.share("promises_moved", order.branch, at, any(line.moved_by_us for line in order.lines))


def _legs(world: World, order: Order, counted: list[Line], at: datetime, due: datetime) -> Iterator[Thing]:
    waiting = [line for line in counted if line.cancelled_at is None]
    not_full = any(not line.full for line in waiting)
    legs = (
        ("otif", all(line.full_on_time for line in counted), not_full),
        ("on_time", all(line.by_promise(line.delivered_at) for line in counted),
         any(line.delivered_at is None for line in waiting)),
        ("in_full", all(line.full for line in counted), not_full),
        ("on_time_shipped", all(line.by_promise(line.shipped_at) for line in counted),
         any(line.shipped_at is None for line in waiting)),
    )
    for metric, passed, is_open in legs:
        yield world.share(metric, order.branch, at, passed, open=is_open, due=due)


def kept(world: World) -> Iterator[Thing]:
    """promise_kept: lines, by the promise in force."""
    for line in lines(world):
        promise = line.promised_for or line.first_promised_for
        if promise is None or line.will_call or line.cancelled_by_customer:
            continue
        due = world.branches[line.branch].end_of(promise)
        yield world.share("promise_kept", line.branch, promise,
                          line.delivered_at is not None and line.delivered_at <= due,
                          open=line.delivered_at is None and line.cancelled_at is None, due=due)


def cycle(world: World) -> Iterator[Thing]:
    """order_cycle_time, same_day_priority, and the orders that exceptions are counted against."""
    noted: dict[str, date] = {}  # the week of each branch's first exception: before it nobody noted any
    for row in world.of("exceptions"):
        if row.get("opened_at") is not None:
            noted[row["branch"]] = min(world.week(row["opened_at"]), noted.get(row["branch"], date.max))
    for order in orders(world):
        if not order.live:
            continue
        if order.branch in noted and world.week(order.ordered_at) >= noted[order.branch]:
            yield Thing("exceptions_per_100_orders", order.branch, order.ordered_at, whole=1.0)
        yield from world.lasted("order_cycle_time", order.branch, order.ordered_at, order.ordered_at, order.shipped_at)
        if _priority(order) and order.ordered_at.strftime("%H:%M") < world.options["priority_cutoff"].zfill(5):
            midnight = datetime.combine(order.ordered_at.date() + DAY, time())
            yield world.share("same_day_priority", order.branch, order.ordered_at,
                              order.shipped_at is not None and order.shipped_at < midnight,
                              open=order.shipped_at is None, due=midnight)


def _priority(order: Order) -> bool:
    """Whether the order is urgent; unknown, so not, when its lines differ."""
    known = {line.priority.casefold() for line in order.lines if line.priority}
    return len(known) == 1 and not known & set(NO_PRIORITY)
