"""Signals: which weeks of a series stand out from its own usual range, and whether it can be trusted to hit its target.

XmR charts (Shewhart; Wheeler, Understanding Variation; NHSRplotthedots 0.2.2 for the names of the icons); formulas, constants
and their false-light rates are in docs/metrics.md. Pure: figures in, marks out. Two rule books:

product   run of 8, two of three, limits on the first 52 usable weeks, nothing below 13 of them
ptd       run of 7, seven monotone, "close" without what lies outside: only to compare with the NHS package

The convention: a week is usable when it has a figure and enough behind it. Everything else is skipped, never imputed;
limits are tested unclipped; equality is never a signal.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import exp, fsum, log, sqrt
from statistics import median
from typing import Literal

LIMITS, PER_SIGMA = 2.66, 1.128
TWO_THIRDS = 2.0 * LIMITS / 3.0
OUTLYING = {"product": 3.268, "ptd": 3.267}  # moving ranges beyond this many means are left out where screening is wanted
COLLECTING, FIRM = 13, 26  # fewer usable weeks: no limits; provisional ones
BASELINE = 52
RUN = 8  # weeks on one side of the mean
RANGES = 8  # fewer moving ranges: a mean, no limits
RARE = 1.5  # expected events a week; fewer make limits meaningless
GAP, STALE = 4, 4  # weeks without a figure that break a run; that make the last signal old

Mode = Literal["product", "ptd"]
Kind = Literal["share", "duration", "count", "ratio", "money"]
Rule = Literal["outside", "trend", "two_of_three", "run"]
Type = Literal["common", "improvement", "concern", "neutral_high", "neutral_low", "too_few", "missing"]
Status = Literal["collecting", "provisional", "firm", "no_recent_data", "rare_events"]
Assurance = Literal["reliably_meets", "hit_or_miss", "reliably_misses"]
PRIORITY: tuple[Rule, ...] = ("outside", "trend", "two_of_three", "run")  # which one names a point that several marked


@dataclass(frozen=True)
class Series:
    """One figure a week, in order. `n` is what each was counted from; `unit` is one minute, cent … in the figures' scale.

    phases      index of the first week of each phase after the first
    fix_after   usable weeks of a phase that make its limits; else the rule book's
    usable      which weeks may be judged, where somebody else has decided that; else by `n`
    least       usable points without which there are no limits
    kept        limits made before, which judge every week here: those of the weeks that made them need not be
    """

    values: Sequence[float | None]
    kind: Kind
    direction: int
    n: Sequence[float | None] | None = None
    target: float | None = None
    phases: Sequence[int] = ()
    fix_after: int | None = None
    screen: bool = False
    unit: float = 1.0
    usable: Sequence[bool] | None = None
    least: int = COLLECTING
    kept: Limits | None = None


@dataclass(frozen=True)
class Limits:
    """Of one phase, in the figures' scale, unclipped; None where there are none. `weeks`: usable ones of the whole phase."""

    weeks: int
    mean: float | None = None
    lower: float | None = None
    upper: float | None = None
    constant: bool = False
    rare: bool = False


@dataclass(frozen=True)
class Mark:
    """What one week is: its type, and every rule that marked it, with the side (1 above, -1 below) of the first."""

    type: Type
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True)
class Chart:
    """A series judged: limits of each week's phase, a mark for each week, and the two icons of its last phase."""

    limits: tuple[Limits, ...]
    marks: tuple[Mark, ...]
    variation: str
    assurance: Assurance | None
    status: Status


def chart(series: Series, mode: Mode = "product") -> Chart:
    """Judges a series: everything that is said about it."""
    starts = sorted({0, *(s for s in series.phases if 0 < s < len(series.values))})
    spans = [*pairwise([*starts, len(series.values)])]
    limits: list[Limits] = []
    marks: list[Mark] = []
    last = Limits(0)
    for first, end in spans:
        last, found = _phase(series, first, end, mode)
        limits += [last] * (end - first)
        marks += found
    status = _status(series, last, marks, mode)
    judged = [m.type for m in marks if m.type not in ("missing", "too_few")]
    icon = status in ("provisional", "firm") and judged
    return Chart(tuple(limits), tuple(marks), judged[-1] if icon else status, assurance(last, series.target, series.direction), status)


def limits(series: Series) -> Limits:
    """The product's limits of a series that is one phase."""
    usable = _usable(series, 0, len(series.values), "product")
    return _limits(series, usable, {i: _to(series, series.values[i]) for i in usable}, "product")


