"""A metric's last weeks as a plain Plotly dictionary, with levels to compare them with: for people about to agree one.

The convention: it looks as the trend of `charts` does; a level is a line named where it begins, a target dashed, a
floor dotted, so that shape and word tell them apart.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from scoreboard.metrics.model import Metric
from scoreboard.views import parts, picture, take_along
from scoreboard.views.define import past
from scoreboard.views.define.past import Past
from scoreboard.views.figure.charts import BAND, CONFIG, INK

HEIGHT = 300


def show(metric: Metric, ran: Past, levels: dict[str, float]) -> None:
    """Draws the figure with a sentence on its marks; nothing where there is no week yet."""
    if not ran.weeks:
        return
    st.plotly_chart(chart(metric, ran, levels, picture.theme()), config=CONFIG, key=f"history chart {metric.key}",
                    alt=f"The last {len(ran.weeks)} weeks of {metric.name}. {past.summary(metric, ran)}")
    band = "Grey band" if ran.low is not None else "No grey band"
    legend = f"Full points are judged weeks, hollow ones are not. {band}: {ran.range}."
    take_along.drawing(f"history chart {metric.key}", metric.name, legend)
    parts.note(legend)


def chart(metric: Metric, ran: Past, levels: dict[str, float], theme: str) -> dict[str, Any]:
    """The figure; `levels` by the word that names them."""
    ink, muted, card = INK.get(theme, INK["light"])
    scale = 100.0 if metric.unit == "share" else 1.0
    lines = [_level(ran, name, level * scale, ink) for name, level in levels.items()]
    return {"data": [_weeks(ran, scale, muted, card), *lines],
            "layout": _layout(metric, _band(ran, scale), _names(levels, scale, ink), ink)}


def _weeks(ran: Past, scale: float, muted: str, card: str) -> dict[str, Any]:
    return {
        "type": "scatter", "mode": "lines+markers", "name": "week", "x": [w.week.isoformat() for w in ran.weeks],
        "y": [None if w.value is None else w.value * scale for w in ran.weeks], "connectgaps": False,
        "hovertext": [w.said for w in ran.weeks], "hovertemplate": "%{hovertext}<extra></extra>", "line": {"color": muted, "width": 1.5},
        "marker": {"size": 9, "color": [muted if w.judged else card for w in ran.weeks], "line": {"width": 2, "color": muted}}}


def _level(ran: Past, name: str, level: float, ink: str) -> dict[str, Any]:
    """A trace and not a shape, so that the axis always reaches it."""
    return {"type": "scatter", "mode": "lines", "name": name, "x": [w.week.isoformat() for w in (ran.weeks[0], ran.weeks[-1])],
            "y": [level, level], "hoverinfo": "skip", "line": {"color": ink, "width": 2, "dash": "dot" if "floor" in name else "dash"}}


def _names(levels: dict[str, float], scale: float, ink: str) -> list[dict[str, Any]]:
    """The word of each line: above the upper one, below the lower one, so that two never meet."""
    lowest = min(levels.values(), default=0.0)
    return [{"xref": "paper", "x": 0, "y": level * scale, "text": name, "showarrow": False, "xanchor": "left",
             "yanchor": "top" if level == lowest and len(levels) > 1 else "bottom", "font": {"color": ink, "size": 13}}
            for name, level in levels.items()]


def _band(ran: Past, scale: float) -> list[dict[str, Any]]:
    if ran.low is None or ran.high is None:
        return []
    return [{"type": "rect", "xref": "paper", "x0": 0, "x1": 1, "y0": ran.low * scale, "y1": ran.high * scale, "layer": "below",
             "line": {"width": 0}, "fillcolor": BAND}]


def _layout(metric: Metric, shapes: list[dict[str, Any]], names: list[dict[str, Any]], ink: str) -> dict[str, Any]:
    axis = {"fixedrange": True, "automargin": True, "tickfont": {"color": ink}}
    return {"height": HEIGHT, "margin": {"l": 8, "r": 8, "t": 16, "b": 8}, "showlegend": False, "hovermode": "closest", "dragmode": False,
            "shapes": shapes, "annotations": names, "font": {"family": "Barlow, sans-serif", "size": 14},
            "xaxis": {**axis, "type": "date", "tickformat": "%-d %b", "showgrid": False},
            "yaxis": {**axis, "ticksuffix": past.unit_of(metric), "zeroline": False, "nticks": 6}}
