"""The causes of RULES: one relation each, made of facts or of what metrics count. Columns: see `model`."""

from __future__ import annotations

from typing import Any

from sqlalchemy import DateTime, Select, and_, case, cast, func, literal, null, or_, select

from scoreboard.facts.sources import quotes, returns
from scoreboard.metrics import relations as r
from scoreboard.metrics.model import Expression, Relation, days_after, option
from scoreboard.metrics.relations.common import count_of, surely
from scoreboard.rules.model import natural

N, G, R, Q = r.lines.table.c, r.quote_groups.table.c, r.return_lines.table.c, quotes.c
_QUOTE = func.coalesce(Q.quote_group, Q.quote_no)


def _first(*ends: tuple[Expression, str, Expression]) -> tuple[Expression, Expression]:
    """`over` and `over_at` of the first end that has come, of (condition, word, instant)."""
    return (case(*((came, literal(word)) for came, word, _ in ends)).label("over"),
            case(*((came, at) for came, _, at in ends)).label("over_at"))


def _no_time() -> Expression:
    return cast(null(), DateTime)


def _one(column: Any) -> Expression:
    """The one value of a group; NULL when there are several."""
    return case((func.min(column) == func.max(column), func.min(column)))


# ---- deliveries --------------------------------------------------------------------------------------
def _late_orders() -> Select[Any]:
    """Orders with deliveries promised. A line waits until all of it is delivered, or it is cancelled; the first promise counts,
    and our own re-dating does not move it."""
    promised = and_(N.promise_at.is_not(None), ~N.will_call)
    waits = and_(promised, N.delivered_at.is_(None), N.cancelled_at.is_(None))
    delivered, done = count_of(and_(promised, N.delivered_at.is_not(None))), count_of(waits) == 0
    return select(
        N.branch, N.order_no.label("cause"), func.min(N.due_at).filter(waits).label("since"),
        *_first((and_(done, delivered > 0), "Delivered", func.max(N.delivered_at)),
                (and_(done, func.max(N.cancelled_at).is_not(None)), "Cancelled", func.max(N.cancelled_at))),
        N.order_no, func.min(N.customer).label("customer"), func.min(N.ordered_at).label("ordered_at"),
        *(_one(N[c]).label(c) for c in ("promise_made_by", "route", "carrier", "provider", "service_type")),
        count_of(waits).label("waiting_lines"), func.count().label("lines"),
    ).where(N.order_no.is_not(None)).group_by(N.branch, N.order_no)


late_orders = Relation("late_orders", _late_orders(), ("order_lines", "shipments"), {"since": r.lines.dates["promise_at"]},
                       grouped=True, above=(r.lines,))


def _critical_backorders() -> Select[Any]:
    waits = and_(r.line_critical(N), surely(N.backordered), ~N.cancelled_by_customer)
    return select(
        N.branch, natural(N.order_no, N.line_no).label("cause"), case((waits, N.ordered_at)).label("since"),
        *_first((N.shipped_at.is_not(None), "Shipped", N.shipped_at), (N.cancelled_at.is_not(None), "Cancelled", N.cancelled_at),
                (surely(N.substituted), "Filled with a substitute", _no_time())),
        N.order_no, N.line_no, N.customer, N.part_no, N.part_family, N.ordered_at, N.qty_ordered, N.qty_shipped,
        N.promise_at, N.route, N.provider, N.service_type,
    ).where(and_(N.order_no.is_not(None), N.line_no.is_not(None)))


critical_backorders = Relation("critical_backorders", _critical_backorders(), ("order_lines", "shipments"),
                               {"since": r.lines.dates["ordered_at"]}, above=(r.lines,))


# ---- returns and cores -------------------------------------------------------------------------------
_OF_RETURN = (R.rma_no, R.rma_line, R.kind, R.customer, R.order_no, R.part_no, R.supplier, R.received_at, R.supplier_deadline_on,
              R.value, R.provider, R.service_type)


def _returned(since: Expression) -> Select[Any]:
    """Returned lines; both rules wait for a credit, or for the line to be closed without one."""
    return select(R.branch, natural(R.rma_no, R.rma_line).label("cause"), since.label("since"),
                  *_first((R.credited_at.is_not(None), "Credited", R.credited_at), (R.closed_at.is_not(None), "Closed", R.closed_at)),
                  *_OF_RETURN).where(R.rma_no.is_not(None))


uncredited_returns = Relation(
    "uncredited_returns", _returned(case((r.own_return(R), days_after(R.received_at, option("credit_days"))))), ("returns",),
    {"since": ("returns.received_at",)}, above=(r.return_lines,))
cores_near_deadline = Relation(
    "cores_near_deadline", _returned(case((and_(R.kind == "core", R.received_at.is_not(None)), R.deadline_near_at))), ("returns",),
    {"since": ("returns.supplier_deadline_on",)}, above=(r.return_lines,))


# ---- quotes ------------------------------------------------------------------------------------------
unanswered_quotes = Relation("unanswered_quotes", select(
    G.branch, G.unit.label("cause"), G.requested_at.label("since"),
    *_first((G.responded_at.is_not(None), "Answered", G.responded_at), (G.converted, "Ordered", G.ordered_at),
            *((G.outcome == word, f"Marked as {word}", _no_time()) for word in ("won", "lost", "no quote"))),
    G.quote_no, G.customer, G.requested_at, G.channel, G.kind, G.priority, G.revisions, G.value,
).where(G.quote_no.is_not(None)), ("quotes", "order_lines"), {"since": ("quotes.requested_at",)}, grouped=True, above=(r.quote_groups,))


def _unverified() -> Select[Any]:
    """Quotes by group; the last answer that speaks of stock decides. What a file leaves blank is not known, so it is no miss."""
    checked = or_(surely(Q.stock_verified), surely(Q.substitute_offered))
    bad = and_(surely(Q.eta_given), Q.stock_verified.is_(False), ~checked, Q.responded_at.is_not(None))
    bad_at, checked_at = (func.max(Q.responded_at).filter(one) for one in (bad, checked))
    made_good = surely(and_(checked_at.is_not(None), or_(bad_at.is_(None), checked_at >= bad_at)))
    return select(
        Q.branch, _QUOTE.label("cause"), func.min(Q.responded_at).filter(bad).label("since"),
        *_first((made_good, "Stock is verified, or a substitute offered", _no_time()),
                *((func.max(Q.outcome) == word, f"Marked as {word}", _no_time()) for word in ("lost", "no quote"))),
        func.min(Q.quote_no).label("quote_no"), func.min(Q.customer).label("customer"), func.max(Q.order_no).label("order_no"),
        func.min(Q.requested_at).label("requested_at"), bad_at.label("responded_at"), _one(Q.channel).label("channel"),
        func.max(Q.value).label("value"),
    ).where(_QUOTE.is_not(None)).group_by(Q.branch, _QUOTE)


unverified_etas = Relation("unverified_etas", _unverified(), ("quotes",), {"since": ("quotes.responded_at",)}, grouped=True)
FOUND_BY_QUOTE, FOUND_BY_RETURN = (_QUOTE,), (returns.c.rma_no, returns.c.rma_line)
