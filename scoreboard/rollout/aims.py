"""What the plan asks of targets, from a book of them read once: which corners have one, since when, and what became stricter.

The convention: accepted misses are left out, because they do not change what people aim for; a branch is held against the territory
it belongs to today.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date

from scoreboard.metrics.catalogue import BY_KEY, CATALOGUE
from scoreboard.metrics.model import Metric
from scoreboard.metrics.triangle import CORNERS
from scoreboard.metrics.values import as_text, in_unit
from scoreboard.rollout.evidence import Tightened
from scoreboard.state.targets import Book, Target, in_force

Held = dict[str, Target]


@dataclass(frozen=True)
class Aims:
    """The targets of a company; what holds on a day is worked out once for all branches that share it."""

    book: Book
    _held: dict[tuple[str, str, date], Held] = field(default_factory=dict)

    def held(self, branch: str, territory: str, on: date) -> Held:
        """The agreed target of each metric at a branch on a day."""
        own, shared = self._places(branch, territory)
        if (own, shared, on) not in self._held:
            self._held[own, shared, on] = in_force(self.book, "branch", own, shared, on, with_misses=False)
        return self._held[own, shared, on]

    def days(self, branch: str, territory: str, today: date) -> list[date]:
        """The days up to today on which something else began to hold, the latest first."""
        own, shared = self._places(branch, territory)
        rows = (t for place in (("company", ""), ("territory", shared), ("branch", own)) for t in self.book.get(place, ()))
        return sorted({t.from_on for t in rows if t.from_on <= today and t.until_on is None}, reverse=True)

    def _places(self, branch: str, territory: str) -> tuple[str, str]:
        """Branch and territory, empty where they have agreed nothing of their own."""
        return branch if ("branch", branch) in self.book else "", territory if ("territory", territory) in self.book else ""


def corners(aims: Aims, branch: str, territory: str, figures: Collection[str], today: date) -> dict[str, date | None]:
    """The corners for which a figure of the board (or its substitute) has a target and a floor today, and since when without a gap;
    None: only by what ships with a source."""
    days, found = aims.days(branch, territory, today), {}
    for corner in CORNERS:
        metrics = [m for m in CATALOGUE if m.corner == corner and (m.key in figures or m.instead_of in figures)]
        if not _spoken(aims.held(branch, territory, today), metrics):
            continue
        since: date | None = None
        for day in days:
            held = aims.held(branch, territory, day)
            if not _spoken(held, metrics):
                break
            since = day if _spoken(held, metrics, sourced=False) else since
        found[corner] = since
    return found


def _spoken(held: Held, metrics: Iterable[Metric], *, sourced: bool = True) -> bool:
    """Whether one of the metrics has a target and a floor that was agreed, or (`sourced`) ships."""
    return any(None not in (_aim(held, m) if sourced else _agreed(held, m)) for m in metrics)


def tightened(aims: Aims, branch: str, territory: str, day_60: date, today: date) -> list[Tightened]:
    """The targets and floors that ask for more today than on day 60, and for less in nothing."""
    before, now = aims.held(branch, territory, day_60), aims.held(branch, territory, today)
    found = []
    for key, target in now.items():
        metric = BY_KEY.get(key)
        if metric is None or not metric.direction or target is before.get(key):
            continue
        moves = [(what, old, new) for what, old, new in zip(("target", "floor"), _aim(before, metric), _aim(now, metric), strict=True)
                 if old is not None and new is not None and old != new]
        if moves and all((new - old) * metric.direction > 0 for _, old, new in moves):
            said = ", ".join(f"{what} {as_text(metric, old)} → {as_text(metric, new)}" for what, old, new in moves)
            found.append(Tightened(f"{metric.name}: {said} ({target.reason})", target.from_on))
    return sorted(found, key=lambda one: one.since)


def _aim(held: Held, metric: Metric) -> tuple[float | None, float | None]:
    """Target and floor of a metric, agreed or else sourced."""
    return _agreed(held, metric) if metric.key in held else (in_unit(metric, metric.target), in_unit(metric, metric.floor))


def _agreed(held: Held, metric: Metric) -> tuple[float | None, float | None]:
    target = held.get(metric.key)
    return (target.target, target.floor) if target else (None, None)
