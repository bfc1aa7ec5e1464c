"""The oracle's clock, weeks and medians: each expectation worked out by hand."""

from __future__ import annotations

from datetime import date, datetime
from math import inf
from typing import Any

import pytest

from tests.oracle import OracleBranch, pooled
from tests.oracle.cells import quantile
from tests.oracle.given import BRANCH, OPTIONS, cells, only


@pytest.mark.parametrize(("start", "end", "minutes"), [
    ("2026-11-02 09:00", "2026-11-02 09:30", 30),
    ("2026-11-02 16:30", "2026-11-03 08:15", 45),       # over night
    ("2026-11-06 16:00", "2026-11-09 09:00", 120),      # over a weekend
    ("2026-11-10 16:00", "2026-11-12 09:00", 120),      # over the holiday of the 11th
    ("2026-11-07 10:00", "2026-11-08 18:00", 0),        # within a weekend
    ("2026-11-02 20:00", "2026-11-03 08:00", 0),        # asked after hours: the clock starts at the next opening
    ("2026-11-03 09:00", "2026-11-02 09:00", 0),
])
def test_working_time_counts_open_minutes_only(start: str, end: str, minutes: float) -> None:
    assert BRANCH.working_minutes(datetime.fromisoformat(start), datetime.fromisoformat(end)) == minutes


def test_a_branch_that_closes_at_24_00_works_until_midnight() -> None:
    late = OracleBranch("06:00", "24:00", "1234567")
    assert late.working_minutes(datetime(2026, 11, 1, 23), datetime(2026, 11, 2, 7)) == 120
    assert late.end_of(datetime(2026, 11, 1)) == datetime(2026, 11, 2)


def test_a_promise_without_a_time_ends_at_closing_time_on_closed_days_too() -> None:
    assert BRANCH.end_of(datetime(2026, 11, 3)) == datetime(2026, 11, 3, 17)
    assert BRANCH.end_of(datetime(2026, 11, 8)) == datetime(2026, 11, 8, 17)
    assert BRANCH.end_of(datetime(2026, 11, 3, 0, 1)) == datetime(2026, 11, 3, 0, 1)


@pytest.mark.parametrize(("values", "share", "expected"), [
    ([7.0], 0.9, 7.0), ([4.0, 1.0, 2.0], 0.5, 2.0), ([1.0, 2.0, 3.0, 10.0], 0.5, 2.5), ([0.0, 10.0], 0.9, 9.0),
    ([1.0, 2.0, inf], 0.5, 2.0), ([1.0, inf], 0.5, inf), ([inf, inf], 0.5, inf), ([1.0, 2.0, inf, inf], 0.25, 1.75),
])
def test_quantiles_lie_on_the_line_between_neighbours(values: list[float], share: float, expected: float) -> None:
    assert quantile(values, share) == expected


def test_the_week_of_a_year_end_belongs_to_its_monday() -> None:
    answers = [{"response_no": str(n), "at": f"{day} 10:00", "score": 9} for n, day in enumerate(
        ["2026-12-27", "2026-12-28", "2026-12-31", "2027-01-03", "2027-01-04"])]
    assert {week: cell.n for week, cell in cells("nps", surveys=answers).items()} == {
        "2026-12-21": 1, "2026-12-28": 3, "2027-01-04": 1}


def test_a_week_may_begin_on_sunday() -> None:
    found = cells("nps", options=OPTIONS | {"week_first_day": "Sun"}, surveys=[{"at": "2026-11-08 10:00", "score": 9}])
    assert list(found) == ["2026-11-08"]


def _received(*dispositioned: str | None) -> list[dict[str, Any]]:
    return [{"received_at": "2026-11-02 12:00", "dispositioned_at": end} for end in dispositioned]


def test_an_open_row_counts_at_its_age_and_as_endless() -> None:
    rows = _received("2026-11-03 12:00", "2026-11-04 12:00", None)
    cell = only(cells("rma_turnaround", "2026-11-09 12:00", returns=rows))
    assert (cell.n, cell.open, cell.undecided, cell.p50, cell.at_least) == (3, 1, 0, 2 * 1440, False)
    assert cell.p90 == pytest.approx(6 * 1440)     # 2 + 0.8 × (7 − 2) days
    assert cell.p90_at_least


def test_a_median_on_an_open_row_is_at_least_its_age_and_undecided() -> None:
    rows = _received("2026-11-03 12:00", None, None)
    cell = only(cells("rma_turnaround", "2026-11-09 12:00", returns=rows))
    assert (cell.p50, cell.at_least, cell.undecided, cell.open) == (7 * 1440, True, 2, 2)


def test_a_row_that_ended_before_it_began_is_left_out_of_a_median() -> None:
    rows = _received("2026-11-01 12:00", "2026-11-02 12:00")
    cell = only(cells("rma_turnaround", returns=rows))
    assert (cell.n, cell.p50) == (1, 0)


def test_a_start_after_the_as_of_has_no_age_yet() -> None:
    assert only(cells("rma_turnaround", "2026-11-01 12:00", returns=_received(None))).p50 == 0


def test_the_median_of_two_branches_is_that_of_all_their_rows() -> None:
    hours = {"A": (1, 1, 1), "B": (9,)}
    rows = [{"branch": branch, "kind": "return", "received_at": datetime(2026, 11, 2),
             "dispositioned_at": datetime(2026, 11, 2, hour)} for branch, ends in hours.items() for hour in ends]
    found = pooled({"returns": rows}, {"A": BRANCH, "B": BRANCH}, OPTIONS, lambda *_: datetime(2026, 12, 1),
                   {"A": "North", "B": "North"})
    assert found["rma_turnaround", "North", date(2026, 11, 2)].p50 == 60


def test_a_branch_without_the_metric_and_an_unknown_branch_have_no_cells() -> None:
    rows = [{"branch": branch, "at": datetime(2026, 11, 2), "score": 9.0} for branch in ("A", "B", "elsewhere")]
    found = pooled({"surveys": rows}, {"A": BRANCH, "B": BRANCH}, OPTIONS,
                   lambda metric, branch: datetime(2026, 12, 1) if branch == "A" else None, {"A": "A", "B": "B"})
    assert {key: cell.n for key, cell in found.items()} == {("nps", "A", date(2026, 11, 2)): 1}
