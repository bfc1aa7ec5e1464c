"""A figure is what the rows behind it add up to, and what its branches add up to."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from statistics import median
from typing import Any

import pytest

from scoreboard.metrics import rows
from scoreboard.metrics.catalogue import BY_KEY
from scoreboard.metrics.model import Metric
from scoreboard.metrics.scopes import Scope
from scoreboard.state.database import reading
from tests.metrics import trap_company
from tests.metrics.trap_company import SCOPES, TrapCompany
from tests.oracle import Cell
from tests.trap_data import generate


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> TrapCompany:
    """Two weeks of trap data, much of it undecided."""
    company = trap_company.found(tmp_path_factory.mktemp("loaded"))
    company.load(generate(5, weeks=2, size=8), through=datetime(2027, 1, 2, 14))
    return company


def test_the_rows_behind_each_figure_of_a_branch_add_up_to_it(loaded: TrapCompany) -> None:
    cells = loaded.cells("branch", "B1")
    with reading(loaded.engine) as conn:
        counted = {(key, week): _added_up(BY_KEY[key], rows.rows(loaded.settings, conn, Scope("branch", "B1"), BY_KEY[key], week))
                   for key, week in cells}
    assert trap_company.differences(counted, {key: _plain(cell) for key, cell in cells.items()}) == []
    assert {metric for metric, _ in cells} == set(BY_KEY)


def _plain(cell: Cell) -> Cell:
    """What rows can tell: not p90, and of a duration the undecided are not told apart from the open."""
    return replace(cell, undecided=0 if cell.p50 is not None else cell.undecided, p90=None, at_least=False, p90_at_least=False)


def _added_up(metric: Metric, found: list[dict[str, Any]]) -> Cell:
    """A figure from its rows alone."""
    whole = [row for row in found if "whole" in row["counts_in"]]
    is_open = sum(row["open"] for row in found)
    if metric.is_duration:
        return Cell(None, float(len(whole)), len(whole), 0, is_open, p50=median(row["value"] for row in whole) * metric.minutes_per_unit)
    weighed = getattr(metric.whole, "amount", None) is not None
    decided = [row for row in found if row["result"] != "undecided"]
    part = sum(row.get("adds_to_part", 0.0) if weighed else "part" in row["counts_in"] for row in decided)
    return Cell(float(part), float(sum(row.get("adds_to_whole", 0.0) if weighed else 1 for row in whole)), len(whole),
                len(found) - len(decided), is_open)


def test_parts_and_wholes_of_branches_add_up_to_those_of_their_territory_and_the_company(loaded: TrapCompany) -> None:
    of = {scope: {key: cell for key, cell in loaded.cells(*scope).items() if not BY_KEY[key[0]].is_duration} for scope in SCOPES}
    company = loaded.reach().company
    sums: dict[tuple[str, str], dict[Any, Cell]] = {scope: {} for scope in SCOPES if scope[0] != "branch"}
    for code in trap_company.BRANCHES:
        for key, cell in of["branch", code].items():
            for scope in (("territory", str(company.territory(code, key[1]))), ("company", "")):
                sums[scope][key] = _together(sums[scope].get(key, Cell(0.0, 0.0)), cell)
    for scope, added in sums.items():
        assert trap_company.differences(of[scope], added) == []
    assert len(of["company", ""]) > 50


def _together(one: Cell, other: Cell) -> Cell:
    return Cell((one.part or 0.0) + (other.part or 0.0), (one.whole or 0.0) + (other.whole or 0.0), one.n + other.n,
                one.undecided + other.undecided, one.open + other.open)
