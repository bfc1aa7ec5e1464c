"""How a metric ran, for people who are about to agree a target: its weeks, its usual range, and sentences about them.

The convention: a sentence counts only judged weeks, the last thirteen of them, and says how many there are. It tells
what was; it never proposes a number.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from statistics import median

import streamlit as st

from scoreboard.metrics import board as boards
from scoreboard.metrics import icons, words
from scoreboard.metrics.catalogue import BY_KEY
from scoreboard.metrics.model import Metric
from scoreboard.metrics.signals import Limits, assurance
from scoreboard.metrics.states import Point
from scoreboard.metrics.usual import Usual, judge
from scoreboard.metrics.values import UNITS, number_text
from scoreboard.state import levels
from scoreboard.state.database import reading
from scoreboard.views import data
from scoreboard.views.asking import Asked
from scoreboard.views.define import typed

DRAWN, JUDGED = 26, 13  # weeks in the picture; judged weeks in the sentences
QUARTER = 8  # fewer judged weeks have no best quarter


@dataclass(frozen=True)
class Week:
    """One week: its figure in the metric's unit (None where there is none), whether it is judged, and what it says."""

    week: date
    value: float | None
    judged: bool
    said: str


@dataclass(frozen=True)
class Past:
    """The last weeks, the last judged figures (oldest first), and the usual range with its words."""

    weeks: tuple[Week, ...]
    judged: tuple[float, ...]
    low: float | None
    high: float | None
    range: str
    usual: Usual


def past(asked: Asked, of: str, key: str) -> Past:
    """How a metric of a branch, territory or company ran."""
    return _past(asked.cache_key, of, key, asked)


@st.cache_data(max_entries=1000, show_spinner=False)
def _past(cache_key: tuple[object, ...], of: str, key: str, _asked: Asked) -> Past:
    metric = BY_KEY[key]
    with reading(_asked.engine) as conn:
        company = data.company_of(_asked, conn)
        scope = data.scope_of(company, _asked, of)
        points = boards.series(conn, _asked.settings, scope, metric, company=company)
        begun = levels.of_scope(conn, scope.kind, scope.name).get(key, ())
    judged_now = judge(metric, points, None, [one.from_week for one in begun])
    limits = judged_now.usual
    low, high = limits.drawn(metric) or (None, None)
    judged = tuple(p.value for p in points if p.judged and p.value is not None)[-JUDGED:]
    shown = tuple(Week(p.week, p.value, p.judged, _said(metric, p)) for p in points[-DRAWN:])
    return Past(shown, judged, low, high, icons.range_words(metric, judged_now) if points else "", limits)


def _said(metric: Metric, point: Point) -> str:
    name = f"{words.week_name(point.week)}, {words.week_span(point.week)}"
    if point.value is None or point.row is None:
        return name
    behind = words.counted(metric, point.row.part, point.row.whole, point.row.n)
    later = "" if point.judged else ", not judged"
    return f"{name}: {words.text(metric, point.value, bool(point.row.at_least))}, {behind}{later}"


# ---- sentences -------------------------------------------------------------------------------------------
def summary(metric: Metric, ran: Past) -> str:
    """`Your last 13 judged weeks: middle 88.2 %, between 81.0 and 94.1 %.`"""
    figures = ran.judged
    if not figures:
        return "No week can be judged yet, so there is nothing to compare with. A target can be agreed all the same."
    middle, low, high = words.text(metric, median(figures)), number_text(metric, min(figures)), words.text(metric, max(figures))
    if len(figures) == 1:
        return f"Only one judged week so far: {middle}."
    begin = f"Your last {JUDGED} judged weeks" if len(figures) == JUDGED else f"Only {len(figures)} judged weeks so far"
    return f"{begin}: middle {middle}, between {low} and {high}."


def best_quarter(metric: Metric, ran: Past) -> str:
    """What one week in four reached: a level people here have met."""
    if metric.direction == 0 or len(ran.judged) < QUARTER:
        return ""
    best = sorted(ran.judged, reverse=metric.direction > 0)
    reached = best[(len(best) + 3) // 4 - 1]
    return f"One week in four was {words.text(metric, reached)}{'' if metric.unit == 'share' and reached in (0.0, 1.0) else ' or better'}."


def would_have(metric: Metric, ran: Past, target: float | None, floor: float | None) -> list[str]:
    """What a target and a floor would have meant in the last judged weeks."""
    figures, said = ran.judged, []
    if target is not None and figures:
        met = sum((x - target) * metric.direction >= 0 for x in figures)
        said.append(f"{_share_of(met, len(figures))} would have met {typed.exact(metric, target)}.")
        limits = Limits(ran.usual.weeks, ran.usual.mean, ran.usual.lower, ran.usual.upper)
        if assurance(limits, target, metric.direction) == "reliably_misses":
            said.append("No ordinary week would reach it: the board would say “reliably misses” from the first day.")
    if floor is not None and figures:
        worse = sum((x - floor) * metric.direction < 0 for x in figures)
        said.append(f"{_share_of(worse, len(figures))} {'was' if worse < 2 else 'were'} worse than {typed.exact(metric, floor)}.")
    return said


def _share_of(count: int, of: int) -> str:
    weeks = "judged week" if of == 1 else "judged weeks"
    return f"{'Not one' if count == 0 else 'All' if count == of > 1 else count} of the last {of} {weeks}"


def extreme(metric: Metric, target: float | None) -> str:
    """A warning about a share of everything or of nothing; empty for any other target."""
    if metric.unit != "share" or target not in (0.0, 1.0):
        return ""
    every = (target == 1.0) == (metric.direction > 0)
    noun = words.noun(metric, 1)
    if every:
        return f"A target of {typed.exact(metric, target)} can only be missed: a single {noun} is enough."
    return f"A target of {typed.exact(metric, target)} is always met: it asks for nothing."


def unit_of(metric: Metric) -> str:
    """What stands behind a number on an axis."""
    found = UNITS.get(metric.unit, "")
    return f" {found}" if found else ""
