"""The service triangle: three corners, each with a score, a state in words, and how many metrics speak.

Scores (UNDP's geometric mean, OECD/JRC Handbook 2008; docs/metrics.md) say how far from floor to target the
last judged weeks lie; they never get limits. States come from verdicts on metrics, not from score levels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from statistics import fmean, geometric_mean
from typing import Literal

from scoreboard.metrics.model import Metric
from scoreboard.metrics.signals import Assurance

CORNERS = ("Speed", "Accuracy", "Confidence")
POOLED_WEEKS = 4
SPEAKS = 0.6  # under this share of its metrics a corner is drawn hollow

Variation = Literal["improvement", "concern", ""]


@dataclass(frozen=True)
class Reading:
    """What the triangle knows of one metric: its figure over the last judged weeks, in the metric's unit, and both verdicts."""

    metric: Metric
    figure: float | None
    target: float | None
    floor: float | None
    variation: Variation = ""
    assurance: Assurance | None = None


@dataclass(frozen=True)
class Corner:
    """One corner; `score` is None when none of its metrics speaks; `because`: the keys of the metrics that made its state.
    It `declines` when one of them has become worse, not only when a target is missed as ever."""

    name: str
    score: float | None
    state: str
    speak: int
    of: int
    because: tuple[str, ...] = ()
    declines: bool = False

    @property
    def hollow(self) -> bool:
        return self.of == 0 or self.speak / self.of < SPEAKS


@dataclass(frozen=True)
class Triangle:
    """All corners, the score over them (None unless all three have one), the headline and the balance."""

    corners: tuple[Corner, ...]
    score: float | None
    balance: float | None
    headline: str
    imbalance: str


def score(reading: Reading) -> float | None:
    """0 at the floor or worse, 100 at the target or better; durations on the log scale. None when it cannot speak."""
    x, target, floor = reading.figure, reading.target, reading.floor
    if x is None or target is None or floor is None or target == floor:
        return None
    if reading.metric.is_duration:
        least = 0.5 / reading.metric.minutes_per_unit  # half a minute
        x, target, floor = log(max(x, least)), log(max(target, least)), log(max(floor, least))
    return 100.0 * min(1.0, max(0.0, (x - floor) / (target - floor)))


def triangle(readings: Sequence[Reading]) -> Triangle:
    """The triangle of a board's metrics; metrics without a corner are left out."""
    corners = tuple(_corner(name, [r for r in readings if r.metric.corner == name]) for name in CORNERS)
    scores = [c.score for c in corners if c.score is not None]
    whole = geometric(scores) if len(scores) == len(CORNERS) else None
    balance = 100.0 * min(scores) / fmean(scores) if whole is not None and any(scores) else None
    return Triangle(corners, whole, balance, _headline(corners), _imbalance(corners))


def speak_enough(corners: Sequence[Corner]) -> bool:
    """Whether enough metrics of the whole board speak to call a week calm."""
    return sum(c.speak for c in corners) >= SPEAKS * sum(c.of for c in corners)


def geometric(scores: Sequence[float]) -> float:
    """Geometric mean, each score raised to at least 1."""
    return geometric_mean(max(one, 1.0) for one in scores)


def _corner(name: str, readings: list[Reading]) -> Corner:
    scores = [s for r in readings if (s := score(r)) is not None]
    state, because = _state(readings)
    return Corner(name, fmean(scores) if scores else None, state, len(scores), len(readings), tuple(r.metric.key for r in because),
                  any(r.variation == "concern" for r in because))


def _state(readings: list[Reading]) -> tuple[str, list[Reading]]:
    """The state of a corner, and the readings that made it something to talk about."""
    if worse := [r for r in readings if r.variation == "concern" or r.assurance == "reliably_misses"]:
        return "needs help", worse
    if better := [r for r in readings if r.variation == "improvement"]:
        return "improving", better
    figures = [r for r in readings if r.figure is not None]
    if not figures:
        return "no data", []
    return "steady" if any(r.target is not None for r in figures) else "no target agreed", []  # nothing said it is steady


def _headline(corners: tuple[Corner, ...]) -> str:
    """The corner that needs help, the lowest score first; otherwise a steady week, the lowest score named."""
    def lowest(found: list[Corner]) -> Corner:
        return min(found, key=lambda c: (c.score is None, c.score or 0.0))

    helped = [c for c in corners if c.state == "needs help"]
    if helped:
        first = lowest(helped)
        low = first.score is not None and round(first.score) < 100  # at its target it can still become worse than usual
        return f"{first.name} needs help" + (f": {first.score:.0f} of 100." if low else ".")
    scored = [c for c in corners if c.score is not None]
    if scored:
        first = lowest(scored)
        begin = "Steady week." if speak_enough(corners) else "Too few figures speak to say how the week was."
        return f"{begin} Lowest corner: {first.name}, {first.score:.0f} of 100."
    if any(c.state == "steady" for c in corners):
        return "Steady week. No corner has a target and a floor yet."
    if any(c.state != "no data" for c in corners):
        return "No targets are agreed yet, so nothing says whether this week was a good one."
    return "No figure can be judged for this week yet."


def _imbalance(corners: tuple[Corner, ...]) -> str:
    up = [c.name for c in corners if c.state == "improving"]
    down = [c.name for c in corners if c.declines]
    return f"{up[0]} is improving while {down[0]} declines: one corner may be paying for another." if up and down else ""
