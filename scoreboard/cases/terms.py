"""What the clocks of cases run by: the hours of each branch, the standard of each type, how soon an owner says yes.

The convention: a type's words are compared without regard to case and outer spaces, and one type has one standard everywhere. Where
a branch works through the night of a clock change, its clock stands still while an hour comes again, so that no clock runs backwards.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from scoreboard.calendars import ONE_MINUTE, Calendar, add_working_minutes, to_utc, wall_clock, working_minutes


@dataclass(frozen=True)
class Terms:
    """`calendars` and `zones` by branch; `standards` in working minutes by type; `accept_minutes` working minutes, None: not agreed."""

    calendars: Mapping[str, Calendar]
    zones: Mapping[str, str]
    standards: Mapping[str, float]
    accept_minutes: float | None = None

    def key(self, branch: str) -> str:
        """A fingerprint of what a branch's clocks run by: what was worked out under another one is worked out anew."""
        return hashlib.sha256(f"{self._standards}|{self.zones[branch]}|{self.calendars[branch].key}".encode()).hexdigest()[:16]

    @cached_property
    def _standards(self) -> str:
        return repr((sorted(self._folded.items()), self.accept_minutes))

    @cached_property
    def _folded(self) -> dict[str, float]:
        return {fold(name): float(minutes) for name, minutes in self.standards.items()}

    def standard(self, type: str) -> float | None:
        """The standard agreed for a type, in working minutes; None while none is agreed."""
        return self._folded.get(fold(type))

    def between(self, branch: str, start: datetime, end: datetime) -> float:
        """Working minutes of a branch in `[start, end)`; instants in UTC."""
        zone = self.zones[branch]
        return working_minutes(self.calendars[branch], _reading(start, zone), _reading(end, zone))

    def after(self, branch: str, start: datetime, minutes: float) -> datetime:
        """The first instant (UTC) that lies working minutes of a branch after another; `start` itself for none."""
        zone = self.zones[branch]
        return _instant(add_working_minutes(self.calendars[branch], _reading(start, zone), minutes), zone) if minutes > 0 else start


def fold(type: str) -> str:
    """A type's words as they are compared."""
    return type.strip().casefold()


def _reading(instant: datetime, zone: str) -> datetime:
    """The wall clock, held at the end of an hour that comes again while it comes again."""
    wall = wall_clock(instant, zone)
    if wall.fold:
        wall = wall.replace(second=0, microsecond=0, fold=0)
        while to_utc(wall, zone) != to_utc(wall.replace(fold=1), zone):
            wall += ONE_MINUTE
    return wall


def _instant(wall: datetime, zone: str) -> datetime:
    """The first instant at which a branch's clock has come to a reading; of one that is skipped, the moment of the change."""
    found = to_utc(wall, zone)
    if wall_clock(found, zone) == wall and not wall_clock(found - timedelta.resolution, zone).fold:
        return found
    last = wall.replace(second=0, microsecond=0) - ONE_MINUTE
    while wall_clock(to_utc(last, zone), zone) != last:
        last -= ONE_MINUTE
    return to_utc(last, zone) + ONE_MINUTE
