"""Planned against done over the 90 days, as a plain Plotly dictionary, and the same in a sentence.

The convention: as in `figure.charts`; the plan is dashed as a target is, what is done a solid line in steps, both named where they end.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from scoreboard.metrics import words
from scoreboard.rollout.standing import Rollout
from scoreboard.state.rollouts import DAYS
from scoreboard.views.figure.charts import INK

TICKS = (1, 30, 60, 90)
ROOM = 77  # days: up to here a word has room behind the line, on a phone too


def chart(one: Rollout, theme: str) -> dict[str, Any]:
    """The figure of a branch with a start day."""
    ink, muted, _ = INK.get(theme, INK["light"])
    every = one.progress()
    there = [(p.on.isoformat(), p.done + one.undated) for p in every if p.done is not None]
    if one.day and one.day > DAYS:  # what was done after the 90 days
        there.append((one.today.isoformat(), one.done))
    plan = {"type": "scatter", "mode": "lines", "name": "planned", "x": [p.on.isoformat() for p in every], "y": [p.planned for p in every],
            "line": {"color": muted, "width": 2, "dash": "dash"}, "hoverinfo": "skip", "showlegend": False}
    done = {"type": "scatter", "mode": "lines", "name": "done", "x": [on for on, _ in there], "y": [n for _, n in there],
            "line": {"color": ink, "width": 3, "shape": "hv"}, "showlegend": False,
            "hovertext": [_said(on, count) for on, count in there], "hovertemplate": "%{hovertext}<extra></extra>"}
    return {"data": [plan, done], "layout": _layout(one, there, ink, muted)}


def sentence(one: Rollout) -> str:
    """What the picture shows."""
    every = one.progress()
    if one.day is None or not every:
        return f"The plan asks for {len(one.items)} items in {DAYS} days; {one.done} are done before the first."
    today = every[min(one.day, DAYS)]
    late = round(today.planned) - one.done
    rest = "as planned" if not late else f"{abs(late)} {'behind' if late > 0 else 'ahead of'} the plan"
    return f"Planned by today {today.planned:.0f} of {len(one.items)}, done {one.done}: {rest}. Dashed: the plan; solid: what is done."


def _said(on: str, count: int) -> str:
    return f"{words.day(date.fromisoformat(on))}<br><b>{count} done</b>"


def _layout(one: Rollout, there: list[tuple[str, int]], ink: str, muted: str) -> dict[str, Any]:
    assert one.start_on is not None
    ends = [(one.start_on + timedelta(days=day - 1)) for day in TICKS]
    label = {"showarrow": False, "font": {"color": ink, "size": 14}, "bgcolor": "rgba(0,0,0,0)"}
    names = [{**label, "x": ends[-1].isoformat(), "y": len(one.items), "text": "planned", "xanchor": "right", "yanchor": "bottom",
              "xshift": -8, "font": {"color": muted, "size": 14}}]
    if there:
        last, count = there[-1]
        ahead = count >= one.progress()[min(one.day or 0, DAYS)].planned  # the word stands on the side where the plan is not
        behind = {"xanchor": "left", "yanchor": "middle", "xshift": 6}  # the line ends where its word begins
        beside = behind if len(there) < ROOM else {"xanchor": "right", "yanchor": "bottom" if ahead else "top"}
        names.append({**label, "x": last, "y": count, "text": f"<b>{count} done</b>", **beside})
    stages = [{"type": "line", "yref": "paper", "y0": 0, "y1": 1, "x0": on.isoformat(), "x1": on.isoformat(), "layer": "below",
               "line": {"width": 1, "color": muted, "dash": "dot"}} for on in ends[1:3]]
    return {"height": 250, "margin": {"l": 28, "r": 28, "t": 12, "b": 44}, "hovermode": "closest", "dragmode": False, "showlegend": False,
            "shapes": stages, "annotations": names, "font": {"family": "Barlow, sans-serif", "size": 14},
            "xaxis": {"type": "date", "fixedrange": True, "showgrid": False, "tickvals": [on.isoformat() for on in ends],
                      "ticktext": [f"day {day}<br>{words.short_day(on)}" for day, on in zip(TICKS, ends, strict=True)],
                      "tickfont": {"color": ink}, "automargin": True},
            "yaxis": {"range": [-0.3, len(one.items) + 1.6], "tickvals": [0, 5, 9, 13], "zeroline": False, "fixedrange": True,
                      "tickfont": {"color": ink}}}
