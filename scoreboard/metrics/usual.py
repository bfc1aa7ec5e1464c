"""What a metric's own weeks say: its usual range, whether it is changing, whether it can be trusted to hit its target.

The convention: the weeks that are judged (see `states`) are the usable ones of a series (see `signals`). Weeks at the end that
are still running or may still change are awaited, not missing. What is drawn is clipped to what the unit can be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from math import fsum
from typing import Literal

from scoreboard.metrics import signals
from scoreboard.metrics.model import Metric
from scoreboard.metrics.signals import Assurance, Limits, Mark, Rule, Series
from scoreboard.metrics.states import Point
from scoreboard.weeks import WEEK

Status = Literal["collecting", "provisional", "firm", "rare", "rolling", "steady"]
AWAITED = ("running", "maturing")
BLOCK = 4  # weeks pooled where events are too rare for one
HOLE = 5 * BLOCK  # a longer hole says no more than this one; a multiple of BLOCK
SAID_BY: tuple[Rule, ...] = ("outside", "run", "two_of_three", "trend")  # the rule that a sentence names first


@dataclass(frozen=True)
class Usual:
    """Mean and limits in the metric's unit, unclipped; None where `status` allows none. `weeks`: judged ones so far."""

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


@dataclass(frozen=True)
class Judged:
    """A metric's weeks, judged.

    variation  the type of the last usable week, or why there is none: collecting, no_recent_data, rare, rolling
    rule, since  what makes the present signal, and the first week of the stretch it belongs to; empty on a normal week
    marks      every week that stands out
    blocks     the usual range of four-week blocks, where events are too rare to judge a week by itself
    assurance  None also where a signal says that the level it was computed from is no longer the present one
    """

    usual: Usual
    variation: str
    assurance: Assurance | None
    rule: Rule | Literal[""] = ""
    since: date | None = None
    marks: dict[date, Mark] = field(default_factory=dict)
    blocks: Usual | None = None

    @property
    def stands_out(self) -> bool:
        return bool(self.rule)


def usual(metric: Metric, points: Sequence[Point]) -> Usual:
    """The usual range from a metric's weeks in their order."""
    return judge(metric, points, None).usual


def judge(metric: Metric, points: Sequence[Point], target: float | None) -> Judged:
    """Judges a metric's weeks in their order (weeks may be left out of the middle); `target` in its unit."""
    awaited = next((i for i, p in enumerate(reversed(points)) if p.state not in AWAITED), len(points))
    weeks = {p.week: p for p in points[:len(points) - awaited]}
    if metric.rolling or not weeks:  # neighbouring weeks of a rolling figure share rows: limits would call noise a signal
        count = sum(p.judged and p.value is not None for p in weeks.values())
        return Judged(Usual("rolling" if metric.rolling else "collecting", count), "rolling" if metric.rolling else "collecting", None)
    starts = _calendar(list(weeks))
    every = [weeks.get(start) for start in starts]
    found = signals.chart(_series(metric, every, target))
    if found.status != "rare_events":
        return _judged(found, starts, _usual(found.limits[-1], found.status))
    whole = range(0, len(every) - BLOCK + 1, BLOCK)
    pooled = signals.chart(_pooled(metric, [every[at:at + BLOCK] for at in whole], target))
    if pooled.status == "rare_events":
        return Judged(_usual(found.limits[-1], "rare_events"), "rare", None)
    judged = _judged(pooled, [starts[at] for at in whole], _usual(pooled.limits[-1], pooled.status))
    return replace(judged, usual=Usual("rare", found.limits[-1].weeks), blocks=judged.usual, marks={})


def _calendar(there: Sequence[date]) -> list[date]:
    """Every week from the first to the last. A long hole is shortened by whole blocks: it breaks a run all the same."""
    found = [there[0]]
    for week in there[1:]:
        hole = (week - found[-1]) // WEEK - 1
        shown = hole if hole < HOLE else HOLE + hole % BLOCK
        found += [week - back * WEEK for back in range(shown, -1, -1)]
    return found


def _series(metric: Metric, every: Sequence[Point | None], target: float | None) -> Series:
    return Series(
        [p.value if p and p.judged else None for p in every], metric.kind, metric.direction, target=target,
        n=[float(p.row.whole or 0.0) if p and p.row is not None else None for p in every] if metric.kind == "share" else None,
        unit=1.0 / metric.minutes_per_unit, usable=[p is not None and p.judged for p in every])


def _pooled(metric: Metric, blocks: Sequence[Sequence[Point | None]], target: float | None) -> Series:
    """Four weeks as one figure: the share of all of them, or their mean count. A block needs most of its weeks."""
    values: list[float | None] = []
    counted: list[float | None] = []
    for block in blocks:
        there = [p for p in block if p and p.judged and p.value is not None and p.row is not None]
        whole = fsum(float(p.row.whole or 0.0) for p in there if p.row is not None)
        share = metric.kind == "share"
        enough = 2 * len(there) > BLOCK and (whole > 0 or not share)
        passed = fsum((p.value or 0.0) * (float(p.row.whole or 0.0) if share and p.row is not None else 1.0) for p in there)
        values.append(passed / whole if enough and share else BLOCK * passed / len(there) if enough else None)
        counted.append(whole if enough else None)
    return Series(values, metric.kind, metric.direction, n=counted if metric.kind == "share" else None,
                  target=target if metric.kind == "share" else None)


def _judged(found: signals.Chart, starts: Sequence[date], shown: Usual) -> Judged:
    """A chart in words of weeks; `starts` is the first day of each of its points."""
    marks = {start: mark for start, mark in zip(starts, found.marks, strict=True) if mark.rules}
    rule, since = ("", None) if found.variation in ("collecting", "no_recent_data") else _since(starts, found.marks)
    outdated = (found.variation, found.assurance) in (("improvement", "reliably_misses"), ("concern", "reliably_meets"))
    return Judged(shown, found.variation, None if outdated else found.assurance, rule, since, marks)


def _usual(limits: Limits, status: signals.Status) -> Usual:
    if limits.rare:
        return Usual("rare", limits.weeks)
    if limits.constant:
        return Usual("steady", limits.weeks, limits.mean)
    if limits.lower is None:
        return Usual("collecting", limits.weeks, limits.mean if limits.weeks >= signals.COLLECTING else None)
    return Usual("provisional" if limits.weeks < signals.FIRM else "firm", limits.weeks, limits.mean, limits.lower, limits.upper)


def _since(starts: Sequence[date], marks: Sequence[Mark]) -> tuple[Rule | Literal[""], date | None]:
    """The rule of the last usable point (a run before a near edge), and the first day of the unbroken stretch of its type."""
    usable = [(at, mark) for at, mark in enumerate(marks) if mark.type not in ("missing", "too_few")]
    last = usable[-1][1]
    if not last.rules:
        return "", None
    since = usable[-1][0]
    for at, mark in reversed(usable):
        if mark.type != last.type or since - at > signals.GAP:
            break
        since = at
    return next(rule for rule in SAID_BY if rule in last.rules), starts[since]
