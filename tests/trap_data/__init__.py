"""Rows of every source, dense in traps: what a system exports on its worst days, and what metrics must survive.

Times are whole minutes of the wall clock, 00:00 means "that day"; everything optional is missing now and then.
Only order lines and quotes may lack their record date (they wait). Order numbers are the same in every branch,
on purpose. The weeks surround week 53 of 2026; the clock changes of the autumn before have rows too.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from scoreboard.facts.sources import BY_NAME
from tests.trap_data import orders, service, team
from tests.trap_data.chance import WEEK, YEAR_END, Chance

__all__ = ["generate", "write_csv"]

Row = dict[str, Any]
Rows = dict[str, list[Row]]


def generate(seed: int, branches: int = 3, weeks: int = 8, size: int = 12) -> Rows:
    """Rows of every source but weekly totals, of branches B1, B2, …; `size` orders, quotes, … a branch and week."""
    chance = Chance(seed, YEAR_END - (weeks + 1) // 2 * WEEK, weeks)
    rows: Rows = {name: [] for name in BY_NAME}
    for number in range(1, branches + 1):
        for source, found in _branch(chance, weeks * size).items():
            blank = dict.fromkeys(BY_NAME[source].columns)
            rows[source] += [{**blank, **row, "branch": f"B{number}"} for row in found]
    return rows


def write_csv(rows: Mapping[str, Sequence[Row]], folder: Path) -> dict[str, Path]:
    """A CSV file for every source that has rows: ISO dates and minutes, true and false, blank for missing."""
    paths = {source: folder / f"{source}.csv" for source, found in rows.items() if found}
    for source, path in paths.items():
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[source][0]))
            writer.writeheader()
            writer.writerows({name: _text(value) for name, value in row.items()} for row in rows[source])
    return paths


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def _branch(chance: Chance, size: int) -> Rows:
    rows = orders.make(chance, size)
    return rows | {
        "quotes": service.quotes(chance, size, rows["order_lines"]),
        "contacts": service.contacts(chance, size), "exceptions": service.exceptions(chance, size),
        "surveys": service.surveys(chance, size), "returns": service.returns(chance, size),
        "team_changes": team.changes(chance, size), "shifts": team.shifts(chance),
        "inventory": team.inventory(chance),
    }
