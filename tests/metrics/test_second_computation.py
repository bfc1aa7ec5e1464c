"""Every weekly result equals a second computation in plain Python, at every level, however the rows came in."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from random import Random

import pytest

from scoreboard.facts.sources import BY_NAME
from tests.metrics import trap_company
from tests.metrics.exports import kept, key_of, older, some_columns
from tests.trap_data import Rows, generate


def test_one_load_gives_the_figures_of_the_second_computation_at_every_level(tmp_path: Path) -> None:
    rows, company = generate(1), trap_company.found(tmp_path)
    company.load(rows)
    assert trap_company.all_differences(company, rows) == []


def test_so_it_does_while_much_is_undecided_and_weeks_begin_on_sunday(tmp_path: Path) -> None:
    rows, company = generate(2), trap_company.found(tmp_path, options={"week_first_day": "Sun"})
    company.load(rows, through=datetime(2027, 1, 11, 14))
    assert trap_company.all_differences(company, rows) == []
    assert sum(cell.undecided for cell in company.cells("company", "").values()) > 100


@pytest.mark.parametrize(("seed", "halves_swapped"), [(3, False), (4, True)])
def test_so_it_does_when_rows_come_in_parts_after_an_older_state_of_some(tmp_path: Path, seed: int, halves_swapped: bool) -> None:
    rows, company = generate(seed, size=6), trap_company.found(tmp_path)
    early, *halves = _cut(Random(seed), rows)
    company.load(early, through=datetime(2026, 12, 24, 12))
    for half in reversed(halves) if halves_swapped else halves:
        for name in COMPLETED:
            company.load({name: half.pop(name)}, source=name)
        company.load(half)
    assert trap_company.all_differences(company, rows) == []


COMPLETED = ("order_lines", "quotes")  # whose columns come apart so far that a half may not even say when


def _cut(luck: Random, rows: Rows) -> tuple[Rows, Rows, Rows]:
    """An older state of some rows with some columns, then all rows in two halves of their columns."""
    parts: tuple[Rows, Rows, Rows] = ({}, {}, {})
    for name, found in rows.items():
        if not found:
            continue
        source = BY_NAME[name]
        key = key_of(source)
        columns = some_columns(luck, source, 0.7, (*key, *source.required))
        parts[0][name] = [kept(row, columns) for row in older(luck, source, luck.sample(found, k=len(found) * 6 // 10))]
        both = key if name in COMPLETED else (*key, *source.required)
        first = some_columns(luck, source, 0.5, both)
        second = {*both, *(c for c in source.columns if c not in first)}
        for part, half in zip(parts[1:], (first, second), strict=True):
            part[name] = [kept(row, half) for row in found]
    return parts
