"""What made a version, as far as the viewer may know it."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import Connection, Engine, insert

from scoreboard.imports.causes import Cause, causes
from scoreboard.state.database import reading, writing
from scoreboard.state.schema import load_branches, load_files, loads, versions
from scoreboard.state.viewers import EVERYONE, Viewer

AT = datetime(2026, 11, 10, 9)


def load(conn: Connection, number: int, *, undone: int | None = None, **files: list[str]) -> None:
    """A load that made the version of its own number: its files with the branches they hold."""
    conn.execute(insert(loads), {"id": number, "at": AT, "who": "lee", "sample": False, "version": number, "undone_version": undone})
    for version, what in ((number, "load"), (undone, "undo")):
        if version:
            conn.execute(insert(versions), {"number": version, "at": AT, "what": what, "who": "lee"})
    for name, branches in files.items():
        counts = dict.fromkeys(("read", "new", "changed", "same", "rejected", "waiting"), 1)
        file_id = conn.execute(insert(load_files).values(load_id=number, source="quotes", name=f"{name}.csv", sha256="0", settings={},
                                                         original="", columns="", **counts)).inserted_primary_key[0]
        for branch in branches:
            conn.execute(insert(load_branches), {"load_file_id": file_id, "branch": branch, "rows": 1})


def leader(*branches: str) -> Viewer:
    return Viewer("kim", "Kim", "branch leader", frozenset(branches))


@pytest.mark.parametrize(("viewer", "told"), [
    (EVERYONE, ["Load 1: a.csv, b.csv, c.csv and 1 more", "Load 2: both.csv", "Load 3: west.csv", "Load 3 was taken back: west.csv"]),
    (leader("EAST"), ["Load 1: a.csv, b.csv, c.csv and 1 more", "Load 2; it holds other branches too", "Another load",
                      "Another load was taken back"]),
    (leader("EAST", "WEST"), ["Load 1: a.csv, b.csv, c.csv and 1 more", "Load 2: both.csv", "Load 3: west.csv",
                              "Load 3 was taken back: west.csv"]),
    (leader(), ["Another load", "Another load", "Another load", "Another load was taken back"]),
], ids=["everyone", "EAST", "EAST and WEST", "nobody's"])
def test_a_load_is_named_as_far_as_its_branches_are_the_viewers(database: Engine, viewer: Viewer, told: list[str]) -> None:
    with writing(database) as conn:
        load(conn, 1, a=["EAST"], b=["EAST"], c=["EAST"], d=["EAST"])
        load(conn, 2, both=["EAST", "WEST"])
        load(conn, 3, undone=4, west=["WEST"])
        found = causes(conn, viewer, {1, 2, 3, 4})
    assert [found[number].what for number in (1, 2, 3, 4)] == told
    hidden = [found[number] for number in (1, 2, 3, 4) if found[number].what.startswith("Another")]
    assert all((one.who, one.load_id, one.files) == ("", None, ()) for one in hidden)


def test_a_repair_is_said_and_what_no_version_made_is_time(database: Engine) -> None:
    with writing(database) as conn:
        conn.execute(insert(versions), {"number": 7, "at": AT, "what": "doctor", "who": "lee"})
    with reading(database) as conn:
        found = causes(conn, EVERYONE, {7, None})
    assert found[7] == Cause(AT, "The store was checked and rebuilt", "lee")
    assert found[None].at is None and "older" in found[None].what
