"""Returns, cases, answers, stock and team: one trap a test, few rows, figures worked out by hand."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from tests.oracle.given import cells, only, passed


# ---- returns -----------------------------------------------------------------------------------------
def test_a_return_is_over_when_credited_and_told_and_never_begun_when_not_received() -> None:
    row = {"received_at": "2026-11-02 09:00", "credited_at": "2026-11-04 09:00"}
    assert only(cells("return_cycle_time", returns=[{**row, "customer_told_at": "2026-11-03 09:00"}])).p50 == 2 * 1440
    assert only(cells("return_cycle_time", returns=[row])).open == 1
    assert cells("return_cycle_time", returns=[{**row, "received_at": None}]) == {}
    assert cells("return_cycle_time", returns=[{**row, "kind": "core"}]) == {}


@pytest.mark.parametrize(("credited_at", "as_of", "expected"), [
    ("2026-11-12 23:59", "2026-12-01", "0 of 90"), ("2026-11-13 00:00", "2026-12-01", "90 of 90"),
    (None, "2026-11-13 00:00", "0 of 0, 1 undecided"), (None, "2026-11-13 00:01", "90 of 90"),
])
def test_a_core_is_at_risk_from_7_days_before_the_deadline(credited_at: str | None, as_of: str, expected: str) -> None:
    core = {"kind": "core", "received_at": "2026-11-02 09:00", "supplier_deadline_on": "2026-11-20", "value": 90}
    assert passed("core_value_at_risk", as_of, returns=[{**core, "credited_at": credited_at}]) == expected


def test_a_return_stands_in_the_week_it_was_sold_else_received_else_opened() -> None:
    dates = {"opened_at": "2026-11-02 09:00", "received_at": "2026-11-09 09:00", "sold_at": "2026-10-26 09:00"}
    weeks = [list(cells("return_rate", returns=[{name: dates[name] for name in names}])) for names in (
        ("opened_at", "received_at", "sold_at"), ("opened_at", "received_at"), ("opened_at",))]
    assert weeks == [["2026-10-26"], ["2026-11-09"], ["2026-11-02"]]


# ---- cases -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("case", "as_of", "expected"), [
    ({"resolved_at": "2026-11-02 09:30", "told_at": "2026-11-02 10:00"}, "2026-12-01", "1 of 1"),
    ({"resolved_at": "2026-11-02 09:30", "told_at": "2026-11-02 10:01"}, "2026-12-01", "0 of 1"),
    ({"resolved_at": "2026-11-02 09:30"}, "2026-11-02 10:00", "0 of 0, 1 undecided"),
    ({"resolved_at": "2026-11-02 09:30"}, "2026-11-02 10:01", "0 of 1"),
    ({"type": "no standard"}, "2026-12-01", "nothing"), ({"type": " LATE "}, "2026-12-01", "0 of 1"),
])
def test_a_case_is_closed_when_resolved_and_told(case: dict[str, Any], as_of: str, expected: str) -> None:
    assert passed("exception_close_loop", as_of, exceptions=[case]) == expected


@pytest.mark.parametrize(("pauses", "told_at", "as_of", "expected"), [
    ([("09:15", "09:45", "customer")], "10:30", "12:00", "1 of 1"),
    ([("09:15", "09:45", "customer")], "10:31", "12:00", "0 of 1"),
    ([("09:15", "09:45", "supplier"), ("09:45", "10:00", "carrier")], "10:01", "12:00", "0 of 1"),
    ([("09:15", "12:00", "customer")], "09:50", "12:00", "1 of 1"),                         # closed while it waited
    ([("09:15", "09:45", "customer"), ("09:30", "10:00", "customer")], "10:46", "12:00", "0 of 1"),
    ([("09:15", "09:45", "customer"), ("09:30", "10:00", "customer")], "10:45", "12:00", "1 of 1"),
    ([("09:15", "16:00", "customer")], None, "15:00", "0 of 0, 1 undecided"), ([("09:15", "10:00", "customer")], None, "10:46", "0 of 1"),
])
def test_the_standard_does_not_run_while_it_waits_for_the_customer(
        pauses: list[tuple[str, str, str]], told_at: str | None, as_of: str, expected: str) -> None:
    def on(clock: str) -> datetime:
        return datetime.fromisoformat(f"2026-11-02 {clock}")

    case = {"resolved_at": "2026-11-02 09:10", "told_at": told_at and f"2026-11-02 {told_at}",
            "pauses": [(on(since), on(until), waits_for) for since, until, waits_for in pauses]}
    assert passed("exception_close_loop", f"2026-11-02 {as_of}", exceptions=[case]) == expected


def test_a_customer_not_told_stays_open_and_one_told_before_is_told_at_once() -> None:
    case = {"resolved_at": "2026-11-02 10:00"}
    waiting = only(cells("resolved_to_told", "2026-11-02 12:00", exceptions=[case]))
    assert (waiting.p50, waiting.open, waiting.at_least) == (120, 1, True)
    assert only(cells("resolved_to_told", exceptions=[{**case, "told_at": "2026-11-02 09:30"}])).p50 == 0


def test_telling_that_it_is_resolved_is_the_first_word_where_none_is_noted() -> None:
    assert only(cells("time_to_first_word", exceptions=[{"told_at": "2026-11-02 09:40"}])).p50 == 40
    called = {"customer_called_at": "2026-11-02 09:50"}
    assert passed("told_first", exceptions=[{"told_at": "2026-11-02 09:40", **called}]) == "1 of 1"
    assert passed("told_first", exceptions=[{"first_told_at": "2026-11-02 09:55", **called}]) == "0 of 1"
    assert passed("told_first", exceptions=[{}]) == "nothing"


@pytest.mark.parametrize(("case", "expected"), [
    ({"part_no": "P"}, "1 of 2"), ({"customer": "C"}, "1 of 2"), ({"route": "R"}, "0 of 2"), ({}, "0 of 2"),
    ({"part_no": "P", "type": "other"}, "0 of 2"), ({"part_no": "P", "opened_at": "2027-01-31 09:00"}, "1 of 2"),
    ({"part_no": "P", "opened_at": "2027-01-31 09:01"}, "0 of 2"),                       # 90 days and a minute
])
def test_a_repeat_is_of_the_same_type_and_something_else_within_90_days(case: dict[str, Any], expected: str) -> None:
    first = {"part_no": "P", "customer": "C", "route": None}
    again = {"case_no": "X2", "opened_at": "2026-11-03 09:00", **case}
    assert passed("repeat_share", exceptions=[first, again]) == expected


def test_exceptions_are_counted_against_orders_the_customer_did_not_cancel() -> None:
    lines = [{}, {"order_no": "2", "cancelled_at": "2026-11-02 10:00"}]
    assert passed("exceptions_per_100_orders", order_lines=lines, exceptions=[{}, {"case_no": "X2"}]) == "2 of 1"


def test_orders_of_weeks_before_the_first_exception_of_a_branch_are_not_counted_against_any() -> None:
    lines = [{"order_no": str(day), "ordered_at": f"2026-11-{day:02} 09:00"} for day in (1, 2, 4)]
    assert passed("exceptions_per_100_orders", order_lines=lines, exceptions=[{"opened_at": "2026-11-03 09:00"}]) == "1 of 2"
    assert passed("exceptions_per_100_orders", order_lines=lines) == "nothing"


# ---- answers, stock, team ----------------------------------------------------------------------------
def test_nps_is_promoters_less_detractors() -> None:
    answers = [{"at": "2026-11-02 09:00", "score": score} for score in (10, 9, 8, 7, 6, 0, 0)]
    assert passed("nps", surveys=answers) == "-1 of 7"


def test_stock_turns_need_twelve_periods_of_a_year() -> None:
    months = [f"2026-{month:02}-28" for month in range(1, 13)]
    rows = [{"period_end": end, "inventory_value": 100.0, "cost_of_goods_sold": 10.0} for end in months]
    assert {week: (cell.part, cell.whole) for week, cell in cells("inventory_turnover", inventory=rows).items()} == {
        "2026-12-28": (120, 100)}
    year_apart = [*rows[1:], {**rows[0], "period_end": "2025-12-29"}]                     # 364 days before the last
    assert cells("inventory_turnover", inventory=year_apart) == {}
    assert cells("inventory_turnover", inventory=[row | {"inventory_value": 0.0} for row in rows]) == {}


def test_leavers_are_those_of_52_weeks_to_the_weeks_sunday() -> None:
    left = [{"person_key": str(n), "event": "left", "on": on} for n, on in enumerate(
        ["2025-11-09", "2025-11-10", "2026-11-08", "2026-11-09"])]
    shift = {"week": "2026-11-06", "scheduled_hours": 100, "covered_hours": 120, "headcount": 11}    # named Friday
    assert passed("team_leavers", team_changes=left, shifts=[shift]) == "2 of 11"
    assert passed("team_coverage", shifts=[shift]) == "100 of 100"
    assert passed("team_coverage", shifts=[{**shift, "scheduled_hours": 0}]) == "nothing"
    assert passed("team_coverage", shifts=[{**shift, "headcount": 4}]) == "nothing"


def test_somebody_who_came_back_is_measured_from_the_last_start() -> None:
    changes = [{"person_key": "P", "event": event, "on": on} for event, on in (
        ("started", "2024-01-01"), ("left", "2025-01-01"), ("started", "2026-11-02"), ("proficient", "2026-11-12"))]
    cell = only(cells("time_to_proficiency", team_changes=changes))
    assert (cell.n, cell.p50) == (1, 10 * 1440)
