"""The times people write in a form: some ready ones in words, or a day and an hour of their own, on the branch's clock.

The convention: what was chosen is read when it is saved, so that "in an hour" is an hour after saving.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from scoreboard.calendars import Calendar, add_working_minutes, close_of, to_utc, wall_clock
from scoreboard.cases.terms import Terms
from scoreboard.errors import Refused

_HOUR = timedelta(hours=1)
_EXAMPLE = "Choose one, or write 15:00, Tue 10:00 or 2026-11-09 15:00."
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_OWN = re.compile(r"(?:(?P<day>[a-z]{3})[a-z]*\.?,? +)?(?P<hour>\d{1,2})[:.](?P<minute>\d\d)")


def _closing(calendar: Calendar, now: datetime) -> datetime:
    """The end of the working day that runs now or comes next."""
    return close_of(calendar, add_working_minutes(calendar, now, 1).date())


def _next_day(calendar: Calendar, now: datetime) -> datetime:
    """An hour after the opening of the next working day."""
    end = _closing(calendar, now)
    return add_working_minutes(calendar, max(end, now), 60)


AHEAD: Mapping[str, Callable[[Calendar, datetime], datetime]] = {
    "in 30 minutes": lambda calendar, now: now + _HOUR / 2, "in 1 hour": lambda calendar, now: now + _HOUR,
    "in 2 hours": lambda calendar, now: now + 2 * _HOUR, "in 4 hours": lambda calendar, now: now + 4 * _HOUR,
    "at closing": _closing, "next working day, first thing": _next_day, "in 2 days": lambda calendar, now: now + timedelta(days=2),
    "in a week": lambda calendar, now: now + timedelta(days=7)}
BEHIND: Mapping[str, Callable[[Calendar, datetime], datetime]] = {
    "5 minutes ago": lambda calendar, now: now - _HOUR / 12, "15 minutes ago": lambda calendar, now: now - _HOUR / 4,
    "30 minutes ago": lambda calendar, now: now - _HOUR / 2, "1 hour ago": lambda calendar, now: now - _HOUR,
    "2 hours ago": lambda calendar, now: now - 2 * _HOUR}


def read(text: str | None, branch: str, terms: Terms, now: datetime, *, ahead: bool) -> datetime | None:
    """The instant (UTC) that a choice or a written time means at a branch; None for an empty field. Refused otherwise."""
    said = " ".join((text or "").split())
    if not said:
        return None
    zone, ready = terms.zones[branch], AHEAD if ahead else BEHIND
    local = wall_clock(now, zone)
    found = ready[said](terms.calendars[branch], local) if said in ready else _written(said, local, ahead)
    return to_utc(found, zone)


def _written(said: str, now: datetime, ahead: bool) -> datetime:
    """`15:00` is today's, `Tue 10:00` that of the nearest Tuesday to come (or past)."""
    if match := _OWN.fullmatch(said.casefold()):
        hour, minute = int(match["hour"]), int(match["minute"])
        day = match["day"]
        if hour < 24 and minute < 60 and (day is None or day in _WEEKDAYS):
            at = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
            if day is None:
                return at
            apart = (_WEEKDAYS.index(day) - now.weekday()) % 7
            return at + timedelta(days=apart if ahead else apart - 7 if apart else 0)
    try:
        found = datetime.fromisoformat(said)
    except ValueError:
        raise Refused(f'"{said}" is not a time.', _EXAMPLE) from None
    return found.replace(tzinfo=None)
