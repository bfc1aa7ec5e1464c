"""SOURCES: the kinds of rows people bring, each declared once and used by imports, the store and metrics.

`…_at` and `…_for` are the branch's wall clock; a time of 00:00 means "that day, no time known".
Filing: everything about an order is filed together, in the week the order was placed; rows of other
sources are filed in the week of their own record date; a row whose date is not known yet waits.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Boolean, Column, Date, DateTime, Double, MetaData, String, Table
from sqlalchemy.sql import quoted_name

FACTS = MetaData()

CHOICES: dict[str, tuple[str, ...]] = {
    "quotes.outcome": ("open", "won", "lost", "no quote"),
    "quotes.kind": ("counter", "special", "bid"),
    "order_lines.part_class": ("critical", "A", "B", "C"),
    "order_lines.promise_moved_by": ("us", "customer"),
    "order_lines.promise_made_by": ("counter", "inside sales", "web", "driver"),
    "returns.kind": ("return", "core", "warranty", "damaged"),
    "team_changes.event": ("started", "left", "proficient"),
}

# Names of personal data that no metric needs: never mapped, never stored, not even when asked for.
PERSONAL = ("birth", "ssn", "social security", "national id", "phone", "mobile", "home address", "street",
            "marital", "gender", "passport", "e-mail", "email")


@dataclass(frozen=True)
class Source:
    """A kind of rows. `key` is natural and always begins with branch (left out here).

    record      the first of these columns that has a value dates the row
    filed_by    the columns whose rows are filed together (empty: the key)
    order       filed with its order (`branch`, `order_no`) when it names one
    keyless     a file without the key columns is welcome: it replaces by branch and record date
    optional_key  parts of the key that a file or a row may leave out (blank is then part of the key)
    required    columns a file must have besides branch (a file that only completes known rows: the key)
    events      date columns that say how far the file reaches (never a promise or a deadline)
    period      a row tells of a whole week or month, so its week is complete as soon as the row is there
    """

    name: str
    title: str
    table: Table
    key: tuple[str, ...]
    record: tuple[str, ...]
    required: tuple[str, ...]
    events: tuple[str, ...]
    filed_by: tuple[str, ...] = ()
    order: bool = False
    keyless: bool = False
    optional_key: tuple[str, ...] = ()
    period: bool = False
    kept_in: str = "facts"

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(c.name for c in self.table.columns)

    @property
    def dates(self) -> tuple[str, ...]:
        """Columns holding a date or an instant."""
        return tuple(c.name for c in self.table.columns if isinstance(c.type, (Date, DateTime)))

    @property
    def moves(self) -> bool:
        """Whether a row can be filed elsewhere while its key stays: its key does not contain what files it."""
        filed_by = ("order_no",) if self.order else self.filed_by
        return not set(filed_by) <= set(self.key)

    def choices(self, column: str) -> tuple[str, ...]:
        """Allowed words of a column, empty when any text is allowed."""
        return CHOICES.get(f"{self.name}.{column}", ())


_TYPES = {"text": String, "number": Double, "time": DateTime, "date": Date, "yes": Boolean}


def _table(name: str, columns: str) -> Table:
    """A fact table from lines of `type: column column …`; every table begins with branch."""
    declared = [Column("branch", String)]
    for line in columns.strip().splitlines():
        kind, names = line.split(":")
        # Quoted wherever they stand in SQL: "at" and "on" are words of the language.
        declared += [Column(quoted_name(column, quote=True), _TYPES[kind.strip()]) for column in names.split()]
    return Table(name, FACTS, *declared)


quotes = _table("quotes", """
    text: quote_no
    time: requested_at responded_at needed_by
    text: customer channel priority outcome order_no quote_group kind
    yes: eta_given stock_verified substitute_offered
    number: lines value
""")
order_lines = _table("order_lines", """
    text: order_no line_no customer part_no part_class part_family
    time: ordered_at requested_for first_promised_for promised_for
    text: promise_moved_by promise_made_by
    yes: stocked backordered substituted transfer will_call
    number: qty_ordered qty_first_shipment qty_shipped qty_delivered value cost
    time: picked_at staged_at loaded_at shipped_at delivered_at closed_at cancelled_at
    text: cancel_reason priority carrier route provider service_type
""")
shipments = _table("shipments", """
    text: shipment_no order_no line_no
    number: qty cost
    time: picked_at staged_at loaded_at shipped_at delivered_at
    yes: will_call
    text: carrier route provider service_type
