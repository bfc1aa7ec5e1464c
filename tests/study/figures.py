"""What a study found, counted: stories found and when, lights on noise, warnings on noise. Pure: records in, counts out.

A light: a tile on the board with a usual range says better, worse, higher or lower than usual. A tile-week: such a tile at
one huddle, lit or not. A story is found at the first huddle that lights its metric at its branch in its direction, by a
week of the story. Its figure can be judged from the first huddle on that shows a week of the story and has a usual range.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import sqrt
from typing import Any

from scoreboard.metrics.catalogue import BY_KEY
from scoreboard.samples import STORIES, Story
from tests.study.huddles import WEEKS, Record

SOON = 4  # weeks
NOISE = next(story.branch for story in STORIES if not story.metric)
MOVING = [story for story in STORIES if story.moves != "steady"]
STILL = [story for story in STORIES if story.metric and story.moves == "steady"]
Choice = Callable[[Record, str, Record], bool]  # entry, metric, tile


@dataclass(frozen=True)
class Share:
    """So many of so many; `spread` is the standard error over seeds, because weeks of a seed hang together."""

    part: int
    whole: int
    spread: float = 0.0

    @property
    def value(self) -> float:
        return self.part / self.whole if self.whole else 0.0


@dataclass(frozen=True)
class Found:
    """One story in one seed, in weeks after its first: when it could be judged, when it was found; None for never."""

    story: Story
    seed: int
    judged: int | None
    found: int | None

    @property
    def soon(self) -> bool:
        return self.found is not None and self.found <= SOON

    @property
    def soon_once_judged(self) -> bool:
        return self.found is not None and self.judged is not None and self.found - self.judged <= SOON


def number(story: Story) -> int:
    """The number of the week a story begins in."""
    return WEEKS - 1 - story.first_week


def found(record: Record, story: Story) -> Found:
    """Whether and when a story was found in a seed."""
    wanted = "improvement" if BY_KEY[story.metric].direction * (1 if story.moves == "up" else -1) > 0 else "concern"
    begun, ended = number(story), WEEKS - 1 - story.last_week
    seen = [(entry["week"] - begun, tile) for entry in record["huddles"][story.branch]
            if (tile := entry["tiles"][story.metric])["shown"] is not None and begun <= tile["shown"] <= ended and ranged(tile)]
    return Found(story, record["seed"], next((after for after, _ in seen), None),
                 next((after for after, tile in seen if tile["says"] == wanted), None))


def ranged(tile: Record) -> bool:
    return bool(tile["range"] in ("weeks", "blocks"))


def lit(tile: Record) -> bool:
    return ranged(tile) and bool(tile["rule"])


def before(record: Record, branch: str) -> list[Record]:
    """The huddles of a branch before its first story; of the noise branch all of them."""
    end = min((number(s) for s in MOVING if s.branch == branch), default=WEEKS)
    return [entry for entry in record["huddles"][branch] if entry["week"] < end]


def lights(records: Iterable[Record], branches: Iterable[str], chosen: Choice) -> Share:
    """Tile-weeks lit, of those with a usual range, on branches where nothing has happened yet."""
    return _shares([lit(tile) for branch in branches for entry in before(record, branch)
                    for metric, tile in entry["tiles"].items() if ranged(tile) and chosen(entry, metric, tile)] for record in records)


def warnings(records: Iterable[Record], branches: Iterable[str]) -> Share:
    """Weeks with an imbalance warning, of all weeks, on branches where nothing has happened yet."""
    return _shares([entry["imbalance"] for branch in branches for entry in before(record, branch)] for record in records)


def warned(record: Record, story: Story) -> int | None:
    """How many weeks after its start a story first brings the imbalance warning; None for never."""
    return next((entry["week"] - number(story) for entry in record["huddles"][story.branch]
                 if entry["week"] >= number(story) and entry["imbalance"]), None)


def still(records: Iterable[Record], story: Story) -> Share:
    """Tile-weeks lit during a story in which the metric must not move."""
    return _shares([lit(tile) for entry in record["huddles"][story.branch] if entry["week"] >= number(story)
                    and ranged(tile := entry["tiles"][story.metric])] for record in records)


def on_board(_entry: Record, _metric: str, tile: Record) -> bool:
    return bool(tile["board"])


def _shares(by_seed: Iterable[list[Any]]) -> Share:
    counts = [(sum(map(bool, flags)), len(flags)) for flags in by_seed]
    part, whole = sum(p for p, _ in counts), sum(n for _, n in counts)
    if not whole or len(counts) < 2:
        return Share(part, whole)
    off = sum((p - n * part / whole) ** 2 for p, n in counts)
    return Share(part, whole, sqrt(off * len(counts) / (len(counts) - 1)) / whole)
