"""Usual levels as they are kept: one after another, with a reason, taken back from the latest on."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlalchemy import Engine

from scoreboard.errors import NotAllowed, Refused
from scoreboard.state import branches, changes, levels
from scoreboard.state.database import reading, writing
from scoreboard.state.viewers import EVERYONE, Viewer

NOW = datetime(2026, 11, 9, 13)
MARCH, JUNE = date(2026, 3, 2), date(2026, 6, 1)


@pytest.fixture
def company(database: Engine) -> Engine:
    with writing(database) as conn:
        for code in ("EAST", "WEST"):
            branches.add(conn, code, territory="Coast", now=NOW, who="")
    return database


def begin(engine: Engine, week: date, reason: str = "new route", viewer: Viewer = EVERYONE, scope: tuple[str, str] = ("branch", "EAST"),
          metric: str = "otif") -> None:
    with writing(engine) as conn:
        levels.begin(conn, viewer, scope_kind=scope[0], scope=scope[1], metric=metric, from_week=week, reason=reason, now=NOW)


def there(engine: Engine, kind: str = "branch", scope: str = "EAST") -> dict[str, list[date]]:
    with reading(engine) as conn:
        return {metric: [one.from_week for one in found] for metric, found in levels.of_scope(conn, kind, scope).items()}


def test_levels_stand_in_the_order_of_their_weeks_for_their_scope_alone(company: Engine) -> None:
    begin(company, MARCH)
    begin(company, JUNE, "second truck")
    begin(company, JUNE, scope=("territory", "Coast"), metric="fill_rate")
    begin(company, MARCH, scope=("company", ""))
    assert there(company) == {"otif": [MARCH, JUNE]} and there(company, scope="WEST") == {}
    assert (there(company, "territory", "Coast"), there(company, "company", "")) == ({"fill_rate": [JUNE]}, {"otif": [MARCH]})


def test_a_level_needs_a_reason_and_lies_after_the_one_before(company: Engine) -> None:
    begin(company, JUNE)
    later = date(2026, 9, 7)
    for week, reason, said in ((MARCH, "x", "begins on 2026-06-01"), (JUNE, "x", "begins on 2026-06-01"),
                               (later, " \n", "needs a reason"), (later, "x" * 301, "301")):
        with pytest.raises(Refused, match=said):
            begin(company, week, reason)
    assert there(company) == {"otif": [JUNE]}


def test_the_latest_is_taken_back_first_and_the_log_keeps_it(company: Engine) -> None:
    begin(company, MARCH)
    begin(company, JUNE, "second truck")
    with reading(company) as conn:
        first, second = levels.of_scope(conn, "branch", "EAST")["otif"]
    with pytest.raises(Refused, match="later level"), writing(company) as conn:
        levels.take_back(conn, EVERYONE, first.id, NOW)
    with writing(company) as conn:
        assert levels.take_back(conn, EVERYONE, second.id, NOW) == second
    with pytest.raises(Refused, match="not there any more"), writing(company) as conn:
        levels.take_back(conn, EVERYONE, second.id, NOW)
    assert there(company) == {"otif": [MARCH]}
    with reading(company) as conn:
        logged = [(one.what, one.why) for one in changes.listing(conn, EVERYONE) if one.what.startswith("level")]
    assert sorted(logged) == [("level begun", "new route"), ("level begun", "second truck"), ("level taken back", "")]


def test_only_who_may_agree_targets_there_begins_a_level(company: Engine) -> None:
    leader = Viewer("lee@x.org", "Lee", "branch leader", frozenset({"WEST"}))
    for viewer, scope in ((leader, ("branch", "EAST")), (leader, ("territory", "Coast")), (leader, ("company", "")),
                          (Viewer("ann@x.org", "Ann", "coach", None), ("branch", "EAST"))):
        with pytest.raises(NotAllowed):
            begin(company, MARCH, viewer=viewer, scope=scope)
    begin(company, MARCH, viewer=leader, scope=("branch", "WEST"))
    assert there(company) == {} and there(company, scope="WEST") == {"otif": [MARCH]}
