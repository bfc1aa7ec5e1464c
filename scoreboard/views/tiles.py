"""A board as plain JSON with every word already written: what `picture` draws and screen readers hear.

What the shapes and words of a tile are: `metrics.icons`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scoreboard.metrics import icons, words
from scoreboard.metrics.board import Tile
from scoreboard.metrics.states import Point
from scoreboard.metrics.usual import BLOCK
from scoreboard.weeks import WEEK

SPARK_WEEKS = 13


def tile_json(tile: Tile) -> dict[str, Any]:
    """One tile: value, n, target, spark line, state in words, and one sentence that says all of it."""
    metric, shown = tile.metric, tile.shown
    name, about = words.title(metric)
    number, unit = words.figure(metric, shown.value, short=True) if shown.value is not None else ("", "")
    older = shown is not tile.picked
    found = {
        "key": metric.key, "name": name, "about": about, "corner": metric.corner, "number": number, "unit": unit,
        "more": bool(shown.row is not None and shown.row.at_least), "behind": behind(shown),
        "at": words.week_name(shown.week) if older else "", "judged": shown.judged, "aim": icons.aim(tile), "state": icons.state(tile),
        "spark": _spark(tile),
    }
    return {**found, "label": _label(tile, found)}


def behind(point: Point) -> str:
    """What is behind a figure: `13 of 16 orders`; empty without one."""
    if point.row is None or point.value is None:
        return ""
    return words.counted(point.metric, point.row.part, point.row.whole, point.row.n)


def _spark(tile: Tile) -> dict[str, Any]:
    """The weeks, and the range they are held against; where four weeks are judged together, theirs, with their figures over the middle
    of them (of shares: other figures have another scale over four weeks)."""
    judged, points = tile.judged, tile.history[-SPARK_WEEKS:]
    together = judged if judged and judged.blocks and tile.metric.kind == "share" else None
    usual = together.blocks if together else judged.usual if judged else None
    drawn = usual.drawn(tile.metric) if usual else None
    blocks = [{"at": at, "value": one.value} for one in (together.pooled if together else ()) if one.value is not None
              and (at := (one.week - points[0].week) / WEEK + (BLOCK - 1) / 2) >= 0]
    target = tile.aim.target if tile.metric.direction else None
    return {
        "points": [{"value": p.value, "kind": "full" if p.judged else "hollow" if p.value is not None else "blank"} for p in points],
        "low": drawn[0] if drawn else None, "high": drawn[1] if drawn else None, "mean": usual.mean if usual else None,
        "dashed": bool(usual and usual.status == "provisional"), "target": target,
        "blocks": blocks, "range": icons.range_words(tile.metric, tile.judged),
    }


def _label(tile: Tile, found: Mapping[str, Any]) -> str:
    """The tile in one breath, for a screen reader."""
    metric, shown = tile.metric, tile.shown
    value = words.text(metric, shown.value, found["more"]) if shown.value is not None else "no value"
    parts = [metric.name, f"{value}{', ' + found['behind'] if found['behind'] else ''} in {words.week_name(shown.week).lower()}",
             found["state"]["words"], found["aim"]["words"], found["state"].get("also", ""), found["spark"]["range"]]
    return ". ".join(part for part in parts if part) + "."
