"""Two stores to try commands on: six orders one can count by hand, and three busy branches for adding up.

Both are built once and only read; what changes a store takes `copy_of_…`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from scoreboard.facts.sources import SOURCES
from scoreboard.samples import write_sample
from tests.command_line import Store, once

NOW = "2026-11-09T13:00"
ORDERS = """\
branch,order_no,line_no,ordered_at,qty_ordered,first_promised_for,qty_shipped,shipped_at,qty_delivered,delivered_at,route
EAST,E1,1,2026-10-26 09:00,2,2026-10-28,2,2026-10-27,2,2026-10-28,north
EAST,E2,1,2026-10-27 09:00,1,2026-10-29,1,2026-10-28,1,2026-10-30,south
EAST,E3,1,2026-11-02 09:00,4,2026-11-04,4,2026-11-03,4,2026-11-04,north
EAST,E4,1,2026-11-03 09:00,3,2026-11-05,,,,,south
WEST,W1,1,2026-10-26 10:00,5,2026-10-28,5,2026-10-27,5,2026-10-28,
WEST,W2,1,2026-11-04 10:00,5,2026-11-06,5,2026-11-05,5,2026-11-06,
"""


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    """The six orders as a file: E2 came late, E4 is open past its promise, the others are on time and in full."""
    path = tmp_path / "orders.csv"
    path.write_text(ORDERS)
    return path


@pytest.fixture
def empty(tmp_path: Path) -> Store:
    """An empty store."""
    return Store(tmp_path / "data", NOW)


@pytest.fixture(scope="session")
def six_orders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """EAST and WEST on the coast, with the six orders."""
    def build(folder: Path) -> Store:
        store = Store(folder / "data", NOW)
        for code in ("EAST", "WEST"):
            store.json("branches", "add", code, "--territory", "Coast")
        (folder / "orders.csv").write_text(ORDERS)
        store.json("load", folder / "orders.csv")
        return store
    yield from once(tmp_path_factory.mktemp("six_orders"), build)


@pytest.fixture
def copy_of_six_orders(six_orders: Store, tmp_path: Path) -> Store:
    return six_orders.copied_to(tmp_path / "data")


@pytest.fixture(scope="session")
def three_branches(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """RIV, HAR and MIL with eight weeks of every source, ending 2025-W45; standards are set, targets are not."""
    def build(folder: Path) -> Store:
        files = write_sample(folder / "files", branches=3, weeks=8, seed=7)
        store = Store(folder / "data", "2025-11-10T13:00")
        for b in _rows(files["branches"]):
            store.json("branches", "add", b["code"], "--territory", b["territory"], "--time-zone", b["time_zone"], "--country",
                       b["country"], "--open-days", b["open_days"], "--opens", b["opens"], "--closes", b["closes"])
        for option in _rows(files["options"]):
            store.json("options", "set", option["key"], option["value"])
        store.json("load", *(files[source.name] for source in SOURCES), "--through", "2025-11-09T23:00")
        return store
    yield from once(tmp_path_factory.mktemp("three_branches"), build)


@pytest.fixture
def copy_of_three_branches(three_branches: Store, tmp_path: Path) -> Store:
    return three_branches.copied_to(tmp_path / "data")


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
