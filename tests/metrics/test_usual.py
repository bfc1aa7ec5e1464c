"""The usual range: published limits come out, noise gets no narrow band, and what cannot have limits has none."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoreboard.metrics.catalogue import BY_KEY
from scoreboard.metrics.model import Metric
from scoreboard.metrics.states import Point
from scoreboard.metrics.usual import Usual, judge
from scoreboard.weeks import WEEK

SPC = Path(__file__).resolve().parents[3] / "shared" / "data" / "spc"
FIRST = date(2025, 1, 6)
TURNS = BY_KEY["exceptions_per_100_orders"]  # neither share, count nor duration: figures are taken as they are


@dataclass
class Row:
    whole: float
    undecided: int = 0


def usual(metric: Metric, weeks: list[Point]) -> Usual:
    return judge(metric, weeks, None).usual


def points(key: str, values: list[float | None], n: float = 100.0) -> list[Point]:
    """One week after another; None is a week that is not judged."""
    return [Point(BY_KEY[key], FIRST + i * WEEK, Row(n), v, "missing" if v is None else "value") for i, v in enumerate(values)]


@pytest.mark.skipif(not SPC.is_dir(), reason="the published series are not here")
@pytest.mark.parametrize("name", ["xmr_05_wheeler_msod_p382", "xmr_06_wheeler_msod_p130_peakflow"])
def test_published_limits(name: str) -> None:
    known = json.loads((SPC / f"{name}.json").read_text(encoding="utf-8"))
    found = usual(TURNS, points(TURNS.key, known["y"]))
    assert found.status == "provisional"
    for figure, key in ((found.mean, "mean"), (found.lower, "lnpl"), (found.upper, "unpl")):
        assert figure == pytest.approx(known["published"][key], rel=5e-4)


def test_a_gap_in_the_calendar_makes_no_moving_range() -> None:
    steps = [10.0, 12.0] * 8
    jumped = [*steps[:8], None, *[v + 50 for v in steps[8:]]]
    whole, gapped = usual(TURNS, points(TURNS.key, steps)), usual(TURNS, points(TURNS.key, jumped))
    assert (whole.upper or 0) - (whole.mean or 0) == pytest.approx(2.66 * 2)
    assert (gapped.upper or 0) - (gapped.mean or 0) == pytest.approx(2.66 * 2)  # the jump of 50 lies over the gap


@pytest.mark.parametrize("weeks, status", [
    (0, "collecting"), (12, "collecting"), (13, "provisional"), (25, "provisional"), (26, "firm"), (80, "firm")])
def test_how_many_weeks_give_a_range(weeks: int, status: str) -> None:
    assert usual(BY_KEY["otif"], points("otif", [0.8 + 0.01 * (i % 5) for i in range(weeks)])).status == status


def test_the_range_stands_after_a_year() -> None:
    year = [0.8 + 0.01 * (i % 5) for i in range(52)]
    first, later = usual(BY_KEY["otif"], points("otif", year)), usual(BY_KEY["otif"], points("otif", year + [0.1] * 30))
    assert (first.mean, first.lower, first.upper) == (later.mean, later.lower, later.upper) and later.weeks == 52


def test_rare_errors_get_no_range() -> None:
    assert usual(BY_KEY["error_rate"], points("error_rate", [0.0, 0.01] * 20, n=40)).status == "rare"


def test_a_figure_over_many_weeks_gets_no_range() -> None:
    assert usual(BY_KEY["team_leavers"], points("team_leavers", [3.0, 5.0] * 20)).status == "rolling"


def test_drawn_limits_stay_within_what_can_be() -> None:
    found = usual(BY_KEY["otif"], points("otif", [0.9, 1.0] * 15))
    assert found.upper and found.upper > 1.0
    assert found.drawn(BY_KEY["otif"]) == (pytest.approx(found.lower), 1.0)


@given(st.lists(st.floats(min_value=0.1, max_value=500), min_size=13, max_size=60))
def test_durations_are_judged_on_the_log_scale(hours: list[float]) -> None:
    metric = BY_KEY["quote_response_time"]
    found, twice = usual(metric, points(metric.key, hours)), usual(metric, points(metric.key, [2 * h for h in hours]))
    if found.lower is not None and found.mean is not None and twice.lower is not None and found.status == twice.status != "steady":
        assert 0 < found.lower <= found.mean <= (found.upper or 0)
