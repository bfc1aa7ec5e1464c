"""The living set of exceptions of the sample: every list has something, no finished week moves, and all of it goes with the sample."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from scoreboard.cases import finding
from scoreboard.samples import agreed
from scoreboard.samples.places import places
from tests.command_line import Store, once

NOW = "2026-11-09T13:00"
TABLES = ("cases", "case_events", "case_books", "case_marks", "case_types", "contacts", "messages", "playbook_steps",
          "promise_rules", "stages")


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    def build(folder: Path) -> Store:
        store = Store(folder / "data", NOW)
        assert store("sample", "--out", folder / "made-up", "--branches", 2, "--weeks", 6, "--seed", 7).code == 0
        assert store("load", "--sample", folder / "made-up").code == 0
        return store
    yield from once(tmp_path_factory.mktemp("sample"), build)


def rows(store: Store, table: str, where: str = "1 = 1") -> int:
    with closing(sqlite3.connect(store.data / "scoreboard.sqlite")) as conn:
        return int(conn.execute(f"SELECT count(*) FROM {table} WHERE {where}").fetchone()[0])


def test_every_list_has_something(sample: Store) -> None:
    for kind in finding.LISTS:
        assert sample.json("cases", "list", "--company", "--show", kind.key)["cases"], kind.key


def test_what_was_worked_is_there_as_people_left_it(sample: Store) -> None:
    found = [one for one in sample.json("cases", "list", "--branch", "RIV")["cases"] if one["case_no"].startswith("X")]
    marks = {one["mark"] for one in found}
    assert {"open", "not accepted", "paused, customer decides", "resolved, not told"} <= marks
    assert any(one["proposal"] for one in found) and any(one["reopened_at"] for one in found)
    assert any(one["priority"] == "mission-critical" for one in found)
    assert min(one["next_update_at"] for one in found if one["next_update_at"]) < NOW < max(
        one["next_update_at"] for one in found if one["next_update_at"])
    assert all(one["opened_at"] > "2026-11-09" for one in found), "a finished week would move"


def test_the_sample_is_sound_and_invents_no_person(sample: Store) -> None:
    assert sample.json("doctor", "--check")["healthy"]
    names = {*agreed.OWNERS, agreed.LEADER, agreed.TERRITORY}
    with closing(sqlite3.connect(sample.data / "scoreboard.sqlite")) as conn:
        assert {row[0] for row in conn.execute("SELECT name FROM contacts UNION SELECT owner FROM cases WHERE owner IS NOT NULL")} <= names
    assert {one.branch for one in agreed.WORKED} <= {place.code for place in places(6)}


def test_in_the_first_hour_of_a_week_nothing_is_worked_yet(tmp_path: Path) -> None:
    store = Store(tmp_path / "data", "2026-11-09T05:30")
    store.json("sample", "--out", tmp_path / "made-up", "--branches", 2, "--weeks", 2, "--seed", 7)
    store.json("load", "--sample", tmp_path / "made-up")
    assert rows(store, "case_events", "what = 'opened'") == 0 and rows(store, "contacts") > 0


def test_it_goes_with_the_sample_also_what_somebody_tried_on_it(sample: Store, tmp_path: Path) -> None:
    store = sample.copied_to(tmp_path / "data")
    store.json("cases", "open", "--branch", "HAR", "--type", "damaged")
    number = next(one["case_no"] for one in store.json("cases", "list", "--branch", "HAR")["cases"] if one["case_no"].startswith("E"))
    store.json("cases", "note", number, "--branch", "HAR", "--note", "tried")
    store.json("undo", 1)
    assert {table: rows(store, table, "load_file_id IS NULL" if table == "case_events" else "1 = 1") for table in TABLES} == dict.fromkeys(
        TABLES, 0)
    assert store.json("doctor", "--check")["healthy"]


def test_of_a_branch_that_stays_only_what_the_sample_did_goes(sample: Store, tmp_path: Path) -> None:
    store = sample.copied_to(tmp_path / "data")
    mine = store.json("cases", "open", "--branch", "RIV", "--type", "damaged", "--owner", "counter 1")["case_no"]
    (tmp_path / "orders.csv").write_text("branch,order_no,line_no,ordered_at,qty_ordered\nRIV,R1,1,2026-11-02 09:00,2\n")
    assert store.json("load", tmp_path / "orders.csv")["sample_left"]
    assert [one["case_no"] for one in store.json("cases", "list", "--company")["cases"]] == [mine]
    assert rows(store, "contacts") == 0 and rows(store, "case_events", "load_file_id IS NULL") == 1
    assert store.json("doctor", "--check")["healthy"]
