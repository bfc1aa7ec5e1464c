"""Plotly figures as plain dictionaries: built once, cached, drawn by the browser. The only module that knows Plotly's words.

The convention: a figure has no title of its own (the page has), says its unit on the axis, and never tells by colour alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from html import escape
from itertools import pairwise
from math import ceil, floor, log10
from typing import Any

from scoreboard.metrics import signals, words
from scoreboard.metrics.board import Aim
from scoreboard.metrics.model import Metric
from scoreboard.metrics.signals import LIMITS, Mark
from scoreboard.metrics.states import Point
from scoreboard.metrics.usual import BLOCK, Judged
from scoreboard.metrics.values import UNITS, as_text
from scoreboard.state.notes import Note
from scoreboard.weeks import WEEK

INK = {"light": ("#16202a", "#5a6570", "#ffffff"), "dark": ("#eef2f5", "#9aa7b3", "#18212a")}
SIGNALS = {"light": {"concern": "#c2570c", "improvement": "#1d5fa8"}, "dark": {"concern": "#ff9d52", "improvement": "#7db7ff"}}
FEW = 8  # weeks that are named one by one
MANY = 40  # weeks whose dots would crowd a phone
BAND, FORMER = "rgba(128,140,150,0.18)", "rgba(128,140,150,0.09)"
HALF = timedelta(days=3, hours=12)
OUTLYING = signals.OUTLYING["product"]  # a change beyond so many usual ones is unusual
CONFIG: dict[str, Any] = {"displayModeBar": False, "scrollZoom": False}


def trend(metric: Metric, points: Sequence[Point], judged: Judged, aims: Sequence[Aim], picked: date, theme: str,
          notes: Sequence[Note] = ()) -> dict[str, Any]:
    """Every week of one metric: the usual range of each level, target in steps, judged weeks full, thin ones grey, others
    hollow, those that stand out as triangles, event notes as flags on the axis, the picked week marked. Where events are
    rare, four weeks are one point."""
    ink, muted, _ = INK.get(theme, INK["light"])
    scale = 100.0 if metric.unit == "share" else 1.0
    weeks = [p.week.isoformat() for p in points]
    shapes = [_at(picked, muted), *_ranges(metric, judged, points[-1].week, scale, muted)]
    if judged.pooled:
        data = _block_marks(metric, judged, scale, theme)
        if metric.kind == "share":  # weeks and blocks have one scale
            data.insert(0, _dots(points, judged, scale, theme, small=True))
    else:
        data = [_line(points, weeks, scale, ink), _dots(points, judged, scale, theme)]
    if any(a.target is not None for a in aims) and metric.direction and (metric.kind == "share" or not judged.pooled):
        data.insert(0, _steps(metric, weeks, aims, scale, muted))
    if flags := _flags(notes, weeks, muted):
        data.append(flags)
    return {"data": data, "layout": _layout(metric, shapes, ink, weeks, [p.value for p in points if p.value is not None])}


def week_to_week(metric: Metric, points: Sequence[Point], judged: Judged, theme: str) -> dict[str, Any] | None:
    """How far each judged week lies from the one before it, beside what is usual; None where nothing says what is usual."""
    usual, (ink, muted, _) = judged.usual, INK.get(theme, INK["light"])
    if usual.mean is None or usual.upper is None:
        return None
    times = metric.kind == "duration"  # judged by how many times as long
    scale = 100.0 if metric.unit == "share" else 1.0
    moved = [(b, (max(a.value, b.value) / min(a.value, b.value) if times else abs(b.value - a.value) * scale))
             for a, b in pairwise(points) if a.judged and b.judged and a.value is not None and b.value is not None
             and not (times and min(a.value, b.value) <= 0)]
    if not moved:
        return None
    most = (usual.upper / usual.mean) ** (OUTLYING / LIMITS) if times else (usual.upper - usual.mean) * scale * OUTLYING / LIMITS
    unit = "times as much" if times else "points" if metric.unit == "share" else UNITS.get(metric.unit, "")
    bars = {"type": "bar", "x": [b.week.isoformat() for b, _ in moved], "y": [y for _, y in moved], "base": 1 if times else 0,
            "marker": {"color": [ink if y > most else muted for _, y in moved]}, "showlegend": False, "name": "week",
            "hovertext": [f"{words.week_name(b.week)}: {y:.3g} {unit}" for b, y in moved], "hovertemplate": "%{hovertext}<extra></extra>"}
    if times:
        bars["y"] = [y - 1 for _, y in moved]
    edge = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": most, "y1": most, "line": {"width": 1, "dash": "dot", "color": muted}}
    found = _layout(metric, [edge], ink, [p.week.isoformat() for p in points], [])
    found["yaxis"] |= {"ticksuffix": " ×" if times else " pts" if metric.unit == "share" else found["yaxis"]["ticksuffix"],
                       "rangemode": "normal" if times else "tozero", "nticks": 4}
    return {"data": [bars], "layout": {**found, "height": 180}}


def _line(points: Sequence[Point], weeks: list[str], scale: float, ink: str) -> dict[str, Any]:
    return {"type": "scatter", "mode": "lines", "x": weeks, "y": [None if p.value is None else p.value * scale for p in points],
            "line": {"color": ink, "width": 2}, "hoverinfo": "skip", "showlegend": False, "name": "week"}


def _dots(points: Sequence[Point], judged: Judged, scale: float, theme: str, *, small: bool = False) -> dict[str, Any]:
    """A dot for each week; `small` ones where weeks are not judged one by one."""
    ink, muted, card = INK.get(theme, INK["light"])
    shown = [p for p in points if p.value is not None]
    marks = [None if small else judged.marks.get(p.week) for p in shown]
    tones, size = SIGNALS.get(theme, SIGNALS["light"]), 5 if small or len(shown) > MANY else 8
    plain = [muted if p.state == "too_few" else card if small or not p.judged else ink for p in shown]
    colours = [tones.get(mark.type, ink) if mark else colour for mark, colour in zip(marks, plain, strict=True)]
    symbols = [_symbol(mark, p.value or 0.0, _middle(judged, p.week)) for p, mark in zip(shown, marks, strict=True)]
    said = [f"{words.week_name(p.week)}, {words.week_span(p.week)}<br><b>{as_text(p.metric, p.value)}</b>"
            + (f"<br>{words.counted(p.metric, p.row.part, p.row.whole, p.row.n)}" if p.row is not None else "")
            + ("" if p.judged else f"<br>{words.POINT_STATES[p.state]}")
            + ("" if mark is None else f"<br>{words.RULES[mark.rules[0]]}") for p, mark in zip(shown, marks, strict=True)]
    return {"type": "scatter", "mode": "markers", "x": [p.week.isoformat() for p in shown], "y": [(p.value or 0.0) * scale for p in shown],
            "marker": {"opacity": 1, "size": [size if mark is None else 13 for mark in marks], "color": colours,
                       "symbol": symbols,
                       "line": {"width": 1 if small else 2,
                                "color": [c if p.judged and not small else muted for p, c in zip(shown, colours, strict=True)]}},
            "hovertext": said, "hovertemplate": "%{hovertext}<extra></extra>", "showlegend": False, "name": "week"}


def _symbol(mark: Mark | None, value: float, middle: float) -> str:
    return "circle" if mark is None else "triangle-up" if value > middle else "triangle-down"


def _middle(judged: Judged, week: date) -> float:
    """The middle of the usual range of the level a week belongs to."""
    theirs = [usual.mean for first, usual in judged.levels if first <= week]
    return (theirs[-1] if theirs else judged.usual.mean) or 0.0


def _block_marks(metric: Metric, judged: Judged, scale: float, theme: str) -> list[dict[str, Any]]:
    """Four weeks together as one point, drawn over their middle."""
    ink, tones = INK.get(theme, INK["light"])[0], SIGNALS.get(theme, SIGNALS["light"])
    there = [b for b in judged.pooled if b.value is not None]
    middle, marks = (judged.blocks.mean if judged.blocks else None) or 0.0, [judged.marks.get(b.week) for b in there]
    x = [(datetime.combine(b.week, time()) + BLOCK / 2 * WEEK - HALF).isoformat() for b in there]
    y = [(b.value or 0.0) * scale for b in there]
    line = {"type": "scatter", "mode": "lines", "x": x, "y": y, "line": {"color": ink, "width": 2}, "hoverinfo": "skip",
            "showlegend": False, "name": "four weeks"}
    said = [f"Four weeks from {words.week_name(b.week).lower()}<br><b>{as_text(metric, b.value)}</b>"
            + ("" if mark is None else f"<br>{words.RULES[mark.rules[0]]}") for b, mark in zip(there, marks, strict=True)]
    dots = {"type": "scatter", "mode": "markers", "x": x, "y": y, "showlegend": False, "name": "four weeks",
            "marker": {"opacity": 1, "size": [9 if mark is None else 13 for mark in marks],
                       "color": [tones.get(mark.type, ink) if mark else ink for mark in marks],
                       "symbol": [_symbol(mark, b.value or 0.0, middle) for b, mark in zip(there, marks, strict=True)]},
            "hovertext": said, "hovertemplate": "%{hovertext}<extra></extra>"}
    return [line, dots]


def _steps(metric: Metric, weeks: list[str], aims: Sequence[Aim], scale: float, muted: str) -> dict[str, Any]:
    return {"type": "scatter", "mode": "lines", "x": weeks, "y": [None if a.target is None else a.target * scale for a in aims],
            "line": {"color": muted, "width": 2, "dash": "dash", "shape": "hv"}, "name": "target", "showlegend": False,
            "hovertext": [_agreed(metric, a) for a in aims],
            "hovertemplate": "target %{y:.4~g} " + UNITS.get(metric.unit, "") + "<br>%{hovertext}<extra></extra>"}


def _agreed(metric: Metric, aim: Aim) -> str:
    """Where a target comes from: who agreed it and why, until when a miss is accepted, or its source."""
    if aim.held is None:
        return f"sourced: {escape(metric.source)}" if aim.basis == "sourced" else ""
    until = f" until {words.day(aim.until_on)}" if aim.until_on else ""
    return f"{aim.basis}{until} by {escape(aim.held.who)}: {escape(aim.held.reason)}"


def _flags(notes: Sequence[Note], weeks: list[str], muted: str) -> dict[str, Any] | None:
    """Event notes of the weeks shown, one flag a week."""
    said: dict[str, list[str]] = {}
    for note in notes:
        if (week := note.week.isoformat()) in weeks:
            said.setdefault(week, []).append(escape(note.text))
    if not said:
        return None
    return {"type": "scatter", "mode": "markers", "x": list(said), "y": [0.02] * len(said), "yaxis": "y2", "name": "note",
            "marker": {"symbol": "y-up-open", "size": 14, "color": muted, "line": {"width": 3}}, "showlegend": False,
            "hovertext": ["<br>".join(texts) for texts in said.values()], "hovertemplate": "%{hovertext}<extra></extra>"}


def _ranges(metric: Metric, judged: Judged, last: date, scale: float, muted: str) -> list[dict[str, Any]]:
    """The usual range of each level, the former ones paler; of four-week blocks where weeks have one by one none."""
    spans = judged.levels or ((date.min, judged.usual),)
    if judged.blocks:
        spans = (*spans[:-1], (spans[-1][0], judged.blocks))
    found: list[dict[str, Any]] = []
    for at, (first, usual) in enumerate(spans):
        present, drawn = at == len(spans) - 1, usual.drawn(metric)
        if drawn is None:
            continue
        begin = {"xref": "paper", "x0": 0} if at == 0 and present else {"x0": _edge(first)}
        end = {"x1": 1} if at == 0 and present else {"x1": _edge(last + WEEK if present else spans[at + 1][0])}
        style = {"width": 1, "dash": "dot", "color": muted} if usual.status == "provisional" else {"width": 0}
        found.append({"type": "rect", **begin, **end, "y0": drawn[0] * scale, "y1": drawn[1] * scale, "line": style, "layer": "below",
                      "fillcolor": BAND if present else FORMER})
        if usual.mean is not None:
            found.append({"type": "line", **begin, **end, "y0": usual.mean * scale, "y1": usual.mean * scale, "layer": "below",
                          "line": {"width": 1, "color": muted, "dash": "solid" if present else "dot"}})
    return found


def _edge(week: date) -> str:
    """Between a week and the one before it."""
    return (datetime.combine(week, time()) - HALF).isoformat()


def _at(week: date, muted: str) -> dict[str, Any]:
    return {"type": "line", "yref": "paper", "y0": 0, "y1": 1, "x0": week.isoformat(), "x1": week.isoformat(),
            "line": {"width": 1, "color": muted}, "layer": "below"}


def _layout(metric: Metric, shapes: list[dict[str, Any]], ink: str, weeks: list[str], values: Sequence[float]) -> dict[str, Any]:
    suffix = {"share": " %", "hours": " h", "days": " d"}.get(metric.unit, "")
    months = {"tickformat": "%b\n%Y", "dtick": "M3" if len(weeks) < 200 else "M12", "minor": {"dtick": "M1", "ticks": "outside"}}
    ticks = {"tickformat": "%-d %b\n%Y", "tickvals": weeks if len(weeks) < FEW else None} if len(weeks) < 30 else months
    logs = _log_axis(values, suffix) if metric.kind == "duration" and min(values, default=0.0) > 0 else {}
    return {"height": 340, "margin": {"l": 56, "r": 16, "t": 12, "b": 36}, "shapes": shapes, "hovermode": "closest",
            "xaxis": {"type": "date", **ticks, "showgrid": False, "fixedrange": True, "tickfont": {"color": ink}},
            "yaxis": {"ticksuffix": suffix, "zeroline": False, "fixedrange": True, "nticks": 6, "tickfont": {"color": ink},
                      "rangemode": "tozero" if metric.is_duration else "normal"} | logs,
            "yaxis2": {"overlaying": "y", "range": [0, 1], "visible": False, "fixedrange": True},
            "font": {"family": "Barlow, sans-serif", "size": 14}}


def _log_axis(values: Sequence[float], suffix: str) -> dict[str, Any]:
    """Durations lie on a log scale, as they are judged: twice as long is as far up as half as long is down."""
    low, high = min(values) / 1.5, max(values) * 1.5
    marks = (1, 2, 5) if high > 20 * low else (1, 1.5, 2, 3, 5, 7)
    steps = [step * 10.0 ** power for power in range(floor(log10(low)), ceil(log10(high)) + 1) for step in marks]
    return {"type": "log", "tickvals": steps, "ticktext": [f"{step:g}{suffix}" for step in steps], "ticksuffix": ""}


def small(figure: dict[str, Any]) -> dict[str, Any]:
    """The same picture, lower, for what stands beside: a log scale has room for 1, 2 and 5."""
    axis = {**figure["layout"]["yaxis"], "nticks": 4}
    if "tickvals" in axis:
        there = [(at, said) for at, said in zip(axis["tickvals"], axis["ticktext"], strict=True)
                 if round(at / 10 ** floor(log10(at)), 1) in (1, 2, 5)]
        axis |= {"tickvals": [at for at, _ in there], "ticktext": [said for _, said in there]}
    return {**figure, "layout": {**figure["layout"], "height": 190, "yaxis": axis}}
