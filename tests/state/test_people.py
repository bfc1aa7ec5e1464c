"""Who is asking: roles from a date, branches through territories, and nothing of anybody else's."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine

from scoreboard.errors import NotAllowed, Refused
from scoreboard.state import branches, options, people
from scoreboard.state.database import writing
from scoreboard.state.people import EVERYONE, MAY_CHANGE, ROLES, Viewer

NOON = datetime(2026, 11, 9, 12)
TODAY = NOON.date()
ANN = Viewer("ann@x.org", "Ann", "administrator", None)


def company(conn: Connection) -> None:
    """RIV and HAR in the East, CAN in the West; Ann is the administrator."""
    for code, territory in (("RIV", "East"), ("HAR", "East"), ("CAN", "West")):
        branches.add(conn, code, territory=territory, now=NOON, who="administrator")
    people.add(conn, "ann@x.org", name="Ann", role="administrator", now=NOON, by=EVERYONE)


def add(conn: Connection, email: str, role: str, at: list[str] | None = None, *, within: list[str] | None = None,
        from_on: date | None = None) -> None:
    people.add(conn, email, name=email.split("@")[0].title(), role=role, branches=at or [], territories=within or [],
               from_on=from_on, now=NOON, by=ANN)


def test_without_people_everyone_is_the_administrator(database: Engine) -> None:
    with writing(database) as conn:
        assert people.viewer_for(conn, None, NOON) == EVERYONE
        assert people.viewer_for(conn, "bo@x.org", NOON) == EVERYONE
    assert (EVERYONE.who, EVERYONE.branches) == ("administrator", None)


def test_with_people_a_request_must_say_who_asks(database: Engine) -> None:
    with writing(database) as conn:
        company(conn)
        with pytest.raises(Refused, match=r"Who is asking\? Say so with --as EMAIL"):
            people.viewer_for(conn, None, NOON)
        with pytest.raises(Refused, match=r'Nobody is known as "bo@x\.org"'):
            people.viewer_for(conn, "bo@x.org", NOON)
        assert people.viewer_for(conn, " Ann@X.org", NOON) == ANN


def test_the_first_person_must_be_an_administrator(database: Engine) -> None:
    with writing(database) as conn:
        branches.add(conn, "RIV", now=NOON, who="administrator")
        with pytest.raises(Refused, match="Nobody would be administrator on 2026-11-09"):
            people.add(conn, "bo@x.org", name="Bo", role="branch leader", branches=["RIV"], now=NOON, by=EVERYONE)
        with pytest.raises(Refused, match="Nobody would be administrator on 2026-11-09"):
            people.add(conn, "bo@x.org", name="Bo", role="administrator", from_on=TODAY + timedelta(days=1),
                       now=NOON, by=EVERYONE)


def test_the_last_administrator_cannot_step_down_not_even_later(database: Engine) -> None:
    with writing(database) as conn:
        company(conn)
        with pytest.raises(Refused, match="Nobody would be administrator on 2026-12-01"):
            add(conn, "ann@x.org", "viewer", ["RIV"], from_on=date(2026, 12, 1))
        add(conn, "bo@x.org", "administrator")
        add(conn, "ann@x.org", "viewer", ["RIV"], from_on=date(2026, 12, 1))
        with pytest.raises(Refused, match="Nobody would be administrator on 2026-12-01"):
            add(conn, "bo@x.org", "viewer", ["RIV"])


def test_a_role_holds_from_its_day_on_the_companys_clock(database: Engine) -> None:
    with writing(database) as conn:
        company(conn)
        options.set_option(conn, "company_time_zone", "America/Chicago", why="", who="ann@x.org", now=NOON, metrics=())
        add(conn, "bo@x.org", "team member", ["RIV"], from_on=TODAY)
        add(conn, "bo@x.org", "branch leader", ["HAR"], from_on=date(2026, 11, 16))
        midnight = datetime(2026, 11, 16, 6)  # in Chicago
        before = people.viewer_for(conn, "bo@x.org", midnight - timedelta(seconds=1))
        after = people.viewer_for(conn, "bo@x.org", midnight)
        assert (before.role, before.branches) == ("team member", {"RIV"})
        assert (after.role, after.branches) == ("branch leader", {"HAR"})
        with pytest.raises(Refused, match="has no role before 2026-11-09"):
            people.viewer_for(conn, "bo@x.org", datetime(2026, 11, 9, 5, 59))


def test_a_role_from_the_same_day_is_replaced(database: Engine) -> None:
    with writing(database) as conn:
        company(conn)
        add(conn, "bo@x.org", "viewer", ["RIV"])
        add(conn, "bo@x.org", "coach", ["HAR"])
        assert [(p.role, p.branches) for p in people.listing(conn, ANN, NOON) if p.email == "bo@x.org"] == [
            ("coach", ("HAR",))]


def test_a_territory_gives_the_branches_that_belong_to_it_at_the_time(database: Engine) -> None:
    with writing(database) as conn:
        company(conn)
        add(conn, "bo@x.org", "territory manager", ["CAN"], within=["East"])
        branches.move(conn, "HAR", "West", date(2026, 11, 16), now=NOON, who="ann@x.org")
        assert people.viewer_for(conn, "bo@x.org", datetime(2026, 11, 15, 23, 59)).branches == {"CAN", "RIV", "HAR"}
        assert people.viewer_for(conn, "bo@x.org", datetime(2026, 11, 16)).branches == {"CAN", "RIV"}


WRONG: list[tuple[str, str, list[str], str]] = [
    ("bo", "viewer", ["RIV"], '"bo" is not an email address'),
    ("bo@x.org, ed@x.org", "viewer", ["RIV"], "is not an email address"),
    ("bo@x.org", "leader", ["RIV"], '"leader" is not a role. One of: administrator, .*Did you mean'),
    ("bo@x.org", "viewer", ["RIB"], 'There is no branch "RIB".*Did you mean "RIV"'),
    ("bo@x.org", "viewer", [], "A viewer needs at least one branch or territory"),
    ("bo@x.org", "administrator", ["RIV"], "An administrator sees every branch"),
]


def test_a_wrong_person_is_refused_in_a_sentence(database: Engine) -> None:
    with writing(database) as conn:
        company(conn)
        for email, role, at, sentence in WRONG:
            with pytest.raises(Refused, match=sentence):
                add(conn, email, role, at)
        with pytest.raises(Refused, match='There is no territory "Easst"'):
            add(conn, "bo@x.org", "viewer", within=["Easst"])


def test_only_administrators_add_people(database: Engine) -> None:
    with writing(database) as conn:
        company(conn)
        for role in set(ROLES) - {"administrator"}:
            bo = Viewer("bo@x.org", "Bo", role, frozenset({"RIV"}))
            with pytest.raises(NotAllowed, match=rf"Your role \({role}\) may not change this: people. Ask: admini"):
                people.add(conn, "ed@x.org", name="Ed", role="viewer", branches=["RIV"], now=NOON, by=bo)


def test_a_viewer_knows_of_people_they_share_a_branch_with_and_of_the_shared_branches_only(database: Engine) -> None:
    with writing(database) as conn:
        company(conn)
        add(conn, "bo@x.org", "branch leader", ["RIV"])
        add(conn, "cy@x.org", "territory manager", ["CAN"], within=["East"])
        add(conn, "canary@x.org", "branch leader", ["CAN"])
        bo = people.viewer_for(conn, "bo@x.org", NOON)
        seen = people.listing(conn, bo, NOON)
        assert [(p.email, p.branches, p.territories) for p in seen] == [
            ("ann@x.org", (), ()), ("bo@x.org", ("RIV",), ()), ("cy@x.org", ("RIV",), ())]
        assert "canary" not in repr(seen) and "CAN" not in repr(seen)
        assert {p.email for p in people.listing(conn, ANN, NOON)} == {
            "ann@x.org", "bo@x.org", "canary@x.org", "cy@x.org"}


def test_a_refusal_does_not_tell_whether_the_branch_exists() -> None:
    bo = Viewer("bo@x.org", "Bo", "branch leader", frozenset({"RIV"}))
    bo.require_branch("RIV")
    for code in ("CAN", "NOWHERE"):
        with pytest.raises(NotAllowed, match=f'^"{code}" is not one of your branches. Yours: RIV.$'):
            bo.require_branch(code)
    with pytest.raises(NotAllowed, match="concerns branches that are not yours"):
        bo.require_everything("This load")
    ANN.require_branch("CAN")
    ANN.require_everything("This load")


def test_who_may_change_what() -> None:
    assert {what for changes in MAY_CHANGE.values() for what in changes} == set(MAY_CHANGE["administrator"])
    assert [role for role in ROLES if "load" in MAY_CHANGE[role]] == [
        "administrator", "territory manager", "branch leader"]
    assert [MAY_CHANGE[role] for role in ("team member", "coach", "viewer")] == [
        ("notes", "cases"), ("notes", "rollout"), ()]
