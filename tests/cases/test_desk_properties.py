"""What holds of every case after every step, whatever is done in whatever order, in every zone and on both sides of a clock change."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from scoreboard.cases import desk, finding, log
from scoreboard.cases.lifecycle import CLOSED, CUSTOMER, OPEN, CaseState, fold, pauses, status
from scoreboard.cases.terms import Terms
from scoreboard.cases.timers import due_at, held, times, waited
from scoreboard.cases.watch import STEPS, attention_at, reached
from scoreboard.state.schema import cases
from scoreboard.state.viewers import EVERYONE
from tests.cases import worked
from tests.cases.worked import NIGHTS, NOTHING, Branch, add_owners, empty_database

NEAR = 1e-6  # minutes
MOMENT = timedelta(microseconds=100)
sequences = st.lists(worked.with_imports, min_size=1, max_size=14)
begins = st.builds(lambda night, minutes: night + timedelta(minutes=minutes), st.sampled_from(NIGHTS), st.integers(0, 2000))
waits = st.lists(st.floats(0, 3000), min_size=1, max_size=4)


def rows(branch: Branch) -> list[tuple[CaseState, dict[str, datetime | None]]]:
    """Every case as its row says, and what is kept beside it."""
    beside = [cases.c[name] for name in ("closed_at", "due_at", "watched_until", "attention_at")]
    return [(desk.require(branch.conn, EVERYONE, "EAST", row[0])[0], dict(zip(("closed_at", "due_at", "watched_until", "attention_at"),
                                                                             row[1:], strict=True)))
            for row in branch.conn.execute(select(cases.c.case_no, *beside))]


def opened_branch(conn, terms: Terms, begin: datetime) -> Branch:
    add_owners(conn, begin)
    branch = Branch(conn, terms, begin)
    branch.raises()
    return branch


# ---- the log and the row -----------------------------------------------------------------------------
@settings(max_examples=30, deadline=None)
@given(worked.terms, begins, sequences)
def test_after_every_step_the_row_is_what_the_log_says(terms: Terms, begin: datetime, sequence: list[worked.Step]) -> None:
    with empty_database() as conn:
        branch = opened_branch(conn, terms, begin)
        for step in sequence:
            worked.work(branch, step)
            for state, beside in rows(branch):
                entries = finding.entries(conn, EVERYONE, "EAST", state.case_no)
                assert fold(finding.events(entries, "EAST", state.case_no)) == state
                assert log.dated(state, terms, beside["watched_until"]) == beside
        assert log.rebuild(conn, terms, branch.now) == []


@settings(max_examples=30, deadline=None)
@given(worked.terms, begins, sequences)
def test_closed_is_resolved_and_told_and_the_start_never_moves(terms: Terms, begin: datetime, sequence: list[worked.Step]) -> None:
    starts: dict[str, datetime] = {}
    with empty_database() as conn:
        branch = opened_branch(conn, terms, begin)
        for step in sequence:
            worked.work(branch, step)
            for state, beside in rows(branch):
                both = state.resolved_at is not None and state.told_at is not None
                assert (status(state) == CLOSED) is both is (beside["closed_at"] is not None)
                assert (status(state) == OPEN) is (state.resolved_at is None)
                if state.case_no.startswith("X"):
                    assert starts.setdefault(state.case_no, state.opened_at) == state.opened_at


# ---- clocks ------------------------------------------------------------------------------------------
@settings(max_examples=30, deadline=None)
@given(worked.terms, begins, sequences, waits)
def test_no_clock_runs_backwards_and_no_pause_is_longer_than_the_time_that_passed(
        terms: Terms, begin: datetime, sequence: list[worked.Step], later: list[float]) -> None:
    with empty_database() as conn:
        branch = opened_branch(conn, terms, begin)
        for step in sequence:
            worked.work(branch, step)
        for state, _ in rows(branch):
            now, before = state.opened_at, times(state, terms, state.opened_at)
            for minutes in (*later, *later):
                now += timedelta(minutes=minutes)
                after = times(state, terms, now)
                assert after.ours >= before.ours - NEAR and after.work >= before.work - NEAR and after.theirs >= before.theirs
                assert -NEAR <= after.work <= after.ours + NEAR
                end = max(min(state.closed_at or now, now), state.opened_at)
                assert waited(state, terms, end) <= terms.between("EAST", state.opened_at, end) + NEAR
                before = after
            for pause in pauses(state):
                assert pause.since <= pause.until
            paused = sum((min(pause.until, now) - max(pause.since, state.opened_at) for pause in pauses(state)
                          if pause.waits_for == CUSTOMER and min(pause.until, now) > max(pause.since, state.opened_at)), timedelta())
            assert paused <= max(now - state.opened_at, timedelta())


@settings(max_examples=30, deadline=None)
@given(worked.terms, begins, st.lists(worked.steps(ago=NOTHING), min_size=1, max_size=16))
def test_what_is_done_never_turns_a_clock_back(terms: Terms, begin: datetime, sequence: list[worked.Step]) -> None:
    with empty_database() as conn:
        branch = opened_branch(conn, terms, begin)
        before = {}
        for step in sequence:
            worked.work(branch, step)
            for state, _ in rows(branch):
                now = times(state, terms, branch.now)
                was = before.get(state.case_no, now)
                assert now.ours >= was.ours - NEAR and now.work >= was.work - NEAR and now.theirs >= was.theirs, step
                before[state.case_no] = now


@settings(max_examples=30, deadline=None)
@given(worked.terms, begins, sequences)
def test_a_case_is_due_at_the_very_instant_at_which_our_clock_reaches_the_standard(
        terms: Terms, begin: datetime, sequence: list[worked.Step]) -> None:
    with empty_database() as conn:
        branch = opened_branch(conn, terms, begin)
        for step in sequence:
            worked.work(branch, step)
        for state, beside in rows(branch):
            standard, due = terms.standard(state.type), due_at(state, terms)
            if standard is None:
                assert due is None
            elif state.closed_at is None:
                assert due is not None and due == beside["due_at"]
                assert abs(times(state, terms, due).ours - standard) < NEAR or _jumps(state, terms, due)
                assert times(state, terms, due - MOMENT).ours < standard


def _jumps(state: CaseState, terms: Terms, due: datetime) -> bool:
    """Whether the wall clock skips an hour at an instant: then our clock may jump past the standard."""
    standard = terms.standard(state.type) or 0.0
    return times(state, terms, due - MOMENT).ours < standard < times(state, terms, due).ours


@settings(max_examples=30, deadline=None)
@given(worked.terms, begins, sequences)
def test_the_times_of_its_owners_add_up_to_the_time_it_was_open(
        terms: Terms, begin: datetime, sequence: list[worked.Step]) -> None:
    with empty_database() as conn:
        branch = opened_branch(conn, terms, begin)
        for step in sequence:
            worked.work(branch, step)
            for state, _ in rows(branch):
                entries = finding.entries(conn, EVERYONE, "EAST", state.case_no)
                until = state.closed_at or branch.now + timedelta(minutes=1)  # whoever was handed it this very moment has it too
                found = held(state, finding.events(entries, "EAST", state.case_no), until)
                assert abs(sum(one.minutes for one in found) - max(0.0, (until - state.opened_at) / timedelta(minutes=1))) < NEAR
                assert all(one.minutes > 0 and one.since < one.until for one in found)
                if status(state) != CLOSED and found and state.case_no.startswith("X"):
                    assert found[-1].owner == (state.owner or "")


# ---- what comes next ---------------------------------------------------------------------------------
@settings(max_examples=30, deadline=None)
@given(worked.terms, begins, sequences, st.none() | st.integers(-3000, 6000))
def test_attention_is_due_at_the_first_step_after_what_was_watched(
        terms: Terms, begin: datetime, sequence: list[worked.Step], watched: int | None) -> None:
    with empty_database() as conn:
        branch = opened_branch(conn, terms, begin)
        for step in sequence:
            worked.work(branch, step)
        until = None if watched is None else branch.now + timedelta(minutes=watched)
        for state, _ in rows(branch):
            due = [] if state.closed_at else [at for step in STEPS if (at := step.at(state, terms)) and (until is None or at > until)]
            assert attention_at(state, terms, until) == min(due, default=None)
            assert sorted(due) == [at for at, _ in reached(state, terms, until, datetime.max)]


@settings(max_examples=30, deadline=None)
@given(worked.terms, worked.terms, begins, sequences)
def test_dates_after_changed_standards_and_hours_are_those_worked_out_afresh(
        terms: Terms, changed: Terms, begin: datetime, sequence: list[worked.Step]) -> None:
    with empty_database() as conn:
        branch = opened_branch(conn, terms, begin)
        for step in sequence:
            worked.work(branch, step)
        log.redate(conn, changed)
        for state, beside in rows(branch):
            assert log.dated(state, changed, beside["watched_until"]) == beside
        assert log.redate(conn, changed) == 0