def surely_common(series: Series, now: float, before: Sequence[float]) -> bool:
    """Whether no rule marks a week whose limits are kept, whatever came earlier: `now` lies well inside them, and one of the judged
    weeks `before` it (at most the last seven) on the other side of the mean. False only says that this is not enough to know."""
    kept = series.kept
    if kept is None or kept.mean is None or kept.upper is None or kept.constant:
        return False
    mean = _to(series, kept.mean)
    spread, away = (_to(series, kept.upper) - mean) / LIMITS, _to(series, now) - mean
    slack = 2 * _slack(mean)
    return abs(away) < TWO_THIRDS * spread - slack and any(
        _side(_to(series, one) - mean, slack) * _side(away, slack) < 0 for one in before)


def assurance(limits: Limits, target: float | None, direction: int) -> Assurance | None:
    """Whether ordinary weeks meet the target: limits on its one side, on its other, or around it. None where nothing can say."""
    if target is None or not direction or limits.mean is None or limits.lower is None or limits.upper is None:
        return None
    low, high = ((limits.mean, limits.mean) if limits.constant else (limits.lower, limits.upper))
    if direction < 0:
        low, high, target = -high, -low, -target
    slack = _slack(limits.mean)
    if low > target + slack or (limits.constant and low >= target - slack):
        return "reliably_meets"
    return "reliably_misses" if high < target - slack else "hit_or_miss"


# ---- one phase -----------------------------------------------------------------------------------------
def _phase(series: Series, first: int, end: int, mode: Mode) -> tuple[Limits, list[Mark]]:
    usable = _usable(series, first, end, mode)
    scaled = {i: _to(series, series.values[i]) for i in usable}
    limits = _unmoved(series, series.kept, scaled) if series.kept else _limits(series, usable, scaled, mode)
    hits: dict[int, dict[Rule, int]] = {i: {} for i in usable}
    if limits.mean is not None and limits.upper is not None and not limits.constant:
        mean = _to(series, limits.mean)
        _apply_rules(usable, scaled, mean, (_to(series, limits.upper) - mean) / LIMITS, hits, mode)
    marks = []
    for i in range(first, end):
        if i in hits:
            marks.append(_mark(hits[i], series.direction))
        else:
            marks.append(Mark("missing" if _figure(series, i) is None else "too_few"))
    return limits, marks


def _figure(series: Series, i: int) -> float | None:
    """The figure of a week; none where it was counted from nothing."""
    return None if series.n is not None and not series.n[i] else series.values[i]


def _usable(series: Series, first: int, end: int, mode: Mode) -> list[int]:
    there = [i for i in range(first, end) if _figure(series, i) is not None]
    if series.usable is not None:
        return [i for i in there if series.usable[i]]
    least = {"share": 10.0, "duration": 5.0}.get(series.kind, 0.0)
    if mode == "ptd" or series.n is None or not least or not there:
        return there
    counted = {i: float(series.n[i] or 0.0) for i in there}
    least = max(least, 0.5 * median(counted.values()))
    return [i for i in there if counted[i] >= least]


def _baseline(series: Series, usable: list[int], mode: Mode) -> list[int]:
    return usable[:series.fix_after or (BASELINE if mode == "product" else len(usable))]


def _limits(series: Series, usable: list[int], scaled: dict[int, float], mode: Mode) -> Limits:
    """The limits of a phase from its first usable weeks."""
    count, base = len(usable), _baseline(series, usable, mode)
    if not base:
        return Limits(count)
    mean = fsum(scaled[i] for i in base) / len(base)
    shown = _back(series, mean)
    if mode == "product":
        if count < series.least:
            return Limits(count, shown)
        if _rare(series, base):
            return Limits(count, rare=True)
    ranges = [abs(scaled[b] - scaled[a]) for a, b in pairwise(base) if b - a == 1]
    if not ranges or (mode == "product" and len(ranges) < RANGES):
        return Limits(count, shown)
    spread = fsum(ranges) / len(ranges)
    if series.screen:
        kept = [r for r in ranges if r < OUTLYING[mode] * spread]
        if 2 * len(kept) >= len(ranges) and any(kept):
            spread = fsum(kept) / len(kept)
    if mode == "product" and (spread == 0 or sum(r > 0 for r in ranges) < RANGES):
        spread = max(spread, _least_spread(series, base))
    constant = mode == "product" and len({scaled[i] for i in usable}) == 1
    return Limits(count, shown, _back(series, mean - LIMITS * spread), _back(series, mean + LIMITS * spread), constant)


def _unmoved(series: Series, kept: Limits, scaled: dict[int, float]) -> Limits:
    """Limits made before; what never moved has moved as soon as one week differs."""
    mean = _to(series, kept.mean)
    return replace(kept, constant=kept.constant and not any(_side(y - mean, _slack(mean)) for y in scaled.values()))


def _rare(series: Series, base: list[int]) -> bool:
    """Whether the rarer kind of event is expected less than RARE times a week."""
    if series.kind == "count":
        return fsum(series.values[i] or 0.0 for i in base) / len(base) < RARE
    if series.kind != "share" or series.n is None:
        return False
    share, n = _share(series, base)
    return n * min(share, 1.0 - share) < RARE


