"""RULES: every rule over the facts, declared once. Adding a rule is adding one entry here, with its relation in `causes`.

Each is off until somebody switches it on. What it judges by is agreed by people: no number stands here.
"""

from __future__ import annotations

from scoreboard.cases.lifecycle import CRITICAL
from scoreboard.errors import Refused, did_you_mean
from scoreboard.facts.sources import order_lines
from scoreboard.rules import causes
from scoreboard.rules.model import Rule

L = order_lines.c
_RETURN = {"rma_no": "Return", "rma_line": "Line", "kind": "Kind", "customer": "Customer", "part_no": "Part", "order_no": "Order",
           "received_at": "Received", "value": "Value"}

RULES: tuple[Rule, ...] = (
    Rule("late_delivery", "Delivery past its promise, and nobody told",
         "If a delivery misses the window, the customer is notified before they call us.",
         "A line is not delivered by the end of its first promise, and no exception says that the customer of the order was told.",
         "late delivery", causes.late_orders, (L.order_no,),
         {"order_no": "Order", "customer": "Customer", "since": "Promised for", "waiting_lines": "Lines not delivered", "lines": "Lines",
          "promise_made_by": "Promised by", "ordered_at": "Ordered", "route": "Route", "carrier": "Carrier", "provider": "Provider"},
         ("order_lines.order_no", "order_lines.ordered_at", "order_lines.first_promised_for|order_lines.promised_for",
          "order_lines.delivered_at|shipments.delivered_at"),
         unless_told=True, promised="delivery by {since}"),
    Rule("critical_backorder", "Critical part backordered",
         "If a part is mission-critical, escalation happens immediately: no waiting until the next shift.",
         "A line of a critical part is backordered and not shipped.",
         "backorder", causes.critical_backorders, (L.order_no, L.line_no),
         {"order_no": "Order", "line_no": "Line", "customer": "Customer", "part_no": "Part", "part_family": "Family",
          "qty_ordered": "Ordered quantity", "qty_shipped": "Shipped quantity", "ordered_at": "Ordered", "promise_at": "Promised for",
          "route": "Route"},
         ("order_lines.order_no", "order_lines.line_no", "order_lines.ordered_at", "order_lines.part_class", "order_lines.backordered",
          "order_lines.shipped_at|shipments.shipped_at"), priority=CRITICAL),
    Rule("credit_overdue", "Credit not issued in time",
         "Returns do not sit in limbo: the customer knows when the credit comes, and it comes.",
         "A return, warranty or damaged part was received {credit_days} days ago, and no credit was issued.",
         "credit delay", causes.uncredited_returns, causes.FOUND_BY_RETURN, {**_RETURN, "since": "Credit due"},
         ("returns.kind", "returns.rma_no", "returns.received_at", "returns.credited_at", "option.credit_days"), apart="credit_days"),
    Rule("core_deadline", "Core near its supplier deadline",
         "Cores do not sit in limbo: each goes back to its supplier in time.",
         "A core was received, and {core_deadline_days} days before the supplier's deadline there is no credit for it.",
         "return or core in limbo", causes.cores_near_deadline, causes.FOUND_BY_RETURN,
         {**_RETURN, "supplier": "Supplier", "supplier_deadline_on": "Supplier's deadline"},
         ("returns.kind", "returns.rma_no", "returns.received_at", "returns.supplier_deadline_on", "returns.credited_at"),
         apart="core_deadline_days"),
    Rule("quote_overdue", "Quote unanswered past its standard",
         "A quote is answered within the standard, with price, availability or a substitute, and an ETA.",
         "A quote has no complete answer {quote_standard_minutes} working minutes after it was requested.",
         "quote overdue", causes.unanswered_quotes, causes.FOUND_BY_QUOTE,
         {"quote_no": "Quote", "customer": "Customer", "requested_at": "Requested", "channel": "Came by", "kind": "Kind",
          "priority": "Priority", "revisions": "Requests of it", "value": "Value"},
         ("quotes.quote_no", "quotes.requested_at", "quotes.responded_at", "option.quote_standard_minutes"),
         after="quote_standard_minutes"),
    Rule("eta_unverified", "ETA given without stock verified",
         "No ETA given unless inventory is verified or substitution options are identified.",
         "A quote was answered with an ETA; its row says that stock was not verified, and no substitute was offered.",
         "ETA not verified", causes.unverified_etas, causes.FOUND_BY_QUOTE,
         {"quote_no": "Quote", "customer": "Customer", "requested_at": "Requested", "responded_at": "Answered with an ETA",
          "channel": "Came by", "order_no": "Order", "value": "Value"},
         ("quotes.quote_no", "quotes.responded_at", "quotes.eta_given", "quotes.stock_verified")),
)

BY_KEY: dict[str, Rule] = {rule.key: rule for rule in RULES}


def find(key: str) -> Rule:
    """A rule by its key. Refused when there is none."""
    if key not in BY_KEY:
        raise Refused(f'There is no rule "{key}".', f"Known: {', '.join(BY_KEY)}.{did_you_mean(key, BY_KEY)}")
    return BY_KEY[key]
