"""Bright spots: which branches have become better at what, since when, and what happened there around that week.

The convention: what is told is what people wrote down (event notes) or agreed (targets, new usual levels) from four weeks before a
figure began to stand out until the week after; that it was the cause is for them to say. Beside it stands what became worse there in
the same time, which may be its price.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection

from scoreboard import weeks
from scoreboard.metrics import words
from scoreboard.metrics.company import Company
from scoreboard.metrics.compare import Matrix, Row
from scoreboard.metrics.compare_cells import Cell
from scoreboard.metrics.model import Metric
from scoreboard.state import notes, targets
from scoreboard.state.notes import Note
from scoreboard.state.targets import Target
from scoreboard.state.viewers import Viewer
from scoreboard.weeks import WEEK

BEFORE, AFTER = 4 * WEEK, 2 * WEEK  # around the first week of a stretch: from here, to before there


def read(conn: Connection, viewer: Viewer, company: Company, found: Matrix) -> list[dict[str, Any]]:
    """Every figure that is better than usual, with its words; the latest beginnings first, then by the name of the branch."""
    spots = [(row, cell) for row, cell in found.improved if cell.tile.judged and cell.tile.judged.since]
    if not spots:
        return []
    noted = notes.of_branches(conn, viewer, {row.code for row, _ in spots})
    agreed = targets.listing(conn, viewer)
    told = [_spot(row, cell, company, noted, agreed) for row, cell in spots]
    return sorted(told, key=lambda one: (-one.pop("order"), one["branch"], one["metric"]))


def _spot(row: Row, cell: Cell, company: Company, noted: Sequence[Note], agreed: Sequence[Target]) -> dict[str, Any]:
    tile, metric = cell.tile, cell.tile.metric
    assert tile.judged and tile.judged.since
    since = tile.judged.since
    around = [f"{words.week_name(n.week)}: {n.text}" for n in noted if n.branch == row.code and since - BEFORE <= n.week < since + AFTER]
    home = company.territory(row.code, since)
    worse = [f"{words.title(other.tile.metric)[0]} since {words.week_name(began).lower()}" for other in row.cells.values()
             if (began := _worse_since(other)) and began >= since - BEFORE]
    return {"code": row.code, "branch": row.name, "key": metric.key, "metric": words.title(metric)[0], "order": since.toordinal(),
            "since": words.week_name(since), "began": weeks.label(since), "worse": worse,
            "figure": words.text(metric, tile.shown.value), "week": words.week_name(tile.shown.week),
            "level": words.text(metric, tile.judged.usual.mean) if tile.judged.usual.mean is not None else "", "notes": around,
            "targets": [_agreed(metric, t) for t in agreed if t.metric == metric.key and _concerns(t, row.code, home)
                        and since - BEFORE <= t.from_on < since + AFTER]}


def _worse_since(cell: Cell) -> date | None:
    """The first week of a stretch that is worse than usual and still lasts."""
    judged = cell.tile.judged
    return judged.since if judged and judged.variation == "concern" else None


def _concerns(target: Target, branch: str, territory: str | None) -> bool:
    return (target.scope_kind, target.scope) in (("branch", branch), ("territory", territory or ""), ("company", ""))


def _agreed(metric: Metric, target: Target) -> str:
    """`From 6 Jul: target 2.5 h for the branch (why)`."""
    whom = {"branch": "the branch", "territory": target.scope, "company": "every branch"}[target.scope_kind]
    what = "no target any more" if target.ends else f"target {words.text(metric, target.target)}" if target.target is not None else (
        f"floor {words.text(metric, target.floor)}")
    until = f" until {words.short_day(target.until_on)}" if target.until_on else ""
    return f"From {words.short_day(target.from_on)}{until}: {what} for {whom} ({target.reason})"