def _share(series: Series, base: list[int]) -> tuple[float, float]:
    """The share over all weeks, drawn in a little from 0 and 1, and the median of what was counted."""
    counted = [float((series.n or ())[i] or 0.0) for i in base]
    passed = fsum((series.values[i] or 0.0) * n for i, n in zip(base, counted, strict=True))
    return (passed + 1.0) / (fsum(counted) + 2.0), median(counted)


def _least_spread(series: Series, base: list[int]) -> float:
    """What the moving ranges would be by chance alone, where nearly all of them are nothing."""
    if series.kind == "share":
        if series.n is None:
            return 0.0
        share, n = _share(series, base)
        return PER_SIGMA * sqrt(share * (1.0 - share) / max(n, 1.0))
    if series.kind == "duration":
        middle = median(series.values[i] or 0.0 for i in base)
        return _to(series, middle + series.unit) - _to(series, middle)
    return 0.01 if series.kind == "money" else 1.0


def _to(series: Series, figure: float | None) -> float:
    """Durations are skewed: they are judged on the log scale, never below half a unit."""
    return log(max(figure or 0.0, 0.5 * series.unit)) if series.kind == "duration" else figure or 0.0


def _back(series: Series, scaled: float) -> float:
    return exp(scaled) if series.kind == "duration" else scaled


# ---- the rules -----------------------------------------------------------------------------------------
def _apply_rules(usable: list[int], scaled: dict[int, float], mean: float, spread: float, hits: dict[int, dict[Rule, int]],
                 mode: Mode) -> None:
    slack = _slack(mean)
    outside = {i: _side(scaled[i] - mean, LIMITS * spread + slack) for i in usable}
    beyond = {i: _side(scaled[i] - mean, TWO_THIRDS * spread + slack) for i in usable}
    side = {i: _side(scaled[i] - mean, slack) for i in usable}
    if mode == "ptd":  # "close" is what lies beyond two thirds but inside
        beyond = {i: 0 if outside[i] else beyond[i] for i in usable}
    for i in usable:
        if outside[i]:
            hits[i]["outside"] = outside[i]
    for three in zip(usable, usable[1:], usable[2:], strict=False):
        for way in (1, -1):
            marked = [i for i in three if beyond[i] == way]
            if len(marked) >= 2 and all(side[i] == way for i in three):
                for i in marked:
                    hits[i].setdefault("two_of_three", way)
    length = RUN if mode == "product" else 7
    for stretch in _stretches(usable, lambda a, b: side[a] == side[b] and b - a <= GAP):
        if len(stretch) >= length and side[stretch[0]]:
            for i in stretch:
                hits[i]["run"] = side[i]
    if mode == "ptd":
        _trend(usable, scaled, hits)


def _trend(usable: list[int], scaled: dict[int, float], hits: dict[int, dict[Rule, int]]) -> None:
    """Seven in a row, each above (below) the one before."""
    for at in range(len(usable) - 6):
        seven = usable[at:at + 7]
        ways = {_side(scaled[b] - scaled[a], 0.0) for a, b in pairwise(seven)}
        if ways in ({1}, {-1}):
            for i in seven:
                hits[i].setdefault("trend", min(ways))


def _stretches(usable: list[int], together: Callable[[int, int], bool]) -> list[list[int]]:
    """Neighbours that belong together, as long as they can be."""
    found: list[list[int]] = []
    for i in usable:
        if found and together(found[-1][-1], i):
            found[-1].append(i)
        else:
            found.append([i])
    return found


def _side(distance: float, slack: float) -> int:
    return 1 if distance > slack else -1 if distance < -slack else 0


def _slack(mean: float) -> float:
    return 1e-9 * max(1.0, abs(mean))


def _mark(hits: dict[Rule, int], direction: int) -> Mark:
    rules = tuple(rule for rule in PRIORITY if rule in hits)
    if not rules:
        return Mark("common")
    side = hits[rules[0]]
    if not direction:
        return Mark("neutral_high" if side > 0 else "neutral_low", rules)
    return Mark("improvement" if side * direction > 0 else "concern", rules)


def _status(series: Series, limits: Limits, marks: list[Mark], mode: Mode) -> Status:
    if mode == "ptd":
        return "firm" if limits.weeks >= FIRM else "provisional"
    if limits.rare:
        return "rare_events"
    if limits.weeks < series.least or limits.lower is None:
        return "collecting"
    since = next((back for back, mark in enumerate(reversed(marks)) if mark.type not in ("missing", "too_few")), len(marks))
    if since > STALE:
        return "no_recent_data"
    return "provisional" if limits.weeks < FIRM else "firm"
