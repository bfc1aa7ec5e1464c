"""Made-up points in every state, turned into tiles and charts by the product's own functions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

from scoreboard.metrics.board import Aim, Tile
from scoreboard.metrics.catalogue import BY_KEY
from scoreboard.metrics.states import Point
from scoreboard.metrics.usual import judge
from scoreboard.views import tiles
from scoreboard.views.figure import charts
from scoreboard.weeks import WEEK

WEEK_45 = date(2026, 11, 2)
SWING = (0.0, 0.03, -0.02, 0.05, 0.01, -0.04, 0.02, -0.01, 0.04, -0.03, 0.0, 0.02, -0.02)


def points(key: str, middle: float, states: list[str], n: int = 40, swing: float = 1.0) -> list[Point]:
    """Weeks up to week 45, one for each state, around a middle value."""
    found = []
    for number, state in enumerate(states):
        week = WEEK_45 - (len(states) - 1 - number) * WEEK
        value = None if state in ("missing", "no_events", "not_available") else middle * (1 + swing * SWING[number % len(SWING)])
        row = None if value is None else SimpleNamespace(
            part=round(value * n), whole=float(n), n=n, at_least=False, p50=value, undecided=0)
        found.append(Point(BY_KEY[key], week, row, value, state))
    return found


def lifted(history: list[Point], by: float) -> list[Point]:
    """The same weeks, the last one raised or lowered."""
    last = history[-1]
    return [*history[:-1], replace(last, value=(last.value or 0.0) * by)]


def tile(key: str, history: list[Point], target: float | None = None, needs: list[str] | None = None) -> dict[str, Any]:
    """A tile as the board has it."""
    metric, picked = BY_KEY[key], history[-1]
    shown = next((p for p in reversed(history) if p.judged), picked)
    aim = Aim(target, None, "agreed" if target is not None else "baseline")
    made = Tile(metric, shown, picked, aim, needs or [], history, True, judge(metric, history, target))
    return tiles.tile_json(made)


FULL = ["value"] * 30
STATES: tuple[tuple[str, Callable[[], dict[str, Any]]], ...] = (
    ("worse than usual, reliably misses its target", lambda: tile(
        "quote_response_time", lifted(points("quote_response_time", 3.1, FULL, swing=0.2), 1.5), 2.0)),
    ("better than usual, reliably meets its target", lambda: tile(
        "return_cycle_time", lifted(points("return_cycle_time", 5.0, FULL, swing=0.2), 0.7), 9.0)),
    ("no events", lambda: tile("fill_rate", points("fill_rate", 0.9, [*FULL, "no_events"]), 0.95)),
    ("too few to judge", lambda: tile("order_accuracy", points("order_accuracy", 0.9, ["too_few"] * 9, n=4))),
    ("still running", lambda: tile("quotes_in_standard", points("quotes_in_standard", 0.8, [*["value"] * 16, "running"]), 0.9)),
    ("maturing", lambda: tile("quote_conversion", points("quote_conversion", 0.4, [*FULL, *["maturing"] * 4]), 0.4)),
    ("missing", lambda: tile("in_full", points("in_full", 0.93, [*FULL, "missing", "missing"]), 0.95)),
    ("not available", lambda: tile("core_cycle_time", points("core_cycle_time", 9.0, ["not_available"]),
                                   needs=["returns: credited_at", "an agreed standard (exception_standards)"])),
)


def board(long: bool) -> dict[str, Any]:
    """A board whose eight tiles are the eight states, or the longest words and numbers there can be."""
    corners = [{"name": name, "score": score, "state": state, "speak": "2 of 3 speak", "hollow": hollow, "tone": tone}
               for name, score, state, hollow, tone in (
                   ("Speed", 92, "improving", False, "improvement"), ("Accuracy", 50, "needs help", False, "concern"),
                   ("Confidence", 78, "steady", True, "quiet"))]
    return {"name": "Gallery", "week": "Week 45", "span": "2–8 November 2026", "as_reported": False, "sample": False,
            "headline": "Accuracy needs help: 50 of 100.", "detail": "Every state a tile can have, in the places of the board.",
            "corners": corners, "triangle": "", "tiles": longest() if long else [make() for _, make in STATES],
            "talk": [],
            "nothing": "Nothing stands out.", "fresh": "The others reach to Sun 8 Nov, 23:00",
            "stale": [{"source": "returns", "words": "Returns end Fri 30 Oct, 16:00"}]}


def longest() -> list[dict[str, Any]]:
    """The longest names and values of the catalogue, eight of them."""
    made = []
    for key, value in (("fill_rate_critical", 0.9999), ("core_value_at_risk", 123_456_789.0), ("exceptions_per_100_orders", 1234.5),
                       ("return_cycle_time", 1234.5), ("first_call_resolution", 1.0), ("nps", -100.0), ("time_to_first_word", 9999.9),
                       ("exception_close_loop", 0.8888)):
        history = points(key, value, FULL, n=12_345, swing=0.0)
        history[-1].row.at_least = key in ("return_cycle_time", "time_to_first_word")  # type: ignore[union-attr]
        made.append(tile(key, history, value))
    return made


def charts_of(theme: str, picked: date) -> dict[str, tuple[list[Point], list[float | None]]]:
    """The series behind the chart pictures: points and targets by name."""
    firm = points("otif", 0.9, [*["value"] * 40, "too_few", "missing", "value", "value", "no_events", "value", "maturing", "running"])
    return {
        "A firm usual range, a target that was raised, weeks that are missing, too few, maturing, running":
            (firm, [0.85 if i < 24 else 0.92 for i in range(len(firm))]),
        "Weeks that stand out: one outside the usual range, then a run":
            ([replace(p, value=(p.value or 0.0) - (0.12 if at == 30 else 0.035 if at > 37 else 0.0))
              for at, p in enumerate(points("otif", 0.93, ["value"] * 50, n=200, swing=0.4))], [0.95] * 50),
        "Eighteen judged weeks: the usual range is provisional": (points("otif", 0.9, ["value"] * 18), [None] * 18),
        "Seven judged weeks: no usual range yet": (points("otif", 0.9, ["value"] * 7), [None] * 7),
        "Too few events for a usual range": (points("error_rate", 0.01, ["value"] * 30), [0.01] * 30),
    }


def charts_made(theme: str, picked: date) -> dict[str, dict[str, Any]]:
    """The chart pictures, by name."""
    found = {}
    for name, (history, targets) in charts_of(theme, picked).items():
        metric = history[0].metric
        aims = [Aim(t, None, "agreed") for t in targets]
        found[name] = charts.trend(metric, history, judge(metric, history, targets[-1]), aims, picked, theme)
    return found
