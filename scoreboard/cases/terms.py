"""What the clocks of cases run by: the hours of each branch, the standard of each type, how soon an owner says yes.

The convention: a type's words are compared without regard to case and outer spaces, and one type has one standard everywhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from scoreboard.calendars import Calendar, add_working_minutes, to_utc, wall_clock, working_minutes


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
        return working_minutes(self.calendars[branch], wall_clock(start, zone), wall_clock(end, zone))

    def after(self, branch: str, start: datetime, minutes: float) -> datetime:
        """The instant (UTC) that lies working minutes of a branch after another."""
        zone = self.zones[branch]
        return to_utc(add_working_minutes(self.calendars[branch], wall_clock(start, zone), minutes), zone)


def fold(type: str) -> str:
    """A type's words as they are compared."""
    return type.strip().casefold()
