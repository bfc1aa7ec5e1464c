"""What a metric's own weeks say: its usual range, whether it is changing, whether it can be trusted to hit its target.

The convention: the weeks that are judged (see `states`) are the usable ones of a series (see `signals`). Weeks at the end that
are still running or may still change are awaited, not missing. What is drawn is clipped to what the unit can be. A level is a
stretch of weeks with limits of its own; only a person begins one (see `levels`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import takewhile
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
LEAST_BLOCKS = 9  # fewer: no limits; with nine there are eight steps from one to the next, and no more lights by chance
RECENT = 13  # weeks in which the last few events are counted where even blocks hold too few
SAID_BY: tuple[Rule, ...] = ("outside", "run", "two_of_three", "trend")  # the rule that a sentence names first


@dataclass(frozen=True)
class Usual:
    """Mean and limits in the metric's unit, unclipped; None where `status` allows none. `weeks`: judged ones that make them, so far."""

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
class Block:
    """Four weeks as one figure; None where too many of them are lacking."""

    week: date
    value: float | None


@dataclass(frozen=True)
class Seldom:
    """Events too few even for blocks: how many in the last judged weeks (`RECENT` of them), how many weeks ago the last."""

    events: int
    weeks_since: int | None


@dataclass(frozen=True)
class Judged:
    """A metric's weeks, judged.

    variation  the type of the last usable week, or why there is none: collecting, no_recent_data, rare, rolling
    rule, since  what makes the present signal, and the first week of the stretch it belongs to; empty on a normal week
    held       the first week of a run that still stands: from there a person may begin a new level
    marks      every week that stands out
    levels     first week and usual range of each level, the present one last
    blocks, pooled  the usual range of four-week blocks and the blocks, where events are too rare to judge a week by itself
    seldom     where even blocks hold too few
    assurance  None also where a signal says that the level it was computed from is no longer the present one: a single week
               outside its range says so only against the answer it contradicts, a longer stretch of "hit or miss" too
    """

    usual: Usual
    variation: str
    assurance: Assurance | None
    rule: Rule | Literal[""] = ""
    since: date | None = None
    held: date | None = None
    marks: dict[date, Mark] = field(default_factory=dict)
    levels: tuple[tuple[date, Usual], ...] = ()
    blocks: Usual | None = None
    pooled: tuple[Block, ...] = ()
    seldom: Seldom | None = None

    @property
    def stands_out(self) -> bool:
        return bool(self.rule)


def judge(metric: Metric, points: Sequence[Point], target: float | None, levels: Sequence[date] = (), kept: Limits | None = None) -> Judged:
    """Judges a metric's weeks, one after another; `target` in its unit, `levels` the first weeks of new levels.

    With `kept` limits the points are the last ones of one level and may begin anywhere in it.
    """
    awaited = next((i for i, p in enumerate(reversed(points)) if p.state not in AWAITED), len(points))
    weeks = points[:len(points) - awaited]
    if metric.rolling or not weeks:  # neighbouring weeks of a rolling figure share rows: limits would call noise a signal
        said: Literal["rolling", "collecting"] = "rolling" if metric.rolling else "collecting"
        return Judged(Usual(said, sum(p.judged and p.value is not None for p in weeks)), said, None)
    starts = [p.week for p in weeks]
    phases = sorted({at for week in levels if 0 < (at := bisect_left(starts, week)) < len(starts)})
    found = signals.chart(_series(metric, weeks, target, phases, kept))
    ranges = tuple((starts[at], _usual(metric, found.limits[at])) for at in (0, *phases))
    if found.status == "rare_events":
        return _in_blocks(metric, weeks[phases[-1] if phases else 0:], target, ranges, _only_worse(metric, points[len(weeks):]))
    return _judged(found, starts, ranges[-1][1], ranges)


