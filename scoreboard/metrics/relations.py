"""RELATIONS of the catalogue: one row per thing counted (line, order, credited line, quote group, …).

Besides the facts they read three small tables made for each run: `as_of` (per branch: its calendar, its close
of business in minutes after midnight), `error_reasons` and `standards` (options as rows). A time of 00:00 is
a date without a time: a promise for it ends at close of business, and so does "by that day".
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Column, DateTime, Double, Interval, MetaData, Select, String, Table, and_, case, cast, exists, false, func,
    literal_column, null, or_, select, true,
)

from scoreboard.facts.sources import contacts, credits, exceptions, inventory, order_lines, quotes, returns, shifts
from scoreboard.facts.sources import shipments, surveys, team_changes
from scoreboard.metrics.model import Expression, Relation, days_after, option

_RUN = MetaData()
as_of = Table("as_of", _RUN, Column("branch", String), Column("calendar", String), Column("closes", Double))
error_reasons = Table("error_reasons", _RUN, Column("reason", String))
standards = Table("standards", _RUN, Column("type", String), Column("minutes", Double))

L, S, C, Q, R, X = order_lines.c, shipments.c, credits.c, quotes.c, returns.c, exceptions.c
STOCK_OUT = "%stock%"


def _true(expression: Expression) -> Expression:
    """NULL counts as false."""
    return func.coalesce(expression, false())


def _end_of(instant: Expression, closes: Expression) -> Expression:
    """A date without a time ends at close of business."""
    minutes = literal_column("INTERVAL '1 minute'", Interval) * closes
    return case((instant == func.date_trunc("day", instant), instant + minutes), else_=instant)


def _one_or_mixed(column: Expression) -> Expression:
    return case((func.min(column) == func.max(column), func.min(column)),
                (func.max(column).is_(None), null()), else_="mixed")


def _promise() -> Expression:
    """The first promise; a change the customer asked for moves it, our own re-dating does not."""
    return case((_true(L.promise_moved_by == "customer"), func.coalesce(L.promised_for, L.first_promised_for)),
                else_=L.first_promised_for)


def _shipped_lines() -> Any:
    """Per order line the sums of its shipments. A shipment without line number carries every line whole."""
    line = select(L.branch, L.order_no, L.line_no, L.qty_ordered,
                  _end_of(_promise(), as_of.c.closes).label("due_at")).join(as_of, as_of.c.branch == L.branch).where(
        L.order_no.is_not(None)).subquery("line")
    first = select(S.branch, S.order_no, func.min(S.shipped_at).label("at")).group_by(
        S.branch, S.order_no).subquery("first_shipment")
    qty = func.coalesce(S.qty, line.c.qty_ordered)
    return (select(
        line.c.branch, line.c.order_no, line.c.line_no,
        func.sum(qty).filter(S.shipped_at.is_not(None)).label("qty_shipped"),
        func.coalesce(func.sum(qty).filter(S.shipped_at == first.c.at), 0.0).label("qty_first_shipment"),
        func.sum(qty).filter(S.delivered_at.is_not(None)).label("qty_delivered"),
        func.sum(qty).filter(S.delivered_at <= line.c.due_at).label("qty_on_time"),
        *(func.max(S[c]).label(c) for c in ("picked_at", "staged_at", "loaded_at", "shipped_at", "delivered_at")),
        func.bool_or(S.will_call).label("will_call"),
        *(func.max(S[c]).label(c) for c in ("carrier", "route", "provider", "service_type")),
    ).select_from(shipments)
        .join(line, and_(line.c.branch == S.branch, line.c.order_no == S.order_no,
                         or_(S.line_no.is_(None), S.line_no == line.c.line_no)))
        .join(first, and_(first.c.branch == S.branch, first.c.order_no == S.order_no))
        .group_by(line.c.branch, line.c.order_no, line.c.line_no)).subquery("shipped")


def _lines() -> Select[Any]:
    sh = _shipped_lines()
    seen = sh.c.branch.is_not(None)

    def either(name: str) -> Expression:
        return case((seen, sh.c[name]), else_=L[name])

    due = _end_of(_promise(), as_of.c.closes)
    shipped, cancelled = either("shipped_at"), L.cancelled_at
    stock_out = _true(and_(cancelled.is_not(None), L.cancel_reason.ilike(STOCK_OUT)))
    by_customer = _true(and_(cancelled.is_not(None), ~stock_out,
                             or_(shipped.is_(None), cancelled < shipped), or_(due.is_(None), cancelled <= due)))
    on_time_qty = case((seen, sh.c.qty_on_time), (L.delivered_at <= due, L.qty_delivered))
    return (select(
        L.branch, L.order_no, L.line_no, L.customer, L.part_no, L.part_class, L.part_family, L.ordered_at,
        L.requested_for, L.first_promised_for, L.promised_for, L.promise_moved_by, L.promise_made_by,
        L.qty_ordered, either("qty_first_shipment").label("qty_first_shipment"),
        either("qty_shipped").label("qty_shipped"), either("qty_delivered").label("qty_delivered"),
        on_time_qty.label("qty_on_time"), L.picked_at, L.staged_at, L.loaded_at, shipped.label("shipped_at"),
        either("delivered_at").label("delivered_at"), cancelled, L.cancel_reason, L.priority,
        *(func.coalesce(sh.c[c], L[c]).label(c) for c in ("carrier", "route", "provider", "service_type")),
        L.backordered, L.substituted, L.transfer, L.value,
        _true(func.coalesce(sh.c.will_call, L.will_call)).label("will_call"),
        _promise().label("promise_at"), due.label("due_at"),
        func.coalesce(_promise(), L.ordered_at).label("fill_at"),
        func.coalesce(L.promised_for, L.first_promised_for).label("last_promise_at"),
        _end_of(func.coalesce(L.promised_for, L.first_promised_for), as_of.c.closes).label("last_due_at"),
        by_customer.label("cancelled_by_customer"), stock_out.label("stock_out"),
        and_(func.coalesce(L.stocked, true()), ~_true(L.part_family.ilike("core charge%"))).label("stock_item"),
    ).select_from(order_lines).join(as_of, as_of.c.branch == L.branch)
        .outerjoin(sh, and_(sh.c.branch == L.branch, sh.c.order_no == L.order_no, sh.c.line_no == L.line_no))
        .where(L.ordered_at.is_not(None)))


_PROMISE = ("order_lines.first_promised_for", "order_lines.promised_for")
lines = Relation("lines", _lines(), ("order_lines", "shipments"), {
    "ordered_at": ("order_lines.ordered_at",), "fill_at": (*_PROMISE, "order_lines.ordered_at"),
    "promise_at": _PROMISE, "last_promise_at": _PROMISE,
    "shipped_at": ("order_lines.shipped_at", "shipments.shipped_at")})
N = lines.table.c


def line_fills(row: Any) -> Expression:
    """A stocked line that the customer did not cancel is what a fill rate counts."""
    return and_(row.stock_item, ~row.cancelled_by_customer)


def line_filled(row: Any) -> Expression:
    """Complete on the first shipment; an accepted substitute or supersession is a fill."""
    return _true(and_(~row.stock_out, or_(row.qty_first_shipment >= row.qty_ordered, row.substituted)))


def line_unshipped(row: Any) -> Expression:
    """Nothing has been shipped yet and nothing says it will not be."""
    return and_(row.qty_first_shipment.is_(None), ~_true(row.substituted), row.cancelled_at.is_(None))


def line_promised(row: Any) -> Expression:
    """A delivery was promised, it is not collected by the customer, and the customer did not cancel in time."""
    return and_(row.promise_at.is_not(None), ~row.will_call, ~row.cancelled_by_customer)


def _count(condition: Expression) -> Expression:
    return func.count().filter(condition)


def _orders() -> Select[Any]:
    fills, promised = line_fills(N), line_promised(N)
    full = _true(N.qty_delivered >= N.qty_ordered)
    return select(
        N.branch, N.order_no, func.min(N.customer).label("customer"), func.count().label("lines"),
        func.min(N.ordered_at).label("ordered_at"),
        func.max(N.promise_at).filter(promised).label("promise_at"),
        func.max(N.due_at).filter(promised).label("due_at"),
        func.coalesce(func.max(N.promise_at).filter(fills), func.min(N.ordered_at)).label("fill_at"),
        func.coalesce(func.max(N.due_at).filter(fills), days_after(func.min(N.ordered_at), 7)).label("fill_due_at"),
        _true(func.bool_or(and_(fills, _true(N.part_class == "critical")))).label("critical"),
        _count(fills).label("fill_lines"), _count(and_(fills, line_filled(N))).label("filled_lines"),
        _count(and_(fills, N.stock_out)).label("stock_out_lines"),
        _true(func.bool_and(line_unshipped(N)).filter(fills)).label("unshipped"),
        _true(func.bool_or(and_(fills, _true(N.substituted)))).label("substituted"),
        _true(func.bool_or(and_(fills, _true(N.transfer)))).label("transfer"),
        _count(promised).label("promised_lines"), _count(and_(promised, full)).label("full_lines"),
        _count(and_(promised, _true(N.delivered_at <= N.due_at))).label("on_time_lines"),
        _count(and_(promised, _true(N.qty_on_time >= N.qty_ordered))).label("otif_lines"),
        _count(and_(promised, N.delivered_at.is_not(None))).label("delivered_lines"),
        _count(and_(promised, _true(N.shipped_at <= N.due_at))).label("shipped_on_time_lines"),
        _count(and_(promised, N.shipped_at.is_not(None))).label("shipped_promised_lines"),
        _count(and_(promised, ~full, N.cancelled_at.is_(None))).label("open_lines"),
        _count(and_(promised, N.delivered_at.is_(None), N.cancelled_at.is_(None))).label("undelivered_lines"),
        _count(and_(promised, N.shipped_at.is_(None), N.cancelled_at.is_(None))).label("unshipped_lines"),
        _count(_true(and_(N.promise_moved_by == "us", N.promised_for != N.first_promised_for))).label("moved_lines"),
        _count(~N.cancelled_by_customer).label("live_lines"),
        _count(and_(~N.cancelled_by_customer, N.shipped_at.is_not(None))).label("shipped_lines"),
        func.min(N.shipped_at).label("first_shipped_at"),
        case((func.bool_and(N.shipped_at.is_not(None)).filter(~N.cancelled_by_customer), func.max(N.shipped_at)))
        .label("shipped_at"),
        func.max(N.delivered_at).label("delivered_at"),
        *(_one_or_mixed(N[c]).label(c) for c in (
            "carrier", "route", "provider", "service_type", "priority", "promise_made_by")),
    ).where(N.order_no.is_not(None)).group_by(N.branch, N.order_no)


orders = Relation("orders", _orders(), ("order_lines", "shipments"), {
    "ordered_at": ("order_lines.ordered_at",), "promise_at": _PROMISE,
    "fill_at": (*_PROMISE, "order_lines.ordered_at"),
    "shipped_at": ("order_lines.shipped_at", "shipments.shipped_at"),
    "first_shipped_at": ("order_lines.shipped_at", "shipments.shipped_at")}, grouped=True, above=(lines,))
O = orders.table.c  # noqa: E741 - the letter of the relation, like the others


def _our_error() -> Expression:
    counted = exists().where(error_reasons.c.reason == func.lower(C.reason))
    return and_(counted, ~_true(C.customer_error))


def _credited() -> Select[Any]:
    """Credits with the shipment date of what they credit; a line credited twice is one error."""
    by_order = select(N.branch, N.order_no, func.max(N.shipped_at).label("shipped_at")).where(
        N.order_no.is_not(None)).group_by(N.branch, N.order_no).subquery("order_shipped")
    unit = case((and_(C.order_no.is_not(None), C.order_line.is_not(None)), C.order_no + "/" + C.order_line),
                (C.credit_no.is_not(None), C.credit_no + "//" + func.coalesce(C.credit_line, "")),
                else_=cast(func.row_number().over(), String))
    shipped = func.coalesce(N.shipped_at, by_order.c.shipped_at, C.shipped_at)
    error, caught = _our_error(), _true(C.caught_before_customer)
    plain = (select(
        C.branch, unit.label("unit"), C.credit_no, C.credit_line, C.order_no, C.order_line, C.issued_at, C.reason,
        C.handoff, C.value, C.qty, C.provider, C.service_type, N.part_no, N.part_class, N.route, N.carrier, N.customer,
        func.coalesce(shipped, C.issued_at).label("shipped_at"), shipped.is_(None).label("dated_by_issue"),
        and_(error, ~caught).label("error"), and_(error, caught).label("caught"), _true(C.customer_error).label("theirs"),
    ).select_from(credits)
        .outerjoin(lines.table, and_(N.branch == C.branch, N.order_no == C.order_no, N.line_no == C.order_line))
        .outerjoin(by_order, and_(by_order.c.branch == C.branch, by_order.c.order_no == C.order_no))
        .where(C.issued_at.is_not(None))).subquery("credit")
    p = plain.c
    first = ("credit_no", "credit_line", "order_no", "order_line", "reason", "handoff", "provider", "service_type",
             "part_no", "part_class", "route", "carrier", "customer")
    chosen = {c: func.coalesce(func.min(p[c]).filter(p.error), func.min(p[c])).label(c) for c in first}
    return select(p.branch, p.unit, *chosen.values(), func.min(p.issued_at).label("issued_at"),
                  func.min(p.shipped_at).label("shipped_at"), func.bool_and(p.dated_by_issue).label("dated_by_issue"),
                  func.sum(p.value).label("value"), func.count().label("credits"),
                  func.bool_or(p.error).label("error"), func.bool_or(p.caught).label("caught"),
                  func.bool_or(p.theirs).label("theirs")).group_by(p.branch, p.unit)


credited_lines = Relation("credited_lines", _credited(), ("credits", "order_lines", "shipments"), {
    "shipped_at": ("order_lines.shipped_at", "shipments.shipped_at", "credits.shipped_at", "credits.issued_at")},
    grouped=True, above=(lines,))
E_ = credited_lines.table.c


def _shipped_orders() -> Select[Any]:
    wrong = select(E_.branch, E_.order_no, func.count().filter(E_.error).label("errors"),
                   func.min(E_.reason).filter(E_.error).label("reason")).where(
        E_.order_no.is_not(None)).group_by(E_.branch, E_.order_no).subquery("wrong")
    return (select(*orders.table.columns, func.coalesce(wrong.c.errors, 0).label("errors"), wrong.c.reason)
            .select_from(orders.table)
            .outerjoin(wrong, and_(wrong.c.branch == O.branch, wrong.c.order_no == O.order_no))
            .where(O.first_shipped_at.is_not(None)))


shipped_orders = Relation("shipped_orders", _shipped_orders(), ("order_lines", "shipments", "credits"),
                          {"first_shipped_at": orders.dates["first_shipped_at"]}, grouped=True,
                          above=(orders, credited_lines))


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
    undated = and_(e.outcome == "won", e.ordered_at.is_(None))
    return select(
        e.branch, e.unit, func.min(e.quote_no).label("quote_no"), func.count().label("revisions"),
        func.min(e.requested_at).label("requested_at"), func.min(e.answered_at).label("responded_at"),
        func.min(until).label("decided_at"), func.min(e.ordered_at).label("ordered_at"),
        func.min(e.order_no).label("order_no"), func.min(e.customer).label("customer"),
        *(_one_or_mixed(e[c]).label(c) for c in ("channel", "priority", "kind", "outcome")),
        _true(func.bool_or(e.stock_verified)).label("stock_verified"),
        _true(func.bool_or(or_(in_time, undated))).label("converted"),
        func.max(e.value).label("value"),
    ).group_by(e.branch, e.unit)


quote_groups = Relation("quote_groups", _quote_groups(), ("quotes", "order_lines"), {
    "requested_at": ("quotes.requested_at",)}, grouped=True)
G = quote_groups.table.c

return_lines = Relation("return_lines", select(
    *returns.columns,
    case((and_(R.credited_at.is_not(None), R.customer_told_at.is_not(None)),
          func.greatest(R.credited_at, R.customer_told_at))).label("cleared_at"),
    func.coalesce(R.sold_at, R.received_at, R.opened_at).label("sold_or_received_at"),
    (cast(R.supplier_deadline_on, DateTime) - literal_column("INTERVAL '1 day'", Interval) * option("core_deadline_days"))
    .label("deadline_near_at"),
).where(func.coalesce(R.opened_at, R.received_at, R.sold_at).is_not(None)), ("returns",), {
    "received_at": ("returns.received_at",),
    "sold_or_received_at": ("returns.sold_at", "returns.received_at", "returns.opened_at")})

K = contacts.c
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

    return select(*exceptions.columns, standards.c.minutes.label("standard_minutes"),
                  case((and_(X.resolved_at.is_not(None), X.told_at.is_not(None)),
                        func.greatest(X.resolved_at, X.told_at))).label("closed_at"),
                  func.greatest(*(before(c) for c in (X.part_no, X.customer, X.route, X.root_cause))).label("last_alike_at"),
                  ).select_from(exceptions).outerjoin(standards, standards.c.type == func.lower(X.type))


case_rows = Relation("case_rows", _case_rows(), ("exceptions",), {"opened_at": ("exceptions.opened_at",)}, back=91, ahead=91)
T = team_changes.c
H = shifts.c


def _team_weeks() -> Select[Any]:
    leavers = select(func.count()).where(
        T.branch == H.branch, T.event == "left", T.on <= H.week + literal_column("6"),
        T.on > H.week + literal_column("6") - literal_column("364")).scalar_subquery()
    return select(*shifts.columns, cast(H.week, DateTime).label("week_at"),
                  func.coalesce(leavers, 0).label("leavers")).select_from(shifts)


team_weeks = Relation("team_weeks", _team_weeks(), ("shifts", "team_changes"), {"week_at": ("shifts.week",)}, back=364, ahead=364)


def _starters() -> Select[Any]:
    done = team_changes.alias("done")
    began = team_changes.alias("began")
    return select(began.c.branch, began.c.person_key, cast(began.c.on, DateTime).label("started_at"),
                  cast(done.c.on, DateTime).label("proficient_at"), done.c.role).select_from(done).join(
        began, and_(began.c.branch == done.c.branch, began.c.person_key == done.c.person_key,
                    began.c.event == "started")).where(done.c.event == "proficient")


starters = Relation("starters", _starters(), ("team_changes",), {"proficient_at": ("team_changes.on",)}, back=1100, ahead=1100)
I = inventory.c  # noqa: E741


def _stock_years() -> Select[Any]:
    year = inventory.alias("year")
    mine = (year.c.branch == I.branch, year.c.period_end <= I.period_end,
            year.c.period_end > I.period_end - literal_column("364"))
    return select(I.branch, I.period_end, cast(I.period_end, DateTime).label("period_end_at"),
                  func.sum(year.c.cost_of_goods_sold).label("cost_of_goods_sold"),
                  func.avg(year.c.inventory_value).label("average_inventory"), func.count().label("periods"),
                  ).select_from(inventory).join(year, and_(*mine)).group_by(I.branch, I.period_end)


stock_years = Relation("stock_years", _stock_years(), ("inventory",), {"period_end_at": ("inventory.period_end",)},
                       back=366, ahead=366, grouped=True)

ALL: tuple[Relation, ...] = (lines, orders, credited_lines, shipped_orders, quote_groups, return_lines, contact_rows,
                             answers, case_rows, team_weeks, starters, stock_years)
