"""STORIES: for each rule a row that breaks its promise, what ends it, and every reason why a like row is left alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Row = Mapping[str, str]


@dataclass(frozen=True)
class Story:
    """`breaks` are changes to the plain row of a source; `ends` and `quiet` are changes on top, with the proposal or the reason."""

    source: str
    cause: str
    breaks: Row
    ends: Mapping[str, Row]
    quiet: Mapping[str, Row]


LATE = {"first_promised_for": "2026-11-05 12:00"}
CRITICAL = {"part_class": "critical", "backordered": "yes"}
CORE = {"kind": "core", "received_at": "2026-10-05 10:00", "supplier_deadline_on": "2026-11-12"}
ETA = {"responded_at": "2026-11-05 11:00", "eta_given": "yes", "stock_verified": "no"}

STORIES: Mapping[str, Story] = {
    "late_delivery": Story("order_lines", "O1", LATE, {
        "Delivered on 7 November 2026, 14:05.": {"delivered_at": "2026-11-07 14:05", "shipped_at": "2026-11-06 09:00"},
        "Cancelled on 6 November 2026.": {"cancelled_at": "2026-11-06"},
        "By the data it is not so any more.": {"promised_for": "2026-11-20 12:00", "promise_moved_by": "customer"},
    }, {
        "its promise lies beyond what the file reaches": {"first_promised_for": "2026-11-08 18:01"},
        "a promise for a day ends at close of business, which is at the end of the file": {"first_promised_for": "2026-11-09"},
        "it was delivered, though late": {"delivered_at": "2026-11-06 10:00"},
        "the customer picks it up": {"will_call": "yes"},
        "it was cancelled": {"cancelled_at": "2026-11-04 10:00"},
        "the customer asked for a later day": {"promised_for": "2026-11-10 12:00", "promise_moved_by": "customer"},
        "it was promised for a day more than four weeks ago": {"first_promised_for": "2026-10-12 07:59"},
        "nothing was promised": {"first_promised_for": ""},
    }),
    "critical_backorder": Story("order_lines", "O1/1", CRITICAL, {
        "Shipped on 6 November 2026, 09:00.": {"shipped_at": "2026-11-06 09:00"},
        "Cancelled on 6 November 2026.": {"cancelled_at": "2026-11-06"},
        "Filled with a substitute.": {"substituted": "yes"},
        "By the data it is not so any more.": {"backordered": "no"},
    }, {
        "it is no critical part": {"part_class": "A"},
        "it is not backordered": {"backordered": "no"},
        "it has left": {"shipped_at": "2026-11-03 09:00"},
        "the customer took a substitute": {"substituted": "yes"},
        "it was ordered more than four weeks ago": {"ordered_at": "2026-10-12 07:59"},
    }),
    "credit_overdue": Story("returns", "R1/1", {}, {
        "Credited on 6 November 2026.": {"credited_at": "2026-11-06"},
        "Closed on 6 November 2026, 11:30.": {"closed_at": "2026-11-06 11:30"},
    }, {
        "its five days are not over": {"received_at": "2026-11-03 18:00"},
        "it was credited": {"credited_at": "2026-11-01"},
        "it was closed without a credit": {"closed_at": "2026-11-01"},
        "it is a core, which waits for the supplier": {"kind": "core"},
        "it has not arrived": {"received_at": "", "credited_at": ""},
        "its credit was due more than four weeks ago": {"received_at": "2026-10-07 07:59"},
    }),
    "core_deadline": Story("returns", "R1/1", CORE, {
        "Credited on 6 November 2026.": {"credited_at": "2026-11-06"},
        "By the data it is not so any more.": {"supplier_deadline_on": "2026-12-20"},
    }, {
        "its deadline is eight days away": {"supplier_deadline_on": "2026-11-16"},
        "the supplier has credited it": {"credited_at": "2026-10-20"},
        "it is no core": {"kind": "damaged", "received_at": "2026-11-07"},
        "it has not arrived": {"received_at": ""},
        "it came near its deadline more than four weeks ago": {"supplier_deadline_on": "2026-10-18"},
    }),
    "quote_overdue": Story("quotes", "Q1", {}, {
        "Answered on 6 November 2026, 09:30.": {"responded_at": "2026-11-06 09:30"},
        "Marked as lost.": {"outcome": "lost"},
    }, {
        "it was answered": {"responded_at": "2026-11-05 15:00"},
        "two working hours have not passed: it came on Friday, half an hour before closing": {"requested_at": "2026-11-06 16:30"},
        "it was answered without a price": {"outcome": "no quote", "responded_at": "2026-11-05 15:00"},
        "it was lost": {"outcome": "lost"},
        "it was won, though no answer is noted": {"outcome": "won"},
        "it was asked more than four weeks ago": {"requested_at": "2026-10-12 07:59"},
    }),
    "eta_unverified": Story("quotes", "Q1", ETA, {
        "Stock is verified, or a substitute offered.": {"stock_verified": "yes"},
        "Marked as lost.": {"outcome": "lost"},
        "By the data it is not so any more.": {"eta_given": "no"},
    }, {
        "stock was verified": {"stock_verified": "yes"},
        "a substitute was offered": {"substitute_offered": "yes"},
        "whether stock was verified is left blank": {"stock_verified": ""},
        "no ETA was given": {"eta_given": "no"},
        "it was lost": {"outcome": "lost"},
        "it was answered more than four weeks ago": {"requested_at": "2026-10-10 10:00", "responded_at": "2026-10-12 07:59"},
    }),
}
