"""Two loads of the same weeks at once: nothing is lost, the outcome is that of one after the other, and whoever reads
meanwhile sees one committed state or another, never something between."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.faults.fault_store import NOW, Company, Row, boards, load, rewrite, shown
from tests.faults.forked_commands import Commands

Stores = Callable[[], tuple[Path, dict[str, str]]]
ROWS = ["rows", "--branch", "RIV", "--metric", "fill_rate", "--week", "2025-W42", "--json", "--now", NOW]
_NUMBERS = count(1)


# ---- pairs of files -----------------------------------------------------------------------------------
def pair_with_disjoint_keys(company: Company, folder: Path) -> list[Path]:
    """New orders of even and of odd numbers, in the same weeks."""
    def half(odd: int) -> Callable[[int, Row], Row | None]:
        def pick(_: int, row: Row) -> Row | None:
            return {**row, "order_no": f"N{row['order_no']}", "qty_first_shipment": "0"} if int(row["order_no"]) % 2 == odd else None
        return pick

    return [rewrite(company.exports["order_lines"], folder / f"half-{odd}.csv", half(odd)) for odd in (0, 1)]


def pair_with_other_columns_of_the_same_keys(company: Company, folder: Path) -> list[Path]:
    """Of the same lines one file has the shipped quantity, the other what is stocked and the date ordered, a week early."""
    lines = company.exports["order_lines"]
    shipped = rewrite(lines, folder / "shipped.csv", lambda number, row: {**row, "qty_first_shipment": str(number % 2)},
                      without=("stocked", "route"))
    stocked = rewrite(lines, folder / "stocked.csv", lambda number, row: {**row, "stocked": "yes" if number % 3 else "no"},
                      without=("qty_first_shipment", "qty_ordered", "ordered_at"))
    return [rewrite(shipped, folder / "only-shipped.csv", lambda _, row: row, without=("qty_ordered", "ordered_at")), stocked]


def pair_that_disagrees(company: Company, folder: Path) -> list[Path]:
    """The same lines and columns with other quantities: the later load wins."""
    return [rewrite(company.exports["order_lines"], folder / f"quantity-{n}.csv",
                    lambda number, row, n=n: {**row, "qty_first_shipment": str(int(number % (n + 2) == 0) * 9)}) for n in (0, 1)]


# ---- rounds -------------------------------------------------------------------------------------------
@pytest.fixture
def fresh(request: pytest.FixtureRequest, company: Company, commands: Commands) -> Stores:
    """Call it for a store with history: its folder, and the environment of commands on it."""
    if request.param == "sqlite":
        return lambda: (company.copy(), {})
    server = request.getfixturevalue("postgresql")

    def on_postgresql() -> tuple[Path, dict[str, str]]:
        data, env = company.folder / f"postgresql-{next(_NUMBERS)}", {"SCOREBOARD_DATABASE_URL": server.new_database()}
        loaded = commands.run(data, load(*company.exports.values()), env=env)
        assert loaded.codes == [0], loaded.said
        return data, env

    return on_postgresql


def load_one(file: Path) -> list[str]:
    return load(file, source="order_lines")


@dataclass(frozen=True)
class Picture:
    """What readers see: every board, the rows behind one tile, and every week of the metrics the files move."""

    boards: list[Any]
    rows: Any
    series: list[Any]


def picture(commands: Commands, data: Path, env: dict[str, str]) -> Picture:
    keys = ("fill_rate", "fill_rate_lines", "fill_rate_units")
    ended = commands.run(data, ROWS, *(["series", "--company", "--metric", key, "--json", "--now", NOW] for key in keys), env=env)
    return Picture(shown(commands, data, env=env)["boards"], in_any_order(ended.json()), [ended.json(i + 1) for i in range(len(keys))])


def in_any_order(rows: dict[str, Any]) -> list[str]:
    return sorted(json.dumps(row) for row in rows["rows"])


def one_after_the_other(commands: Commands, store: tuple[Path, dict[str, str]], files: list[Path]) -> list[Picture]:
    """What is seen after each load."""
    data, env = store
    found = []
    for file in files:
        loaded = commands.run(data, load_one(file), env=env)
        assert loaded.codes == [0], loaded.said
        found.append(picture(commands, data, env))
    return found


def both_at_once(commands: Commands, data: Path, env: dict[str, str], files: list[Path]) -> tuple[list[Any], list[Any]]:
    """Loads two files at once while others read; returns the boards and the rows that were read."""
    reading, looking = boards() * 2, [ROWS] * 3
    *loads, read, looked = commands.run_at_once([
        *(commands.request(data, load_one(file), env=env) for file in files),
        commands.request(data, *reading, env=env), commands.request(data, *looking, env=env)])
    assert [one.codes for one in loads] == [[0], [0]], [one.said for one in loads]
    assert set(read.codes + looked.codes) == {0}, read.said + looked.said
    seen = [read.json(i) for i in range(len(reading))]
    for board in seen:
        del board["version"]
    return seen, [in_any_order(looked.json(i)) for i in range(len(looking))]


@pytest.mark.parametrize(("fresh", "pair", "commute", "rounds"), [
    ("sqlite", pair_with_disjoint_keys, True, 5), ("sqlite", pair_with_other_columns_of_the_same_keys, True, 5),
    ("sqlite", pair_that_disagrees, False, 5), ("postgresql", pair_with_disjoint_keys, True, 2),
    ("postgresql", pair_with_other_columns_of_the_same_keys, True, 2), ("postgresql", pair_that_disagrees, False, 1)], indirect=["fresh"])
def test_two_loads_at_once_end_like_one_after_the_other_and_readers_see_committed_figures_only(
        commands: Commands, company: Company, tmp_path: Path, fresh: Stores,
        pair: Callable[[Company, Path], list[Path]], commute: bool, rounds: int) -> None:
    first, second = pair(company, tmp_path)
    before = picture(commands, *fresh())
    there, back = (one_after_the_other(commands, fresh(), files) for files in ([first, second], [second, first]))
    committed, ends = [before, *there, *back], [there[-1], back[-1]]
    assert (ends[0] == ends[1]) is commute
    assert before.boards not in [one.boards for one in committed[1:]], "the loads must move the boards"
    for _ in range(rounds):
        data, env = fresh()
        seen, looked = both_at_once(commands, data, env, [first, second])
        for i, board in enumerate(seen):
            assert board in [one.boards[i % len(one.boards)] for one in committed]
        for rows in looked:
            assert rows in [one.rows for one in committed]
        assert picture(commands, data, env) in ends
        loaded = commands.run(data, ["loads", "--json", "--now", NOW], env=env).json()["loads"]
        assert sorted(file["name"] for one in loaded[:2] for file in one["files"]) == sorted((first.name, second.name))
    assert commands.run(data, ["doctor", "--check", "--json", "--now", NOW], env=env).codes == [0]
