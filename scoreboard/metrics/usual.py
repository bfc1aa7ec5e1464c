"""The usual range of a metric: process limits of its judged weeks (XmR; Shewhart, Wheeler; docs/metrics.md).

The convention: limits are computed on the first `BASELINE` judged weeks and stand from then on; durations on the log
scale. What is drawn is clipped to what the unit can be. Signals (rules over these limits) build on this module.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, fsum, log, sqrt
from statistics import median
from typing import Literal

from scoreboard.metrics.model import Metric
from scoreboard.metrics.states import Point
from scoreboard.weeks import WEEK

BASELINE = 52  # judged weeks
COLLECTING = 13  # fewer: no range yet
FIRM = 26  # fewer: provisional, drawn dashed
RANGES = 8  # fewer moving ranges: a mean, no limits
LIMITS, PER_SIGMA = 2.66, 1.128
RARE = 1.5  # expected events a week; fewer make limits meaningless

Status = Literal["collecting", "provisional", "firm", "rare", "rolling", "steady"]


@dataclass(frozen=True)
class Usual:
    """Mean and limits in the metric's unit, unclipped; None where `status` allows none. `weeks`: judged ones used."""

    status: Status
    weeks: int
    mean: float | None = None
    lower: float | None = None
    upper: float | None = None

    def drawn(self, metric: Metric) -> tuple[float, float] | None:
        """Lower and upper as they are drawn: never below nothing, no share above all. None without limits."""
        if self.lower is None or self.upper is None:
            return None
        low = self.lower if metric.unit == "score" else max(self.lower, 0.0)
        return low, min(self.upper, 1.0) if metric.unit == "share" else self.upper


def usual(metric: Metric, points: Sequence[Point]) -> Usual:
    """The usual range from a metric's weeks in their order."""
    judged = [p for p in points if p.judged and p.value is not None][:BASELINE]
    if metric.rolling:  # neighbouring weeks share most of their rows: limits would call noise a signal
        return Usual("rolling", len(judged))
    if len(judged) < COLLECTING:
        return Usual("collecting", len(judged))
    if _expected_events(metric, judged) < RARE:
        return Usual("rare", len(judged))
    scale = _Log(metric) if metric.is_duration else _Same()
    figures = [scale.to(p.value or 0.0) for p in judged]
    mean = fsum(figures) / len(figures)
    moves = [abs(b - a) for (p, a), (q, b) in zip(zip(judged, figures, strict=True), list(zip(judged, figures, strict=True))[1:],
                                                  strict=False) if q.week - p.week == WEEK]
    status: Status = "provisional" if len(judged) < FIRM else "firm"
    if len(moves) < RANGES:
        return Usual("collecting", len(judged), scale.back(mean))
    if len(set(figures)) == 1:
        return Usual("steady", len(judged), scale.back(mean))
    spread = fsum(moves) / len(moves)
    if spread == 0 or sum(move > 0 for move in moves) < RANGES:
        spread = max(spread, _least_spread(metric, judged, scale))
    return Usual(status, len(judged), scale.back(mean), scale.back(mean - LIMITS * spread), scale.back(mean + LIMITS * spread))


class _Same:
    def to(self, figure: float) -> float:
        return figure

    def back(self, figure: float) -> float:
        return figure


class _Log:
    """Durations are skewed: they are judged on the log scale, never below half a minute."""

    def __init__(self, metric: Metric) -> None:
        self.least = 0.5 / metric.minutes_per_unit

    def to(self, figure: float) -> float:
        return log(max(figure, self.least))

    def back(self, figure: float) -> float:
        return exp(figure)


def _expected_events(metric: Metric, judged: Sequence[Point]) -> float:
    """Events a week of the rarer kind; metrics that are neither shares nor counts are never rare."""
    if metric.unit == "count":
        return fsum(p.value or 0.0 for p in judged) / len(judged)
    if metric.unit != "share":
        return RARE
    share, n = _share(judged)
    return n * min(share, 1.0 - share)


def _share(judged: Sequence[Point]) -> tuple[float, float]:
    """The share over all weeks, drawn in a little from 0 and 1, and the median of what was counted."""
    counted = [float(p.row.whole or 0.0) for p in judged if p.row is not None]
    passed = fsum((p.value or 0.0) * n for p, n in zip(judged, counted, strict=True))
    return (passed + 1.0) / (fsum(counted) + 2.0), median(counted)


def _least_spread(metric: Metric, judged: Sequence[Point], scale: _Same | _Log) -> float:
    """What the moving ranges would be by chance alone, where nearly all of them are nothing."""
    if metric.unit == "share":
        share, n = _share(judged)
        return PER_SIGMA * sqrt(share * (1.0 - share) / max(n, 1.0))
    if metric.is_duration:
        middle = median(p.value or 0.0 for p in judged)
        return scale.to(middle + 1.0 / metric.minutes_per_unit) - scale.to(middle)
    return 0.01 if metric.unit == "money" else 1.0
