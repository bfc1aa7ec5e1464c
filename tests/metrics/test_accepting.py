"""Accepting that a figure misses its target for a while: from what it may deviate, and when one is reminded of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine

from scoreboard.errors import Refused
from scoreboard.metrics import accepting
from scoreboard.metrics import company as companies
from scoreboard.metrics.board import Aim, aims_for, aims_over
from scoreboard.metrics.catalogue import BY_KEY
from scoreboard.metrics.scopes import Scope
from scoreboard.state import branches, targets
from scoreboard.state.database import writing
from scoreboard.state.targets import Target
from scoreboard.weeks import WEEK

NOW = datetime(2026, 11, 9, 12)
RIV, EAST, COMPANY = Scope("branch", "RIV"), Scope("territory", "East"), Scope("company", "")
WEEK_45, MONDAY, SUNDAY = date(2026, 11, 2), date(2026, 11, 9), date(2026, 11, 15)
DAY = timedelta(days=1)


def at(conn: Connection, now: datetime = NOW) -> companies.Company:
    return companies.read(conn, now)


def agreed(conn: Connection) -> None:
    """RIV in the East; 95 % of orders, floor 80 %, and quotes in two hours, floor four, agreed for all."""
    branches.add(conn, "RIV", territory="East", now=NOW, who="ann")
    for metric, target, floor in (("otif", 0.95, 0.8), ("quote_response_time", 2.0, 4.0)):
        targets.set_target(conn, metric=metric, scope_kind="company", scope="", target=target, floor=floor, from_on=date(2026, 1, 5),
                           reason="kick-off", who="ann", now=NOW, metrics=BY_KEY)


def accept(conn: Connection, metric: str = "otif", target: float | None = 0.88, scope: Scope = RIV, from_on: date = MONDAY,
           until_on: date = SUNDAY) -> Target:
    return accepting.accept(conn, at(conn), scope, metric, target=target, from_on=from_on, until_on=until_on, reason="strike", who="lee")


def test_the_floor_stays_and_the_board_knows_both_targets_and_until_when(database: Engine) -> None:
    with writing(database) as conn:
        agreed(conn)
        miss = accept(conn)
        assert (miss.target, miss.floor, miss.until_on) == (0.88, 0.8, SUNDAY)
        aim = aims_for(conn, at(conn), RIV, MONDAY)["otif"]
        assert aim == Aim(0.88, 0.8, "accepted", miss, Aim(0.95, 0.8, "agreed")) and aim.until_on == SUNDAY
        steps = aims_over(conn, at(conn), RIV, BY_KEY["otif"], [MONDAY - WEEK, MONDAY, MONDAY + WEEK])
        assert [step.target for step in steps] == [0.95, 0.88, 0.95]
        assert aims_for(conn, at(conn), COMPANY, MONDAY)["otif"].target == 0.95


def test_a_sourced_target_can_be_missed_as_well(database: Engine) -> None:
    with writing(database) as conn:
        agreed(conn)
        assert accept(conn, "fill_rate", 0.9).floor == 0.85
        assert aims_for(conn, at(conn), RIV, MONDAY)["fill_rate"].instead_of == Aim(0.95, 0.85, "sourced")


def test_a_second_miss_deviates_from_what_is_agreed_and_not_from_the_first(database: Engine) -> None:
    with writing(database) as conn:
        agreed(conn)
        accept(conn, target=0.85)
        assert accept(conn, target=0.90).target == 0.90
        aim = aims_for(conn, at(conn), RIV, MONDAY)["otif"]
        assert aim.target == 0.90 and aim.instead_of == Aim(0.95, 0.8, "agreed")


@pytest.mark.parametrize(("metric", "target", "sentence"), [
    ("nps", 10.0, "Net promoter score.* has no target that could be missed. Agree a target first"),
    ("team_leavers", 3.0, "only informs"),
    ("otif", None, "needs a temporary target"),
    ("otif", 0.95, "asks for no less than the one that holds, 95.0 %"), ("otif", 0.97, "asks for no less"),
    ("otif", 0.8, "The floor of 80.0 % stays"), ("otif", 0.7, "The floor of 80.0 % stays"), ("otif", 1.2, "cannot be reached"),
    ("quote_response_time", 1.5, "asks for no less than the one that holds, 2.0 h"),
    ("quote_response_time", 4.0, "The floor of 4.0 h stays"),
    ("ottif", 0.8, 'There is no metric "ottif"')])
def test_what_is_no_miss_is_refused(database: Engine, metric: str, target: float | None, sentence: str) -> None:
    with writing(database) as conn:
        agreed(conn)
        before = targets.book(conn)
        with pytest.raises(Refused, match=sentence):
            accept(conn, metric, target)
        assert targets.book(conn) == before
        accept(conn, "quote_response_time", 3.0)  # longer, and still within the floor


def test_one_is_reminded_two_weeks_before_the_last_day_and_in_the_week_after_it(database: Engine) -> None:
    last = date(2026, 11, 18)  # a Wednesday
    with writing(database) as conn:
        agreed(conn)
        accept(conn, until_on=last)
        told = [week for week in (WEEK_45 + i * WEEK for i in range(-3, 4))
                if accepting.endings(conn, at(conn, datetime(2027, 1, 1)), RIV, week)]
        assert told == [WEEK_45, WEEK_45 + WEEK, WEEK_45 + 2 * WEEK]  # in the last of them it ended
        one, = accepting.endings(conn, at(conn), RIV, WEEK_45)
        assert (one.metric.key, one.until_on, one.then) == ("otif", last, Aim(0.95, 0.8, "agreed"))
        assert accepting.endings(conn, at(conn), COMPANY, WEEK_45) == []


def test_in_the_running_week_one_is_reminded_as_of_today(database: Engine) -> None:
    with writing(database) as conn:
        agreed(conn)
        accept(conn, until_on=MONDAY + 14 * DAY)
        assert accepting.endings(conn, at(conn), RIV, MONDAY) == []
        assert len(accepting.endings(conn, at(conn, NOW + DAY), RIV, MONDAY)) == 1


def test_nobody_is_reminded_of_what_was_ended_or_goes_on(database: Engine) -> None:
    with writing(database) as conn:
        agreed(conn)
        accept(conn)
        accept(conn, target=0.9, from_on=SUNDAY + DAY, until_on=SUNDAY + 60 * DAY)
        assert accepting.endings(conn, at(conn), RIV, WEEK_45) == []
        accept(conn, "fill_rate", 0.9)
        targets.end_miss(conn, metric="fill_rate", scope_kind="branch", scope="RIV", from_on=SUNDAY - DAY, reason="over", who="lee",
                         now=NOW)
        assert accepting.endings(conn, at(conn), RIV, WEEK_45) == []


def test_a_miss_of_its_territory_reminds_a_branch_without_one_of_its_own(database: Engine) -> None:
    with writing(database) as conn:
        agreed(conn)
        accept(conn, scope=EAST)
        assert [e.miss.scope for e in accepting.endings(conn, at(conn), RIV, WEEK_45)] == ["East"]
        accept(conn, target=0.85, until_on=SUNDAY + 90 * DAY)
        assert accepting.endings(conn, at(conn), RIV, WEEK_45) == []
