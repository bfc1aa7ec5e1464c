"""Every weekly result equals a second computation in plain Python, at every level, however the rows came in."""

from __future__ import annotations

from pathlib import Path

import pytest

import trap_company
from trap_data import generate


@pytest.mark.parametrize("seed", [1, 2])
def test_one_load_gives_the_figures_of_the_second_computation_at_every_level(tmp_path: Path, seed: int) -> None:
    rows, company = generate(seed), trap_company.found(tmp_path)
    company.load(rows)
    assert trap_company.all_differences(company, rows) == []


@pytest.mark.parametrize("seed", [3])
def test_declared(tmp_path: Path, seed: int) -> None:
    rows, company = generate(seed), trap_company.found(tmp_path)
    from datetime import datetime
    company.load(rows, datetime(2027,1,11,14))
    assert trap_company.all_differences(company, rows) == []
