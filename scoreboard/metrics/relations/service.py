"""Quotes, returns, contacts, survey answers and cases: what happens around an order."""

from __future__ import annotations

from typing import Any

from sqlalchemy import DateTime, Select, String, and_, case, cast, func, or_, select, true

from scoreboard.facts.sources import contacts, exceptions, order_lines, quotes, returns, surveys
from scoreboard.metrics.model import Expression, Relation, days_after, option
from scoreboard.metrics.relations.common import one_or_mixed, standards, surely, waits

L, Q, R, X, K = order_lines.c, quotes.c, returns.c, exceptions.c, contacts.c


def _quote_groups() -> Select[Any]:
    """Revisions collapsed: first request to first complete answer; the link to an order of that number."""
    placed = select(L.branch, L.order_no, func.min(L.ordered_at).label("ordered_at")).where(
        L.order_no.is_not(None)).group_by(L.branch, L.order_no).subquery("placed")
    unit = func.coalesce(Q.quote_group, Q.quote_no, cast(func.row_number().over(), String))
    complete = or_(Q.outcome == "no quote", func.coalesce(Q.eta_given, true()))
    one = (select(*quotes.columns, unit.label("unit"), placed.c.ordered_at,
                  case((complete, Q.responded_at)).label("answered_at"))
           .select_from(quotes)
           .outerjoin(placed, and_(placed.c.branch == Q.branch, placed.c.order_no == Q.order_no))
           .where(Q.requested_at.is_not(None))).subquery("one")
    first = func.min(one.c.requested_at).over(partition_by=(one.c.branch, one.c.unit))
    e = select(*one.columns, first.label("first_requested_at")).subquery("quote").c
    until = days_after(e.first_requested_at, option("conversion_days"))
    in_time = and_(e.ordered_at >= func.date_trunc("day", e.first_requested_at), e.ordered_at < until)
    # An order older than the request is not the one it won. To read it so also spares looking for it among older files.
    undated = and_(e.outcome == "won", or_(e.ordered_at.is_(None), e.ordered_at < func.date_trunc("day", e.first_requested_at)))
    return select(
        e.branch, e.unit, func.min(e.quote_no).label("quote_no"), func.count().label("revisions"),
        func.min(e.requested_at).label("requested_at"), func.min(e.answered_at).label("responded_at"),
        func.min(until).label("decided_at"), func.min(e.ordered_at).label("ordered_at"),
        func.min(e.order_no).label("order_no"), func.min(e.customer).label("customer"),
        *(one_or_mixed(e[c]).label(c) for c in ("channel", "priority", "kind", "outcome")),
        surely(func.bool_or(e.stock_verified)).label("stock_verified"),
        surely(func.bool_or(or_(in_time, undated))).label("converted"),
        func.max(e.value).label("value"),
    ).group_by(e.branch, e.unit)


quote_groups = Relation("quote_groups", _quote_groups(), ("quotes", "order_lines"), {
    "requested_at": ("quotes.requested_at",)}, grouped=True)
return_lines = Relation("return_lines", select(
    *returns.columns,
    case((and_(R.credited_at.is_not(None), R.customer_told_at.is_not(None)),
          func.greatest(R.credited_at, R.customer_told_at))).label("cleared_at"),
    func.coalesce(R.sold_at, R.received_at, R.opened_at).label("sold_or_received_at"),
    days_after(cast(R.supplier_deadline_on, DateTime), -option("core_deadline_days")).label("deadline_near_at"),
).where(func.coalesce(R.opened_at, R.received_at, R.sold_at).is_not(None)), ("returns",), {
    "received_at": ("returns.received_at",),
    "sold_or_received_at": ("returns.sold_at", "returns.received_at", "returns.opened_at")})


def own_return(row: Any) -> Expression:
    """A return the customer gets a credit of ours for; cores wait for the supplier's."""
    return row.kind.in_(["return", "warranty", "damaged"])  # type: ignore[no-any-return]


contact_rows = Relation("contact_rows", select(
    *contacts.columns,
    func.lead(K.at).over(partition_by=(K.branch, K.customer, K.part_no), order_by=(K.at, K.contact_no)).label("next_at"),
    days_after(K.at, option("repeat_contact_days")).label("decided_at"),
).where(K.at.is_not(None)), ("contacts",), {"at": ("contacts.at",)}, back=31, ahead=31)

answers = Relation("answers", select(*surveys.columns).where(surveys.c.at.is_not(None)), ("surveys",),
                   {"at": ("surveys.at",)})


def _case_rows() -> Select[Any]:
    def before(column: Any) -> Expression:
        ordered = func.lag(X.opened_at).over(partition_by=(X.branch, X.type, column), order_by=(X.opened_at, X.case_no))
        return case((column.is_not(None), ordered))

    told = [func.coalesce(X.first_told_at, X.told_at).label(c.name) if c.name == "first_told_at" else c for c in exceptions.columns]
    return select(*told, standards.c.minutes.label("standard_minutes"), waits.c.minutes.label("waited_minutes"),
                  case((and_(X.resolved_at.is_not(None), X.told_at.is_not(None)),
                        func.greatest(X.resolved_at, X.told_at))).label("closed_at"),
                  func.greatest(*(before(c) for c in (X.part_no, X.customer, X.route, X.root_cause))).label("last_alike_at"),
                  ).select_from(exceptions).outerjoin(standards, standards.c.type == func.lower(X.type)).outerjoin(
                      waits, and_(waits.c.branch == X.branch, waits.c.case_no == X.case_no))


case_rows = Relation("case_rows", _case_rows(), ("exceptions",), {"opened_at": ("exceptions.opened_at",)}, back=91, ahead=91)
