"""Every setting leaves an entry that says who, when, what, from what, to what, and why."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Engine, func, select

from scoreboard.state import branches, changes, options, people, targets
from scoreboard.state.changes import Change
from scoreboard.state.database import reading, writing
from scoreboard.state.people import EVERYONE, Viewer
from scoreboard.state.schema import change_log

NOON = datetime(2026, 11, 9, 12)
NEXT_WEEK = date(2026, 11, 16)


def test_every_setting_is_recorded(database: Engine) -> None:
    with writing(database) as conn:
        branches.add(conn, "RIV", territory="East", now=NOON, who="ann@x.org")
        branches.add(conn, "RIV", name="Riverside", now=NOON, who="ann@x.org")
        branches.move(conn, "RIV", "West", NEXT_WEEK, now=NOON, who="ann@x.org", why="reorganised")
        options.set_option(conn, "nps_minimum", "30", why="more answers now", who="ann@x.org", now=NOON, metrics=())
        people.add(conn, "ann@x.org", name="Ann", role="administrator", now=NOON, by=EVERYONE)
        targets.set_target(conn, metric="otif", scope_kind="branch", scope="RIV", target=0.95, floor=0.8,
                           from_on=NEXT_WEEK, reason="kick-off", who="ann@x.org", now=NOON, metrics={"otif"})
        found = [(c.what, c.subject, c.old, c.new, c.why) for c in reversed(changes.listing(conn, EVERYONE))]
    riv = {"code": "RIV", "name": "RIV", "time_zone": "UTC", "country": "", "open_days": "12345",
           "opens": "08:00", "closes": "17:00", "sample": False}
    assert found == [
        ("branch added", "branch RIV", None, riv, ""),
        ("branch moved", "branch RIV", None, {"territory": "East", "from_on": "1970-01-05"}, ""),
        ("branch changed", "branch RIV", {"name": "RIV"}, {"name": "Riverside"}, ""),
        ("branch moved", "branch RIV", {"territory": "East"}, {"territory": "West", "from_on": "2026-11-16"},
         "reorganised"),
        ("option set", "option nps_minimum", 20, 30, "more answers now"),
        ("person added", "person ann@x.org", None,
         {"name": "Ann", "role": "administrator", "branches": [], "territories": [], "from_on": "2026-11-09"}, ""),
        ("target set", "branch RIV", None, {"metric": "otif", "target": 0.95, "floor": 0.8, "from_on": "2026-11-16"},
         "kick-off"),
    ]


def test_setting_what_is_set_already_records_nothing(database: Engine) -> None:
    with writing(database) as conn:
        for _ in range(2):
            branches.add(conn, "RIV", territory="East", now=NOON, who="ann@x.org")
            options.set_option(conn, "nps_minimum", "30", why="", who="ann@x.org", now=NOON, metrics=())
        assert [c.what for c in changes.listing(conn, EVERYONE)] == ["option set", "branch moved", "branch added"]


def test_an_entry_is_read_as_it_was_written_newest_first(database: Engine) -> None:
    with writing(database) as conn:
        changes.record(conn, at=NOON, who="ann@x.org", what="load", subject="load 1", new={"rows": 2}, why="Friday")
        changes.record(conn, at=NOON, who="bo@x.org", what="undo", subject="load 1", old=False)
        undo = Change(NOON, "bo@x.org", "undo", "load 1", False, None, "")
        assert changes.listing(conn, EVERYONE) == [
            undo, Change(NOON, "ann@x.org", "load", "load 1", None, {"rows": 2}, "Friday")]
        assert changes.listing(conn, EVERYONE, limit=1) == [undo]
        absent = select(func.count()).select_from(change_log).where(change_log.c.old.is_(None))
        assert conn.scalar(absent) == 1


def test_a_viewer_of_one_branch_reads_its_entries_the_companys_and_the_options_only(database: Engine) -> None:
    ann = Viewer("ann@x.org", "Ann", "branch leader", frozenset({"RIV"}))
    with writing(database) as conn:
        for subject in ("branch RIV", "company", "option nps_minimum",
                        "branch RIVER", "branch HAR", "load 1", "territory East", "person bo@x.org"):
            changes.record(conn, at=NOON, who="bo@x.org", what="changed", subject=subject)
    with reading(database) as conn:
        assert [c.subject for c in changes.listing(conn, ann)] == ["option nps_minimum", "company", "branch RIV"]
