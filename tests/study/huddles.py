"""The huddles of a made-up company's year: what each branch's board showed, Monday by Monday.

The usual way loads every export once, at the end, and reads the board of each earlier week. A board of week w knows no
later week, so its limits, rules and marks are those of that Monday; but what matured later (credits, cohorts, open
returns) is known at once. A week is therefore judged in its own huddle, and lags count from the first huddle at which a
figure can be judged. `weekly` emulates nothing: each week's exports are loaded on its Monday and the boards read then,
which takes ten times as long and says how much later that first huddle is.

Several seeds share one store, as branches that know nothing of each other.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from scoreboard.imports import loading, reroll, sample_setup
from scoreboard.metrics import board, company
from scoreboard.metrics.board import Tile
from scoreboard.metrics.scopes import Scope
from scoreboard.metrics.signals import COLLECTING
from scoreboard.metrics.usual import Judged, Usual
from scoreboard.samples import COLUMNS, STORIES, write_sample
from scoreboard.settings import Settings
from scoreboard.state.database import open_database, reading
from scoreboard.state.viewers import EVERYONE
from scoreboard.weeks import WEEK
from tests.study import evenings
from tests.study.evenings import KEPT, Evenings, evening_of

FIRST_WEEK, WEEKS = date(2025, 9, 15), 60  # as the default sample
LAST_WEEK = FIRST_WEEK + (WEEKS - 1) * WEEK
BRANCHES = sorted({story.branch for story in STORIES})
Record = dict[str, Any]


def study(seeds: list[int], *, first: int = COLLECTING - 1, weekly: bool = False) -> list[Record]:
    """What the boards of some seeds showed at each huddle from that of week number `first` on, a record each.

    A record: `seed`, and `huddles`: by branch a list of entries with `week` (its number), `imbalance`, and `tiles`: by
    metric what `_said` says of it.
    """
    huddles = [FIRST_WEEK + number * WEEK for number in range(first, WEEKS)]
    with tempfile.TemporaryDirectory(prefix="scoreboard-study-") as name:
        place = Path(name)
        settings = Settings(place / "data", f"sqlite:///{place / 'data' / 'scoreboard.sqlite'}", _monday(LAST_WEEK))
        engine = open_database(settings.database_url)
        rows = _samples(settings, engine, place, seeds)
        found: dict[int, dict[str, list[Record]]] = {seed: {branch: [] for branch in BRANCHES} for seed in seeds}
        begin = FIRST_WEEK
        for week in huddles:
            last = week if weekly else LAST_WEEK
            settings = replace(settings, now=_monday(last))
            if begin <= last:
                _load(settings, engine, place, rows, begin, last)
                begin = last + WEEK
            for seed, branch, entry in _boards(settings, engine, seeds, week):
                found[seed][branch].append(entry)
        engine.dispose()
    return [{"seed": seed, "huddles": found[seed]} for seed in seeds]


def _monday(week: date) -> datetime:
    """The huddle of a week: 13:00 on the Monday after it."""
    return evening_of(week) + timedelta(hours=14)


def _samples(settings: Settings, engine: Engine, place: Path, seeds: list[int]) -> Evenings:
    """Sets the companies of all seeds up as one; returns their rows."""
    folders = {f"-{seed}": place / str(seed) for seed in seeds}
    for seed in seeds:
        write_sample(place / str(seed), branches=len(BRANCHES), weeks=WEEKS, seed=seed, first_week=FIRST_WEEK)
    files = {name: place / f"{name}.csv" for name in ("branches", "options", "targets")}
    for name, path in files.items():
        found = {tuple(row.values()): row for behind, folder in folders.items() for row in evenings.rows_of(folder / path.name, behind)}
        evenings.write_rows(path, COLUMNS[name], found.values())  # what is agreed for the company is there once
    reroll.change(settings, engine, sample_setup.WHO, "sample", lambda conn: sample_setup.set_up(conn, files, settings))
    return evenings.together(evenings.read(folder, behind) for behind, folder in folders.items())


def _load(settings: Settings, engine: Engine, place: Path, rows: Evenings, first: date, last: date) -> None:
    files = [rows.write(source, place / f"{source}.csv", first, last) for source in KEPT]
    report = loading.load(settings, engine, EVERYONE, files, loading.Wish(through=evening_of(last), sample=True))
    wrong = [file.problems[:3] for file in report.files if file.rejected]
    assert not wrong and not report.refused, (wrong, report.refused)


def _boards(settings: Settings, engine: Engine, seeds: list[int], week: date) -> Iterator[tuple[int, str, Record]]:
    with reading(engine) as conn:
        known = company.read(conn, settings.now)
        for seed in seeds:
            for branch in BRANCHES:
                yield seed, branch, _entry(conn, settings, known, branch, seed, week)


def _entry(conn: Connection, settings: Settings, known: company.Company, branch: str, seed: int, week: date) -> Record:
    also = {story.metric for story in STORIES if story.branch == branch and story.metric}
    found = board.read(conn, settings, Scope("branch", f"{branch}-{seed}"), week, company=known, also=also)
    tiles = {t.metric.key: _said(t, t.judged) for t in found.tiles if t.judged}
    return {"week": number_of(week), "imbalance": bool(found.triangle.imbalance), "tiles": tiles}


def _said(tile: Tile, judged: Judged) -> Record:
    """`shown`: the number of the last judged week, or of a block said before it matured (none: nothing judged yet). `range`: what it
    is judged by (weeks, blocks, or why not)."""
    by_blocks = judged.blocks is not None and _limited(judged.blocks)
    usual = judged.blocks if judged.blocks and by_blocks else judged.usual
    figures = {"value": tile.shown.value, "mean": usual.mean, "lower": usual.lower, "upper": usual.upper}
    last = max(tile.shown.week, judged.pooled[-1].week + 3 * WEEK) if judged.pooled else tile.shown.week
    return {"shown": number_of(last) if tile.shown.judged else None, "board": tile.on_board,
            "range": "blocks" if by_blocks else "weeks" if _limited(usual) else usual.status,
            "says": judged.variation, "rule": judged.rule, "since": number_of(judged.since) if judged.since else None,
            "aim": judged.assurance, **{name: round(figure, 4) for name, figure in figures.items() if figure is not None}}


def _limited(usual: Usual) -> bool:
    return usual.status in ("provisional", "firm", "steady")


def number_of(week: date) -> int:
    """Weeks since the first of the sample."""
    return (week - FIRST_WEEK) // WEEK
