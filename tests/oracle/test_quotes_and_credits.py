"""Quotes, contacts and credits: one trap a test, few rows, figures worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.oracle.given import OPTIONS, cells, only, passed


# ---- quotes and contacts -----------------------------------------------------------------------------
def test_revisions_are_one_quote_from_the_first_request_to_the_first_complete_answer() -> None:
    acknowledged = {"responded_at": "2026-11-02 09:01", "eta_given": False}
    revised = {"quote_no": "Q1-1", "quote_group": "Q1", "requested_at": "2026-11-02 10:00"}
    answered = [{**revised, "responded_at": at} for at in ("2026-11-02 11:00", "2026-11-02 12:00")]
    cell = only(cells("quote_response_time", quotes=[acknowledged, *answered]))
    assert (cell.n, cell.p50) == (1, 120)


def test_a_no_quote_is_an_answer_and_after_hours_the_clock_waits_for_opening() -> None:
    quote = {"requested_at": "2026-11-02 20:00", "responded_at": "2026-11-03 08:10", "eta_given": False}
    assert only(cells("quote_response_time", quotes=[{**quote, "outcome": "no quote"}])).p50 == 10


def test_a_quote_by_phone_without_request_time_is_not_counted() -> None:
    quote = {"requested_at": None, "responded_at": "2026-11-02 09:00"}
    assert passed("quotes_in_standard", quotes=[quote]) == "nothing"


def test_a_quote_is_undecided_while_the_standard_is_not_used_up() -> None:
    assert passed("quotes_in_standard", quotes=[{"responded_at": "2026-11-02 10:00"}]) == "1 of 1"
    assert passed("quotes_in_standard", quotes=[{"responded_at": "2026-11-02 10:01"}]) == "0 of 1"
    assert passed("quotes_in_standard", "2026-11-02 10:00", quotes=[{}]) == "0 of 0, 1 undecided"
    assert passed("quotes_in_standard", "2026-11-02 10:01", quotes=[{}]) == "0 of 1"
    assert cells("quotes_in_standard", options=OPTIONS | {"quote_standard_minutes": None}, quotes=[{}]) == {}


@pytest.mark.parametrize(("quote", "ordered_at", "expected"), [
    ({"order_no": "1"}, "2026-12-02 08:59", "1 of 1"),
    ({"order_no": "1"}, "2026-12-02 09:00", "0 of 1"),                     # exactly 30 days
    ({"order_no": "1"}, "2026-11-02 00:00", "1 of 1"),                     # the same day, time unknown
    ({"order_no": "1"}, "2026-11-01 23:59", "0 of 1"),
    ({"order_no": "1", "outcome": "won"}, "2026-12-02 09:00", "0 of 1"),   # won, but too late
    ({"order_no": "1", "outcome": "won"}, "2026-11-01 09:00", "1 of 1"),   # won, but not by this order: it is older
    ({"order_no": "2", "outcome": "won"}, "2026-11-03 09:00", "1 of 1"),   # won, its order unknown
    ({"outcome": "won"}, "2026-11-03 09:00", "1 of 1"),
    ({"order_no": "1", "outcome": "won"}, None, "1 of 1"),
    ({}, "2026-11-03 09:00", "0 of 1"),
])
def test_a_quote_is_converted_by_an_order_within_30_days(
        quote: dict[str, Any], ordered_at: str | None, expected: str) -> None:
    assert passed("quote_conversion", quotes=[quote], order_lines=[{"ordered_at": ordered_at}]) == expected


def test_a_cohort_is_undecided_until_its_window_has_passed_however_it_looks_now() -> None:
    assert passed("quote_conversion", "2026-12-02 09:00", quotes=[{"outcome": "won"}]) == "0 of 0, 1 undecided"
    assert passed("quote_conversion", "2026-12-02 09:01", quotes=[{"outcome": "won"}]) == "1 of 1"
    contact = {"customer": "C", "part_no": "P", "at": "2026-11-02 09:00"}
    assert passed("first_call_resolution", "2026-11-09 09:00", contacts=[contact]) == "0 of 0, 1 undecided"


@pytest.mark.parametrize(("again", "expected"), [
    ({"at": "2026-11-09 09:00"}, "1 of 2"), ({"at": "2026-11-09 09:01"}, "2 of 2"),
    ({"at": "2026-11-02 09:00"}, "1 of 2"), ({"at": "2026-11-03 09:00", "part_no": "other"}, "2 of 2"),
    ({"at": "2026-11-03 09:00", "customer": None}, "1 of 1"),
])
def test_a_contact_repeated_within_7_days_was_not_resolved(again: dict[str, Any], expected: str) -> None:
    first = {"customer": "C", "part_no": "P", "at": "2026-11-02 09:00"}
    assert passed("first_call_resolution", contacts=[first, {**first, **again}]) == expected


# ---- credits -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(("credit", "expected"), [
    ({"reason": "Mis-Pick"}, "1 of 1"), ({"reason": "price"}, "0 of 1"), ({"customer_error": True}, "0 of 1"),
    ({"caught_before_customer": True}, "0 of 1"),
])
def test_only_our_own_errors_that_reached_the_customer_count(credit: dict[str, Any], expected: str) -> None:
    lines, credits = [{"shipped_at": "2026-11-03 10:00"}], [{"order_no": "1", "order_line": "1", **credit}]
    assert passed("error_rate", order_lines=lines, credits=credits) == expected
    right = "0 of 1" if expected == "1 of 1" else "1 of 1"
    assert passed("order_accuracy", order_lines=lines, credits=credits) == right


def test_a_line_credited_twice_is_one_error() -> None:
    lines = [{"shipped_at": "2026-11-03 10:00"}]
    of_the_order = [{"credit_no": "K1", "order_no": "1"}, {"credit_no": "K2", "order_no": "1"}]
    of_the_line = [{**credit, "order_line": "1"} for credit in of_the_order]
    assert passed("error_rate", order_lines=lines, credits=of_the_line) == "1 of 1"
    assert passed("error_rate", order_lines=lines, credits=of_the_order) == "2 of 1"


@pytest.mark.parametrize(("credit", "week"), [
    ({"order_no": "1", "order_line": "1"}, "2026-11-02"), ({"order_no": "1", "order_line": "9"}, "2026-11-09"),
    ({"order_no": "1"}, "2026-11-09"), ({"order_no": "none", "shipped_at": "2026-11-16 10:00"}, "2026-11-16"),
    ({"shipped_at": "2026-11-16 10:00"}, "2026-11-16"), ({}, "2026-11-23"),
])
def test_an_error_stands_in_the_week_its_line_was_shipped(credit: dict[str, Any], week: str) -> None:
    lines = [{"shipped_at": "2026-11-03 10:00"}, {"line_no": "2", "shipped_at": "2026-11-10 10:00"}]
    found = cells("error_rate", order_lines=lines, credits=[{"issued_at": "2026-11-24 10:00", **credit}])
    assert [at for at, cell in found.items() if cell.part] == [week]


def test_a_week_with_errors_but_nothing_shipped_has_an_empty_denominator() -> None:
    cell = only(cells("error_rate", credits=[{}]))
    assert (cell.part, cell.whole, cell.n) == (1, 0, 0)


def test_order_accuracy_stands_in_the_week_of_the_first_shipment() -> None:
    pieces = [{"qty": 1, "shipped_at": "2026-11-10 10:00"}, {"qty": 1, "shipped_at": "2026-11-03 10:00"}]
    assert list(cells("order_accuracy", order_lines=[{"qty_ordered": 2}], shipments=pieces)) == ["2026-11-02"]