def as_seen(metric: Metric, points: Sequence[Point], judged: Judged, levels: Sequence[date] = ()) -> dict[date, Mark]:
    """The weeks that stood out on a board at their time, with the stretch they belonged to then.

    While a range still moves with every week, today's would mark weeks in hindsight that nobody was told of.
    """
    found: dict[date, Mark] = {}
    start = settled = 0
    for at, point in enumerate(points):
        if point.week in levels:
            start, settled = at, 0
        settled += point.judged
        # limits stand, and no run reaches back over the week since which they do: today's marks are those of then
        if settled > signals.BASELINE + signals.RUN and not judged.pooled:
            found |= {point.week: judged.marks[point.week]} if point.week in judged.marks else {}
        elif not (judged.pooled and (at + 1 - start) % BLOCK):
            then = judge(metric, points[:at + 1], None, [week for week in levels if week <= point.week])
            if then.since is not None and bool(then.pooled) == bool(judged.pooled):
                found |= {week: mark for week, mark in then.marks.items() if week >= then.since}
    return found


def limits(metric: Metric, weeks: Sequence[Point]) -> Limits:
    """The limits these weeks make, as one level; to be given to `judge`, where shares are shares of one."""
    return signals.limits(_series(metric, weeks, None))


def surely_normal(metric: Metric, point: Point, before: Sequence[float], target: float | None, kept: Limits) -> Judged | None:
    """What `judge` says of weeks that end with this judged one, where it is sure from a few of them that it is a normal week; else
    None. `before`: figures of judged weeks among the seven before it. (Its `marks` and `levels` stay empty.)"""
    series = _series(metric, (), target, kept=kept)
    figures = [_share(metric, one) for one in (point.value, *before)]
    now, *earlier = [one for one in figures if one is not None]
    if metric.rolling or not signals.surely_common(series, now, earlier):
        return None
    return Judged(_usual(metric, kept), "common", signals.assurance(kept, series.target, metric.direction))


def _series(metric: Metric, weeks: Sequence[Point], target: float | None, phases: Sequence[int] = (), kept: Limits | None = None) -> Series:
    values = [_share(metric, p.value) if p.judged else None for p in weeks]
    return Series(
        values, metric.kind, metric.direction, target=_share(metric, target), phases=phases, kept=kept,
        n=[None if p.row is None else _whole(p) for p in weeks] if metric.kind == "share" else None,
        unit=1.0 / metric.minutes_per_unit, usable=[p.judged for p in weeks])


def _judged(found: signals.Chart, starts: Sequence[date], shown: Usual, levels: tuple[tuple[date, Usual], ...],
            by_week: bool = True) -> Judged:
    """A chart in words of weeks; `starts` is the first day of each of its points, which are weeks or blocks of them."""
    marks = {start: mark for start, mark in zip(starts, found.marks, strict=True) if mark.rules}
    stale = found.variation in ("collecting", "no_recent_data")
    rule, since, held = ("", None, None) if stale else _since(starts, found.marks)
    one_week = by_week and rule == "outside" and since == max(marks)
    outdated = (found.variation, found.assurance) in (("improvement", "reliably_misses"), ("concern", "reliably_meets")) or (
        bool(rule) and not one_week and found.assurance == "hit_or_miss")
    return Judged(shown, found.variation, None if outdated else found.assurance, rule, since, held, marks, levels)


def _share(metric: Metric, figure: float | None) -> float | None:
    """A figure as it is judged: a share is one of one, however it is written."""
    return figure if figure is None or metric.unit != "per 100" or metric.kind != "share" else figure / metric.whole_is


def _usual(metric: Metric, limits: Limits) -> Usual:
    weeks = min(limits.weeks, signals.BASELINE)
    if metric.kind == "share" and limits.mean is not None:
        limits = replace(limits, mean=limits.mean * metric.whole_is, lower=None if limits.lower is None else limits.lower * metric.whole_is,
                         upper=None if limits.upper is None else limits.upper * metric.whole_is)
    if limits.rare:
        return Usual("rare", weeks)
    if limits.constant:
        return Usual("steady", weeks, limits.mean)
    if limits.lower is None:
        return Usual("collecting", weeks, limits.mean if weeks >= signals.COLLECTING else None)
    return Usual("provisional" if weeks < signals.FIRM else "firm", weeks, limits.mean, limits.lower, limits.upper)


