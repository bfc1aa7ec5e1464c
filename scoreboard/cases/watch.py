"""What is due next in a case, and who hears of it: STEPS, the ladder owner → leader → territory.

The convention: a step is an instant that follows from the events and the terms alone. What was due by `watched_until` has been said;
`attention_at` is the first instant after it, so a worker finds what is due without working anything out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from scoreboard.cases.lifecycle import CaseState, pauses
from scoreboard.cases.terms import Terms
from scoreboard.cases.timers import due_at

_MOMENT = timedelta(microseconds=1)
OWNER, LEADER, TERRITORY = LADDER = ("owner", "leader", "territory")


@dataclass(frozen=True)
class Step:
    """Something that comes due: who hears of it, what it says, and when (None: not in this case). `climbs`: an escalation."""

    key: str
    tells: tuple[str, ...]
    says: str
    at: Callable[[CaseState, Terms], datetime | None]
    climbs: bool = False


def _unaccepted(state: CaseState, terms: Terms) -> datetime | None:
    if terms.accept_minutes is None or state.accepted or not state.owner or state.resolved_at is not None:
        return None
    return terms.after(state.branch, state.assigned_at or state.opened_at, terms.accept_minutes)


def _pause_over(state: CaseState, terms: Terms) -> datetime | None:
    found = pauses(state)
    return found[-1].until if found and state.resolved_at is None else None


STEPS: tuple[Step, ...] = (
    Step("critical", LADDER, "is mission-critical", lambda state, terms: state.opened_at if state.critical else None, climbs=True),
    Step("accept", (OWNER, LEADER), "is not accepted yet", _unaccepted),
    Step("update", (OWNER,), "the customer was promised to hear now", lambda state, terms: state.next_update_at),
    Step("pause over", (OWNER,), "the agreed pause is over", _pause_over),
    Step("half", (OWNER,), "half of its standard is used up", lambda state, terms: due_at(state, terms, 0.5)),
    Step("most", (OWNER, LEADER), "four fifths of its standard are used up", lambda state, terms: due_at(state, terms, 0.8), climbs=True),
    Step("all", LADDER, "is past its standard", due_at, climbs=True),
)


def reached(state: CaseState, terms: Terms, since: datetime | None, until: datetime) -> list[tuple[datetime, Step]]:
    """The steps due in `(since, until]`, by time; none of a closed case. `since` None: from its beginning."""
    return [(at, step) for at, step in _steps(state, terms) if (since is None or at > since) and at <= until]


def attention_at(state: CaseState, terms: Terms, watched_until: datetime | None) -> datetime | None:
    """When something must be said next; None when nothing is due any more."""
    return next((at for at, _ in _steps(state, terms) if watched_until is None or at > watched_until), None)


def rewound(before: CaseState, after: CaseState, terms: Terms, watched_until: datetime | None) -> datetime | None:
    """Up to when all has been said after a change: less far than before when the change let a step be reached in the past, as when a
    case becomes mission-critical or gets a type with a shorter standard. Else nobody would ever hear of it."""
    if watched_until is None or not any(getattr(before, name) != getattr(after, name) for name in _MOVING):
        return watched_until
    said = {step.key for at, step in _dated(before, terms) if at <= watched_until}
    missed = [at for at, step in _dated(after, terms) if at <= watched_until and step.key not in said]
    return min(missed) - _MOMENT if missed else watched_until


_MOVING = ("type", "opened_at", "priority", "owner", "assigned_at", "accepted_at", "owner_accepted_at", "pauses", "promises", "resolved_at",
           "told_at")  # what the instants of STEPS follow from


def _steps(state: CaseState, terms: Terms) -> list[tuple[datetime, Step]]:
    return _dated(state, terms) if state.closed_at is None else []


def _dated(state: CaseState, terms: Terms) -> list[tuple[datetime, Step]]:
    return sorted(((at, step) for step in STEPS if (at := step.at(state, terms))), key=lambda found: found[0])
