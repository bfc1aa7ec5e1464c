"""How long a case took, in working minutes of its branch. Instants go in and come out in UTC.

The clock starts when the case was opened and stops when it is both resolved and told; nothing restarts it.
The same times in SQL, for many cases, are the differences of `calendars.sql_minutes_at`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from scoreboard.calendars import Calendar, add_working_minutes, to_utc, wall_clock, working_minutes
from scoreboard.cases.lifecycle import CaseState


@dataclass(frozen=True)
class Times:
    """Working minutes of a case; a leg whose end has not come is None.

    closing       opened → resolved and told, the later of both; while `running`, opened → now
    to_accept     opened → accepted
    to_first_word opened → first told, or told where no first word is noted
    to_resolve    opened → resolved
    to_told       resolved → told; 0 when the customer was told first
    """

    closing: float
    running: bool
    to_accept: float | None
    to_first_word: float | None
    to_resolve: float | None
    to_told: float | None


def closing_minutes(state: CaseState, calendar: Calendar, zone: str, now: datetime) -> Times:
    """The clock of a case and its legs, as of `now`."""

    def between(start: datetime | None, end: datetime | None) -> float | None:
        if start is None or end is None:
            return None
        return working_minutes(calendar, wall_clock(start, zone), wall_clock(end, zone))

    ends = (state.resolved_at, state.told_at)
    stopped = max((end for end in ends if end), default=None) if all(ends) else None
    return Times(
        closing=between(state.opened_at, stopped or now) or 0.0, running=stopped is None,
        to_accept=between(state.opened_at, state.accepted_at),
        to_first_word=between(state.opened_at, state.first_told_at or state.told_at),
        to_resolve=between(state.opened_at, state.resolved_at),
        to_told=between(state.resolved_at, state.told_at))


def standard_minutes(type: str, standards: Mapping[str, float]) -> float | None:
    """The standard agreed for a type of case, in working minutes; None while none is agreed.

    The words of a type are compared without regard to case and outer spaces.
    """
    by_fold = {name.strip().casefold(): minutes for name, minutes in standards.items()}
    return by_fold.get(type.strip().casefold())


def due_at(state: CaseState, calendar: Calendar, zone: str, standards: Mapping[str, float]) -> datetime | None:
    """When the case passes its standard; None while its type has none."""
    minutes = standard_minutes(state.type, standards)
    if minutes is None:
        return None
    return to_utc(add_working_minutes(calendar, wall_clock(state.opened_at, zone), minutes), zone)