def _since(starts: Sequence[date], marks: Sequence[Mark]) -> tuple[Rule | Literal[""], date | None, date | None]:
    """The rule of the last usable point (a run before a near edge), the first day of the unbroken stretch of its type, and
    that of its run."""
    usable = [(at, mark) for at, mark in enumerate(marks) if mark.type not in ("missing", "too_few")]
    last = usable[-1][1]
    if not last.rules:
        return "", None, None
    since, held = usable[-1][0], None
    for at, mark in reversed(usable):
        if mark.type != last.type or since - at > signals.GAP:
            break
        since = at
        held = at if "run" in mark.rules and "run" in last.rules else held
    return next(rule for rule in SAID_BY if rule in last.rules), starts[since], None if held is None else starts[held]


# ---- rare events -----------------------------------------------------------------------------------------
def _only_worse(metric: Metric, coming: Sequence[Point]) -> list[Point]:
    """Of the weeks after the last judged one those that may change for the worse only (credits still come, none go), as if judged."""
    sure = takewhile(lambda p: bool(metric.maturity) and p.state == "maturing" and p.row is not None and not p.row.undecided, coming)
    return [p._replace(state="too_few" if p.thin else "value") for p in sure]


def _in_blocks(metric: Metric, weeks: Sequence[Point], target: float | None, levels: tuple[tuple[date, Usual], ...],
               coming: Sequence[Point]) -> Judged:
    """Weeks of one level that hold too few events each, judged four at a time. A block of which weeks are still coming is judged once
    it lies outside on the bad side: it can only get worse. (Single weeks are not: they would keep the tile lit until they mature, and
    by chance light up more than two weeks of a hundred.)"""
    blocks = _blocks(weeks)
    for block in _blocks([*weeks, *coming])[len(blocks):]:
        last = signals.chart(_pooled(metric, [*blocks, block], target)).marks[-1]
        if last.type != "concern" or "outside" not in last.rules:
            break
        blocks.append(block)
    series = _pooled(metric, blocks, target)
    found, starts = signals.chart(series), [block[0].week for block in blocks]
    written = metric.whole_is if metric.kind == "share" else 1.0
    pooled = tuple(Block(start, None if value is None else value * written) for start, value in zip(starts, series.values, strict=True))
    if found.status == "rare_events":
        return Judged(levels[-1][1], "rare", None, levels=levels, seldom=_seldom(metric, weeks))
    return replace(_judged(found, starts, levels[-1][1], levels, by_week=False), blocks=_usual(metric, found.limits[-1]), pooled=pooled)


def _blocks(weeks: Sequence[Point]) -> list[Sequence[Point]]:
    return [weeks[at:at + BLOCK] for at in range(0, len(weeks) - BLOCK + 1, BLOCK)]


def _pooled(metric: Metric, blocks: Sequence[Sequence[Point]], target: float | None) -> Series:
    """Four weeks as one figure: the share of all of them, or their mean count. A block needs most of its weeks."""
    values: list[float | None] = []
    counted: list[float | None] = []
    share = metric.kind == "share"
    for block in blocks:
        there = [(figure, _whole(p) if share else 1.0) for p in block
                 if p.judged and p.row is not None and (figure := _share(metric, p.value)) is not None]
        whole = fsum(n for _, n in there)
        enough = 2 * len(there) > BLOCK and whole > 0
        figure = fsum(value * n for value, n in there) / whole if enough else None
        values.append(figure if share or figure is None else BLOCK * figure)
        counted.append(whole if enough else None)
    return Series(values, metric.kind, metric.direction, n=counted if share else None, target=_share(metric, target) if share else None,
                  least=LEAST_BLOCKS)


def _seldom(metric: Metric, weeks: Sequence[Point]) -> Seldom:
    """The rarer kind of row in a share (what passed, or what did not), else what is counted."""
    judged = [p for p in weeks if p.judged and p.value is not None]
    share = metric.kind == "share"
    passed, whole = fsum((_share(metric, p.value) or 0.0) * _whole(p) for p in judged), fsum(_whole(p) for p in judged)
    most_pass = share and 2 * passed > whole

    def events(point: Point) -> float:
        figure = _share(metric, point.value) or 0.0
        return (1.0 - figure if most_pass else figure) * (_whole(point) if share else 1.0)

    last = next((p.week for p in reversed(judged) if round(events(p))), None)
    return Seldom(round(fsum(events(p) for p in judged[-RECENT:])), None if last is None else (weeks[-1].week - last) // WEEK)


def _whole(point: Point) -> float:
    return 0.0 if point.row is None else float(point.row.whole or 0.0)
