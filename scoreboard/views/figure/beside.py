"""The counter-metric beside a figure: whether what is won here is lost there (see `metrics/counters.py`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import streamlit as st

from scoreboard.metrics import board as boards
from scoreboard.metrics import icons, words
from scoreboard.metrics.board import Tile
from scoreboard.metrics.catalogue import BY_KEY
from scoreboard.metrics.counters import BY_METRIC
from scoreboard.state.database import reading
from scoreboard.views import take_along
from scoreboard.views.asking import Asked
from scoreboard.views.data import company_of, scope_of
from scoreboard.views.figure import charts, legend

WEEKS = 26


@dataclass(frozen=True)
class Beside:
    """The counter-metric in words and a small picture (None where no week has a figure)."""

    key: str
    name: str
    why: str
    said: str
    chart: dict[str, Any] | None
    alt: str
    marks: str


def beside(asked: Asked, of: str, week: date, key: str, theme: str) -> Beside | None:
    """What the page shows of a metric's counter; None for one that has none, or whose counter has no figure here."""
    return _beside(asked.cache_key, of, week, key, theme, asked) if key in BY_METRIC else None


@st.cache_data(max_entries=500, show_spinner=False)
def _beside(cached: tuple[object, ...], of: str, week: date, key: str, theme: str, _asked: Asked) -> Beside | None:
    counter = BY_METRIC[key]
    with reading(_asked.engine) as conn:
        company = company_of(_asked, conn)
        scope = scope_of(company, _asked, of)
        found = boards.read(conn, _asked.settings, scope, week, company=company, also=(key, counter.by))
        aims = boards.aims_over(conn, company, scope, BY_KEY[counter.by], [week])
    there = {t.metric.key: t for t in found.tiles}
    here, other = there[key], there[counter.by]
    if other.judged is None or other.shown.value is None:
        return None
    name = words.title(other.metric)[0]
    points = other.history[-WEEKS:]
    chart = charts.small(charts.trend(other.metric, points, other.judged, aims * len(points), week, theme))
    said = together(here, other)
    return Beside(counter.by, name, counter.why, said, chart, f"{name}: {said}",
                  legend.said(other.metric, points, other.judged, aims))


def together(here: Tile, other: Tile) -> str:
    """Both in one sentence: held together, or one at the expense of the other."""
    first, second = words.title(here.metric)[0], words.title(other.metric)[0]
    ways = tuple(t.judged.variation if t.judged else "" for t in (here, other))
    figure = f"{second} is {words.text(other.metric, other.shown.value)} in {words.week_name(other.shown.week).lower()}"
    if ways == ("improvement", "concern"):
        return f"{figure}: {first} is better than usual while {second} is worse. One may be paid for with the other."
    if ways == ("concern", "improvement"):
        return f"{figure}: {second} is better than usual while {first} is worse. One may be paid for with the other."
    if ways == ("improvement", "improvement"):
        return f"{figure}: both are better than usual. Nothing is paid for with the other."
    if ways == ("concern", "concern"):
        return f"{figure}: both are worse than usual. Look for what they share."
    changing = icons.changing(other.judged, other.picked.week) if other.judged else ""
    return f"{figure}{f': {changing[0].lower()}{changing[1:]}' if changing else ''}."


def show(found: Beside | None) -> None:
    """The counter under its own heading."""
    if found is None:
        return
    st.header(f"Held against it: {found.name}")
    st.text(f"{found.why} {found.said}")
    if found.chart:
        st.plotly_chart(found.chart, config=charts.CONFIG, alt=found.alt, key="beside")
        take_along.drawing("beside", found.name, found.marks)
