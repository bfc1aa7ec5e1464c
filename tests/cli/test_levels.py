"""Usual ranges that are kept, and new usual levels: kept limits never change what is said, and a level is a person's decision."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select

from scoreboard import settings as settings_module
from scoreboard.state.database import open_database, reading, writing
from scoreboard.state.schema import usual_ranges
from scoreboard.weeks import label
from tests.command_line import Store, once

FIRST, WEEKS = date(2024, 11, 25), 100
NOW = "2026-10-26T12:00"
WEEK_NAMES = [label(FIRST + timedelta(weeks=i)) for i in range(WEEKS)]


def rate(week: int) -> float:
    """On time around 90 % for eighty weeks, then around 80 %."""
    return (0.90 if week < 80 else 0.80) + 0.02 * ((week * 7) % 5 - 2) / 2


def totals(path: Path, weeks: range, of: Callable[[int], float] = rate, metric: str = "otif") -> Path:
    lines = [f"EAST,{FIRST + timedelta(weeks=i)},{metric},{round(200 * of(i))},200" for i in weeks]
    path.write_text("\n".join(["branch,week,metric,part,whole", *lines]) + "\n")
    return path


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """EAST on the coast with a hundred weeks of typed totals."""
    def build(folder: Path) -> Store:
        store = Store(folder / "data", NOW)
        store.json("branches", "add", "EAST", "--territory", "Coast")
        store.json("load", totals(folder / "totals.csv", range(WEEKS)), "--source", "weekly_totals")
        return store
    yield from once(tmp_path_factory.mktemp("levels"), build)


@pytest.fixture
def store(lived: Store, tmp_path: Path) -> Store:
    return lived.copied_to(tmp_path / "data")


def kept(store: Store) -> list[tuple[Any, ...]]:
    engine = open_database(settings_module.read(str(store.data), store.now).database_url)
    with reading(engine) as conn:
        found = [tuple(row) for row in conn.execute(select(usual_ranges).order_by(*usual_ranges.primary_key.columns))]
    engine.dispose()
    return found


def forget(store: Store) -> None:
    engine = open_database(settings_module.read(str(store.data), store.now).database_url)
    with writing(engine) as conn:
        conn.execute(delete(usual_ranges))
    engine.dispose()


def signal(store: Store, week: int) -> dict[str, Any]:
    return store.board_of("EAST", WEEK_NAMES[week])["otif"]["signal"]  # type: ignore[no-any-return]


def test_a_load_keeps_the_limits_of_the_first_year_at_every_level(lived: Store) -> None:
    rows = {row[:3]: row[3:5] for row in kept(lived) if row[5] is not None}
    year = (FIRST, FIRST + timedelta(weeks=51))
    assert rows == {("branch", "EAST", "otif"): year, ("territory", "Coast", "otif"): year, ("company", "", "otif"): year}


@pytest.mark.parametrize("week", [5, 20, 51, 52, 79, 82, 89, 99])
def test_a_board_says_the_same_with_and_without_what_is_kept(store: Store, week: int) -> None:
    asked = [("--branch", "EAST"), ("--territory", "Coast"), ("--company",)]
    before = [store.json("board", *of, "--week", WEEK_NAMES[week]) for of in asked]
    forget(store)
    assert [store.json("board", *of, "--week", WEEK_NAMES[week]) for of in asked] == before
    assert (signal(store, week)["variation"] != "collecting") == (week >= 12)


def test_a_later_week_leaves_what_is_kept_and_a_corrected_early_one_makes_it_anew(store: Store, tmp_path: Path) -> None:
    before = kept(store)
    store.json("load", totals(tmp_path / "new.csv", range(WEEKS - 1, WEEKS), lambda _: 0.5), "--source", "weekly_totals")
    assert kept(store) == before
    store.json("load", totals(tmp_path / "early.csv", range(10, 11), lambda _: 0.2), "--source", "weekly_totals")
    after = kept(store)
    assert [row[:5] for row in after] == [row[:5] for row in before] and [row[5] for row in after] != [row[5] for row in before]
    store.json("undo", 3)
    assert kept(store) == before


def test_without_its_load_nothing_is_kept_and_doctor_keeps_it_again(store: Store) -> None:
    before = kept(store)
    forget(store)
    assert store.json("doctor")["healthy"] and kept(store) == before
    store.json("undo", 1)
    assert [row for row in kept(store) if row[5] is not None] == []


# ---- levels --------------------------------------------------------------------------------------------
def test_a_run_of_eight_offers_a_new_level_that_then_judges_and_can_be_taken_back(store: Store) -> None:
    assert (signal(store, 99)["variation"], signal(store, 99)["held"]) == ("concern", WEEK_NAMES[80])
    begun = store.json("levels", "begin", "--branch", "EAST", "--metric", "otif", "--reason", "one truck less")
    assert begun["from_week"] == WEEK_NAMES[80]
    assert signal(store, 99)["variation"] == "common" and signal(store, 99)["upper"] < 0.87
    assert signal(store, 79)["variation"] == "common" and signal(store, 79)["lower"] > 0.83  # the former level judges its own weeks
    assert signal(store, 85) == {**signal(store, 85), "variation": "collecting", "weeks": 6}
    listed = store.json("levels", "list", "--branch", "EAST")["levels"]
    assert [(one["metric"], one["from_week"], one["reason"]) for one in listed] == [("otif", WEEK_NAMES[80], "one truck less")]
    assert "level begun" in store("changes").out
    store.json("levels", "take-back", listed[0]["id"])
    assert signal(store, 99)["variation"] == "concern" and store.json("levels", "list", "--branch", "EAST")["levels"] == []


def test_a_level_needs_a_run_a_reason_and_somebody_who_may(store: Store) -> None:
    words = ("levels", "begin", "--branch", "EAST", "--metric", "otif", "--reason")
    said = store(*words, "  ")
    assert said.code == 2 and "needs a reason" in said.err
    said = store("levels", "begin", "--branch", "EAST", "--metric", "fill_rate", "--reason", "why not")
    assert said.code == 2 and "no new level" in said.err
    store.json(*words, "one truck less")
    said = store(*words, "again")
    assert said.code == 2 and "no new level" in said.err  # the new level has its own weeks
    assert store("levels", "take-back", 99).code == 2
    store.json("people", "add", "first@example.com", "--name", "First", "--role", "administrator")
    first = store.seen_by("first@example.com")
    first.json("people", "add", "reader@example.com", "--name", "Reader", "--role", "viewer", "--branch", "EAST")
    reader = store.seen_by("reader@example.com")
    assert reader("levels", "take-back", 1).code == 2 and reader("levels", "list", "--branch", "EAST").code == 0
