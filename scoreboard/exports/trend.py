"""One metric of a workbook's own scope over its weeks, as the chart of the page Metric shows it.

The convention: where events are too rare for single weeks, four of them are judged together, and each of the four is held against the
range of four weeks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from scoreboard.metrics.board import Aim
from scoreboard.metrics.model import Metric
from scoreboard.metrics.signals import Mark
from scoreboard.metrics.states import Point
from scoreboard.metrics.usual import AWAITED, BLOCK, Judged, Usual
from scoreboard.weeks import WEEK


@dataclass(frozen=True)
class Four:
    """Four weeks that are judged together: those of them that count, the last one, why they stand out."""

    weeks: tuple[date, ...]
    last: date
    mark: Mark | None


@dataclass(frozen=True)
class Trend:
    """One metric of the book's own scope: the weeks shown, what they were held against, and what is usual, level by level."""

    metric: Metric
    points: Sequence[Point]
    aims: Sequence[Aim]
    judged: Judged | None
    marks: Mapping[date, Mark]

    @cached_property
    def fours(self) -> dict[date, Four]:
        """Where events are rare and four weeks are judged together: what each week shown is judged with. (Of shares: other figures have
        another scale over four weeks.)"""
        judged, shown, found = self.judged, {p.week for p in self.points}, dict[date, Four]()
        settled = max((p.week for p in self.points if p.state not in AWAITED), default=date.min)
        counts = {p.week for p in self.points if p.judged or (p.week > settled and p.state == "maturing" and not p.thin)}
        for block in judged.pooled if judged and judged.blocks and self.metric.kind == "share" else ():
            weeks = [block.week + at * WEEK for at in range(BLOCK)]
            if block.value is not None and shown.issuperset(weeks):
                found |= dict.fromkeys(weeks, Four(tuple(week for week in weeks if week in counts), weeks[-1], self.marks.get(block.week)))
        return found

    def mark(self, week: date) -> Mark | None:
        """Why a week stands out, or the four weeks it is judged with."""
        return self.fours[week].mark if week in self.fours else None if self.fours else self.marks.get(week)

    def usual(self, week: date) -> Usual | None:
        """The usual range a week is held against: that of its level, or of four weeks together."""
        if self.judged and self.judged.blocks and self.metric.kind == "share" and week >= self.judged.levels[-1][0]:
            return self.judged.blocks
        theirs = [usual for first, usual in self.judged.levels if first <= week] if self.judged else []
        return theirs[-1] if theirs else self.judged.usual if self.judged else None
