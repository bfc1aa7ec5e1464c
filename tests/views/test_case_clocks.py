"""What the browser is given so that clocks tick: it reaches the same minutes as the server does, to the minute, later."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoreboard.calendars import Calendar, to_utc
from scoreboard.cases import timers
from scoreboard.cases.lifecycle import CaseState
from scoreboard.cases.terms import Terms
from scoreboard.errors import Refused
from scoreboard.views.cases import clocks, moments
from scoreboard.views.cases.spans import calendar_span, working_span

ZONE = "America/New_York"
TERMS = Terms({"EAST": Calendar("US", "123456", "07:30", "17:00")}, {"EAST": ZONE}, {"late": 240})
MONDAY = datetime(2026, 11, 9, 10)  # on the branch's clock


def utc(wall: datetime) -> datetime:
    return to_utc(wall, ZONE)


def in_the_browser(clock: dict, spans: list[list[int]], t: int, of: str = "ours") -> float:
    """`drawn/clock.js`, in Python."""
    since = clock[f"{of}From"]
    return clock[of] + sum(max(0, min(end, t) - max(start, since)) for start, end in spans) / 60_000


@settings(deadline=None)
@given(st.integers(-60 * 24 * 40, 0), st.integers(0, 60 * 24 * 12), st.sampled_from(["customer", "supplier", None]),
       st.integers(1, 60 * 24 * 4))
def test_the_browser_reaches_what_the_server_would_say(opened: int, later: int, waits: str | None, pause: int) -> None:
    now = utc(MONDAY)
    state = CaseState("EAST", "X1", "late", now + timedelta(minutes=opened))
    if waits:
        state = replace(state, pauses=[[state.opened_at.isoformat(), (now + timedelta(minutes=pause)).isoformat(), waits, "waits"]])
    clock, spans = clocks.clock(state, TERMS, now), clocks.open_hours(["EAST"], TERMS, now)["EAST"]
    then = now + timedelta(minutes=later)
    expected, t = timers.times(state, TERMS, then), clocks.millis(then)
    assert in_the_browser(clock, spans, t) == pytest.approx(expected.ours)
    assert in_the_browser(clock, spans, t, "work") == pytest.approx(expected.work)
    assert (t - clock["opened"]) / 60_000 == pytest.approx(expected.theirs)


def test_a_closed_case_has_its_last_word_and_a_resolved_one_is_not_paused() -> None:
    now = utc(MONDAY)
    waits = [[now.isoformat(), "2027-01-01T00:00:00", "customer", "waits"]]
    state = CaseState("EAST", "X1", "late", now - timedelta(hours=2), pauses=waits)
    assert clocks.clock(state, TERMS, now)["paused"]["ours"]
    done = replace(state, resolved_at=now, told_at=now)
    assert clocks.clock(done, TERMS, now)["paused"] is None and clocks.clock(done, TERMS, now)["ended"] == clocks.millis(now)


@pytest.mark.parametrize(("text", "ahead", "wall"), [
    ("in 2 hours", True, "11-09 12:00"), ("at closing", True, "11-09 17:00"), ("next working day, first thing", True, "11-10 08:30"),
    ("15:00", True, "11-09 15:00"), ("tue 9:15", True, "11-10 09:15"), ("Monday 9:15", True, "11-09 09:15"),
    ("Fri 16.30", False, "11-06 16:30"), ("9:40", False, "11-09 09:40"), ("15 minutes ago", False, "11-09 09:45"),
    ("2026-11-12 08:00", True, "11-12 08:00")])
def test_a_time_is_read_as_people_write_it(text: str, ahead: bool, wall: str) -> None:
    assert moments.read(text, "EAST", TERMS, utc(MONDAY), ahead=ahead) == utc(datetime.fromisoformat(f"2026-{wall}"))


@pytest.mark.parametrize("text", ["soon", "25:00", "9:99", "xyz 10:00", "in 2 years"])
def test_what_is_no_time_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(Refused, match=r"is not a time\. Choose one, or write 15:00"):
        moments.read(text, "EAST", TERMS, utc(MONDAY), ahead=True)


def test_an_empty_time_is_none_and_closing_of_a_closed_day_is_that_of_the_next() -> None:
    sunday = utc(datetime(2026, 11, 8, 12))
    assert moments.read("  ", "EAST", TERMS, sunday, ahead=True) is None
    assert moments.read("at closing", "EAST", TERMS, sunday, ahead=True) == utc(datetime(2026, 11, 9, 17))


def test_minutes_are_written_as_people_say_them() -> None:
    assert [working_span(m) for m in (0, 59.9, 60, 125, 5999, 6000, 60_180)] == [
        "0 min", "59 min", "1 h", "2 h 05 min", "99 h 59 min", "100 h", "1,003 h"]
    assert [calendar_span(m) for m in (60, 2879, 2880, 4560, 14 * 1440, 326 * 1440 + 90)] == [
        "1 h", "47 h 59 min", "2 days", "3 d 4 h", "14 days", "326 days"]
