"""Clocks at the instants where they go wrong: the night of a clock change, midnight, the standard itself, the closing hour."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoreboard.calendars import Calendar
from scoreboard.cases.lifecycle import CaseState, Event, fold, pause_at
from scoreboard.cases.terms import Terms
from scoreboard.cases.timers import due_at, held, times, waited

MINUTE, MOMENT = timedelta(minutes=1), timedelta(microseconds=100)
CHANGES = {  # the instant (UTC) of a clock change: zone
    "2026-03-08T07:00": "America/New_York", "2026-11-01T06:00": "America/New_York", "2026-03-29T01:00": "Europe/Berlin",
    "2026-10-25T01:00": "Europe/Berlin", "2026-04-04T15:00": "Australia/Lord_Howe", "2026-10-03T15:30": "Australia/Lord_Howe",
    "2026-04-05T03:00": "America/Santiago", "2026-09-06T04:00": "America/Santiago"}
DAY_AND_NIGHT, OFFICE, TILL_MIDNIGHT = Calendar("", "1234567", "00:00", "24:00"), Calendar("", "12345", "08:00", "17:00"), Calendar(
    "", "1234567", "00:30", "24:00")


def of(zone: str, calendar: Calendar, standard: float = 120) -> Terms:
    return Terms({"EAST": calendar}, {"EAST": zone}, {"late": standard}, 60)


def case(opened: datetime, *pauses: tuple[datetime, datetime, str]) -> CaseState:
    spans = [[since.isoformat(), until.isoformat(), who, "why"] for since, until, who in pauses]
    return CaseState("EAST", "X1", "late", opened, pauses=spans)


def utc(zone: str, wall: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC).replace(tzinfo=None)


def test_the_changes_are_where_they_are_said_to_be() -> None:
    for text, zone in CHANGES.items():
        at = datetime.fromisoformat(text).replace(tzinfo=UTC)
        assert at.astimezone(ZoneInfo(zone)).utcoffset() != (at - MINUTE).astimezone(ZoneInfo(zone)).utcoffset(), text


# ---- in any order, near a clock change ---------------------------------------------------------------
near = st.sampled_from(sorted(CHANGES)).flatmap(lambda text: st.tuples(
    st.just(CHANGES[text]), st.integers(-300, 200).map(lambda minutes: datetime.fromisoformat(text) + minutes * MINUTE)))
hours = st.sampled_from((
    DAY_AND_NIGHT, TILL_MIDNIGHT, Calendar("", "1234567", "00:00", "02:30"), Calendar("", "67", "01:15", "23:00"), OFFICE))
lengths = st.lists(st.tuples(st.integers(0, 200), st.integers(0, 150), st.sampled_from(("customer", "supplier"))), max_size=3)


def made(opened: datetime, spans: list[tuple[int, int, str]]) -> CaseState:
    found, at = [], opened
    for gap, length, who in spans:
        since = at + gap * MINUTE
        at = since + length * MINUTE
        found.append((since, at, who))
    return case(opened, *found)


@settings(max_examples=300, deadline=None)
@given(near, hours, lengths, st.lists(st.integers(0, 25), min_size=5, max_size=25))
def test_near_a_clock_change_no_clock_runs_backwards(
        begin: tuple[str, datetime], calendar: Calendar, spans: list[tuple[int, int, str]], later: list[int]) -> None:
    zone, opened = begin
    terms, state, now = of(zone, calendar), made(opened, spans), opened
    before = times(state, terms, now)
    for minutes in later:
        now += minutes * MINUTE
        after = times(state, terms, now)
        assert (after.ours, after.work, after.theirs) >= (before.ours, before.work, before.theirs)
        assert after.ours >= before.ours and after.work >= before.work and 0 <= after.work <= after.ours
        assert waited(state, terms, now) <= terms.between("EAST", opened, now)
        before = after


@settings(max_examples=300, deadline=None)
@given(near, hours, lengths, st.integers(1, 400))
def test_near_a_clock_change_a_case_is_due_when_our_clock_reaches_the_standard(
        begin: tuple[str, datetime], calendar: Calendar, spans: list[tuple[int, int, str]], standard: int) -> None:
    zone, opened = begin
    terms, state = of(zone, calendar, standard), made(opened, spans)
    due = due_at(state, terms)
    assert due is not None
    assert times(state, terms, due).ours >= standard - 1e-6
    assert times(state, terms, due - MOMENT).ours < standard


# ---- a branch that never closes ------------------------------------------------------------------------
NEW_YORK = "America/New_York"


def test_while_an_hour_comes_again_the_clock_stands_still() -> None:
    terms, opened = of(NEW_YORK, DAY_AND_NIGHT), utc(NEW_YORK, "2026-11-01T00:30")
    read = [times(case(opened), terms, opened + minutes * MINUTE).ours for minutes in (30, 89, 90, 120, 149, 150, 180)]
    assert read == [30, 89, 90, 90, 90, 90, 120]


def test_a_standard_used_up_when_the_hour_comes_again_is_due_the_first_time() -> None:
    terms, opened = of(NEW_YORK, DAY_AND_NIGHT, 90), utc(NEW_YORK, "2026-11-01T00:30")
    assert due_at(case(opened), terms) == utc(NEW_YORK, "2026-11-01T01:00", fold=1) == opened + 90 * MINUTE


def test_a_standard_that_ends_in_a_skipped_hour_is_due_when_the_clock_changes() -> None:
    terms, opened = of(NEW_YORK, DAY_AND_NIGHT, 120), utc(NEW_YORK, "2026-03-08T00:30")
    assert due_at(case(opened), terms) == utc(NEW_YORK, "2026-03-08T03:00") == opened + 90 * MINUTE


def test_an_office_that_is_closed_at_night_neither_gains_nor_loses_an_hour() -> None:
    for friday, monday in (("2026-03-06T16:00", "2026-03-09T09:00"), ("2026-10-30T16:00", "2026-11-02T09:00")):
        assert due_at(case(utc(NEW_YORK, friday)), of(NEW_YORK, OFFICE)) == utc(NEW_YORK, monday)


# ---- midnight, and the instants themselves ---------------------------------------------------------------
@pytest.mark.parametrize(("opened", "now", "ours"), [
    ("2026-06-01T23:59", "2026-06-02T00:00", 1), ("2026-06-01T23:59", "2026-06-02T00:30", 1),
    ("2026-06-01T23:59", "2026-06-02T00:31", 2),
    ("2026-06-02T00:00", "2026-06-02T01:00", 30), ("2026-06-02T01:00", "2026-06-02T01:00", 0),
    ("2026-06-02T00:00", "2026-06-03T00:00", 1410)])
def test_clocks_over_midnight(opened: str, now: str, ours: float) -> None:
    terms = of(NEW_YORK, TILL_MIDNIGHT)
    assert times(case(utc(NEW_YORK, opened)), terms, utc(NEW_YORK, now)).ours == ours


@pytest.mark.parametrize(("standard", "due"), [(1, "2026-06-02T00:00"), (2, "2026-06-02T00:31"), (31, "2026-06-02T01:00")])
def test_a_case_opened_a_minute_before_midnight_is_due(standard: float, due: str) -> None:
    assert due_at(case(utc(NEW_YORK, "2026-06-01T23:59")), of(NEW_YORK, TILL_MIDNIGHT, standard)) == utc(NEW_YORK, due)


def test_exactly_at_its_standard_a_case_is_not_past_it_yet() -> None:
    terms, opened = of("UTC", OFFICE), datetime(2026, 6, 2, 9)
    due = due_at(case(opened), terms)
    assert due == datetime(2026, 6, 2, 11) and times(case(opened), terms, due).ours == 120
    assert times(replace(case(opened), resolved_at=due, told_at=due), terms, due + 60 * MINUTE).ours == 120


def test_a_pause_that_ends_when_the_branch_closes_moves_the_rest_to_the_next_morning() -> None:
    terms, opened = of("UTC", OFFICE), datetime(2026, 6, 2, 16)
    state = case(opened, (datetime(2026, 6, 2, 16, 30), datetime(2026, 6, 2, 17), "customer"))
    assert due_at(state, terms) == datetime(2026, 6, 3, 9, 30)
    assert pause_at(state, datetime(2026, 6, 2, 17)) is None and pause_at(state, datetime(2026, 6, 2, 16, 59, 59)) is not None


def test_a_pause_outside_the_hours_takes_nothing_off() -> None:
    terms, opened = of("UTC", OFFICE), datetime(2026, 6, 2, 16)
    state = case(opened, (datetime(2026, 6, 2, 18), datetime(2026, 6, 3, 7), "customer"))
    assert due_at(state, terms) == due_at(case(opened), terms) == datetime(2026, 6, 3, 9)


def test_a_pause_that_begins_when_the_standard_is_used_up_changes_nothing() -> None:
    terms, opened = of("UTC", OFFICE), datetime(2026, 6, 2, 9)
    state = case(opened, (datetime(2026, 6, 2, 11), datetime(2026, 6, 2, 15), "customer"))
    assert due_at(state, terms) == datetime(2026, 6, 2, 11)


def test_a_pause_that_waits_for_a_supplier_stops_the_work_clock_alone() -> None:
    terms, opened = of("UTC", OFFICE), datetime(2026, 6, 2, 9)
    found = times(case(opened, (opened + 30 * MINUTE, opened + 60 * MINUTE, "supplier")), terms, opened + 90 * MINUTE)
    assert (found.ours, found.work, found.theirs) == (90, 60, 90)


# ---- words and owners ------------------------------------------------------------------------------------
NINE = datetime(2026, 6, 2, 9)


def event(what: str, minutes: float, **new: object) -> Event:
    return Event("EAST", "X1", what, new, NINE + minutes * MINUTE)


OPENED = event("opened", 0, type="late", opened_at=NINE, owner="counter 1")


@pytest.mark.parametrize(("told", "kept"), [(59, True), (60, True), (60 + 1e-4, False)])
def test_an_update_told_at_the_promised_instant_is_in_time(told: float, kept: bool) -> None:
    state = fold([OPENED, event("promised", 10, next_update_at=NINE + 60 * MINUTE), event("updated", told, to="buyer", how="phone")])
    assert state is not None and state.promises is not None
    assert (state.promises[0][2] is not None, state.next_update_at is None) == (kept, kept)


def test_a_word_from_before_the_promise_does_not_keep_it() -> None:
    state = fold([OPENED, event("promised", 30, next_update_at=NINE + 60 * MINUTE), event("updated", 20, to="buyer", how="phone")])
    assert state is not None and state.next_update_at == NINE + 60 * MINUTE


def test_what_is_written_down_later_may_have_been_the_first() -> None:
    state = fold([OPENED, event("accepted", 30), event("updated", 40), event("called", 35), event("updated", 20), event("called", 15)])
    assert state is not None
    assert (state.first_told_at, state.customer_called_at) == (NINE + 20 * MINUTE, NINE + 15 * MINUTE)


def test_a_closed_case_promises_nothing_any_more() -> None:
    state = fold([OPENED, event("promised", 10, next_update_at=NINE + 20 * MINUTE), event("resolved", 60), event("told", 70)])
    assert state is not None and state.next_update_at is None


def test_files_that_name_an_owner_after_a_case_was_closed_do_not_stretch_the_time_it_was_held() -> None:
    log = [OPENED, event("handed over", 30, owner="driver 2"), *(event("imported", days * 1440, owner="driver 3") for days in (1, 2))]
    found = held(fold([OPENED]), log, NINE + 90 * MINUTE)  # type: ignore[arg-type]
    assert [(one.owner, one.minutes) for one in found] == [("counter 1", 30), ("driver 2", 60)]
