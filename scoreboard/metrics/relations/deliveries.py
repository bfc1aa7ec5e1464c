"""Order lines and orders, with what their shipments say.

Where shipments of a line exist, its quantities and dates are derived from them: a date is the one at which
the ordered quantity was reached, and is open while a piece is outstanding. A shipment without a line number
carries every line of its order whole.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, and_, case, func, or_, select, true

from scoreboard.facts.sources import order_lines, shipments
from scoreboard.metrics.model import Expression, Relation, days_after
from scoreboard.metrics.relations.common import as_of, count_of, end_of, one_or_mixed, surely

L, S = order_lines.c, shipments.c
STOCK_OUT = "%stock%"
_CARRIED = ("carrier", "route", "provider", "service_type")


def _promise() -> Expression:
    """The first promise; a change the customer asked for moves it, our own re-dating does not."""
    return case((surely(L.promise_moved_by == "customer"), func.coalesce(L.promised_for, L.first_promised_for)),
                else_=L.first_promised_for)


def _pieces() -> Any:
    """One row per shipment and line it carries, with the quantity reached by then."""
    line = select(L.branch, L.order_no, L.line_no, L.qty_ordered, end_of(_promise(), as_of.c.closes).label("due_at")).join(
        as_of, as_of.c.branch == L.branch).where(L.order_no.is_not(None)).subquery("line")
    first = select(S.branch, S.order_no, func.min(S.shipped_at).label("order_first_at")).group_by(
        S.branch, S.order_no).subquery("first_shipment")
    qty = case((S.line_no.is_(None), line.c.qty_ordered), else_=func.coalesce(S.qty, line.c.qty_ordered))

    def reached(at: Any) -> Expression:
        counted = func.sum(case((at.is_not(None), qty)))
        return counted.over(partition_by=(line.c.branch, line.c.order_no, line.c.line_no), order_by=at)

    return (select(line.c.branch, line.c.order_no, line.c.line_no, line.c.qty_ordered, line.c.due_at,
                   first.c.order_first_at, qty.label("qty"), S.picked_at, S.staged_at, S.loaded_at, S.shipped_at,
                   S.delivered_at, S.will_call, *(S[c] for c in _CARRIED),
                   reached(S.shipped_at).label("shipped_at_qty"), reached(S.delivered_at).label("delivered_at_qty"))
            .select_from(shipments)
            .join(line, and_(line.c.branch == S.branch, line.c.order_no == S.order_no,
                             or_(S.line_no.is_(None), S.line_no == line.c.line_no)))
            .join(first, and_(first.c.branch == S.branch, first.c.order_no == S.order_no))).subquery("piece")


def _shipped_lines() -> Any:
    """Per order line the sums and dates of its shipments."""
    p = _pieces().c

    def complete(column: str) -> Expression:
        at = p[column]
        return func.coalesce(func.min(at).filter(and_(at.is_not(None), p[column + "_qty"] >= p.qty_ordered)),
                             case((func.bool_and(at.is_not(None)), func.max(at))))

    on_first = func.coalesce(func.sum(p.qty).filter(p.shipped_at == p.order_first_at), 0.0)
    return select(
        p.branch, p.order_no, p.line_no,
        func.sum(p.qty).filter(p.shipped_at.is_not(None)).label("qty_shipped"),
        case((func.max(p.order_first_at).is_not(None), on_first)).label("qty_first_shipment"),
        func.sum(p.qty).filter(p.delivered_at.is_not(None)).label("qty_delivered"),
        func.sum(p.qty).filter(p.delivered_at <= p.due_at).label("qty_on_time"),
        *(func.max(p[c]).label(c) for c in ("picked_at", "staged_at", "loaded_at")),
        func.min(p.shipped_at).label("first_shipped_at"), func.max(p.shipped_at).label("last_shipped_at"),
        complete("shipped_at").label("shipped_at"), complete("delivered_at").label("delivered_at"),
        func.bool_or(p.will_call).label("will_call"), *(func.max(p[c]).label(c) for c in _CARRIED),
    ).group_by(p.branch, p.order_no, p.line_no).subquery("shipped")


def _lines() -> Select[Any]:
    sh = _shipped_lines()
    seen = sh.c.branch.is_not(None)

    def either(name: str, ours: str = "") -> Expression:
        return case((seen, sh.c[name]), else_=L[ours or name])

    due, moved_due = (end_of(at, as_of.c.closes) for at in (_promise(), func.coalesce(L.promised_for, L.first_promised_for)))
    first_shipped, cancelled = either("first_shipped_at", "shipped_at"), L.cancelled_at
    stock_out = surely(and_(cancelled.is_not(None), L.cancel_reason.ilike(STOCK_OUT)))
    by_customer = surely(and_(cancelled.is_not(None), ~stock_out, or_(first_shipped.is_(None), cancelled < first_shipped),
                              or_(due.is_(None), cancelled <= due)))
    return (select(
        L.branch, L.order_no, L.line_no, L.customer, L.part_no, L.part_class, L.part_family, L.ordered_at,
        L.requested_for, L.first_promised_for, L.promised_for, L.promise_moved_by, L.promise_made_by, L.qty_ordered,
        *(either(c).label(c) for c in ("qty_first_shipment", "qty_shipped", "qty_delivered", "picked_at", "staged_at",
                                       "loaded_at", "shipped_at", "delivered_at")),
        case((seen, sh.c.qty_on_time), (L.delivered_at <= due, L.qty_delivered)).label("qty_on_time"),
        first_shipped.label("first_shipped_at"), either("last_shipped_at", "shipped_at").label("last_shipped_at"),
        cancelled, L.cancel_reason, L.priority, *(func.coalesce(sh.c[c], L[c]).label(c) for c in _CARRIED),
        L.backordered, L.substituted, L.transfer, L.value,
        surely(func.coalesce(sh.c.will_call, L.will_call)).label("will_call"),
        _promise().label("promise_at"), due.label("due_at"),
        func.coalesce(_promise(), L.ordered_at).label("fill_at"),
        func.coalesce(L.promised_for, L.first_promised_for).label("last_promise_at"), moved_due.label("last_due_at"),
        by_customer.label("cancelled_by_customer"), stock_out.label("stock_out"),
        and_(func.coalesce(L.stocked, true()), ~surely(L.part_family.ilike("core charge%"))).label("stock_item"),
    ).select_from(order_lines).join(as_of, as_of.c.branch == L.branch)
        .outerjoin(sh, and_(sh.c.branch == L.branch, sh.c.order_no == L.order_no, sh.c.line_no == L.line_no))
        .where(L.ordered_at.is_not(None)))


_PROMISE = ("order_lines.first_promised_for", "order_lines.promised_for")
_SHIPPED = ("order_lines.shipped_at", "shipments.shipped_at")
lines = Relation("lines", _lines(), ("order_lines", "shipments"), {
    "ordered_at": ("order_lines.ordered_at",), "fill_at": (*_PROMISE, "order_lines.ordered_at"),
    "promise_at": _PROMISE, "last_promise_at": _PROMISE, "last_shipped_at": _SHIPPED})
N = lines.table.c


def line_fills(row: Any) -> Expression:
    """A stocked line that the customer did not cancel is what a fill rate counts."""
    return and_(row.stock_item, ~row.cancelled_by_customer)


def line_filled(row: Any) -> Expression:
    """Complete on the first shipment; an accepted substitute or supersession is a fill."""
    return surely(and_(~row.stock_out, or_(row.qty_first_shipment >= row.qty_ordered, row.substituted)))


def line_unshipped(row: Any) -> Expression:
    """Nothing has been shipped yet and nothing says it will not be."""
    return and_(row.qty_first_shipment.is_(None), ~surely(row.substituted), row.cancelled_at.is_(None))


def line_critical(row: Any) -> Expression:
    """A line of a part that somebody's machine stands still without."""
    return surely(row.part_class == "critical")


