"""Branches side by side as a plain dictionary (the JSON of the command line) and as lines for a terminal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scoreboard import weeks
from scoreboard.metrics import shown
from scoreboard.metrics.board import Tile
from scoreboard.metrics.compare import Matrix
from scoreboard.metrics.compare_cells import Cell

VARIATIONS = {"concern": "worse", "improvement": "better", "neutral_high": "higher", "neutral_low": "lower"}
ASSURANCES = {"reliably_misses": "misses target", "reliably_meets": "meets target"}
NEEDS = {"worse": "Worse than usual", "misses": "Reliably misses a target", "": "Nothing stands out"}


def as_json(found: Matrix) -> dict[str, Any]:
    """A matrix; every cell as the board of its branch has it."""
    return {
        "territory": found.territory, "week": weeks.label(found.week), "version": found.version,
        "metrics": [{"key": m.key, "name": m.name, "unit": m.unit, "reported": found.coverage[m.key][0],
                     "expected": found.coverage[m.key][1]} for m in found.metrics],
        "branches": [{"code": row.code, "name": row.name, "territory": row.territory, "peer_group": row.peer_group or None,
                      "need": row.need or None, "through": {source: at.isoformat() for source, at in row.through.items()},
                      "metrics": [_cell(row.cells[m.key]) for m in found.metrics]} for row in found.rows],
        "together": [shown.tile(found.total[m.key]) for m in found.metrics] if found.total else None}


def _cell(cell: Cell) -> dict[str, Any]:
    return {**shown.tile(cell.tile), "typed": cell.typed, "comparable": cell.alike}


def lines(found: Matrix) -> list[str]:
    """A block of lines for all together, then one for each branch: a line for each figure."""
    where = found.territory or "All branches"
    said = [f"{where} · week {weeks.label(found.week)} · {len(found.rows)} {'branch' if len(found.rows) == 1 else 'branches'}"]
    if not found.rows:
        return [*said, "No branch of yours belonged there in that week."]
    if found.total:
        said += ["", "All together, from the sums of their rows", *_figures(found, lambda key: found.total[key] if found.total else None)]
    for row in found.rows:
        peer = f" · {row.peer_group}" if row.peer_group else ""
        said += ["", f"{row.name} ({row.code}){peer} · {NEEDS[row.need].lower()}",
                 *_figures(found, lambda key, row=row: row.cells[key].tile, lambda key, row=row: row.cells[key])]  # type: ignore[misc]
    reported = [f"{m.key} {n} of {of}" for m in found.metrics for n, of in [found.coverage[m.key]] if n < of]
    return [*said, "", f"Not every branch reported: {', '.join(reported)}." if reported else "Every branch reported every figure."]


def _figures(found: Matrix, tile_of: Callable[[str], Tile | None], cell_of: Callable[[str], Cell] | None = None) -> list[str]:
    said = []
    for metric in found.metrics:
        tile = tile_of(metric.key)
        if tile is None:
            continue
        point = shown.point(tile.shown)
        at = f" ({point['week']})" if tile.shown is not tile.picked else ""
        notes = [*_notes(tile), *(_unlike(cell_of(metric.key)) if cell_of else [])]
        said.append(f"  {metric.name:<52} {point['text']:>14}{at}  n {point['n']}{'  ' + '; '.join(notes) if notes else ''}")
    return said


def _notes(tile: Tile) -> list[str]:
    if tile.needs:
        return ["not available"]
    judged = tile.judged
    said = [tile.picked.state.replace("_", " ")] if tile.picked.state != "value" else []
    if judged and judged.variation in VARIATIONS:
        since = f" since {weeks.label(judged.since)}" if judged.since else ""
        said.append(f"{VARIATIONS[judged.variation]} than usual{since}")
    if judged and judged.assurance in ASSURANCES:
        said.append(f"reliably {ASSURANCES[judged.assurance]}")
    return said


def _unlike(cell: Cell) -> list[str]:
    return [*(["typed in, not counted from rows"] if cell.typed else []),
            *(["not comparable: computed under an earlier definition"] if not cell.alike else [])]
