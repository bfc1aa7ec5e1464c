"""What comes due is said once, to whom it concerns: the ladder, what was missed, two passes at once."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from scoreboard.cases.telling import after_quiet
from scoreboard.state.database import reading
from scoreboard.state.schema import case_events, cases, messages
from tests.cases.due_cases import MONDAY, Place, at, made


@pytest.fixture
def place(database: Engine, tmp_path: Path) -> Place:
    return made(database, tmp_path)


def ladder(place: Place) -> None:
    place.contact("leader", "Kim")
    place.contact("territory", "Sam", scope="North", kind="territory")


def climbed(place: Place) -> list[str]:
    with reading(place.engine) as conn:
        log = case_events.c
        return [new["to"] for new in conn.scalars(select(log.new).where(log.what == "escalated", log.who == "timer").order_by(log.id))]


def test_a_case_climbs_the_ladder_as_its_standard_is_used_up(place: Place) -> None:
    ladder(place)
    place.raised(owner="Lee")
    for moment in (at("12:59"), at("13:00"), at("15:59"), at("16:00"), at("08:59", 3), at("09:00", 3), at("09:00", 4)):
        place.round(moment)
    assert place.heard() == [
        ("half", "owner", "Lee"), ("most", "owner", "Lee"), ("most", "leader", "Kim"),
        ("all", "owner", "Lee"), ("all", "leader", "Kim"), ("all", "territory", "Sam")]
    assert climbed(place) == ["leader", "territory"]


def test_the_same_round_again_says_nothing(place: Place) -> None:
    place.raised(owner="Lee")
    assert place.round(at("13:00")).said.steps == 1
    assert place.round(at("13:00")).said.cases == 0
    assert len(place.messages()) == 1


def test_a_mission_critical_one_goes_to_everybody_at_once(place: Place) -> None:
    ladder(place)
    place.raised(owner="Lee", priority="mission-critical")
    place.round(MONDAY)
    assert place.heard() == [("critical", "owner", "Lee"), ("critical", "leader", "Kim"), ("critical", "territory", "Sam")]
    place.round(at("16:00"))
    assert climbed(place) == ["territory", "territory"]  # it went up to the territory, and stays there


def test_one_that_becomes_mission_critical_later_goes_to_everybody_then(place: Place) -> None:
    ladder(place)
    case = place.raised(owner="Lee")
    place.round(at("13:00"))
    place.done(case, "corrected", at("14:00"), priority="mission-critical")
    place.round(at("14:00"))
    assert place.heard() == [("half", "owner", "Lee"), ("critical", "owner", "Lee"), ("critical", "leader", "Kim"),
                             ("critical", "territory", "Sam")]
    place.round(at("14:01"))
    assert len(place.messages()) == 4


def test_another_type_whose_standard_is_used_up_already_is_said(place: Place) -> None:
    place.option("exception_standards.damaged", "60")
    case = place.raised(owner="Lee")
    place.round(at("13:00"))
    place.done(case, "corrected", at("14:00"), type="damaged")
    place.round(at("14:00"))
    assert ("all", "owner", "Lee") in place.heard()


def test_days_that_were_missed_are_said_in_one_message_for_each_person(place: Place) -> None:
    ladder(place)
    place.raised(owner="Lee")
    found = place.round(at("09:00", 5))
    assert (found.said.cases, found.said.steps) == (1, 3)
    assert place.heard() == [("all", "owner", "Lee"), ("all", "leader", "Kim"), ("all", "territory", "Sam")]
    with reading(place.engine) as conn:
        lee, kim, sam = conn.scalars(select(messages.c.text).order_by(messages.c.id))
    assert lee == ("EAST X1 (wrong part): is past its standard\nCustomer: Acme\nOrder: 4711\nOwner: Lee, not accepted yet\n"
                   "Since: Tue 03 Nov 2026, 09:00\nBefore: four fifths of its standard are used up, Mon 02 Nov 2026, 16:00\n"
                   "Before: half of its standard is used up, Mon 02 Nov 2026, 13:00")
    assert "four fifths" in kim and "half" not in kim
    assert "Before" not in sam


def test_an_empty_rung_says_that_there_is_nobody_to_tell(place: Place) -> None:
    place.raised(owner="Lee")
    found = place.round(at("16:00"))
    assert (found.said.messages, found.said.nobody) == (0, 2)
    assert [(m.role, m.name, m.channel, m.outcome, m.trouble) for m in place.messages()] == [
        ("owner", "Lee", "", "nobody to tell", "No address of Lee is known: give them one on the ladder."),
        ("leader", "", "", "nobody to tell", "Nobody stands on the rung leader of EAST: add somebody to the ladder.")]


def test_while_nobody_owns_it_the_leader_hears_what_the_owner_would(place: Place) -> None:
    ladder(place)
    place.raised()
    place.round(at("13:00"))
    assert place.heard() == [("half", "leader", "Kim")]


def test_an_owner_who_does_not_accept_in_time_is_reminded_and_the_leader_told(place: Place) -> None:
    ladder(place)
    place.option("accept_minutes", "30")
    case = place.raised(owner="Lee")
    place.round(at("08:29"))
    assert place.heard() == []
    place.round(at("08:30"))
    assert place.heard() == [("accept", "owner", "Lee"), ("accept", "leader", "Kim")]
    place.done(case, "handed over", at("10:00"), owner="Kim")
    place.round(at("10:30"))
    assert place.heard()[2:] == [("accept", "owner", "Kim")]  # on two rungs, told once


def test_a_promised_update_and_the_end_of_a_pause_are_said_to_the_owner(place: Place) -> None:
    case = place.raised(owner="Lee")
    place.done(case, "promised", at("08:10"), next_update_at=at("09:00"))
    place.done(case, "paused", at("08:20"), reason="customer decides", until=at("10:00"))
    place.round(at("10:00"))
    assert place.heard() == [("pause over", "owner", "Lee")]
    place.round(at("13:00"))  # the pause has moved its half to 14:40
    assert len(place.messages()) == 1
    place.round(at("14:40"))
    assert place.heard()[1:] == [("half", "owner", "Lee")]


def test_a_closed_one_is_left_in_peace(place: Place) -> None:
    case = place.raised(owner="Lee")
    place.done(case, "resolved", at("10:00"))
    place.done(case, "told", at("10:00"), to="Ann", how="phone")
    assert place.round(at("09:00", 9)).said.cases == 0


def test_two_passes_at_once_never_say_anything_twice(place: Place) -> None:
    ladder(place)
    for _ in range(120):
        place.raised(owner="Lee")
    start = threading.Barrier(3)

    def one_pass() -> None:
        start.wait()
        place.round(at("16:00"))

    passes = [threading.Thread(target=one_pass) for _ in range(3)]
    for one in passes:
        one.start()
    for one in passes:
        one.join()
    with reading(place.engine) as conn:
        told = conn.execute(select(messages.c.case_no, messages.c.step, messages.c.name)).all()
        assert conn.execute(select(cases.c.id).where(cases.c.attention_at <= at("16:00"))).first() is None
    assert len(told) == len(set(told)) == 240
    assert climbed(place) == ["leader"] * 120


def test_a_changed_standard_is_followed_by_the_next_pass(place: Place) -> None:
    place.raised(owner="Lee")
    place.option("exception_standards.wrong part", "120")
    place.round(at("10:00"))
    assert ("all", "owner", "Lee") in place.heard()


@pytest.mark.parametrize(("moment", "expected"), [
    (datetime(2026, 11, 2, 19, 59), datetime(2026, 11, 2, 19, 59)), (datetime(2026, 11, 2, 20), datetime(2026, 11, 3, 6)),
    (datetime(2026, 11, 3, 0), datetime(2026, 11, 3, 6)), (datetime(2026, 11, 3, 5, 59, 30), datetime(2026, 11, 3, 6)),
    (datetime(2026, 11, 3, 6), datetime(2026, 11, 3, 6))])
def test_quiet_hours_end_over_midnight(moment: datetime, expected: datetime) -> None:
    assert after_quiet(moment, "20:00-06:00", "UTC") == expected


def test_quiet_hours_are_on_the_clock_of_the_branch_also_when_it_changes() -> None:
    before = datetime(2026, 11, 1, 3)  # Saturday 22:00 in Chicago; the clock goes back that night
    assert after_quiet(before, "20:00-06:00", "America/Chicago") == datetime(2026, 11, 1, 12)
    assert after_quiet(before + timedelta(days=1), "20:00-06:00", "America/Chicago") == datetime(2026, 11, 2, 12)


def test_quiet_hours_within_a_day_and_none_at_all() -> None:
    assert after_quiet(at("12:30"), "12:00-13:00", "UTC") == at("13:00")
    assert after_quiet(at("12:30"), "12:00-12:00", "UTC") == at("12:30")
    assert after_quiet(at("12:30"), "", "UTC") == at("12:30")
