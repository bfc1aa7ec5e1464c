"""Branches are checked as they are typed; territories hold from a week on."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine

from scoreboard.errors import Refused
from scoreboard.state import branches, options
from scoreboard.state.branches import ALWAYS, Branch
from scoreboard.state.database import reading, writing
from scoreboard.state.people import Viewer

MONDAY = datetime(2026, 11, 9, 12)
WEEK = MONDAY.date()


def add(conn: Connection, code: str, **fields: str | None) -> Branch:
    return branches.add(conn, code, now=MONDAY, who="ann@x.org", **fields)  # type: ignore[arg-type]


def test_a_branch_is_kept_as_it_was_typed_and_tidied(database: Engine) -> None:
    with writing(database) as conn:
        add(conn, " RIV\u00a0", name="Riverside", time_zone="America/Chicago", country="us-tx", open_days="654321",
            opens="7:30", closes="24:00")
        assert branches.all_branches(conn) == {"RIV": Branch(
            "RIV", "Riverside", "America/Chicago", "US-TX", "123456", "07:30", "24:00", sample=False)}


def test_adding_again_changes_only_what_is_said(database: Engine) -> None:
    with writing(database) as conn:
        add(conn, "RIV", name="Riverside", time_zone="America/Chicago", opens="07:30")
        assert add(conn, "RIV", closes="18:00") == Branch(
            "RIV", "Riverside", "America/Chicago", opens="07:30", closes="18:00")


WRONG: list[tuple[str, dict[str, str], str]] = [
    ("RIV", {"time_zone": "America/Chicgo"}, 'not a time zone.*Did you mean "America/Chicago"'),
    ("RIV", {"opens": "8"}, '"8" is not a time of day'),
    ("RIV", {"closes": "24:01"}, '"24:01" is not a time of day'),
    ("RIV", {"opens": "17:00", "closes": "17:00"}, "opens at 17:00 cannot close at 17:00"),
    ("RIV", {"country": "XX"}, 'No holidays are known for "XX"'),
    ("RIV", {"country": "US-XX"}, 'No holidays are known for "XX" in US'),
    ("RIV", {"open_days": "128"}, '"128" does not name open days'),
    ("RIV", {"open_days": ""}, "does not name open days"),
    ("RIV", {"name": " "}, "The name of a branch must not be empty"),
    ("RIV", {"territory": "Ea\nst"}, "The name of a territory has an invisible character"),
    ("  ", {}, "A branch code must not be empty"),
    ("R\tV", {}, "A branch code has an invisible character"),
    ("R" * 65, {}, "A branch code has at most 64 characters"),
    ("har", {}, '"har" looks like "HAR", which exists'),
    ("HＡR", {}, 'looks like "HAR", which exists'),
]


def test_a_wrong_field_is_refused_in_a_sentence_and_leaves_nothing(database: Engine) -> None:
    with writing(database) as conn:
        add(conn, "HAR")
    for code, fields, sentence in WRONG:
        with pytest.raises(Refused, match=sentence), writing(database) as conn:
            add(conn, code, **fields)
    with reading(database) as conn:
        assert list(branches.all_branches(conn)) == ["HAR"]


def test_a_viewer_is_shown_their_branches_only(database: Engine) -> None:
    with writing(database) as conn:
        add(conn, "RIV")
        add(conn, "CANARY", name="canary")
        assert [b.code for b in branches.listing(conn, Viewer("", "", "viewer", frozenset({"RIV", "GONE"})))] == ["RIV"]
        assert [b.code for b in branches.listing(conn, Viewer("", "", "administrator", None))] == ["CANARY", "RIV"]


# ---- territories -------------------------------------------------------------------------------------
def test_a_first_membership_holds_from_always_and_the_next_from_this_week(database: Engine) -> None:
    with writing(database) as conn:
        add(conn, "RIV", territory="East")
        assert branches.membership_spans(conn) == [("RIV", "East", ALWAYS, None)]
        add(conn, "RIV", territory="West")
        assert branches.membership_spans(conn) == [("RIV", "East", ALWAYS, WEEK), ("RIV", "West", WEEK, None)]
        assert branches.territory_on(conn, WEEK - timedelta(days=1)) == {"RIV": "East"}
        assert branches.territory_on(conn, WEEK) == {"RIV": "West"}


def test_this_week_begins_on_the_branchs_own_clock(database: Engine) -> None:
    with writing(database) as conn:
        add(conn, "RIV", territory="East", time_zone="America/Chicago")
        branches.move(conn, "RIV", "West", now=datetime(2026, 11, 9, 5, 59), who="ann@x.org")  # Sunday 23:59 there
        assert branches.membership_spans(conn)[1] == ("RIV", "West", date(2026, 11, 2), None)


def test_a_date_inside_a_week_means_that_whole_week_and_the_last_one_in_it_holds(database: Engine) -> None:
    with writing(database) as conn:
        add(conn, "RIV", territory="East")
        branches.move(conn, "RIV", "West", date(2026, 11, 10), now=MONDAY, who="ann@x.org")
        branches.move(conn, "RIV", "North", date(2026, 11, 15), now=MONDAY, who="ann@x.org")
        assert branches.membership_spans(conn) == [("RIV", "East", ALWAYS, WEEK), ("RIV", "North", WEEK, None)]
        options.set_option(conn, "week_first_day", "Sun", why="", who="ann@x.org", now=MONDAY, metrics=())
        assert branches.membership_spans(conn) == [
            ("RIV", "East", date(1970, 1, 4), date(2026, 11, 8)),
            ("RIV", "West", date(2026, 11, 8), date(2026, 11, 15)),
            ("RIV", "North", date(2026, 11, 15), None)]


def test_a_membership_from_the_same_date_is_replaced(database: Engine) -> None:
    with writing(database) as conn:
        add(conn, "RIV", territory="East")
        for territory in ("West", "North"):
            branches.move(conn, "RIV", territory, WEEK, now=MONDAY, who="ann@x.org")
        assert branches.membership_spans(conn) == [("RIV", "East", ALWAYS, WEEK), ("RIV", "North", WEEK, None)]
        assert branches.territories(conn) == ["East", "North"]


def test_a_branch_belongs_nowhere_before_a_first_membership_with_a_date(database: Engine) -> None:
    with writing(database) as conn:
        add(conn, "RIV")
        branches.move(conn, "RIV", "East", WEEK, now=MONDAY, who="ann@x.org")
        assert branches.territory_on(conn, WEEK - timedelta(days=7)) == {}
        assert branches.territory_on(conn, WEEK) == {"RIV": "East"}


def test_a_territory_written_otherwise_and_an_unknown_branch_are_refused(database: Engine) -> None:
    with writing(database) as conn:
        add(conn, "RIV", territory="East")
        with pytest.raises(Refused, match='"EAST" looks like "East"'):
            add(conn, "HAR", territory="EAST")
        with pytest.raises(Refused, match=r'There is no branch "RIB".*Did you mean "RIV"'):
            branches.move(conn, "RIB", "East", now=MONDAY, who="ann@x.org")
