"""On time, in full, promises, cycle and priority: one trap a test, figures worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.oracle.given import cells, only, passed

PROMISE: dict[str, Any] = {"first_promised_for": "2026-11-04 12:00"}
IN_TIME: dict[str, Any] = {"delivered_at": "2026-11-04 12:00", "qty_delivered": 1}
SHIPPED: dict[str, Any] = {"qty_first_shipment": 1, "shipped_at": "2026-11-03 10:00"}


# ---- on time, in full --------------------------------------------------------------------------------
@pytest.mark.parametrize(("line", "otif", "on_time", "in_full"), [
    (IN_TIME, "1 of 1", "1 of 1", "1 of 1"),
    ({"delivered_at": "2026-11-04 12:01", "qty_delivered": 1}, "0 of 1", "0 of 1", "1 of 1"),
    ({"delivered_at": "2026-11-02 09:30", "qty_delivered": 1}, "1 of 1", "1 of 1", "1 of 1"),        # early
    ({**IN_TIME, "qty_delivered": 0}, "0 of 1", "1 of 1", "0 of 1"),
    ({**IN_TIME, "qty_delivered": 2}, "1 of 1", "1 of 1", "1 of 1"),
    ({**IN_TIME, "qty_delivered": None}, "0 of 1", "1 of 1", "0 of 1"),
    ({**IN_TIME, "will_call": True}, "nothing", "nothing", "nothing"),
    ({**IN_TIME, "first_promised_for": None, "promised_for": "2026-11-04 12:00"}, "nothing", "nothing", "nothing"),
    ({**IN_TIME, "first_promised_for": "2026-11-04 00:00"}, "1 of 1", "1 of 1", "1 of 1"),           # ends 17:00
    ({**IN_TIME, "first_promised_for": "2026-11-04", "delivered_at": "2026-11-04 17:01"}, "0 of 1", "0 of 1", "1 of 1"),
    ({"cancelled_at": "2026-11-03 10:00", "cancel_reason": "stock"}, "0 of 1", "0 of 1", "0 of 1"),
    ({"cancelled_at": "2026-11-03 10:00"}, "nothing", "nothing", "nothing"),
    ({}, "0 of 1", "0 of 1", "0 of 1"),                                                              # open past due
])
def test_otif_and_its_legs(line: dict[str, Any], otif: str, on_time: str, in_full: str) -> None:
    found = {m: passed(m, order_lines=[{**PROMISE, **line}]) for m in ("otif", "on_time", "in_full")}
    assert found == {"otif": otif, "on_time": on_time, "in_full": in_full}


def test_our_own_redating_does_not_move_the_promise_and_the_customers_does() -> None:
    late = {**PROMISE, "promised_for": "2026-11-12 12:00", "delivered_at": "2026-11-10 12:00", "qty_delivered": 1}
    assert {who: passed("otif", order_lines=[{**late, "promise_moved_by": who}])
            for who in ("us", None, "customer")} == {"us": "0 of 1", None: "0 of 1", "customer": "1 of 1"}
    assert list(cells("otif", order_lines=[{**late, "promise_moved_by": "customer"}])) == ["2026-11-09"]
    assert {who: passed("promises_moved", order_lines=[{**late, "promise_moved_by": who}])
            for who in ("us", None, "customer")} == {"us": "1 of 1", None: "0 of 1", "customer": "0 of 1"}


def test_an_order_with_an_undelivered_line_is_never_perfect() -> None:
    lines = [{**PROMISE, **IN_TIME}, {"line_no": "2", **PROMISE}]
    assert passed("otif", "2026-11-04 12:00", order_lines=lines) == "0 of 0, 1 undecided"
    assert passed("otif", "2026-11-04 12:01", order_lines=lines) == "0 of 1"


def test_each_line_is_measured_by_its_own_promise_and_the_order_stands_in_the_last_ones_week() -> None:
    lines = [{**PROMISE, **IN_TIME}, {"line_no": "2", "first_promised_for": "2026-11-10 12:00",
                                      "delivered_at": "2026-11-10 11:00", "qty_delivered": 1}]
    assert {week: cell.part for week, cell in cells("otif", order_lines=lines).items()} == {"2026-11-09": 1}
    swapped = [{**lines[0], "delivered_at": "2026-11-10 11:00"}, lines[1]]
    assert passed("otif", order_lines=swapped) == "0 of 1"


SPLIT: dict[str, Any] = {"qty_ordered": 2, **PROMISE}
ON_TIME_HALF, LATE_HALF = ({"qty": 1, "delivered_at": at} for at in ("2026-11-04 10:00", "2026-11-05 10:00"))


@pytest.mark.parametrize(("shipments", "otif", "on_time", "in_full"), [
    ([ON_TIME_HALF, ON_TIME_HALF], "1 of 1", "1 of 1", "1 of 1"),
    ([ON_TIME_HALF, LATE_HALF], "0 of 1", "0 of 1", "1 of 1"),
    ([ON_TIME_HALF, {"qty": 1}], "0 of 1", "0 of 1", "0 of 1"),                    # half of it never came
    ([ON_TIME_HALF], "0 of 1", "1 of 1", "0 of 1"),
    ([ON_TIME_HALF, ON_TIME_HALF, LATE_HALF], "1 of 1", "1 of 1", "1 of 1"),       # more than ordered, the rest late
    ([{"delivered_at": "2026-11-04 10:00"}], "1 of 1", "1 of 1", "1 of 1"),        # no quantity: the ordered one
    ([{**ON_TIME_HALF, "qty": 2, "will_call": True}], "nothing", "nothing", "nothing"),
])
def test_split_shipments(shipments: list[dict[str, Any]], otif: str, on_time: str, in_full: str) -> None:
    found = {m: passed(m, order_lines=[SPLIT], shipments=shipments) for m in ("otif", "on_time", "in_full")}
    assert found == {"otif": otif, "on_time": on_time, "in_full": in_full}


def test_on_time_shipped_looks_at_ship_dates_alone() -> None:
    assert passed("on_time_shipped", order_lines=[{**PROMISE, "shipped_at": "2026-11-04 12:00"}]) == "1 of 1"
    assert passed("on_time_shipped", order_lines=[{**PROMISE, "shipped_at": "2026-11-04 12:01"}]) == "0 of 1"
    assert passed("on_time_shipped", "2026-11-04 11:00", order_lines=[PROMISE]) == "0 of 0, 1 undecided"


def test_a_promise_is_kept_by_the_one_in_force() -> None:
    line = {**PROMISE, "promised_for": "2026-11-06 00:00", "promise_moved_by": "us"}
    assert passed("promise_kept", order_lines=[{**line, "delivered_at": "2026-11-06 17:00"}]) == "1 of 1"
    assert passed("promise_kept", order_lines=[{**line, "delivered_at": "2026-11-06 17:01"}]) == "0 of 1"
    assert passed("promise_kept", "2026-11-06 17:00", order_lines=[line]) == "0 of 0, 1 undecided"


# ---- cycle, priority ---------------------------------------------------------------------------------
def test_an_order_keyed_over_two_weeks_is_one_order_from_its_first_line_to_its_last_shipment() -> None:
    lines = [SHIPPED, {"line_no": "2", "ordered_at": "2026-11-09 09:00", "shipped_at": "2026-11-10 09:00"}]
    found = cells("order_cycle_time", order_lines=lines)
    assert {week: (cell.n, cell.p50) for week, cell in found.items()} == {"2026-11-02": (1, 8 * 1440)}
    assert only(cells("order_cycle_time", order_lines=[SHIPPED, {"line_no": "2"}])).open == 1
    assert cells("order_cycle_time", order_lines=[{"cancelled_at": "2026-11-03 10:00"}]) == {}


@pytest.mark.parametrize(("line", "expected"), [
    ({"priority": "Rush", "shipped_at": "2026-11-02 23:59"}, "1 of 1"),
    ({"priority": "Rush", "shipped_at": "2026-11-03 00:00"}, "0 of 1"),
    ({"priority": "Rush"}, "0 of 1"),
    ({"priority": "Rush", "ordered_at": "2026-11-02 15:00"}, "nothing"),
    ({"priority": "Normal"}, "nothing"), ({"priority": None}, "nothing"),
])
def test_same_day_priority(line: dict[str, Any], expected: str) -> None:
    assert passed("same_day_priority", order_lines=[line]) == expected


def test_an_order_of_different_priorities_is_no_priority_order() -> None:
    lines = [{"priority": "rush"}, {"line_no": "2", "priority": "urgent"}]
    assert passed("same_day_priority", order_lines=lines) == "nothing"
    assert passed("same_day_priority", order_lines=[lines[0], {"line_no": "2", "priority": "RUSH"}]) == "0 of 1"
