"""Whatever is loaded and undone, the weekly results are those of a roll-up of everything from scratch; rows, parts and
versions agree with them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

import trap_company
from exports import keyless, kept, key_of, older, some_columns
from scoreboard.facts import engine as facts_engine
from scoreboard.facts.sources import BY_NAME
from scoreboard.imports.commit import cases_for, draft
from scoreboard.imports.loading import undo
from scoreboard.metrics import results
from scoreboard.metrics.catalogue import CATALOGUE
from scoreboard.metrics.rollup import Run, roll_up
from scoreboard.state.database import reading
from scoreboard.state.viewers import EVERYONE
from trap_company import TrapCompany
from trap_data import Rows, generate

STEPS = 8
THROUGHS = (None, None, datetime(2026, 12, 24, 12), datetime(2027, 1, 11, 14), datetime(2027, 2, 10))


@pytest.mark.parametrize("seed", range(3))
def test_after_each_load_and_undo_every_result_is_that_of_a_roll_up_from_scratch(tmp_path: Path, seed: int) -> None:
    company = trap_company.found(tmp_path)
    for done in _steps(Random(seed), company, generate(seed, size=4)):
        assert _unlike_from_scratch(company) == [], done


def _steps(luck: Random, company: TrapCompany, rows: Rows) -> Iterator[str]:
    """Loads and undoes as luck has it; says what was done."""
    live: list[int] = []
    for _ in range(STEPS):
        if live and luck.random() < 0.3:
            load_id = live.pop(luck.randrange(len(live)))
            undo(company.settings, company.engine, EVERYONE, load_id)
            yield f"undid {load_id}"
        else:
            files, source, through = _load(luck, rows), None, luck.choice(THROUGHS)
            if isinstance(files, str):
                source, files = files, [_partial(luck, files, rows) for _ in range(luck.choice((1, 1, 2)))]
            report = company.load(*files, through=through, source=source)
            if report.load_id is not None:
                live.append(report.load_id)
            yield f"loaded {[(f.source, f.read) for f in report.files]} as {report.load_id}, through {through}"


def _load(luck: Random, rows: Rows) -> list[Rows] | str:
    """Some sources with all they need in one load, or the name of one that comes in parts."""
    names = [name for name, found in rows.items() if found]
    if luck.random() < 0.5:
        return luck.choice(names)
    return [{name: _some(luck, name, rows, BY_NAME[name].required) for name in luck.sample(names, k=luck.choice((2, 3, 5)))}]


def _some(luck: Random, name: str, rows: Rows, required: tuple[str, ...]) -> list[dict[str, Any]]:
    """Some rows and columns, now and then of one branch only, or in an older state."""
    source, found = BY_NAME[name], rows[name]
    if luck.random() < 0.3:
        branch = luck.choice(("B1", "B2", "B3"))
        found = [row for row in found if row["branch"] == branch] or found
    found = luck.sample(found, k=max(1, int(len(found) * luck.choice((0.2, 0.6, 1.0)))))
    columns = some_columns(luck, source, luck.choice((0.4, 0.8, 1.0)), (*key_of(source), *required))
    return [kept(row, columns) for row in (older(luck, source, found) if luck.random() < 0.4 else found)]


def _partial(luck: Random, name: str, rows: Rows) -> Rows:
    """One source without what it needs besides its key, or without its key."""
    source = BY_NAME[name]
    if source.keyless and luck.random() < 0.4:
        return {name: keyless(source, _some(luck, name, rows, (*source.required, source.record[0])))}
    return {name: _some(luck, name, rows, ())}


def _unlike_from_scratch(company: TrapCompany) -> list[str]:
    """Current weekly results that a roll-up of every metric and week would change, with what they would be."""
    wanted = {metric.key: None for metric in CATALOGUE}
    with facts_engine.connect(company.settings.scratch) as con, reading(company.engine) as conn:
        work = draft(company.settings, company.engine, con)
        run = Run(con, company.settings.data, work.files, cases_for(conn, work.company, wanted), work.company, work.before)
        pairs = results.difference(conn, roll_up(run, wanted), wanted, work.before).pairs
    return [_said(old._asdict() if old else None, new) for old, new in pairs]


def _said(old: dict[str, Any] | None, new: dict[str, Any] | None) -> str:
    one = old or new or {}
    figures = [c for c in one if c not in ("scope_kind", "scope", "week", "metric", "from_version", "to_version", "definition")]
    unlike = [f"{c} {old and old[c]} should be {new and new[c]}" for c in figures if not old or not new or old[c] != new[c]]
    return f"{one['metric']} of {one['scope_kind']} {one['scope']} in {one['week']}: {', '.join(unlike)}"
