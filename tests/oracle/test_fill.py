"""Fill rates: one trap a test, few rows, figures worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.oracle.given import cells, passed

PROMISE: dict[str, Any] = {"first_promised_for": "2026-11-04 12:00"}
SHIPPED: dict[str, Any] = {"qty_first_shipment": 1, "shipped_at": "2026-11-03 10:00"}


@pytest.mark.parametrize(("line", "expected"), [
    ({"qty_first_shipment": 2}, "1 of 1"),
    ({"qty_first_shipment": 3}, "1 of 1"),                                       # over-delivery
    ({"qty_first_shipment": 1}, "0 of 1"),
    ({"qty_first_shipment": 1, "substituted": True}, "1 of 1"),
    ({"qty_first_shipment": 2, "transfer": True}, "1 of 1"),
    ({"cancelled_at": "2026-11-03 10:00", "cancel_reason": "Out of Stock"}, "0 of 1"),
    ({"cancelled_at": "2026-11-03 10:00", "cancel_reason": "Stock-out", "substituted": True}, "0 of 1"),
    ({"cancelled_at": "2026-11-03 10:00", "cancel_reason": "changed mind"}, "nothing"),
    ({"cancelled_at": "2026-11-03 10:00"}, "nothing"),
    ({"stocked": False, "qty_first_shipment": 2}, "nothing"),
    ({"part_family": "CORE CHARGE brakes", "qty_first_shipment": 2}, "nothing"),
    ({"part_family": "core", "qty_first_shipment": 2}, "1 of 1"),
    ({"ordered_at": None, "qty_first_shipment": 2}, "nothing"),                  # it waits
    ({}, "0 of 1"),                                                              # open, a week past
])
def test_what_fills_an_order(line: dict[str, Any], expected: str) -> None:
    assert passed("fill_rate", order_lines=[{"qty_ordered": 2, **line}]) == expected
    assert passed("fill_rate_lines", order_lines=[{"qty_ordered": 2, **line}]) == expected


def test_one_short_line_spoils_the_order_but_not_the_other_lines() -> None:
    lines = [{"qty_first_shipment": 1}, {"line_no": "2", "qty_ordered": 4, "qty_first_shipment": 3}]
    assert passed("fill_rate", order_lines=lines) == "0 of 1"
    assert passed("fill_rate_lines", order_lines=lines) == "1 of 2"
    assert passed("fill_rate_units", order_lines=lines) == "4 of 5"


def test_units_are_never_more_than_ordered() -> None:
    assert passed("fill_rate_units", order_lines=[{"qty_ordered": 2, "qty_first_shipment": 5}]) == "2 of 2"


def test_cancelled_by_the_customer_after_the_promise_had_passed_stays_a_miss() -> None:
    line = {**PROMISE, "cancel_reason": "too late"}
    assert passed("fill_rate", order_lines=[{**line, "cancelled_at": "2026-11-04 12:00"}]) == "nothing"
    assert passed("fill_rate", order_lines=[{**line, "cancelled_at": "2026-11-04 12:01"}]) == "0 of 1"
    assert passed("otif", order_lines=[{**line, "cancelled_at": "2026-11-04 12:01"}]) == "0 of 1"


def test_cancelled_after_the_first_shipment_is_no_cancellation() -> None:
    line = {**SHIPPED, "cancelled_at": "2026-11-03 10:01"}
    assert passed("fill_rate", order_lines=[line]) == "1 of 1"
    pieces = [{"qty": 1, "shipped_at": "2026-11-03 10:00"}, {"qty": 1, "shipped_at": "2026-11-05 10:00"}]
    line = {"qty_ordered": 2, "cancelled_at": "2026-11-04 10:00"}
    assert passed("fill_rate", order_lines=[line], shipments=pieces) == "0 of 1"


def test_an_unshipped_order_is_undecided_until_it_is_due() -> None:
    assert passed("fill_rate", "2026-11-04 12:00", order_lines=[PROMISE]) == "0 of 0, 1 undecided"
    assert passed("fill_rate", "2026-11-04 12:01", order_lines=[PROMISE]) == "0 of 1"
    assert passed("fill_rate", "2026-11-09 09:00", order_lines=[{}]) == "0 of 0, 1 undecided"
    assert passed("fill_rate", "2026-11-09 09:01", order_lines=[{}]) == "0 of 1"


def test_fill_stands_in_the_week_promised_else_ordered() -> None:
    late = {"first_promised_for": "2026-11-10 12:00", "qty_first_shipment": 1}
    assert list(cells("fill_rate", order_lines=[{"qty_first_shipment": 1}, {"line_no": "2", **late}])) == ["2026-11-09"]
    assert list(cells("fill_rate", order_lines=[{"qty_first_shipment": 1}])) == ["2026-11-02"]


def test_critical_orders_hold_a_critical_part_that_is_counted() -> None:
    critical: dict[str, Any] = {"line_no": "2", "part_class": "critical", "qty_first_shipment": 0}
    assert passed("fill_rate_critical", order_lines=[{"qty_first_shipment": 1}, critical]) == "0 of 1"
    unstocked = {**critical, "stocked": False}
    assert passed("fill_rate_critical", order_lines=[{"qty_first_shipment": 1}, unstocked]) == "nothing"


def test_the_first_shipment_is_the_orders_earliest() -> None:
    lines = [{"qty_ordered": 2}, {"line_no": "2", "qty_ordered": 2}]
    shipments = [{"qty": 2, "shipped_at": "2026-11-03 10:00"},
                 {"line_no": "2", "qty": 2, "shipped_at": "2026-11-04 10:00"}]
    assert passed("fill_rate_lines", order_lines=lines, shipments=shipments) == "1 of 2"


def test_a_shipment_that_has_not_left_is_no_first_shipment() -> None:
    assert passed("fill_rate", "2026-11-03 12:00", order_lines=[{}], shipments=[{"qty": 1}]) == "0 of 0, 1 undecided"


def test_a_shipment_without_a_line_carries_the_whole_order_and_replaces_what_lines_say() -> None:
    lines = [{"qty_ordered": 5, "qty_first_shipment": 0}, {"line_no": "2", "qty_ordered": 2}]
    assert passed("fill_rate_units", order_lines=lines, shipments=[
        {"line_no": None, "qty": 2, "shipped_at": "2026-11-03 10:00"}]) == "7 of 7"
