"""The sample's branches in their first 90 days: each on its day, ticked by what the sample agreed, and gone with the sample."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from scoreboard.samples import agreed
from scoreboard.samples.begun import BEGUN
from tests.command_line import Store, once

NOW = "2026-11-09T13:00"
TABLES = ("rollouts", "rollout_entries")


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """All six branches, with few weeks."""
    def build(folder: Path) -> Store:
        store = Store(folder / "data", NOW)
        assert store("sample", "--out", folder / "made-up", "--branches", 6, "--weeks", 3, "--seed", 7).code == 0
        assert store("load", "--sample", folder / "made-up").code == 0
        return store
    yield from once(tmp_path_factory.mktemp("sample"), build)


def rows(store: Store, table: str) -> int:
    with closing(sqlite3.connect(store.data / "scoreboard.sqlite")) as conn:
        return int(conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def shown(store: Store) -> dict[str, dict[str, Any]]:
    return {one["branch"]: one for one in store.json("rollout", "show", "--company")["branches"]}


def items(one: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {item["item"]: item for stage in one["stages"] for item in stage["items"]}


def test_five_branches_are_on_their_day_and_one_has_no_start_day(sample: Store) -> None:
    assert {code: one["day"] for code, one in shown(sample).items()} == {one.branch: one.today for one in BEGUN} | {"CED": None}


def test_every_state_an_item_can_have_is_there_to_look_at(sample: Store) -> None:
    every = [item for one in shown(sample).values() for item in items(one).values()]
    assert {item["state"] for item in every} == {"done", "open", "carried over", "later"}
    assert {item["by"] for item in every} == {"evidence", "by hand", "a person's word", ""}
    assert items(shown(sample)["MIL"])["confidence"]["word"]["kind"] == "open"
    assert items(shown(sample)["LAK"])["chain"]["why"].endswith("Load and Deliver lack both.")


def test_what_is_done_is_done_on_many_days_and_never_tomorrow(sample: Store) -> None:
    days = {item["since"] for item in items(shown(sample)["RIV"]).values() if item["state"] == "done"}
    assert len(days) >= 7 and max(days) < NOW


def test_a_target_was_raised_after_day_60(sample: Store) -> None:
    [raised] = [t for t in sample.json("targets", "list")["targets"] if (t["scope"], t["metric"]) == ("MIL", "quote_conversion")]
    assert (raised["target"], raised["from"]) == (0.42, "2026-09-30")


def test_who_did_it_is_a_role_with_a_number(sample: Store) -> None:
    assert {done.by for one in BEGUN for done in one.done} <= {*agreed.OWNERS, agreed.LEADER}


def test_it_goes_with_the_sample_also_what_somebody_tried_on_it(sample: Store, tmp_path: Path) -> None:
    store = sample.copied_to(tmp_path / "data")
    store.json("rollout", "start", "--branch", "CED", "--on", "2026-11-02")
    store.json("rollout", "override", "chain", "--branch", "RIV", "--open", "--reason", "tried")
    store.json("undo", 1)
    assert {table: rows(store, table) for table in TABLES} == dict.fromkeys(TABLES, 0)
    assert store.json("targets", "list")["targets"] == []


def test_of_a_branch_that_stays_only_what_the_sample_said_goes(sample: Store, tmp_path: Path) -> None:
    store = sample.copied_to(tmp_path / "data")
    mine = store.json("rollout", "evidence", "huddles", "--branch", "RIV", "--text", "Ours", "--by", "Sam", "--on", "2026-11-02")["id"]
    (tmp_path / "orders.csv").write_text("branch,order_no,line_no,ordered_at,qty_ordered\nRIV,R1,1,2026-11-02 09:00,2\n")
    assert store.json("load", tmp_path / "orders.csv")["sample_left"]
    left = shown(store)
    assert list(left) == ["RIV"] and left["RIV"]["start_on"] is None
    assert [entry["id"] for item in items(left["RIV"]).values() for entry in item["entries"]] == [mine]
