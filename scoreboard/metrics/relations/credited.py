"""Credited lines, and shipped orders with their errors. A line credited twice is one error."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, String, and_, case, cast, exists, func, select

from scoreboard.facts.sources import credits
from scoreboard.metrics.model import Expression, Relation
from scoreboard.metrics.relations.common import count_of, error_reasons, folded, surely
from scoreboard.metrics.relations.deliveries import lines, orders

C, N, O = credits.c, lines.table.c, orders.table.c  # noqa: E741 - the letter of each relation
_DESCRIBES = ("credit_no", "credit_line", "order_no", "order_line", "reason", "handoff", "provider", "service_type",
              "part_no", "part_class", "route", "carrier", "customer")


def _our_error() -> Expression:
    counted = exists().where(error_reasons.c.reason == folded(C.reason))
    return and_(counted, ~surely(C.customer_error))


def _credits() -> Any:
    """Each credit with what it credits and when that was shipped, else when it was issued."""
    by_order = select(N.branch, N.order_no, func.max(N.last_shipped_at).label("shipped_at")).where(
        N.order_no.is_not(None)).group_by(N.branch, N.order_no).subquery("order_shipped")
    unit = case((and_(C.order_no.is_not(None), C.order_line.is_not(None)), C.order_no + "/" + C.order_line),
                (C.credit_no.is_not(None), C.credit_no + "//" + func.coalesce(C.credit_line, "")),
                else_=cast(func.row_number().over(), String))
    shipped = func.coalesce(N.last_shipped_at, by_order.c.shipped_at, C.shipped_at)
    error, caught = _our_error(), surely(C.caught_before_customer)
    return (select(
        C.branch, unit.label("unit"), C.credit_no, C.credit_line, C.order_no, C.order_line, C.issued_at, C.reason,
        C.handoff, C.value, C.qty, C.provider, C.service_type, N.part_no, N.part_class, N.route, N.carrier, N.customer,
        func.coalesce(shipped, C.issued_at).label("shipped_at"), shipped.is_(None).label("dated_by_issue"),
        and_(error, ~caught).label("error"), and_(error, caught).label("caught"), surely(C.customer_error).label("theirs"),
    ).select_from(credits)
        .outerjoin(lines.table, and_(N.branch == C.branch, N.order_no == C.order_no, N.line_no == C.order_line))
        .outerjoin(by_order, and_(by_order.c.branch == C.branch, by_order.c.order_no == C.order_no))
        .where(C.issued_at.is_not(None))).subquery("credit")


def _credited() -> Select[Any]:
    p = _credits().c
    earliest = func.min(p.shipped_at)
    shipped = func.coalesce(earliest.filter(and_(p.error, ~p.dated_by_issue)), earliest.filter(p.error), earliest)
    return select(p.branch, p.unit, *(func.coalesce(func.min(p[c]).filter(p.error), func.min(p[c])).label(c) for c in _DESCRIBES),
                  func.min(p.issued_at).label("issued_at"), shipped.label("shipped_at"),
                  func.bool_and(p.dated_by_issue).label("dated_by_issue"),
                  func.sum(p.value).label("value"), func.count().label("credits"), func.bool_or(p.error).label("error"),
                  func.bool_or(p.caught).label("caught"), func.bool_or(p.theirs).label("theirs")).group_by(p.branch, p.unit)


credited_lines = Relation("credited_lines", _credited(), ("credits", "order_lines", "shipments"), {
    "shipped_at": ("order_lines.shipped_at", "shipments.shipped_at", "credits.shipped_at", "credits.issued_at")},
    grouped=True, above=(lines,))
E = credited_lines.table.c


def _shipped_orders() -> Select[Any]:
    wrong = select(E.branch, E.order_no, count_of(E.error).label("errors"), func.min(E.reason).filter(E.error).label("reason")).where(
        E.order_no.is_not(None)).group_by(E.branch, E.order_no).subquery("wrong")
    return (select(*orders.table.columns, func.coalesce(wrong.c.errors, 0).label("errors"), wrong.c.reason)
            .select_from(orders.table)
            .outerjoin(wrong, and_(wrong.c.branch == O.branch, wrong.c.order_no == O.order_no))
            .where(O.first_shipped_at.is_not(None)))


shipped_orders = Relation("shipped_orders", _shipped_orders(), ("order_lines", "shipments", "credits"),
                          {"first_shipped_at": orders.dates["first_shipped_at"]}, grouped=True,
                          above=(orders, credited_lines))
