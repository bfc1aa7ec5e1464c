"""The words of the triangle: what a corner is called, and what the headline says, by what can be judged."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scoreboard.metrics.catalogue import BY_KEY
from scoreboard.metrics.triangle import Reading, Variation, triangle

FIGURE, TARGET, FLOOR = 0.9, 0.95, 0.8


def otif(figure: float | None, target: float | None = None, floor: float | None = None, assurance: str = "") -> Reading:
    return Reading(BY_KEY["otif"], figure, target, floor, assurance=assurance)  # type: ignore[arg-type]


def worse(reading: Reading, variation: Variation = "concern") -> Reading:
    return replace(reading, variation=variation)


def test_the_imbalance_warning_wants_a_corner_that_improves_and_one_that_declines() -> None:
    better = worse(otif(FIGURE, TARGET, FLOOR), "improvement")
    errors = Reading(BY_KEY["error_rate"], 0.02, 0.01, 0.03)
    said = "Speed is improving while Accuracy declines: one corner may be paying for another."
    assert triangle([better, worse(errors)]).imbalance == said
    assert triangle([better, replace(errors, assurance="reliably_misses")]).imbalance == ""  # missed as ever: it pays for nothing


@pytest.mark.parametrize(("reading", "state", "headline"), [
    (otif(None), "no data", "No figure can be judged for this week yet."),
    (otif(FIGURE), "no target agreed", "No targets are agreed yet, so nothing says whether this week was a good one."),
    (otif(FIGURE, floor=FLOOR), "no target agreed", "No targets are agreed yet, so nothing says whether this week was a good one."),
    (otif(FIGURE, TARGET), "steady", "Steady week. No corner has a target and a floor yet."),
    (otif(FIGURE, TARGET, FLOOR), "steady", "Steady week. Lowest corner: Speed, 67 of 100."),
    (otif(FIGURE, TARGET, None, "reliably_misses"), "needs help", "Speed needs help."),
    (otif(FIGURE, TARGET, FLOOR, "reliably_misses"), "needs help", "Speed needs help: 67 of 100."),
    (worse(otif(0.97, TARGET, FLOOR)), "needs help", "Speed needs help."),  # at its target, and worse than usual
])
def test_a_corner_is_steady_only_where_something_could_have_said_otherwise(reading: Reading, state: str, headline: str) -> None:
    found = triangle([reading])
    assert (found.corners[0].state, found.headline) == (state, headline)
