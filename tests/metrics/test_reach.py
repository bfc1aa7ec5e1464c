"""How far data reaches: hand-made pieces of loads, and what as-of, gaps and coverage they give."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from scoreboard.metrics.catalogue import BY_KEY
from tests.metrics.pieces import piece, reach

MON, TUE, WED = (datetime(2026, 11, day, 17) for day in (2, 3, 4))


def test_the_as_of_is_the_least_over_columns_of_the_latest_load_that_has_them() -> None:
    found = reach(piece("returns", "received_at dispositioned_at", MON), piece("returns", "received_at", WED),
                  piece("returns", "received_at dispositioned_at", TUE))
    assert found.as_of(BY_KEY["rma_turnaround"], "B1") == TUE
    assert found.as_of(BY_KEY["rma_turnaround"], "B2") is None


def test_an_older_load_does_not_turn_the_clock_back() -> None:
    columns = "received_at dispositioned_at"
    assert reach(piece("returns", columns, WED), piece("returns", columns, MON)).as_of(BY_KEY["rma_turnaround"], "B1") == WED


def test_of_two_columns_that_serve_the_later_one_counts() -> None:
    orders = piece("order_lines", "order_no ordered_at shipped_at", MON), piece("order_lines", "order_no ordered_at", WED)
    cycle = BY_KEY["order_cycle_time"]
    assert reach(*orders).as_of(cycle, "B1") == MON
    assert reach(*orders, piece("shipments", "order_no shipped_at", TUE)).as_of(cycle, "B1") == TUE


def test_a_column_read_beside_holds_the_as_of_back_only_where_it_is_there() -> None:
    quotes = piece("quotes", "requested_at order_no", WED)
    conversion = BY_KEY["quote_conversion"]
    assert reach(quotes).as_of(conversion, "B1") == WED
    assert reach(quotes, piece("order_lines", "ordered_at", MON)).as_of(conversion, "B1") == MON


def test_what_is_missing_is_named() -> None:
    quotes = piece("quotes", "requested_at", MON)
    assert reach(quotes).missing(BY_KEY["quote_conversion"], "B1") == ["quotes: order_no or quotes: outcome"]
    answered = piece("quotes", "requested_at responded_at", MON)
    assert reach(answered).missing(BY_KEY["quotes_in_standard"], "B1") == ["an agreed standard (quote_standard_minutes)"]
    assert reach(answered).as_of(BY_KEY["quotes_in_standard"], "B1") is None
    assert reach(answered, quote_standard_minutes=60.0).as_of(BY_KEY["quotes_in_standard"], "B1") == MON


def test_columns_of_a_file_that_does_not_say_how_far_it_reaches_reach_as_far_as_the_others() -> None:
    silent = piece("returns", "kind sold_at credited_at", None)
    cycle = BY_KEY["core_cycle_time"]
    assert reach(silent).as_of(cycle, "B1") is None
    assert reach(silent, piece("returns", "received_at", TUE)).as_of(cycle, "B1") == TUE


def test_cases_reach_to_now_on_the_clock_of_their_branch() -> None:
    cases = piece("exceptions", "type opened_at accepted_at", MON)
    assert reach(cases).as_of(BY_KEY["time_to_accept"], "B1") == datetime(2026, 12, 1, 7)
    assert reach(cases).covers("B1", "exceptions", date(2026, 12, 7), date(2026, 12, 14))


def test_typed_totals_speak_until_the_end_of_their_last_week_and_only_where_there_are_no_rows() -> None:
    totals = piece("weekly_totals", "week nps", datetime(2026, 11, 2))
    assert reach(totals).as_of(BY_KEY["nps"], "B1") == datetime(2026, 11, 8)
    assert reach(totals).missing(BY_KEY["nps"], "B1") == []
    assert reach(totals, piece("surveys", "at score", TUE)).as_of(BY_KEY["nps"], "B1") == TUE


@pytest.mark.parametrize(("week", "covered"), [("2026-10-26", False), ("2026-11-02", True), ("2026-11-09", False), ("2026-11-16", True),
                                               ("2026-11-23", True), ("2026-11-30", False)])
def test_a_gap_between_two_loads_is_not_covered_and_a_load_covers_until_its_through(week: str, covered: bool) -> None:
    found = reach(piece("surveys", "at score", WED, "2026-11-02", "2026-11-04"),
                  piece("surveys", "at score", datetime(2026, 11, 24), "2026-11-17", "2026-11-18"))
    start = date.fromisoformat(week)
    assert found.covers("B1", "surveys", start, date.fromordinal(start.toordinal() + 7)) is covered


def test_branches_the_company_does_not_have_do_not_count() -> None:
    assert reach(piece("surveys", "at score", WED, branch="gone")).columns == {}
