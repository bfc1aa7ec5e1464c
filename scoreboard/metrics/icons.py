"""The two icons of a figure, each a shape, words and a tone: is it changing, will it hit the target. And its usual range in words.

The convention: `tone` is concern, improvement, quiet or faint; each tone has a shape and words beside its colour. Only a signal or a
target reliably missed gives a tone other than quiet; missing or immature figures are faint. Screen, workbook and page say the same.
"""

from __future__ import annotations

from datetime import date

from scoreboard.metrics import words
from scoreboard.metrics.board import Tile
from scoreboard.metrics.model import Metric
from scoreboard.metrics.signals import COLLECTING
from scoreboard.metrics.states import Point
from scoreboard.metrics.usual import LEAST_BLOCKS, RECENT, Judged, Seldom

# state of the picked week → (shape, what it says); {week} and {noun} are filled in
STATES: dict[str, tuple[str, str]] = {
    "value": ("dot", "Week complete"),
    "maturing": ("half", "{week} may still change"),
    "running": ("ring", "{week} is not complete yet"),
    "too_few": ("small", "Too few to judge"),
    "no_events": ("dash", "No {noun} that week"),
    "missing": ("gap", "No file for {week}"),
    "not_available": ("gap", "Not available"),
}
# what a judged series is called → (shape, words, tone)
VARIATIONS: dict[str, tuple[str, str, str]] = {
    "concern": ("down", "Worse than usual", "concern"),
    "improvement": ("up", "Better than usual", "improvement"),
    "neutral_high": ("up", "Higher than usual", "quiet"),
    "neutral_low": ("down", "Lower than usual", "quiet"),
    "common": ("dot", "Normal week", "quiet"),
    "no_recent_data": ("gap", "No recent data", "faint"),
    "rare": ("dot", "Too rare to judge by the week", "quiet"),
    "rolling": ("dot", "Covers many weeks", "quiet"),
}
# whether the target can be relied on → (shape, words before it, tone)
TRUST: dict[str | None, tuple[str, str, str]] = {
    "reliably_meets": ("hit", "Reliably meets ", "improvement"),
    "hit_or_miss": ("wave", "Hit or miss: ", "quiet"),
    "reliably_misses": ("miss", "Reliably misses ", "concern"),
    None: ("", "", "quiet"),
}
MOVING = ("wave", "Figure on the move; ", "quiet")  # its range was made at another level, and says nothing of this one


def state(tile: Tile) -> dict[str, str]:
    """Is it changing: what stands out, else what may be said of the picked week."""
    point, judged = tile.picked, tile.judged
    shape, said = state_words(point)
    if tile.needs:
        return {"key": point.state, "shape": shape, "words": words.lacking(tile.needs), "tone": "faint"}
    if judged and judged.stands_out:
        shape, _, tone = VARIATIONS[judged.variation]
        found = {"key": point.state, "shape": shape, "words": changing(judged, point.week), "tone": tone}
        return found if point.state == "value" else {**found, "also": said}
    if judged and point.state == "value" and (normal := changing(judged, point.week)):
        return {"key": point.state, "shape": "dot", "words": normal, "tone": "quiet"}
    if judged and judged.variation == "no_recent_data":
        shape, old, _ = VARIATIONS["no_recent_data"]
        return {"key": point.state, "shape": shape, "words": old, "tone": "faint", "also": said}
    return {"key": point.state, "shape": shape, "words": said, "tone": "quiet" if point.state == "value" else "faint"}


def changing(judged: Judged, week: date) -> str:
    """`Worse than usual since week 41`, `Normal week`, `Collecting, 7 of 13`; empty where a week is never judged by itself."""
    if judged.variation == "collecting":
        there, least, of = judged.usual.weeks, COLLECTING, ""
        if judged.blocks:
            there, least, of = judged.blocks.weeks, LEAST_BLOCKS, " four-week blocks"
        return f"Collecting, {there} of {least}{of}" if there < least else "Collecting: too few in a row"
    _, said, _ = VARIATIONS[judged.variation]
    return f"{said} since {words.week_name(judged.since).lower()}" if judged.since and judged.since < week else said


def state_words(point: Point) -> tuple[str, str]:
    """Shape and words of a week's state."""
    shape, said = STATES[point.state]
    if point.state == "too_few" and point.value is None:
        said = "Too few {noun} to show"
    return shape, said.format(week=words.week_name(point.week), noun=words.noun(point.metric, 2))


def aim(tile: Tile) -> dict[str, str]:
    """Will it hit the target."""
    if tile.metric.direction == 0:
        return {"shape": "", "words": "only informs", "tone": "quiet"}
    if tile.aim.target is None:
        return {"shape": "", "words": "no target agreed", "tone": "quiet"}
    shape, begin, tone = trust(tile.judged)
    return {"shape": shape, "words": f"{begin}target {words.text(tile.metric, tile.aim.target)}{_until(tile)}", "tone": tone}


def trust(judged: Judged | None) -> tuple[str, str, str]:
    """Whether the target can be relied on: shape, words before it, tone. All empty where nothing says so."""
    if judged and judged.stands_out and judged.assurance is None:
        return MOVING
    return TRUST[judged.assurance if judged else None]


def _until(tile: Tile) -> str:
    """` until 30 Nov (agreed 95.0 %)`, while a miss is accepted."""
    until, usual = tile.aim.until_on, tile.aim.instead_of
    if not (until and usual):
        return ""
    return f" until {words.short_day(until)} ({usual.basis} {words.text(tile.metric, usual.target)})"


def range_words(metric: Metric, judged: Judged | None) -> str:
    """The usual range as a person reads it, or why there is none."""
    if judged is None:
        return ""
    if drawn := judged.usual.drawn(metric):
        return f"usually {words.text(metric, drawn[0])} to {words.text(metric, drawn[1])}"
    if judged.blocks and (drawn := judged.blocks.drawn(metric)):
        return f"four weeks together are usually {words.text(metric, drawn[0])} to {words.text(metric, drawn[1])}"
    if judged.blocks:
        return f"usual range after {LEAST_BLOCKS} blocks of four weeks in a row; {judged.blocks.weeks} so far"
    if judged.seldom:
        return _seldom(judged.seldom)
    return {"collecting": f"usual range after 13 judged weeks; {judged.usual.weeks} so far",
            "rare": "too few events for a usual range", "rolling": "covers many weeks, so it has no usual range",
            "steady": f"always {words.text(metric, judged.usual.mean)}"}.get(judged.usual.status, "")


def _seldom(seen: Seldom) -> str:
    """`2 in the last 13 judged weeks, the last one 5 weeks ago`: too few for a usual range."""
    if seen.weeks_since is None:
        return "not one in any judged week"
    ago = "this week" if seen.weeks_since == 0 else f"{seen.weeks_since} {'week' if seen.weeks_since == 1 else 'weeks'} ago"
    return f"{seen.events} in the last {RECENT} judged weeks, the last one {ago}"
