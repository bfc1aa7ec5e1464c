"""Two stores to make workbooks of: three branches of the sample with targets, one of which changed its territory; and what is odd."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from scoreboard import settings as settings_module
from scoreboard.imports import sampling
from scoreboard.samples import write_sample
from scoreboard.state import branches
from scoreboard.state.database import open_database, writing
from scoreboard.state.viewers import EVERYONE
from tests.command_line import Store, once
from tests.exports.office import Opened, opened

NOW = "2026-11-09T13:00"
MOVED = "2026-10-05"  # the week from which Millbrook belongs to the coast
NASTY = '=HYPERLINK("http://example.com","click")'
WORKBOOKS = (  # file, what the command is told
    ("riverside", "made", "branch RIV"), ("valley", "made", "territory River Valley"), ("coast", "made", "territory Coast"),
    ("early", "made", "branch RIV --week 2026-W30 --weeks 3"), ("empty", "odd", "branch EMPTY"), ("one", "odd", "branch ONE"),
    ("years", "whole", "branch RIV"), ("nobody", "odd", "territory Nobody yet"), ("many", "odd", "territory Many"))


def _sample(folder: Path, branches: int, weeks: int) -> Store:
    """A store of its own with so much of the sample company."""
    write_sample(folder / "files", branches=branches, weeks=weeks, seed=45)
    settings = settings_module.read(str(folder / "data"), NOW)
    engine = open_database(settings.database_url)
    sampling.load_sample(settings, engine, EVERYONE, folder / "files")
    engine.dispose()
    return Store(folder / "data", NOW)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Riverside, Harbor and Millbrook with eighteen weeks, targets, options and worked exceptions."""
    def build(folder: Path) -> Store:
        store = _sample(folder, branches=3, weeks=18)
        store.json("branches", "add", "MIL", "--territory", "Coast", "--from", MOVED)
        store.json("cases", "open", "--branch", "RIV", "--type", "wrong part", "--customer", NASTY, "--order", "#N/A", "--part", "@SUM(1)",
                   "--owner", "inside sales 1", "--note", "a private word")
        return store
    yield from once(tmp_path_factory.mktemp("made"), build)


@pytest.fixture(scope="session")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A branch without data; one with a single week; a territory of nobody; sixty branches that know two metrics. No targets."""
    def build(folder: Path) -> Store:
        store = Store(folder / "data", NOW)
        store.json("branches", "add", "EMPTY", "--name", "=1+1", "--territory", "Nobody yet")
        with writing(open_database(settings_module.read(str(folder / "data"), NOW).database_url)) as conn:
            for number in range(60):
                branches.add(conn, f"B{number:02d}", territory="Many", now=datetime(2026, 11, 9), who="test")
        (folder / "one.csv").write_text(_orders(["ONE"], 1, 12))
        (folder / "many.csv").write_text(_orders([f"B{n:02d}" for n in range(60)], 3, 2))
        store.json("load", folder / "one.csv", "--source", "order_lines", "--create-branches")
        store.json("load", folder / "many.csv", "--source", "order_lines")
        return store
    yield from once(tmp_path_factory.mktemp("odd"), build)


def _orders(branches: list[str], weeks: int, each: int) -> str:
    """So many orders a week that end with week 45, every third delivered late."""
    lines = ["branch,order_no,line_no,ordered_at,qty_ordered,first_promised_for,qty_delivered,delivered_at"]
    for branch in branches:
        for week in range(weeks):
            for number in range(each):
                on = date(2026, 11, 2) - timedelta(weeks=week) + timedelta(days=number % 4)
                late = timedelta(days=1 if number % 3 == 0 else 0)
                lines.append(f"{branch},{branch}{week}-{number},1,{on} 09:00,1,{on + timedelta(days=1)},1,{on + timedelta(days=1) + late}")
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Riverside alone with sixty weeks: long enough for ranges of four weeks together."""
    def build(folder: Path) -> Store:
        return _sample(folder, branches=1, weeks=60)
    yield from once(tmp_path_factory.mktemp("whole"), build)


@pytest.fixture(scope="session")
def books(made: Store, odd: Store, whole: Store, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Opened]:
    """Every workbook of WORKBOOKS as a spreadsheet program opens it."""
    place, stores = tmp_path_factory.mktemp("books"), {"made": made, "odd": odd, "whole": whole}
    files = []
    for name, of, told in WORKBOOKS:
        kind, rest = told.split(" ", 1)
        subject, *options = rest.split(" --")
        stores[of].json("export", kind, subject, "-o", place / f"{name}.xlsx", *(word for one in options for word in f"--{one}".split(" ")))
        files.append(place / f"{name}.xlsx")
    return opened(files, place)
