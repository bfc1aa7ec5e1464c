"""What is said of a week: still coming, not there, or there; by the day it is asked and by how far the files reach.

Week 45 is 2 to 8 November 2026; B1 and B2 are open Monday to Friday.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from scoreboard.metrics.catalogue import BY_KEY
from scoreboard.metrics.reach import Piece
from scoreboard.metrics.states import outlook, points
from tests.metrics.pieces import piece, reach

W44, W45, W46, W47 = (date(2026, 10, 26), date(2026, 11, 2), date(2026, 11, 9), date(2026, 11, 16))
THURSDAY, FRIDAY = datetime(2026, 11, 5, 16), datetime(2026, 11, 6, 9)


def orders(through: datetime, branch: str = "B1") -> Piece:
    return piece("order_lines", "order_no ordered_at shipped_at", through, "2026-09-01", through.date().isoformat(), branch)


def states(today: str, *pieces: Piece, metric: str = "order_cycle_time", rows: Mapping[date, Any] = {}) -> list[str]:
    """The states of weeks 44 to 47 of both branches together, as known on a day."""
    reached = reach(*pieces)
    found = points(outlook(BY_KEY[metric], frozenset(("B1", "B2")), reached), rows, W44, W47, datetime.fromisoformat(today))
    return [one.state for one in found]


def row(n: int) -> Any:
    return SimpleNamespace(part=float(n), whole=float(n), n=n, undecided=0, open=0, p50=60.0, p90=90.0, at_least=False, p90_at_least=False)


ROWS = {W44: row(20), W45: row(20)}


@pytest.mark.parametrize(("today", "expected"), [
    ("2026-11-05T17:00", ["value", "running", "running", "running"]),
    ("2026-11-09T08:00", ["value", "running", "running", "running"]),    # ended yesterday, the file reaches Thursday: not complete yet
    ("2026-11-15T23:00", ["value", "running", "running", "running"]),
    ("2026-11-16T08:00", ["value", "missing", "missing", "running"]),    # the week after it has ended as well
    ("2027-03-01T08:00", ["value", "missing", "missing", "missing"]),
])
def test_a_week_whose_rest_never_came_is_running_until_the_week_after_it_ends_then_missing(today: str, expected: list[str]) -> None:
    assert states(today, orders(THURSDAY), rows=ROWS) == expected


def test_a_week_is_complete_with_its_last_open_day_whatever_the_calendar_says() -> None:
    assert states("2026-11-06T18:00", orders(FRIDAY), rows=ROWS) == ["value", "value", "running", "running"]
    assert states("2027-03-01T08:00", orders(FRIDAY), rows=ROWS) == ["value", "value", "missing", "missing"]


def test_a_branch_that_stopped_in_a_week_holds_the_others_back_only_while_its_rest_is_awaited() -> None:
    both = orders(THURSDAY), orders(datetime(2026, 11, 20, 16), "B2")
    assert states("2026-11-09T08:00", *both, rows=ROWS)[:2] == ["value", "running"]
    assert states("2026-11-21T08:00", *both, rows=ROWS) == ["value", "value", "no_events", "no_events"]


def test_the_row_of_a_whole_week_or_month_is_complete_as_soon_as_it_is_there() -> None:
    hours = piece("shifts", "week scheduled_hours covered_hours headcount", datetime(2026, 11, 2), "2026-10-26", "2026-11-02")
    assert states("2026-11-09T08:00", hours, metric="team_coverage", rows=ROWS)[:3] == ["value", "value", "running"]


def test_a_maturing_week_says_whether_it_has_too_few_rows_to_be_judged_later() -> None:
    through = datetime(2026, 11, 20, 16)
    reached = reach(piece("order_lines", "shipped_at", through), piece("credits", "issued_at reason", through))
    rows = {W44: row(40), W45: row(9), W46: row(30)}
    found = points(outlook(BY_KEY["error_rate"], frozenset(["B1"]), reached), rows, W44, W46, through)
    assert [(one.state, one.thin) for one in found] == [("maturing", False), ("maturing", True), ("maturing", False)]


def test_a_week_without_anything_is_running_until_its_last_open_day_is_over() -> None:
    through = orders(datetime(2026, 11, 20, 10))
    assert states("2026-11-20T10:30", through)[-1] == "running"
    assert states("2026-11-21T08:00", through)[-1] == "no_events"
