"""What is known of branches: read for many at once, since when from the log and the rows, and nothing of another's branch."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event

from scoreboard.cases import contacts, playbook
from scoreboard.cases.playbook import Step
from scoreboard.metrics import company as companies
from scoreboard.metrics.catalogue import BY_KEY as METRICS
from scoreboard.rollout import reading as rollout_reading
from scoreboard.rollout import standing
from scoreboard.rollout.evidence import Known
from scoreboard.rollout.since import unbroken
from scoreboard.rollout.standing import Rollout
from scoreboard.state import board_choices, branches, options, promise_rules, rollouts, root_causes, stages, targets
from scoreboard.state.database import reading, writing
from scoreboard.state.people import EVERYONE
from scoreboard.state.promise_rules import Words
from scoreboard.state.schema import cases
from scoreboard.state.viewers import Viewer

START = date(2026, 8, 3)
LEE = Viewer("lee@example.com", "Lee", "branch leader", frozenset({"EAST"}))
SIX = ("otif", "fill_rate", "error_rate", "return_cycle_time", "exception_close_loop", "quote_conversion")


def at(day: int) -> datetime:
    return datetime(2026, 8, 2, 12) + timedelta(days=day)


def on(day: int) -> date:
    return at(day).date()


@pytest.fixture
def east(database: Engine) -> Engine:
    """EAST and WEST of North; EAST has begun."""
    with writing(database) as conn:
        for code in ("EAST", "WEST"):
            branches.add(conn, code, territory="North", now=at(1), who="test")
        rollouts.begin(conn, LEE, branch="EAST", start_on=START, now=at(1))
    return database


def known(database: Engine, day: int, branch: str = "EAST") -> Known:
    with reading(database) as conn:
        company = companies.read(conn, at(day))
        return rollout_reading.known(conn, company, [branch], rollouts.starts(conn, EVERYONE, [branch]))[branch]


def agree(database: Engine, metric: str, target: float | None, floor: float | None, day: int, kind: str = "branch", scope: str = "EAST",
          **more: Any) -> None:
    with writing(database) as conn:
        targets.set_target(conn, metric=metric, scope_kind=kind, scope=scope, target=target, floor=floor, from_on=on(day),
                           reason="agreed in the huddle", who="lee@example.com", now=at(day), metrics=METRICS, **more)


# ---- spans -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("spans, since", [
    ([], None), ([(1, 2)], None), ([(1, None)], 1), ([(1, 2), (2, None)], 1), ([(1, 2), (3, None)], 3), ([(3, None), (1, 2)], 3),
    ([(1, 9), (2, 3), (9, None)], 1), ([(1, None), (2, 3), (5, None)], 1)])
def test_what_begins_where_another_ends_has_been_there_since_the_first(spans: list[tuple[int, int | None]], since: int | None) -> None:
    assert unbroken([(at(a), at(b) if b else None) for a, b in spans]) == (at(since) if since else None)


# ---- targets -----------------------------------------------------------------------------------------
def test_a_corner_speaks_with_a_target_and_a_floor_from_wherever_they_hold(east: Engine) -> None:
    assert known(east, 2).corners == {"Accuracy": None}
    agree(east, "otif", 0.95, None, 3)
    assert known(east, 4).corners == {"Accuracy": None}
    agree(east, "otif", 0.95, 0.85, 5, "territory", "North")
    assert known(east, 5).corners == {"Accuracy": None}, "the branch's own, without a floor, holds before the territory's"
    agree(east, "otif", None, None, 6)
    assert known(east, 6).corners == {"Accuracy": None, "Speed": on(6)}


def test_a_target_that_is_to_come_does_not_speak_yet(east: Engine) -> None:
    with writing(east) as conn:
        targets.set_target(conn, metric="otif", scope_kind="company", scope="", target=0.95, floor=0.85, from_on=on(9), reason="r", who="x",
                           now=at(3), metrics=METRICS)
    assert "Speed" not in known(east, 8).corners
    assert known(east, 9).corners["Speed"] == on(9)


def test_a_corner_that_is_agreed_anew_keeps_its_first_day_and_one_that_was_given_up_does_not(east: Engine) -> None:
    for day, target in ((5, 0.95), (65, 0.97)):
        agree(east, "otif", target, 0.85, day)
    assert known(east, 70).corners["Speed"] == on(5)
    agree(east, "otif", None, None, 71)
    assert "Speed" not in known(east, 71).corners
    agree(east, "otif", 0.95, 0.85, 80)
    assert known(east, 80).corners["Speed"] == on(80)


def test_only_figures_of_the_branchs_board_speak(east: Engine) -> None:
    agree(east, "on_time", 0.95, 0.85, 3)
    assert "Speed" not in known(east, 4).corners
    agree(east, "on_time_shipped", 0.95, 0.85, 4)
    assert known(east, 4).corners["Speed"] == on(4), "it takes the place of a figure that the branch's files cannot give"


@pytest.mark.parametrize("target, floor, raised", [
    (0.97, 0.85, True), (0.95, 0.9, True), (0.97, 0.9, True), (0.95, 0.85, False), (0.93, 0.85, False), (0.97, 0.8, False),
    (0.97, None, True), (None, None, False)])
def test_stricter_than_on_day_60_and_softer_in_nothing_is_tightened(east: Engine, target: float | None, floor: float | None,
                                                                    raised: bool) -> None:
    agree(east, "otif", 0.95, 0.85, 5)
    agree(east, "otif", target, floor, 61)
    assert known(east, 60).tightened is None
    assert [one.since for one in known(east, 61).tightened or ()] == ([on(61)] if raised else [])


def test_fewer_days_are_stricter_and_the_reason_is_told(east: Engine) -> None:
    agree(east, "return_cycle_time", 7, 14, 5, "company", "")
    agree(east, "return_cycle_time", 6, 14, 62)
    [one] = known(east, 70).tightened or ()
    assert one.words == "Return cycle (days to credited and told, median): target 7.0 d → 6.0 d (agreed in the huddle)"


def test_a_first_target_an_early_one_and_an_accepted_miss_tighten_nothing(east: Engine) -> None:
    agree(east, "otif", 0.95, 0.85, 5)
    agree(east, "otif", 0.97, 0.85, 60)
    agree(east, "quote_conversion", 0.4, 0.25, 70)
    agree(east, "otif", 0.99, 0.85, 71, until_on=on(85))
    assert known(east, 75).tightened == []


def test_above_a_target_that_ships_is_tightened_and_taken_back_it_is_not(east: Engine) -> None:
    agree(east, "fill_rate", 0.97, 0.85, 65)
    assert [one.since for one in known(east, 66).tightened or ()] == [on(65)]
    agree(east, "fill_rate", 0.95, 0.85, 67)
    assert known(east, 67).tightened == []


def test_without_a_start_day_nothing_counts_as_tightened(east: Engine) -> None:
    agree(east, "otif", 0.97, 0.85, 65)
    assert known(east, 70, "WEST").tightened is None


# ---- what people keep --------------------------------------------------------------------------------
def test_a_board_keeps_the_day_it_was_first_chosen_until_it_is_given_back(east: Engine) -> None:
    def choose(metrics: tuple[str, ...], day: int) -> None:
        with writing(east) as conn:
            over = board_choices.of_branch(conn, LEE, "EAST")
            board_choices.choose(conn, LEE, "EAST", metrics, over=over, why="ours", now=at(day), known=METRICS)

    assert (known(east, 2).board, known(east, 2).figures) == (None, 8)
    choose(SIX, 3)
    choose((*SIX, "nps"), 9)
    assert known(east, 10).board == (7, on(3))
    with writing(east) as conn:
        board_choices.give_back(conn, LEE, "EAST", over=board_choices.of_branch(conn, LEE, "EAST"), why="no", now=at(11))
    assert known(east, 11).board is None
    choose(SIX, 12)
    assert known(east, 12).board == (6, on(12))


def test_a_stage_keeps_the_day_it_was_first_whole(east: Engine) -> None:
    for day, owner, done in ((3, "Sam", ""), (5, "Sam", "scanned"), (9, "Kim", "scanned and counted")):
        with writing(east) as conn:
            stages.agree(conn, LEE, branch="EAST", stage="pick", owner=owner, done_means=done, now=at(day))
        stage = known(east, day).stages["pick"]
        assert (stage.owner, stage.done_means, stage.since) == (True, bool(done), on(min(day, 5)))


def test_a_root_cause_that_is_rewritten_keeps_its_day_and_the_tenth_is_named(east: Engine) -> None:
    def write(n: int, cause: str, day: int) -> None:
        with writing(east) as conn:
            root_causes.write(conn, LEE, branch="EAST", grouped_by="route", subject=f"route {n}", cause=cause, now=at(day))

    for n in range(12):
        write(n, "leaves too early", n + 1)
    write(3, "leaves before the second pick", 20)
    assert known(east, 21).causes == (12, on(10))
    with writing(east) as conn:
        root_causes.take_off(conn, LEE, branch="EAST", grouped_by="route", subject="route 0", now=at(22))
    assert known(east, 22).causes == (11, on(11))


def test_ladder_playbook_and_rules_hold_from_branch_territory_or_company(east: Engine) -> None:
    with writing(east) as conn:
        contacts.add(conn, EVERYONE, scope_kind="company", scope="", role="territory", name="Pat", address="", now=at(3))
        contacts.add(conn, EVERYONE, scope_kind="branch", scope="WEST", role="leader", name="Kim", address="", now=at(3))
        playbook.keep(conn, EVERYONE, branch="", kind="backorder", steps=[Step("the leader")], now=at(4))
        playbook.keep(conn, EVERYONE, branch="EAST", kind="mission-critical", steps=[Step("the leader")], now=at(5))
        playbook.keep(conn, EVERYONE, branch="EAST", kind="mission-critical", steps=[Step("the leader", 15)], now=at(6))
        promise_rules.add(conn, EVERYONE, Words("Same day", "counter"), branch="", now=at(7))
        own = promise_rules.add(conn, EVERYONE, Words("By noon", "counter"), branch="EAST", now=at(8))
    here, west = known(east, 9), known(east, 9, "WEST")
    assert (here.ladder, here.playbook, here.rules) == (
        {"territory": on(3)}, {"mission-critical": on(5), "backorder": on(4)}, (2, on(7)))
    assert (west.ladder, west.playbook, west.rules) == ({"leader": on(3), "territory": on(3)}, {"backorder": on(4)}, (1, on(7)))
    with writing(east) as conn:
        playbook.keep(conn, EVERYONE, branch="EAST", kind="mission-critical", steps=[], now=at(10))
        promise_rules.remove(conn, EVERYONE, own, at(10))
    assert (known(east, 11).playbook, known(east, 11).rules) == ({"backorder": on(4)}, (1, on(7)))


# ---- exceptions --------------------------------------------------------------------------------------
def raised(database: Engine, number: int, day: int, **more: Any) -> None:
    with writing(database) as conn:
        conn.execute(cases.insert().values(**{
            "branch": "EAST", "case_no": f"X{number}", "type": "wrong part", "opened_at": at(day), **more}))


def standard(database: Engine, type: str, minutes: str, day: int) -> None:
    with writing(database) as conn:
        options.set_option(conn, f"exception_standards.{type}", minutes, why="agreed", who="x", now=at(day), metrics=METRICS)


def test_open_exceptions_are_counted_with_those_nobody_owns_and_types_without_a_standard(east: Engine) -> None:
    assert known(east, 9).exceptions.seen == 0
    raised(east, 1, 3, owner="Sam", assigned_at=at(4))
    raised(east, 2, 5, type="Damaged")
    raised(east, 3, 6, type="paperwork", owner="", branch="WEST")
    standard(east, "wrong part", "480", 6)
    found = known(east, 9).exceptions
    assert (found.seen, found.open, found.unowned, found.untimed, found.since) == (2, 2, 1, ("Damaged",), on(6))
    standard(east, "damaged", "240", 8)
    assert (known(east, 9).exceptions.untimed, known(east, 9).exceptions.since) == ((), on(8))
    standard(east, "damaged", "120", 20)
    assert known(east, 21).exceptions.since == on(8), "another standard is not a first one"


def test_what_is_closed_counts_for_thirteen_weeks_and_what_is_open_for_ever(east: Engine) -> None:
    closed = {"owner": "Sam", "resolved_at": at(2), "told_at": at(2), "closed_at": at(2)}
    raised(east, 1, 1, first_told_at=at(2), **closed)
    raised(east, 2, 1, **closed)
    assert [known(east, day).exceptions.seen for day in (1 + 91, 1 + 92)] == [2, 0]
    found = known(east, 50).exceptions
    assert (found.open, found.resolved, found.told, found.told_since) == (0, 2, 1, on(2))
    raised(east, 3, 3)
    assert (known(east, 400).exceptions.seen, known(east, 400).exceptions.open) == (1, 1)


def test_a_first_word_and_a_first_owner_are_remembered_however_long_ago(east: Engine) -> None:
    raised(east, 1, 2, owner="Sam", first_told_at=at(3), resolved_at=at(3), told_at=at(3), closed_at=at(3))
    raised(east, 2, 398)
    raised(east, 3, 399, owner="Kim", assigned_at=at(399), first_told_at=at(399), resolved_at=at(399), told_at=at(399), closed_at=at(399))
    found = known(east, 400).exceptions
    assert (found.since, found.told_since) == (on(2), on(3))


# ---- many branches, one viewer -----------------------------------------------------------------------
def of(database: Engine, viewer: Viewer, *codes: str) -> dict[str, Rollout]:
    with reading(database) as conn:
        return standing.read(conn, viewer, companies.read(conn, at(40)), codes)


def test_a_viewer_of_one_branch_never_reads_anothers(east: Engine) -> None:
    with writing(east) as conn:
        rollouts.begin(conn, EVERYONE, branch="WEST", start_on=START, now=at(1))
    assert list(of(east, LEE, "WEST", "EAST")) == ["EAST"]
    assert list(of(east, EVERYONE, "WEST", "EAST", "NORTH", "WEST")) == ["WEST", "EAST"]


def test_a_branch_without_anything_says_so_and_one_without_a_start_day_too(east: Engine) -> None:
    found = of(east, EVERYONE, "EAST", "WEST")
    assert (found["EAST"].day, found["EAST"].done, len(found["EAST"].stuck)) == (40, 0, 9)
    assert (found["WEST"].start_on, found["WEST"].day, {one.state for one in found["WEST"].items}) == (None, None, {"later"})


def test_more_branches_ask_no_more_questions(east: Engine) -> None:
    asked: list[int] = []
    with writing(east) as conn:
        for n in range(20):
            branches.add(conn, f"B{n}", territory="North", now=at(1), who="test")
            rollouts.begin(conn, EVERYONE, branch=f"B{n}", start_on=START, now=at(1))
    with reading(east) as conn:
        company = companies.read(conn, at(40))
        for codes in (["EAST"], list(company.branches)):
            count: list[str] = []

            def note(_conn: Any, _cursor: Any, statement: str, *_: Any, count: list[str] = count) -> None:
                count.append(statement)

            event.listen(east, "before_cursor_execute", note)
            assert len(standing.read(conn, EVERYONE, company, codes)) == len(codes)
            event.remove(east, "before_cursor_execute", note)
            asked.append(len(count))
    assert asked[0] == asked[1] > 5
