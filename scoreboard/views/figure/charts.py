"""Plotly figures as plain dictionaries: built once, cached, drawn by the browser. The only module that knows Plotly's words.

The convention: a figure has no title of its own (the page has), says its unit on the axis, and never tells by colour alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape
from typing import Any

from scoreboard.metrics.board import Aim
from scoreboard.metrics.model import Metric
from scoreboard.metrics.states import Point
from scoreboard.metrics.usual import Judged, Usual
from scoreboard.metrics.values import UNITS, as_text
from scoreboard.state.notes import Note
from scoreboard.views import words

INK = {"light": ("#16202a", "#5a6570", "#ffffff"), "dark": ("#eef2f5", "#9aa7b3", "#18212a")}
SIGNALS = {"light": {"concern": "#c2570c", "improvement": "#1d5fa8"}, "dark": {"concern": "#ff9d52", "improvement": "#7db7ff"}}
FEW = 8  # weeks that are named one by one
BAND = "rgba(128,140,150,0.18)"
CONFIG: dict[str, Any] = {"displayModeBar": False, "scrollZoom": False}


def trend(metric: Metric, points: Sequence[Point], judged: Judged, aims: Sequence[Aim], picked: date, theme: str,
          notes: Sequence[Note] = ()) -> dict[str, Any]:
    """Every week of one metric: usual range, target in steps, judged weeks full, others hollow, those that stand out
    as triangles, event notes as flags on the axis, the picked week marked."""
    ink, muted, _ = INK.get(theme, INK["light"])
    scale = 100.0 if metric.unit == "share" else 1.0
    weeks = [p.week.isoformat() for p in points]
    usual = judged.usual
    drawn = usual.drawn(metric)
    data = [_line(points, weeks, scale, ink), _dots(points, judged, scale, theme)]
    if any(a.target is not None for a in aims) and metric.direction:
        data.insert(0, _steps(metric, weeks, aims, scale, muted))
    if flags := _flags(notes, weeks, muted):
        data.append(flags)
    shapes = [_at(picked, muted)]
    if drawn:
        shapes += _range(drawn, usual, scale, muted)
    return {"data": data, "layout": _layout(metric, shapes, ink, weeks)}


def _line(points: Sequence[Point], weeks: list[str], scale: float, ink: str) -> dict[str, Any]:
    return {"type": "scatter", "mode": "lines", "x": weeks, "y": [None if p.value is None else p.value * scale for p in points],
            "line": {"color": ink, "width": 2}, "hoverinfo": "skip", "showlegend": False, "name": "week"}


def _dots(points: Sequence[Point], judged: Judged, scale: float, theme: str) -> dict[str, Any]:
    ink, muted, card = INK.get(theme, INK["light"])
    shown = [p for p in points if p.value is not None]
    marks = [judged.marks.get(p.week) for p in shown]
    tones = SIGNALS.get(theme, SIGNALS["light"])
    colours = [tones.get(mark.type, ink) if mark else ink if p.judged else card for p, mark in zip(shown, marks, strict=True)]
    middle = judged.usual.mean or 0.0
    symbols = ["circle" if mark is None else "triangle-up" if (p.value or 0.0) > middle else "triangle-down"
               for p, mark in zip(shown, marks, strict=True)]
    said = [f"{words.week_name(p.week)}, {words.week_span(p.week)}<br><b>{as_text(p.metric, p.value)}</b>"
            + (f"<br>{words.counted(p.metric, p.row.part, p.row.whole, p.row.n)}" if p.row is not None else "")
            + ("" if p.judged else f"<br>{words.POINT_STATES[p.state]}")
            + ("" if mark is None else f"<br>{words.RULES[mark.rules[0]]}") for p, mark in zip(shown, marks, strict=True)]
    return {"type": "scatter", "mode": "markers", "x": [p.week.isoformat() for p in shown], "y": [(p.value or 0.0) * scale for p in shown],
            "marker": {"opacity": 1, "size": [8 if mark is None else 13 for mark in marks], "color": colours, "symbol": symbols,
                       "line": {"width": 2, "color": [c if p.judged else muted for p, c in zip(shown, colours, strict=True)]}},
            "hovertext": said, "hovertemplate": "%{hovertext}<extra></extra>", "showlegend": False, "name": "week"}


def _steps(metric: Metric, weeks: list[str], aims: Sequence[Aim], scale: float, muted: str) -> dict[str, Any]:
    return {"type": "scatter", "mode": "lines", "x": weeks, "y": [None if a.target is None else a.target * scale for a in aims],
            "line": {"color": muted, "width": 2, "dash": "dash", "shape": "hv"}, "name": "target", "showlegend": False,
            "hovertext": [f"accepted until {words.day(a.until_on)}" if a.until_on else a.basis for a in aims],
            "hovertemplate": "target %{y:.4~g} " + UNITS.get(metric.unit, "") + "<br>%{hovertext}<extra></extra>"}


def _flags(notes: Sequence[Note], weeks: list[str], muted: str) -> dict[str, Any] | None:
    """Event notes of the weeks shown, one flag a week."""
    said: dict[str, list[str]] = {}
    for note in notes:
        if (week := note.week.isoformat()) in weeks:
            said.setdefault(week, []).append(escape(note.text))
    if not said:
        return None
    return {"type": "scatter", "mode": "markers", "x": list(said), "y": [0.02] * len(said), "yaxis": "y2", "name": "note",
            "marker": {"symbol": "y-up-open", "size": 12, "color": muted}, "showlegend": False,
            "hovertext": ["<br>".join(texts) for texts in said.values()], "hovertemplate": "%{hovertext}<extra></extra>"}


def _range(drawn: tuple[float, float], usual: Usual, scale: float, muted: str) -> list[dict[str, Any]]:
    low, high = drawn
    style = {"width": 1, "dash": "dot", "color": muted} if usual.status == "provisional" else {"width": 0}
    found: list[dict[str, Any]] = [{"type": "rect", "xref": "paper", "x0": 0, "x1": 1, "y0": low * scale, "y1": high * scale,
                                    "fillcolor": BAND, "line": style, "layer": "below"}]
    if usual.mean is not None:
        found.append({"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": usual.mean * scale, "y1": usual.mean * scale,
                      "line": {"width": 1, "color": muted}, "layer": "below"})
    return found


def _at(week: date, muted: str) -> dict[str, Any]:
    return {"type": "line", "yref": "paper", "y0": 0, "y1": 1, "x0": week.isoformat(), "x1": week.isoformat(),
            "line": {"width": 1, "color": muted}, "layer": "below"}


def _layout(metric: Metric, shapes: list[dict[str, Any]], ink: str, weeks: list[str]) -> dict[str, Any]:
    suffix = {"share": " %", "hours": " h", "days": " d"}.get(metric.unit, "")
    months = {"tickformat": "%b\n%Y", "dtick": "M3" if len(weeks) < 200 else "M12", "minor": {"dtick": "M1", "ticks": "outside"}}
    ticks = {"tickformat": "%-d %b\n%Y", "tickvals": weeks if len(weeks) < FEW else None} if len(weeks) < 30 else months
    return {"height": 340, "margin": {"l": 56, "r": 16, "t": 12, "b": 36}, "shapes": shapes, "hovermode": "closest",
            "xaxis": {"type": "date", **ticks, "showgrid": False, "fixedrange": True, "tickfont": {"color": ink}},
            "yaxis": {"ticksuffix": suffix, "zeroline": False, "fixedrange": True, "nticks": 6, "tickfont": {"color": ink},
                      "rangemode": "tozero" if metric.is_duration else "normal"},
            "yaxis2": {"overlaying": "y", "range": [0, 1], "visible": False, "fixedrange": True},
            "font": {"family": "Barlow, sans-serif", "size": 14}}
