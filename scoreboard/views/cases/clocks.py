"""What the browser needs to let the clocks of a case tick by itself: minutes used at one moment, and when the branch is open.

The convention: instants are milliseconds since 1970 (UTC), as browsers count. A clock counts the open minutes after `from`: the
moment it was worked out, or the agreed end of a pause that holds it. Where a branch is open through a clock change at night, the
hour that is twice or never there is counted as it comes; the next look at the page puts it right.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from scoreboard.calendars import Calendar, close_of, last_open_day, to_utc, wall_clock, working_minutes
from scoreboard.cases import timers
from scoreboard.cases.lifecycle import CUSTOMER, WAITS, CaseState, pause_at
from scoreboard.cases.terms import Terms

DAYS_AHEAD = 14


def millis(at: datetime | None) -> int | None:
    """An instant as browsers count; None stays None."""
    return None if at is None else round(at.replace(tzinfo=UTC).timestamp() * 1000)


def clock(state: CaseState, terms: Terms, now: datetime) -> dict[str, Any]:
    """The clocks of a case at `now`, in minutes, with what lets them tick on."""
    found, pause = timers.times(state, terms, now), pause_at(state, now)
    held = {waits: pause.until if pause and pause.waits_for in waits else now for waits in ((CUSTOMER,), WAITS)}
    return {"branch": state.branch, "opened": millis(state.opened_at), "ended": millis(state.closed_at), "at": millis(now),
            "ours": found.ours, "oursFrom": millis(held[(CUSTOMER,)]), "work": found.work, "workFrom": millis(held[WAITS]),
            "standard": terms.standard(state.type), "paused": _pause(state, terms, now)}


def _pause(state: CaseState, terms: Terms, now: datetime) -> dict[str, Any] | None:
    pause = pause_at(state, now)
    if pause is None or state.resolved_at is not None:
        return None
    zone = terms.zones[state.branch]
    until = clock_time(pause.until, now, zone)
    return {"until": millis(pause.until), "says": f"paused until {until}", "ours": pause.waits_for == CUSTOMER}


def clock_time(at: datetime, now: datetime, zone: str) -> str:
    """An instant on a branch's clock, as short as it can be: `15:00`, `Tue 15:00`, `3 Dec 15:00`."""
    local, today = wall_clock(at, zone), wall_clock(now, zone).date()
    if local.date() == today:
        return f"{local:%H:%M}"
    near = abs(local.date() - today) < timedelta(days=6)
    year = "" if local.year == today.year else f" {local.year}"
    return f"{local:%a %H:%M}" if near else f"{local.day} {local:%b}{year} {local:%H:%M}"


def open_hours(branches: Collection[str], terms: Terms, now: datetime) -> dict[str, list[list[int]]]:
    """When branches are open in the coming two weeks, as `[from, to)`."""
    return {code: _spans(terms.calendars[code], terms.zones[code], wall_clock(now, terms.zones[code]).date())
            for code in branches if code in terms.zones}


@lru_cache(maxsize=4096)
def _spans(calendar: Calendar, zone: str, first: Any) -> list[list[int]]:
    days = [first + timedelta(days=ahead) for ahead in range(-1, DAYS_AHEAD)]
    closes = [close_of(calendar, day) for day in days if last_open_day(calendar, day, day)]
    opens = [close - timedelta(minutes=working_minutes(calendar, close - timedelta(days=1), close)) for close in closes]
    return [[millis(to_utc(start, zone)) or 0, millis(to_utc(end, zone)) or 0] for start, end in zip(opens, closes, strict=True)]