""")
credits = _table("credits", """
    text: credit_no credit_line order_no order_line
    time: issued_at shipped_at
    text: reason handoff
    yes: customer_error caught_before_customer
    number: qty value
    text: provider service_type
""")
returns = _table("returns", """
    text: rma_no rma_line kind
    time: opened_at received_at dispositioned_at repaired_at credited_at customer_told_at closed_at sold_at
    date: supplier_deadline_on
    text: disposition order_no part_no serial_no customer supplier compliance root_cause reason
    yes: warranty_eligible
    text: provider service_type
    number: value cost
""")
exceptions = _table("exceptions", """
    text: case_no type
    time: opened_at accepted_at customer_called_at first_told_at resolved_at told_at escalated_at reopened_at
    text: customer order_no part_no handoff priority owner root_cause route provider service_type
""")
contacts = _table("contacts", """
    text: contact_no
    time: at
    text: customer part_no channel
    yes: resolved
""")
surveys = _table("surveys", """
    text: response_no
    time: at
    number: score
    text: comment
""")
team_changes = _table("team_changes", """
    text: person_key event
    date: on
    yes: voluntary
    text: role
""")
shifts = _table("shifts", """
    date: week
    number: scheduled_hours covered_hours headcount
""")
inventory = _table("inventory", """
    date: period_end
    number: inventory_value cost_of_goods_sold
""")
weekly_totals = _table("weekly_totals", """
    date: week
    text: metric
    number: part whole value n
""")

SOURCES: tuple[Source, ...] = (
    Source("quotes", "Quotes", quotes, key=("quote_no",), record=("requested_at",),
           required=("requested_at",), events=("requested_at", "responded_at"),
           filed_by=("quote_group", "quote_no"), keyless=True),
    Source("order_lines", "Order lines", order_lines, key=("order_no", "line_no"), record=("ordered_at",),
           required=("ordered_at", "qty_ordered"),
           events=("ordered_at", "picked_at", "staged_at", "loaded_at", "shipped_at", "delivered_at",
                   "closed_at", "cancelled_at"),
           order=True, keyless=True),
    Source("shipments", "Shipments", shipments, key=("shipment_no", "order_no", "line_no"), record=(),
           required=("shipment_no", "order_no"),
           events=("picked_at", "staged_at", "loaded_at", "shipped_at", "delivered_at"), order=True,
           optional_key=("line_no",)),
    Source("credits", "Credits", credits, key=("credit_no", "credit_line"), record=("issued_at",),
           required=("issued_at", "reason"), events=("issued_at", "shipped_at"), order=True, keyless=True,
           optional_key=("credit_line",)),
    Source("returns", "Returns, cores and warranty", returns, key=("rma_no", "rma_line"),
           record=("opened_at", "received_at", "sold_at"), required=("kind",),
           events=("opened_at", "received_at", "dispositioned_at", "repaired_at", "credited_at",
                   "customer_told_at", "closed_at"), keyless=True, optional_key=("rma_line",)),
    Source("exceptions", "Exceptions", exceptions, key=("case_no",), record=("opened_at",),
           required=("type", "opened_at"),
           events=("opened_at", "accepted_at", "customer_called_at", "first_told_at", "resolved_at",
                   "told_at", "escalated_at", "reopened_at"), kept_in="cases"),
    Source("contacts", "Customer contacts", contacts, key=("contact_no",), record=("at",),
           required=("at",), events=("at",), keyless=True),
    Source("surveys", "Survey answers", surveys, key=("response_no",), record=("at",),
           required=("at", "score"), events=("at",), keyless=True),
    Source("team_changes", "Team changes", team_changes, key=("person_key", "event", "on"), record=("on",),
           required=("person_key", "event", "on"), events=("on",)),
    Source("shifts", "Shifts", shifts, key=("week",), record=("week",),
           required=("week", "scheduled_hours", "covered_hours"), events=("week",), period=True),
    Source("inventory", "Inventory", inventory, key=("period_end",), record=("period_end",),
           required=("period_end", "inventory_value", "cost_of_goods_sold"), events=("period_end",), period=True),
    Source("weekly_totals", "Weekly totals", weekly_totals, key=("week", "metric"), record=("week",),
           required=("week", "metric"), events=("week",), period=True),
)

BY_NAME: dict[str, Source] = {source.name: source for source in SOURCES}
