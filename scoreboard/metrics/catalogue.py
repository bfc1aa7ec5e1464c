"""CATALOGUE: every metric, declared once. Adding a metric is adding one entry here.

Definitions, defaults and traps: docs/metrics.md. Only sourced targets stand here; all others are agreed by
people. Shares are fractions of one, durations minutes inside and `unit` on screen.
"""

from __future__ import annotations

from sqlalchemy import Date, and_, case, cast, func, literal, or_, true

from scoreboard.metrics import relations as r
from scoreboard.metrics.model import Count, Duration, Metric, days_after, option

N, O, E, W, G = (  # noqa: E741 - the letter of each relation
    x.table.c for x in (r.lines, r.orders, r.credited_lines, r.shipped_orders, r.quote_groups))
R, K, A, X = (x.table.c for x in (r.return_lines, r.contact_rows, r.answers, r.case_rows))
T, P, Y = r.team_weeks.table.c, r.starters.table.c, r.stock_years.table.c

_ORDER = ("order_lines.order_no", "order_lines.qty_ordered", "order_lines.ordered_at")
_PROMISE = ("order_lines.order_no", "order_lines.ordered_at", "order_lines.first_promised_for")
_FIRST = ("order_lines.qty_first_shipment|shipments.qty",)
_SHIPPED = ("order_lines.shipped_at|shipments.shipped_at",)
_DELIVERED = ("order_lines.delivered_at|shipments.delivered_at",)
_DELIVERED_QTY = ("order_lines.qty_delivered|shipments.qty",)
_CASE = ("exceptions.type", "exceptions.opened_at")

_FILL_CHECKS = (("cancelled for stock-out", O.stock_out_lines == 0), ("short on the first shipment", O.filled_lines >= O.fill_lines))
_line_fills = r.line_fills(N)
_line_due = func.coalesce(N.due_at, days_after(N.ordered_at, 7))
_shipped_whole = Count(r.lines, "last_shipped_at", N.last_shipped_at.is_not(None))
_orders_placed = Count(r.orders, "ordered_at", O.live_lines > 0)
_priority = and_(O.priority.is_not(None), func.lower(O.priority).not_in(["normal", "standard", "no", "low", "regular", "mixed"]))
_minutes = func.extract("hour", O.ordered_at) * 60 + func.extract("minute", O.ordered_at)
_priority_in_time = and_(_priority, _minutes < option("priority_cutoff_minutes"))
_own_return = R.kind.in_(["return", "warranty", "damaged"])
_told = or_(X.first_told_at.is_not(None), X.customer_called_at.is_not(None))

