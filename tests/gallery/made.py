"""Made-up points in every state, turned into tiles and charts by the product's own functions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

from scoreboard.metrics.board import Aim, Tile
from scoreboard.metrics.catalogue import BY_KEY
from scoreboard.metrics.states import Point
from scoreboard.metrics.usual import judge
from scoreboard.state.targets import Target
from scoreboard.views import board_words, tiles
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
    return [*history[:-1], last._replace(value=(last.value or 0.0) * by)]


def tile(key: str, history: list[Point], target: float | None = None, needs: list[str] | None = None,
         accepted: float | None = None) -> dict[str, Any]:
    """A tile as the board has it; with a miss `accepted` until the end of the month."""
    metric, picked = BY_KEY[key], history[-1]
    shown = next((p for p in reversed(history) if p.judged), picked)
    aim = Aim(target, None, "agreed" if target is not None else "baseline")
    if accepted is not None:
        until = Target(key, "branch", "", accepted, None, date(2026, 10, 1), "", "", datetime(2026, 10, 1), date(2026, 11, 30))
        aim, target = Aim(accepted, None, "accepted", until, aim), accepted
    made = Tile(metric, shown, picked, aim, needs or [], history, True, judge(metric, history, target))
    return tiles.tile_json(made)


FULL = ["value"] * 30
RARE = "Errors too rare for a week: four weeks together are one large dot"
MOVED = "A new usual level that a person has begun; the former one stays, paler. Durations lie on a log scale"
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


MORE: tuple[tuple[str, Callable[[], dict[str, Any]]], ...] = (
    ("a normal week, hit or miss", lambda: tile("otif", points("otif", 0.9, FULL, swing=1.5), 0.92)),
    ("collecting", lambda: tile("fill_rate", points("fill_rate", 0.93, ["value"] * 7), 0.95)),
    ("a miss accepted until a day", lambda: tile("promise_kept", points("promise_kept", 0.86, FULL), 0.95, accepted=0.85)),
    ("no recent data", lambda: tile("first_call_resolution", points("first_call_resolution", 0.8, [*FULL, *["missing"] * 6]), 0.8)),
    ("higher than usual, it only informs", lambda: tile(
        "exceptions_per_100_orders", lifted(points("exceptions_per_100_orders", 4.0, FULL, swing=0.4), 1.6))),
    ("rare errors, worse in blocks of four weeks", lambda: tile(
        "error_rate", [*points("error_rate", 0.012, ["value"] * 60, n=40, swing=2.0)[:-4],
                       *points("error_rate", 0.12, ["value"] * 4, n=40)], 0.01)),
    ("too rare even for blocks", lambda: tile("order_accuracy", points("order_accuracy", 1.0, ["value"] * 60, n=12, swing=0.0), 0.99)),
    ("over many weeks", lambda: tile("team_leavers", points("team_leavers", 3.0, FULL, n=14, swing=0.0))),
)


def board(show: str) -> dict[str, Any]:
    """A board whose eight tiles are eight states, eight more, or the longest words and numbers there can be."""
    made = longest() if show == "long" else [make() for _, make in (MORE if show == "more-tiles" else STATES)]
    corners = [{"name": name, "score": score, "state": state, "speak": "2 of 3 speak", "hollow": hollow, "tone": tone}
               for name, score, state, hollow, tone in (
                   ("Speed", 92, "improving", False, "improvement"), ("Accuracy", 50, "needs help", False, "concern"),
                   ("Confidence", 78, "steady", True, "quiet"))]
    return {"name": "Gallery", "week": "Week 45", "span": "2–8 November 2026", "as_reported": False, "sample": False,
            "headline": "Accuracy needs help: 50 of 100.", "detail": "Every state a tile can have, in the places of the board.",
            "corners": corners, "triangle": "", "score": board_words.SCORE, "tiles": made,
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
            ([p._replace(value=(p.value or 0.0) - (0.12 if at == 30 else 0.035 if at > 37 else 0.0))
              for at, p in enumerate(points("otif", 0.93, ["value"] * 50, n=200, swing=0.4))], [0.95] * 50),
        "Eighteen judged weeks: the usual range is provisional": (points("otif", 0.9, ["value"] * 18), [None] * 18),
        "Seven judged weeks: no usual range yet": (points("otif", 0.9, ["value"] * 7), [None] * 7),
        "Seven blocks of four weeks: no usual range yet": (points("error_rate", 0.01, ["value"] * 30), [0.01] * 30),
        RARE: (points("error_rate", 0.012, ["value"] * 56, n=40, swing=12.0), [0.01] * 56),
        MOVED: ([p._replace(value=(p.value or 0.0) * (0.45 if at >= 40 else 1.0))
                 for at, p in enumerate(points("quote_response_time", 3.0, ["value"] * 60, swing=5.0))], [1.5] * 60),
    }


def charts_made(theme: str, picked: date) -> dict[str, dict[str, Any]]:
    """The chart pictures, by name."""
    found = {}
    for name, (history, targets) in charts_of(theme, picked).items():
        metric = history[0].metric
        aims = [Aim(t, None, "agreed") for t in targets]
        levels = [history[40].week] if name == MOVED else []
        found[name] = charts.trend(metric, history, judge(metric, history, targets[-1], levels), aims, picked, theme)
    return found
