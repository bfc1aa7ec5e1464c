"""What the marks of a figure's chart mean, those that are there: below it on screen, and in the picture that is taken along."""

from __future__ import annotations

from collections.abc import Sequence

from scoreboard.metrics.board import Aim
from scoreboard.metrics.model import Metric
from scoreboard.metrics.states import Point
from scoreboard.metrics.usual import Judged
from scoreboard.state.notes import Note


def said(metric: Metric, points: Sequence[Point], judged: Judged, aims: Sequence[Aim], notes: Sequence[Note] = ()) -> str:
    """What the marks of the chart mean, those that are there."""
    found = {
        "Band: usual range, with its middle.": any(one.drawn(metric) for _, one in judged.levels) or bool(
            judged.blocks and judged.blocks.drawn(metric)),
        "Paler band: a former usual level.": len(judged.levels) > 1,
        "Large dots: four whole weeks together; small ones: single weeks, too few in each to judge it by itself.": bool(judged.pooled),
        "Triangles up and down: weeks that stand out.": bool(judged.marks),
        "Dashes: target.": bool(metric.direction) and any(a.target is not None for a in aims),
        "Hollow dots: weeks that are not judged.": not judged.pooled and any(
            p.value is not None and not p.judged and p.state != "too_few" for p in points),
        "Grey dots: weeks with too few to judge.": any(p.value is not None and p.state == "too_few" for p in points),
        "Flags at the foot: event notes.": bool(notes),
    }
    return " ".join(one for one, there in found.items() if there)