CATALOGUE: tuple[Metric, ...] = (
    Metric("quote_response_time", "Quote response (working hours, median)",
           "Working time from the first request to the first complete quote (price, availability or substitute, and "
           "ETA); revisions are one quote; 'no quote' is an answer; an open quote counts at its age and longer.",
           "Speed", "hours", -1,
           Duration(r.quote_groups, "requested_at", true(), G.requested_at, G.responded_at, "working"),
           ("quotes.requested_at", "quotes.responded_at")),
    Metric("quotes_in_standard", "Quotes answered within standard",
           "Quotes with a complete answer within the quote standard, in working time, of all quotes requested.",
           "", "share", 1,
           Count(r.quote_groups, "requested_at", option("quote_standard_minutes").is_not(None),
                 (("answered after the standard", true()),),
                 within=(G.requested_at, G.responded_at, option("quote_standard_minutes"))),
           ("quotes.requested_at", "quotes.responded_at", "option.quote_standard_minutes")),
    Metric("quote_conversion", "Quote conversion (30-day cohort)",
           "Quotes (revisions collapsed) with an order placed within 30 days, by order number, or won without a known "
           "date, of all quotes requested in the week; maturing until 30 days have passed.",
           "Confidence", "share", 1,
           Count(r.quote_groups, "requested_at", true(), (("no order within 30 days", G.converted),),
                 open=~G.converted, due=G.decided_at, cohort=True),
           ("quotes.requested_at", "quotes.order_no|quotes.outcome"), also=("order_lines.ordered_at",)),
    Metric("fill_rate", "Fill rate (orders, first shipment)",
           "Orders of stocked items whose every line was complete on the first shipment, of such orders; accepted "
           "substitutes and supersessions are fills, cancelled for stock-out is a miss, cancelled by the customer is out.",
           "Accuracy", "share", 1,
           Count(r.orders, "fill_at", O.fill_lines > 0, _FILL_CHECKS, open=O.unshipped, due=O.fill_due_at),
           (*_ORDER, *_FIRST), also=("order_lines.first_promised_for",),
           target=0.95, floor=0.85, source="85–95 % for mixed catalogues (sales parts distribution guide)"),
    Metric("fill_rate_critical", "Fill rate, critical parts (orders, first shipment)",
           "The fill rate of orders that hold a critical part.", "", "share", 1,
           Count(r.orders, "fill_at", and_(O.fill_lines > 0, O.critical), _FILL_CHECKS, open=O.unshipped, due=O.fill_due_at),
           (*_ORDER, *_FIRST, "order_lines.part_class"), also=("order_lines.first_promised_for",),
           target=0.95, source="95 % and more for critical spares (sales parts distribution guide)"),
    Metric("fill_rate_lines", "Fill rate (lines, first shipment)",
           "Stocked lines complete on the first shipment, of such lines.", "Accuracy", "share", 1,
           Count(r.lines, "fill_at", _line_fills,
                 (("cancelled for stock-out", ~N.stock_out), ("short on the first shipment", r.line_filled(N))),
                 open=r.line_unshipped(N), due=_line_due),
           ("order_lines.qty_ordered", "order_lines.ordered_at", *_FIRST), also=("order_lines.first_promised_for",),
           instead_of="fill_rate"),
    Metric("fill_rate_units", "Fill rate (units, first shipment)",
           "Units shipped on the first shipment, never more than ordered, of units ordered on stocked lines.",
           "", "share", 1,
           Count(r.lines, "fill_at", _line_fills, (("short on the first shipment", r.line_filled(N)),),
                 open=r.line_unshipped(N), due=_line_due, amount=N.qty_ordered,
                 passed=case((r.line_filled(N), N.qty_ordered),
                             else_=func.least(func.coalesce(N.qty_first_shipment, 0.0), N.qty_ordered))),
           ("order_lines.qty_ordered", "order_lines.ordered_at", *_FIRST), also=("order_lines.first_promised_for",)),
    Metric("first_call_resolution", "First-call resolution (7 days)",
           "Contacts not repeated by the same customer about the same part within 7 days, of contacts with a known "
           "customer; maturing until 7 days have passed.", "", "share", 1,
           Count(r.contact_rows, "at", K.customer.is_not(None),
                 (("the customer had to contact us again", or_(K.next_at.is_(None), K.next_at > K.decided_at)),),
                 open=or_(K.next_at.is_(None), K.next_at > K.decided_at), due=K.decided_at, cohort=True),
           ("contacts.at", "contacts.customer", "contacts.part_no")),
    Metric("otif", "On time, in full (orders, first promise)",
           "Orders whose every line was delivered in full, over all shipments, by the end of its first promised window, "
           "of orders promised. A date without a time ends at close of business; our own re-dating does not move the "
           "promise, the customer's does; will-call lines are apart.", "Speed", "share", 1,
           Count(r.orders, "promise_at", O.promised_lines > 0,
                 (("not delivered", O.delivered_lines >= O.promised_lines),
                  ("late", O.on_time_lines >= O.promised_lines), ("short", O.full_lines >= O.promised_lines),
                  ("not in full by the promise", O.otif_lines >= O.promised_lines)),
                 open=O.open_lines > 0, due=O.due_at),
           (*_PROMISE, "order_lines.qty_ordered", *_DELIVERED, *_DELIVERED_QTY)),
    Metric("on_time", "On time (orders, first promise)", "Orders whose every line was delivered by its first promise.",
           "", "share", 1,
           Count(r.orders, "promise_at", O.promised_lines > 0,
                 (("not delivered", O.delivered_lines >= O.promised_lines), ("late", O.on_time_lines >= O.promised_lines)),
                 open=O.undelivered_lines > 0, due=O.due_at),
           (*_PROMISE, *_DELIVERED)),
    Metric("in_full", "In full (orders, all shipments)", "Orders whose every line was delivered in full, whenever.",
           "", "share", 1,
           Count(r.orders, "promise_at", O.promised_lines > 0, (("short", O.full_lines >= O.promised_lines),),
                 open=O.open_lines > 0, due=O.due_at),
           (*_PROMISE, "order_lines.qty_ordered", *_DELIVERED_QTY)),
    Metric("on_time_shipped", "On-time shipped (orders, first promise)",
           "Orders whose every line was shipped by its first promise; used where only ship dates are known.",
           "Speed", "share", 1,
           Count(r.orders, "promise_at", O.promised_lines > 0,
                 (("not shipped", O.shipped_promised_lines >= O.promised_lines),
                  ("shipped late", O.shipped_on_time_lines >= O.promised_lines)),
                 open=O.unshipped_lines > 0, due=O.due_at),
           (*_PROMISE, *_SHIPPED), instead_of="otif"),
    Metric("promises_moved", "Promises moved per 100 orders",
           "Orders with a line whose first promise we moved ourselves, per 100 orders promised.", "", "per 100", -1,
           Count(r.orders, "promise_at", O.promised_lines > 0, (("we moved the promise", O.moved_lines > 0),)),
           (*_PROMISE, "order_lines.promised_for", "order_lines.promise_moved_by")),
    Metric("error_rate", "Mis-pick and credit (lines)",
           "Lines credited or corrected for our own error, of lines shipped, in the week the line was shipped. Caught "
           "before the customer, goodwill, price, core and warranty credits are out; may still rise for 28 days.",
           "Accuracy", "share", -1, _shipped_whole,
           ("credits.issued_at", "credits.reason", "order_lines.shipped_at|shipments.shipped_at"),
           part=Count(r.credited_lines, "shipped_at", E.error, (("credited for our own error", E.error),)),
           also=("credits.order_no",), maturity="error_maturity_days"),
    Metric("order_accuracy", "Order accuracy",
           "Orders without an error of ours in pick, pack or documents, of orders shipped.", "", "share", 1,
           Count(r.shipped_orders, "first_shipped_at", true(), (("credited for our own error", W.errors == 0),)),
           ("credits.issued_at", "credits.reason", "credits.order_no", "order_lines.order_no", *_SHIPPED),
           maturity="error_maturity_days", target=0.99, source="99 % and more (sales parts distribution guide)"),
    Metric("return_cycle_time", "Return cycle (days to credited and told, median)",
           "Days from received to credited and told, whichever came later; new, warranty and damaged parts.",
           "Confidence", "days", -1,
           Duration(r.return_lines, "received_at", and_(_own_return, R.received_at.is_not(None)), R.received_at, R.cleared_at),
           ("returns.received_at", "returns.kind", "returns.credited_at", "returns.customer_told_at")),
    Metric("rma_turnaround", "RMA turnaround (days to disposition, median)", "Days from received to dispositioned.",
           "", "days", -1,
           Duration(r.return_lines, "received_at", R.received_at.is_not(None), R.received_at, R.dispositioned_at),
           ("returns.received_at", "returns.dispositioned_at"),
           target=7 * 1440.0, floor=14 * 1440.0, source="7–14 days (sales parts distribution guide)"),
    Metric("core_cycle_time", "Core cycle (days from sold to supplier credit, median)",
           "Days from the sale to the supplier's credit, of cores received in the week.", "", "days", -1,
           Duration(r.return_lines, "received_at", and_(R.kind == "core", R.received_at.is_not(None), R.sold_at.is_not(None)),
                    R.sold_at, R.credited_at),
           ("returns.received_at", "returns.kind", "returns.sold_at", "returns.credited_at")),
    Metric("core_value_at_risk", "Core value at risk",
           "Value of cores received in the week that came within 7 days of the supplier's deadline without a credit.",
           "", "money", -1,
           Count(r.return_lines, "received_at",
                 and_(R.kind == "core", R.received_at.is_not(None), R.supplier_deadline_on.is_not(None)),
                 (("within 7 days of the supplier's deadline, not credited",
                   func.coalesce(R.credited_at >= R.deadline_near_at, true())),),
                 open=R.credited_at.is_(None), due=R.deadline_near_at, amount=func.coalesce(R.value, 0.0)),
           ("returns.received_at", "returns.kind", "returns.supplier_deadline_on", "returns.credited_at", "returns.value")),
    Metric("return_rate", "Return rate (lines)",
           "Lines returned of lines shipped; returned lines stand in the week they were sold, else received.",
           "", "share", -1, _shipped_whole,
           ("returns.kind", "returns.received_at|returns.opened_at", "order_lines.shipped_at|shipments.shipped_at"),
           part=Count(r.return_lines, "sold_or_received_at", R.kind == "return", (("returned", R.kind == "return"),))),
    Metric("exception_close_loop", "Exceptions closed and told within standard",
           "Exceptions resolved and the customer told within the type's standard, in branch working time, of exceptions "
           "opened in the week whose type has a standard.", "Confidence", "share", 1,
           Count(r.case_rows, "opened_at", X.standard_minutes.is_not(None),
                 (("not resolved and told within the standard", true()),),
                 within=(X.opened_at, X.closed_at, X.standard_minutes)),
           (*_CASE, "exceptions.resolved_at", "exceptions.told_at", "option.exception_standards")),
    Metric("time_to_accept", "Time to accept (working hours, median)", "Working time from opened to accepted.",
           "", "hours", -1, Duration(r.case_rows, "opened_at", true(), X.opened_at, X.accepted_at, "working"),
           (*_CASE, "exceptions.accepted_at")),
    Metric("time_to_first_word", "Time to first word (working hours, median)",
           "Working time from opened to the first word to the customer.", "", "hours", -1,
           Duration(r.case_rows, "opened_at", true(), X.opened_at, X.first_told_at, "working"),
           (*_CASE, "exceptions.first_told_at")),
    Metric("time_to_resolve", "Time to resolve (working hours, median)", "Working time from opened to resolved.",
           "", "hours", -1, Duration(r.case_rows, "opened_at", true(), X.opened_at, X.resolved_at, "working"),
           (*_CASE, "exceptions.resolved_at")),
    Metric("resolved_to_told", "Resolved to told (working hours, median)", "Working time from resolved to told.",
           "", "hours", -1,
           Duration(r.case_rows, "opened_at", X.resolved_at.is_not(None), X.resolved_at,
                    case((X.told_at.is_not(None), func.greatest(X.told_at, X.resolved_at))), "working"),
           (*_CASE, "exceptions.resolved_at", "exceptions.told_at")),
    Metric("told_first", "Customer heard it from us first",
           "Exceptions where our first word came before the customer called, of exceptions that reached the customer.",
           "", "share", 1,
           Count(r.case_rows, "opened_at", _told,
                 (("the customer called first", and_(X.first_told_at.is_not(None), or_(
                     X.customer_called_at.is_(None), X.first_told_at <= X.customer_called_at))),)),
           (*_CASE, "exceptions.first_told_at", "exceptions.customer_called_at")),
    Metric("repeat_share", "Repeats",
           "Exceptions of a type that occurred for the same part, customer, route or reason within 90 days before.",
           "", "share", -1,
           Count(r.case_rows, "opened_at", true(),
                 (("same type and part, customer, route or reason within 90 days",
                   func.coalesce(X.last_alike_at >= days_after(X.opened_at, -option("repeat_days")), False)),)),
           (*_CASE, "exceptions.part_no|exceptions.customer|exceptions.route|exceptions.root_cause")),
    Metric("exceptions_per_100_orders", "Exceptions per 100 orders", "Exceptions opened per 100 orders placed.",
           "", "per 100", 0, _orders_placed, (*_CASE, "order_lines.order_no"),
           part=Count(r.case_rows, "opened_at", true(), (("opened", true()),))),
    Metric("escalations", "Escalated exceptions", "Exceptions that were escalated, of exceptions opened.",
           "", "share", 0, Count(r.case_rows, "opened_at", true(), (("not escalated", X.escalated_at.is_not(None)),)),
           (*_CASE, "exceptions.escalated_at")),
    Metric("order_cycle_time", "Order cycle (hours, median)",
           "Calendar hours from ordered to the last line shipped, of orders not cancelled by the customer.",
           "", "hours", -1, Duration(r.orders, "ordered_at", O.live_lines > 0, O.ordered_at, O.shipped_at),
           ("order_lines.order_no", "order_lines.ordered_at", *_SHIPPED),
           target=24 * 60.0, floor=72 * 60.0, source="24–72 hours (sales parts distribution guide)"),
    Metric("same_day_priority", "Priority orders shipped the same day",
           "Priority orders placed before the cut-off whose last line was shipped the same day, of such orders.",
           "", "share", 1,
           Count(r.orders, "ordered_at", and_(O.live_lines > 0, _priority_in_time),
                 (("not shipped the same day", cast(O.shipped_at, Date) <= cast(O.ordered_at, Date)),),
                 open=O.shipped_at.is_(None), due=days_after(func.date_trunc("day", O.ordered_at), 1)),
           ("order_lines.order_no", "order_lines.ordered_at", "order_lines.priority", *_SHIPPED),
           target=1.0, source="same day for priority items (sales parts distribution guide)"),
    Metric("promise_kept", "Promises kept",
           "Deliveries made by the promise in force, of deliveries promised, by who promised (lines; will-call apart).",
           "", "share", 1,
           Count(r.lines, "last_promise_at", and_(N.last_promise_at.is_not(None), ~N.will_call, ~N.cancelled_by_customer),
                 (("not delivered", N.delivered_at.is_not(None)), ("late", N.delivered_at <= N.last_due_at)),
                 open=and_(N.delivered_at.is_(None), N.cancelled_at.is_(None)), due=N.last_due_at),
           ("order_lines.ordered_at", "order_lines.first_promised_for|order_lines.promised_for", *_DELIVERED)),
    Metric("nps", "Net promoter score",
           "Promoters (9–10) less detractors (0–6), of answers; never under 20 answers.", "", "score", 1,
           Count(r.answers, "at", A.score.is_not(None), (("not a promoter", A.score >= 9),),
                 amount=literal(1.0), passed=case((A.score >= 9, 1.0), (A.score <= 6, -1.0), else_=0.0)),
           ("surveys.at", "surveys.score"), minimum="nps_minimum"),
    Metric("inventory_turnover", "Inventory turns (12 months)",
           "Cost of goods sold over twelve months, by average inventory.", "", "turns", 1,
           Count(r.stock_years, "period_end_at", and_(Y.periods >= 12, Y.average_inventory > 0), (("sold", true()),),
                 amount=Y.average_inventory, passed=Y.cost_of_goods_sold),
           ("inventory.period_end", "inventory.inventory_value", "inventory.cost_of_goods_sold")),
    Metric("team_leavers", "Team (people who left, 52 weeks)",
           "People who left in the 52 weeks to the week's end, of the team's headcount.", "", "count", 0,
           Count(r.team_weeks, "week_at", T.headcount > 0, (("left", T.leavers > 0),), amount=T.headcount, passed=T.leavers),
           ("shifts.week", "shifts.headcount", "team_changes.on"), minimum="team_minimum"),
    Metric("team_coverage", "Team coverage (scheduled hours)",
           "Scheduled hours that were covered, of teams of at least 5 people.", "", "share", 0,
           Count(r.team_weeks, "week_at", and_(T.scheduled_hours > 0, T.covered_hours.is_not(None), T.headcount >= option("team_minimum")),
                 (("not all hours covered", T.covered_hours >= T.scheduled_hours),),
                 amount=T.scheduled_hours, passed=func.least(T.covered_hours, T.scheduled_hours)),
           ("shifts.week", "shifts.scheduled_hours", "shifts.covered_hours", "shifts.headcount")),
    Metric("time_to_proficiency", "Time to proficient (days, median)", "Days from started to proficient.",
           "", "days", 0, Duration(r.starters, "proficient_at", true(), P.started_at, P.proficient_at),
           ("team_changes.on", "team_changes.event"), minimum="team_minimum"),
)

BY_KEY: dict[str, Metric] = {metric.key: metric for metric in CATALOGUE}
