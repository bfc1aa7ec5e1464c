"""Quotes, collapsed to what the customer asked for once, and customer contacts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from tests.oracle.orders import orders
from tests.oracle.world import DAY, Row, Thing, World


@dataclass(frozen=True)
class Quote:
    """What a customer asked for once, with all its revisions."""

    branch: str
    revisions: Sequence[Row]

    @property
    def requested_at(self) -> datetime:
        first: datetime = min(row["requested_at"] for row in self.revisions)
        return first

    @property
    def responded_at(self) -> datetime | None:
        """The first complete answer: one without an ETA is none, "no quote" is one."""
        return min((row["responded_at"] for row in self.revisions if row.get("responded_at") is not None
                    and (row.get("eta_given") is not False or row.get("outcome") == "no quote")), default=None)

    def converted(self, ordered: dict[tuple[str, str], datetime], days: int) -> bool:
        """Ordered within so many days, or won while no order of that number is dated, or one from before the request."""
        begin, end = datetime.combine(self.requested_at.date(), time()), self.requested_at + days * DAY
        for row in self.revisions:
            at = ordered.get((self.branch, row.get("order_no") or ""))
            if (at is not None and begin <= at < end) or ((at is None or at < begin) and row.get("outcome") == "won"):
                return True
        return False


def quotes(world: World) -> list[Quote]:
    """Quotes whose request time is known."""
    found = defaultdict(list)
    for number, row in enumerate(world.of("quotes")):
        if row["requested_at"] is not None:
            found[row["branch"], row.get("quote_group") or row.get("quote_no") or number].append(row)
    return [Quote(branch, revisions) for (branch, _), revisions in found.items()]


def answered(world: World) -> Iterator[Thing]:
    """quote_response_time, quotes_in_standard, quote_conversion."""
    ordered = {(order.branch, order.order_no): order.ordered_at for order in orders(world)}
    standard, days = world.options["quote_standard_minutes"], world.options["conversion_days"]
    for quote in quotes(world):
        start, end = quote.requested_at, quote.responded_at
        yield from world.lasted("quote_response_time", quote.branch, start, start, end, working=True)
        if standard is not None:
            yield world.within("quotes_in_standard", quote.branch, start, end, standard)
        converted = quote.converted(ordered, days)
        yield world.share("quote_conversion", quote.branch, start, converted, open=not converted,
                          due=start + days * DAY, cohort=True)


def contacts(world: World) -> Iterator[Thing]:
    """first_call_resolution: contacts of a known customer, by customer and part."""
    found = defaultdict(list)
    for row in world.of("contacts"):
        if row.get("customer"):
            found[row["branch"], row["customer"], row.get("part_no")].append(row)
    window = world.options["repeat_contact_days"] * DAY
    for (branch, _, _), rows in found.items():
        times = sorted(row["at"] for row in rows)
        for at, following in zip(times, [*times[1:], None], strict=True):
            resolved = following is None or following > at + window
            yield world.share("first_call_resolution", branch, at, resolved, open=resolved, due=at + window, cohort=True)
