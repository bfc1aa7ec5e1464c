"""From sums to a figure: the last step, where part and whole first meet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Protocol

from scoreboard.errors import Refused
from scoreboard.metrics.model import Metric


class Sums(Protocol):
    """What a weekly result (or several pooled) must have."""

    part: float | None
    whole: float | None
    p50: float | None


def value(metric: Metric, sums: Any) -> float | None:
    """The figure in the metric's unit (shares as fractions of one); None where nothing counts."""
    if metric.is_duration:
        return None if sums.p50 is None else sums.p50 / metric.minutes_per_unit
    if not sums.whole or sums.part is None:
        return None
    if metric.unit in ("money", "count"):
        return float(sums.part)
    scale = 100.0 if metric.unit in ("per 100", "score") else 1.0
    return scale * float(sums.part) / float(sums.whole)


def in_unit(metric: Metric, stored: float | None) -> float | None:
    """A stored figure (durations in minutes) in the metric's unit."""
    return None if stored is None else stored / metric.minutes_per_unit if metric.is_duration else stored


UNITS = {"share": "%", "minutes": "min", "hours": "h", "days": "d", "per 100": "per 100", "turns": "turns"}


def number_text(metric: Metric, figure: float) -> str:
    """The number of a figure as a person reads it, without its unit (see UNITS)."""
    if metric.unit == "share":
        return f"{_rounded(figure * 100, 1):.1f}"
    return f"{_rounded(figure, 0):,.0f}" if metric.unit in ("count", "money", "score") else f"{_rounded(figure, 1):,.1f}"


def _rounded(figure: float, digits: int) -> Decimal:
    """Half away from zero, as people and spreadsheets round: 13 of 16 are 81.3 %. (Python rounds 81.25 to 81.2.)"""
    return Decimal(repr(round(figure, 9))).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def as_text(metric: Metric, figure: float | None, more_than: bool = False) -> str:
    """A figure with its unit, as a person reads it."""
    if figure is None:
        return "no value"
    return f"{'more than ' if more_than else ''}{number_text(metric, figure)} {UNITS.get(metric.unit, '')}".strip()


def require_sensible(metric: Metric | None, target: float | None, floor: float | None) -> None:
    """Refuses an aim a metric cannot have: a share beyond 100 %, a floor better than its target, an aim for a
    figure that only informs. Other checks, and unknown metrics, are `state.targets`."""
    if metric is None or (target is None and floor is None):
        return
    if metric.direction == 0:
        raise Refused(f"{metric.name} only informs: it has no better and worse.", "Choose another metric.")
    for what, figure in (("target", target), ("floor", floor)):
        if figure is not None and ((figure < 0 and metric.unit != "score") or (metric.unit == "share" and figure > 1)):
            raise Refused(f"A {what} of {as_text(metric, figure)} cannot be reached.", "Write a share as 95% or 0.95.")
    if target is not None and floor is not None and (target - floor) * metric.direction < 0:
        raise Refused(f"The floor ({as_text(metric, floor)}) is better than the target ({as_text(metric, target)}).",
                      "The floor is the level that is not acceptable: exchange the two.")


@dataclass(frozen=True)
class Pooled:
    """Several weeks as one: part and whole summed; medians are not pooled here, but averaged by n."""

    part: float | None
    whole: float | None
    p50: float | None
    n: int


def pooled(rows: Iterable[Any]) -> Pooled:
    """Σ part and Σ whole over weeks; for durations the n-weighted mean of the weeks' medians."""
    rows = list(rows)
    n = sum(r.n for r in rows)
    medians = [(r.p50, r.n) for r in rows if r.p50 is not None]
    weight = sum(w for _, w in medians)
    return Pooled(_sum(r.part for r in rows), _sum(r.whole for r in rows),
                  sum(v * w for v, w in medians) / weight if weight else None, n)


def _sum(figures: Iterable[float | None]) -> float | None:
    known = [f for f in figures if f is not None]
    return sum(known) if known else None
