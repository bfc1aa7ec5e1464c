"""Boards and points as plain dictionaries (the JSON of the command line) and as lines for a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scoreboard import weeks
from scoreboard.metrics.board import Board, Tile
from scoreboard.metrics.model import Metric
from scoreboard.metrics.reasons import misses_of
from scoreboard.metrics.states import Point
from scoreboard.metrics.usual import Judged
from scoreboard.metrics.values import as_text, in_unit


def point(p: Point) -> dict[str, Any]:
    """One week of one metric; p50 and p90 in the metric's unit."""
    row, metric = p.row, p.metric
    return {
        "week": weeks.label(p.week), "part": row.part if row else None, "whole": row.whole if row else None,
        "value": p.value, "n": row.n if row else 0, "state": p.state,
        "p50": in_unit(metric, row.p50) if row else None, "p90": in_unit(metric, row.p90) if row else None,
        "at_least": bool(row and row.at_least), "undecided": row.undecided if row else 0, "open": row.open if row else 0,
        "reporting": row.reporting if row else 0, "expected": row.expected if row else 0,
        "text": as_text(metric, p.value, bool(row and row.at_least))}


def metric(m: Metric) -> dict[str, Any]:
    """One entry of the catalogue."""
    return {"key": m.key, "name": m.name, "definition": m.definition, "corner": m.corner, "unit": m.unit, "direction": m.direction,
            "kind": m.kind, "week": m.whole.week, "needs": list(m.needs), "target": in_unit(m, m.target), "floor": in_unit(m, m.floor),
            "source": m.source, "instead_of": m.instead_of}


def tile(t: Tile, clauses: Mapping[str, str] = {}) -> dict[str, Any]:
    """A tile: the shown week's figures, the picked week's beside them when it is another."""
    found = {"key": t.metric.key, "name": t.metric.name, "corner": t.metric.corner, "unit": t.metric.unit, **point(t.shown),
             "target": t.aim.target, "floor": t.aim.floor, "basis": t.aim.basis, "on_board": t.on_board}
    if t.aim.until_on and t.aim.instead_of:
        found |= {"until": t.aim.until_on.isoformat(), "instead_of": {"target": t.aim.instead_of.target, "basis": t.aim.instead_of.basis}}
    if t.shown is not t.picked:
        found["picked"] = point(t.picked)
    if t.needs:
        found["needs"] = t.needs
    if t.judged:
        usual = t.judged.usual
        found["signal"] = {"variation": t.judged.variation, "rule": t.judged.rule or None, "assurance": t.judged.assurance,
                           "since": weeks.label(t.judged.since) if t.judged.since else None,
                           "held": weeks.label(t.judged.held) if t.judged.held else None,
                           "mean": usual.mean, "lower": usual.lower, "upper": usual.upper, "weeks": usual.weeks,
                           "misses": _misses(t, clauses) or None}
    return found


def board(b: Board, clauses: Mapping[str, str] = {}) -> dict[str, Any]:
    """A whole board; `clauses` say where misses are, by metric (see `locating`)."""
    return {
        "scope": {"kind": b.scope.kind, "name": b.scope.name}, "week": weeks.label(b.week), "version": b.version,
        "as_reported": b.as_reported, "through": b.through, "metrics": [tile(t, clauses) for t in b.tiles],
        "corners": [{"name": c.name, "state": c.state, "score": c.score, "speak": c.speak, "of": c.of, "hollow": c.hollow}
                    for c in b.triangle.corners],
        "score": b.triangle.score, "balance": b.triangle.balance, "headline": b.triangle.headline,
        "imbalance": b.triangle.imbalance or None}


def _changing(judged: Judged) -> str:
    since = f" since {weeks.label(judged.since)}" if judged.since else ""
    said = {"concern": "worse than usual", "improvement": "better than usual", "neutral_high": "higher than usual",
            "neutral_low": "lower than usual", "common": "normal week"}.get(judged.variation, "")
    return f"{said}{since}"


def _misses(t: Tile, clauses: Mapping[str, str]) -> str:
    """`14 of 96 missed, 9 of them on route 4`, where one group holds most of the misses of the week shown; else empty."""
    clause = clauses.get(t.metric.key)
    return f"{misses_of(t.metric, t.shown.row):,} of {t.shown.row.whole:,.0f} missed{clause}" if clause and t.shown.row else ""


def board_lines(b: Board, clauses: Mapping[str, str] = {}) -> list[str]:
    """A board for a terminal: headline first, then the tiles in corner order."""
    lines = [f"{b.scope.title} · week {weeks.label(b.week)}{' · as reported' if b.as_reported else ''}", b.triangle.headline, ""]
    for c in b.triangle.corners:
        lines.append(f"{c.name:<11} {'–' if c.score is None else format(c.score, '.0f'):>4}  {c.state}; {c.speak} of {c.of} metrics speak")
    lines.append("")
    for t in (t for t in b.tiles if t.on_board):
        shown = point(t.shown)
        older = f" ({shown['week']})" if t.shown is not t.picked else ""
        none = "baseline, no target agreed" if t.metric.direction else "only informs"
        aim = f"target {as_text(t.metric, t.aim.target)}" if t.aim.target is not None else none
        if t.aim.until_on:
            aim += f" until {t.aim.until_on}"
        if t.judged and t.judged.assurance:
            aim += f" ({t.judged.assurance.replace('_', ' ')})"
        state = t.picked.state.replace("_", " ")
        if t.needs:
            state = "not available: needs " + "; ".join(t.needs)
        elif older:
            state = f"{weeks.label(b.week)[5:]} {state}"
        if t.judged and (said := _changing(t.judged)):
            state = said if state == "value" else f"{state}; {said}" if t.judged.stands_out else state
        if missed := _misses(t, clauses):
            state = f"{state}; {missed}"
        lines.append(f"{t.metric.name:<52} {shown['text']:>14}{older}  n {shown['n']}  {aim}  {state}")
    return lines
