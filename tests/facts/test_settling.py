"""Settling and taking back, against a plain-Python model of the same rules, whatever is loaded and undone in which order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoreboard.facts import engine
from scoreboard.facts.sources import BY_NAME
from tests.facts.any_files import STEPS, apart, files
from tests.facts.fact_model import File, outcome
from tests.facts.settled_store import Store

few = settings(max_examples=40, deadline=None, derandomize=True, database=None,
               suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """One connection for all examples, so that what one leaves behind must not matter to the next."""
    connection = engine.connect(tmp_path_factory.mktemp("scratch"))
    yield connection
    connection.close()


# ---- the properties ---------------------------------------------------------------------------------
@few
@given(steps=STEPS)
def test_after_every_load_and_undo_the_store_holds_what_the_live_files_say(con: duckdb.DuckDBPyConnection, steps: list[Any]) -> None:
    with TemporaryDirectory() as folder:
        store, loads = Store(con, Path(folder)), []
        for step in steps:
            if isinstance(step, list):
                loads.append(step)
                for file in step:
                    expected = outcome(BY_NAME[file.source], [live for live, _ in store.live], file)
                    done = store.load(file)
                    assert Counter(new=done.new, changed=done.changed, same=done.same) == expected
            elif loads:
                for file in reversed(loads.pop(step % len(loads))):
                    store.undo(file)
            assert store.wrong([file for load in loads for file in load]) == []


@few
@given(before=st.lists(files(), max_size=2), pair=apart())
def test_loads_that_share_no_key_and_column_commute(con: duckdb.DuckDBPyConnection, before: list[File], pair: tuple[File, File]) -> None:
    with TemporaryDirectory() as one, TemporaryDirectory() as other:
        stores = Store(con, Path(one)), Store(con, Path(other))
        for store, order in zip(stores, (pair, pair[::-1]), strict=True):
            for file in (*before, *order):
                store.load(file)
        assert stores[0].kept() == stores[1].kept()


# ---- cases in sight ---------------------------------------------------------------------------------
ORDER = ("branch", "order_no", "line_no", "ordered_at")
SHIPMENT = ("branch", "shipment_no", "order_no", "shipped_at")
CREDIT = ("branch", "credit_no", "credit_line", "order_no", "issued_at")
QUOTE = ("branch", "quote_no", "quote_group", "requested_at")
W50, W51, W52, W53 = (datetime(2026, 12, 7, 9) + timedelta(weeks=n) for n in range(4))


@pytest.fixture
def store(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> Store:
    return Store(con, tmp_path)


def file_of(source: str, columns: tuple[str, ...], *rows: tuple[Any, ...], keyless: bool = False) -> File:
    return File(source, columns, tuple(dict(zip(columns, ("B1", *row), strict=True)) for row in rows), keyless)


def loaded(store: Store, *given: File) -> None:
    for file in given:
        store.load(file)


def weeks(store: Store, source: str) -> dict[str, int]:
    """Rows by the day their filing place begins, month and day."""
    found: Counter[str] = Counter()
    for (place, *_), rows in store.kept()[source].items():
        found[place[5:] if place != "waiting" else place] += rows
    return dict(found)


def test_revisions_of_a_quote_lie_in_the_week_of_the_first_from_the_first_load_on(store: Store) -> None:
    loaded(store, file_of("quotes", QUOTE, ("Q1", None, W50), ("Q2", "Q1", W52), ("Q3", "Q1", None)))
    assert weeks(store, "quotes") == {"12-07": 3}


def test_a_quote_that_changes_its_group_leaves_the_old_one_where_it_belongs(store: Store) -> None:
    loaded(store, file_of("quotes", QUOTE, ("Q1", "G", W50), ("Q2", "G", W52)), file_of("quotes", QUOTE, ("Q1", "H", W50)))
    assert weeks(store, "quotes") == {"12-07": 1, "12-21": 1}


def test_what_belongs_to_an_order_waits_for_it_joins_it_and_moves_with_it(store: Store) -> None:
    loaded(store, file_of("shipments", SHIPMENT, ("S1", "1", W52)), file_of("credits", CREDIT, ("C1", None, "1", W53)))
    assert (weeks(store, "shipments"), weeks(store, "credits")) == ({"waiting": 1}, {"12-28": 1})
    first, moved = (file_of("order_lines", ORDER, ("1", "1", at)) for at in (W51, W50))
    for order in (first, moved):
        store.load(order)
        place = {f"{order.rows[0]['ordered_at']:%m-%d}": 1}
        assert [weeks(store, name) for name in ("order_lines", "shipments", "credits")] == [place] * 3
    store.undo(moved)
    assert weeks(store, "credits") == {"12-14": 1}
    store.undo(first)
    assert (weeks(store, "order_lines"), weeks(store, "shipments"), weeks(store, "credits")) == ({}, {"waiting": 1}, {"12-28": 1})


def test_credits_of_an_order_that_has_not_come_are_filed_by_their_own_dates(store: Store) -> None:
    loaded(store, file_of("credits", CREDIT, ("C1", "1", "1", W50), ("C2", "1", "1", W52)))
    assert weeks(store, "credits") == {"12-07": 1, "12-21": 1}


def test_a_keyless_file_loaded_twice_keeps_each_row_once_also_rows_that_are_alike(store: Store) -> None:
    alike = file_of("returns", ("branch", "kind", "opened_at"), ("core", W50), ("core", W50), keyless=True)
    loaded(store, alike, alike)
    assert weeks(store, "returns") == {"12-07": 2}


def test_a_keyless_file_replaces_its_days_and_taking_it_back_brings_them_again(store: Store) -> None:
    columns = ("branch", "kind", "opened_at")
    old = file_of("returns", columns, *(("core", at) for at in (W50, W51, W52, W53)), keyless=True)
    new = file_of("returns", columns, ("return", W51), ("return", W52 - timedelta(days=1)), keyless=True)
    loaded(store, old, new)
    assert weeks(store, "returns") == {"12-07": 1, "12-14": 2, "12-21": 1, "12-28": 1}
    store.undo(new)
    assert weeks(store, "returns") == dict.fromkeys(("12-07", "12-14", "12-21", "12-28"), 1)


def test_a_keyed_and_a_keyless_file_of_one_order_do_not_touch_each_other(store: Store) -> None:
    keyless = file_of("order_lines", ("branch", "order_no", "ordered_at"), ("1", W50), keyless=True)
    keyed = file_of("order_lines", ORDER, ("1", "1", W51))
    loaded(store, keyed, keyless)
    assert weeks(store, "order_lines") == {"12-07": 2}
    store.undo(keyless)
    assert weeks(store, "order_lines") == {"12-14": 1}


def test_taking_back_the_only_load_leaves_no_files(store: Store) -> None:
    only = file_of("order_lines", ORDER, ("1", "1", W50), ("2", "1", None))
    store.load(only)
    store.undo(only)
    assert store.files == ()


def test_a_blank_record_date_keeps_the_known_one_and_any_other_blank_clears(store: Store) -> None:
    columns = (*ORDER, "route")
    loaded(store, file_of("order_lines", columns, ("1", "1", W50, "R1")), file_of("order_lines", columns, ("1", "1", None, None)))
    ((row, times),) = store.kept()["order_lines"].items()
    assert (row[0], times, "R1" in row, W50 in row) == ("2026-12-07", 1, False, True)
