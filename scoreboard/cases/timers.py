"""The clocks of a case, as pure functions of its events, the calendar and now. Instants go in and come out in UTC.

    ours      working time from the opening until it is resolved and told, without pauses that wait for the customer: the standard's
    theirs    calendar time from the opening until it is resolved and told; never pauses
    work      as ours, also without pauses that wait for a supplier or a carrier; shown inside a case only

Nothing restarts a clock. The same times in SQL, for many cases, are the differences of `calendars.sql_minutes_at`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from scoreboard.calendars import ONE_MINUTE
from scoreboard.cases.lifecycle import CUSTOMER, WAITS, CaseState, Event, Pause, pauses
from scoreboard.cases.terms import Terms


@dataclass(frozen=True)
class Times:
    """Minutes of a case: the three clocks (while `running`, up to now), and its legs in working minutes; None: has not come.

    to_accept     opened → accepted
    to_first_word opened → first told, or told where no first word is noted
    to_resolve    opened → resolved
    to_told       resolved → told; 0 when the customer was told first
    """

    ours: float
    theirs: float
    work: float
    running: bool
    to_accept: float | None
    to_first_word: float | None
    to_resolve: float | None
    to_told: float | None


def times(state: CaseState, terms: Terms, now: datetime) -> Times:
    """The clocks of a case and its legs, as of `now`."""

    def leg(start: datetime | None, end: datetime | None) -> float | None:
        return None if start is None or end is None else terms.between(state.branch, start, end)

    end = max(state.closed_at or now, state.opened_at)
    working = terms.between(state.branch, state.opened_at, end)
    return Times(
        ours=working - waited(state, terms, end, (CUSTOMER,)), theirs=(end - state.opened_at) / ONE_MINUTE,
        work=working - waited(state, terms, end, WAITS), running=state.closed_at is None,
        to_accept=leg(state.opened_at, state.accepted_at),
        to_first_word=leg(state.opened_at, state.first_told_at or state.told_at),
        to_resolve=leg(state.opened_at, state.resolved_at), to_told=leg(state.resolved_at, state.told_at))


def waited(state: CaseState, terms: Terms, until: datetime, waits_for: Collection[str] = (CUSTOMER,)) -> float:
    """Working minutes of its pauses from the opening up to `until`."""
    return sum(terms.between(state.branch, pause.since, min(pause.until, until)) for pause in _apart(state, waits_for))


def due_at(state: CaseState, terms: Terms, share: float = 1.0) -> datetime | None:
    """When `share` of its standard is used up on our clock (a pause counts up to its agreed end); None while its type has none."""
    standard = terms.standard(state.type)
    if standard is None:
        return None
    left, at = standard * share, state.opened_at
    for pause in _apart(state, (CUSTOMER,)):
        before = terms.between(state.branch, at, pause.since)
        if before >= left:
            break
        left, at = left - before, max(at, pause.until)
    return terms.after(state.branch, at, left)


@dataclass(frozen=True)
class Held:
    """Whose a case was, from when to when (UTC), in calendar minutes. For the timeline of one case alone, never added up by person."""

    owner: str
    since: datetime
    until: datetime
    minutes: float


def held(state: CaseState, events: Iterable[Event], until: datetime) -> list[Held]:
    """The owners of a case one after another; "" while it had none. Their minutes add up to the time from its opening to `until`."""
    since: list[tuple[datetime, str]] = []
    for event in events:
        if "owner" in event.new or not since:
            since.append((max(event.at, since[-1][0]) if since else state.opened_at, event.new.get("owner") or ""))
    ends = [*(min(at, until) for at, _ in since[1:]), until]  # a file may bring an owner long after the case was closed
    return [Held(owner, at, end, (end - at) / ONE_MINUTE) for (at, owner), end in zip(since, ends, strict=True) if end > at]


def _apart(state: CaseState, waits_for: Collection[str]) -> list[Pause]:
    """Its pauses for some, clipped to the opening, in order and without overlap."""
    found: list[Pause] = []
    for pause in sorted((p for p in pauses(state) if p.waits_for in waits_for), key=lambda p: p.since):
        since = max(pause.since, found[-1].until if found else state.opened_at)
        if since < pause.until:
            found.append(Pause(since, pause.until, pause.waits_for, pause.reason))
    return found
