"""The clock of a case: working minutes of its branch, from UTC instants. EAST works 8 to 17 in New York."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from scoreboard.calendars import Calendar, to_utc
from scoreboard.cases import timers
from scoreboard.cases.lifecycle import CaseState
from scoreboard.cases.terms import Terms
from scoreboard.cases.timers import Times, due_at

ZONE = "America/New_York"
TERMS = Terms({"EAST": Calendar("US", "12345", "08:00", "17:00")}, {"EAST": ZONE}, {"Wrong part ": 120})


def utc(wall: str) -> datetime:
    """The instant when the clock in the branch shows `wall` (2026)."""
    return to_utc(datetime.fromisoformat(f"2026-{wall}"), ZONE)


FRIDAY_16 = CaseState("EAST", "C1", "wrong part", opened_at=utc("11-06 16:00"))


def times(case: CaseState, now: str = "11-30 12:00") -> Times:
    return timers.times(case, TERMS, utc(now))


def test_an_open_case_runs_to_now_over_the_weekend_in_working_time() -> None:
    assert times(FRIDAY_16, now="11-09 09:00") == Times(120, 65 * 60, 120, True, None, None, None, None)


def test_a_closed_case_stops_at_the_later_of_resolved_and_told() -> None:
    case = replace(FRIDAY_16, resolved_at=utc("11-09 09:00"), told_at=utc("11-09 10:30"))
    assert (times(case).ours, times(case).running) == (60 + 150, False)
    told_first = replace(FRIDAY_16, resolved_at=utc("11-09 10:30"), told_at=utc("11-09 09:00"))
    assert (times(told_first).ours, times(told_first).to_told) == (60 + 150, 0)


@pytest.mark.parametrize("half", ["resolved_at", "told_at"])
def test_a_case_only_resolved_or_only_told_is_still_running(half: str) -> None:
    case = replace(FRIDAY_16, **{half: utc("11-06 16:30")})
    assert (times(case, now="11-09 08:10").ours, times(case).running) == (70, True)


def test_the_four_legs() -> None:
    case = replace(
        FRIDAY_16, accepted_at=utc("11-06 16:10"), first_told_at=utc("11-06 16:45"),
        resolved_at=utc("11-09 08:30"), told_at=utc("11-09 09:15"))
    assert times(case) == Times(
        ours=60 + 75, theirs=65 * 60 + 15, work=60 + 75, running=False, to_accept=10, to_first_word=45, to_resolve=60 + 30, to_told=45)


def test_where_no_first_word_is_noted_telling_was_the_first() -> None:
    assert times(replace(FRIDAY_16, told_at=utc("11-09 09:15"))).to_first_word == 60 + 75


def test_reopening_never_resets_the_start() -> None:
    case = replace(FRIDAY_16, reopened_at=utc("11-10 08:00"))
    assert times(case, now="11-09 09:00").ours == 120


def test_the_same_working_day_counts_the_same_on_both_sides_of_a_clock_change() -> None:
    # New York falls back on Sunday 2026-11-01.
    case = replace(FRIDAY_16, opened_at=utc("10-30 16:00"))
    assert times(case, now="11-02 09:00").ours == 120


def test_a_case_opened_at_night_starts_with_the_next_opening() -> None:
    case = replace(FRIDAY_16, opened_at=utc("11-02 23:59"))
    assert times(case, now="11-03 08:00").ours == 0
    assert times(case, now="11-03 08:01").ours == 1


def test_a_case_is_due_when_its_standard_is_used_up() -> None:
    assert due_at(FRIDAY_16, TERMS) == utc("11-09 09:00")
    assert due_at(replace(FRIDAY_16, type="damaged"), TERMS) is None


def test_a_standard_is_found_whatever_the_case_of_its_type() -> None:
    assert TERMS.standard(" WRONG part") == 120
    assert TERMS.standard("wrong parts") is None