def _orders() -> Select[Any]:
    fills, live = line_fills(N), ~N.cancelled_by_customer
    promised = and_(N.promise_at.is_not(None), ~N.will_call, live)
    full = surely(N.qty_delivered >= N.qty_ordered)
    uncancelled = N.cancelled_at.is_(None)
    moved = surely(and_(N.promise_moved_by == "us", N.promised_for != N.first_promised_for))
    return select(
        N.branch, N.order_no, func.min(N.customer).label("customer"), func.count().label("lines"),
        func.min(N.ordered_at).label("ordered_at"),
        func.max(N.promise_at).filter(promised).label("promise_at"), func.max(N.due_at).filter(promised).label("due_at"),
        func.coalesce(func.max(N.promise_at).filter(fills), func.min(N.ordered_at)).label("fill_at"),
        func.coalesce(func.max(N.due_at).filter(fills), days_after(func.min(N.ordered_at), 7)).label("fill_due_at"),
        surely(func.bool_or(and_(fills, line_critical(N)))).label("critical"),
        count_of(fills).label("fill_lines"), count_of(and_(fills, line_filled(N))).label("filled_lines"),
        count_of(and_(fills, N.stock_out)).label("stock_out_lines"),
        surely(func.bool_and(line_unshipped(N)).filter(fills)).label("unshipped"),
        surely(func.bool_or(and_(fills, surely(N.substituted)))).label("substituted"),
        surely(func.bool_or(and_(fills, surely(N.transfer)))).label("transfer"),
        count_of(promised).label("promised_lines"), count_of(and_(promised, full)).label("full_lines"),
        count_of(and_(promised, surely(N.delivered_at <= N.due_at))).label("on_time_lines"),
        count_of(and_(promised, surely(N.qty_on_time >= N.qty_ordered))).label("otif_lines"),
        count_of(and_(promised, N.delivered_at.is_not(None))).label("delivered_lines"),
        count_of(and_(promised, surely(N.shipped_at <= N.due_at))).label("shipped_on_time_lines"),
        count_of(and_(promised, N.shipped_at.is_not(None))).label("shipped_promised_lines"),
        count_of(and_(promised, ~full, uncancelled)).label("open_lines"),
        count_of(and_(promised, N.delivered_at.is_(None), uncancelled)).label("undelivered_lines"),
        count_of(and_(promised, N.shipped_at.is_(None), uncancelled)).label("unshipped_lines"),
        count_of(moved).label("moved_lines"), count_of(live).label("live_lines"),
        func.min(N.first_shipped_at).label("first_shipped_at"),
        case((func.bool_and(N.shipped_at.is_not(None)).filter(live), func.max(N.shipped_at).filter(live))).label("shipped_at"),
        func.max(N.delivered_at).label("delivered_at"), one_or_mixed(func.lower(N.priority)).label("priority"),
        one_or_mixed(N.promise_made_by).label("promise_made_by"), *(one_or_mixed(N[c]).label(c) for c in _CARRIED),
    ).where(N.order_no.is_not(None)).group_by(N.branch, N.order_no)


orders = Relation("orders", _orders(), ("order_lines", "shipments"), {
    "ordered_at": ("order_lines.ordered_at",), "promise_at": _PROMISE,
    "fill_at": (*_PROMISE, "order_lines.ordered_at"), "first_shipped_at": _SHIPPED}, grouped=True, above=(lines,))
