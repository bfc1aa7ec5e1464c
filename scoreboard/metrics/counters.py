"""Counter-metrics: what a figure could be bought with. Speed, Accuracy and Confidence hold at the same time or not at all.

The convention: one counter a metric, the one that a branch would see first when the figure is pushed at its expense.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Counter:
    """`of` is the metric looked at, `by` the one that is held against it, `why` what links them."""

    of: str
    by: str
    why: str


COUNTERS = (
    Counter("quote_response_time", "error_rate", "A quick quote for the wrong part comes back as a credit."),
    Counter("quotes_in_standard", "error_rate", "A quick quote for the wrong part comes back as a credit."),
    Counter("quote_conversion", "return_rate", "An order won for the wrong part comes back as a return."),
    Counter("fill_rate", "inventory_turnover", "Stock fills orders, and too much of it turns slowly."),
    Counter("otif", "error_rate", "On time with the wrong part is not on time for the customer."),
    Counter("order_cycle_time", "error_rate", "Orders that are hurried out show in mis-picks first."),
    Counter("same_day_priority", "error_rate", "Orders that are hurried out show in mis-picks first."),
    Counter("error_rate", "order_cycle_time", "Every check takes time: fewer errors may come from slower orders."),
    Counter("promise_kept", "promises_moved", "A promise that was moved before it was kept was broken once."),
    Counter("exception_close_loop", "repeat_share", "An exception that is closed quickly and comes back was not solved."),
    Counter("time_to_resolve", "repeat_share", "An exception that is closed quickly and comes back was not solved."),
)
BY_METRIC = {one.of: one for one in COUNTERS}
