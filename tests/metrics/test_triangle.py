"""The words of the triangle: what a corner is called, and what the headline says, by what can be judged."""

from __future__ import annotations

import pytest

from scoreboard.metrics.catalogue import BY_KEY
from scoreboard.metrics.triangle import Reading, triangle

FIGURE, TARGET, FLOOR = 0.9, 0.95, 0.8


def otif(figure: float | None, target: float | None = None, floor: float | None = None, assurance: str = "") -> Reading:
    return Reading(BY_KEY["otif"], figure, target, floor, assurance=assurance)  # type: ignore[arg-type]


@pytest.mark.parametrize(("reading", "state", "headline"), [
    (otif(None), "no data", "No figure can be judged for this week yet."),
    (otif(FIGURE), "no target agreed", "No targets are agreed yet, so nothing says whether this week was a good one."),
    (otif(FIGURE, floor=FLOOR), "no target agreed", "No targets are agreed yet, so nothing says whether this week was a good one."),
    (otif(FIGURE, TARGET), "steady", "Steady week. No corner has a target and a floor yet."),
    (otif(FIGURE, TARGET, FLOOR), "steady", "Steady week. Lowest corner: Speed, 67 of 100."),
    (otif(FIGURE, TARGET, None, "reliably_misses"), "needs help", "Speed needs help."),
])
def test_a_corner_is_steady_only_where_something_could_have_said_otherwise(reading: Reading, state: str, headline: str) -> None:
    found = triangle([reading])
    assert (found.corners[0].state, found.headline) == (state, headline)
