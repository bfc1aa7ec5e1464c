"""Who is told of what came due in a case, and in which words: rows of `messages`, written before anything is sent.

The convention: a person hears once of a case, however many steps it reached since; the row is the latest step they hear of, and its
words mention the earlier ones. A rung with nobody to reach has a row too, without a channel, that says what is missing. NEVER as
`not_before` takes a row out of the queue. No row holds an address.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from scoreboard.calendars import to_utc, wall_clock
from scoreboard.cases.channels import kind_of
from scoreboard.cases.lifecycle import CaseState
from scoreboard.cases.terms import Terms
from scoreboard.cases.watch import LEADER, OWNER, Step

NEVER = datetime(9999, 1, 1)
Addresses = Mapping[tuple[str, str], str]  # by role and name
Reached = tuple[datetime, Step]
Said = Collection[tuple[str, datetime, str]]  # step, when it was reached, name


@dataclass(frozen=True)
class _Hears:
    """Somebody of a rung (nobody: an empty name) and the steps they hear of, by time."""

    role: str
    name: str
    steps: list[Reached]


def rows(state: CaseState, reached: Sequence[Reached], known: Addresses, terms: Terms, quiet_hours: str, said: Said,
         now: datetime) -> list[dict[str, Any]]:
    """What is to be written for the steps a case has reached; `said` is what stands there already."""
    zone = terms.zones[state.branch]
    found = []
    for one in _hearers(state, reached, known):
        unsaid = [(at, step) for at, step in one.steps if (step.key, at, one.name) not in said]
        if not unsaid:
            continue
        address = address_of(known, one.role, one.name)
        trouble = "" if address else _missing(one, state.branch)
        at, step = unsaid[-1]
        found.append({
            "branch": state.branch, "case_no": state.case_no, "step": step.key, "due_at": at, "role": one.role, "name": one.name,
            "channel": kind_of(address), "text": _text(state, unsaid, zone), "made_at": now, "trouble": trouble,
            "not_before": NEVER if trouble else now if state.critical else after_quiet(now, quiet_hours, zone)})
    return found


def address_of(known: Addresses, role: str, name: str) -> str:
    """Where somebody is reached: as on this rung, else as on another; empty when nowhere."""
    return known.get((role, name)) or next((address for (_, other), address in known.items() if other == name and address), "")


def after_quiet(at: datetime, quiet_hours: str, zone: str) -> datetime:
    """The first moment from `at` on (UTC) outside the quiet hours `[from, to)`, which are on the wall clock of the zone."""
    if not quiet_hours:
        return at
    start, end = (int(hours) * 60 + int(minutes) for hours, minutes in (time.split(":") for time in quiet_hours.split("-")))
    local = wall_clock(at, zone)
    minute = local.hour * 60 + local.minute
    if not (start <= minute < end if start < end else start != end and (minute >= start or minute < end)):
        return at
    midnight = datetime.combine(local.date() + timedelta(days=minute >= end), datetime.min.time())
    return max(at, to_utc(midnight + timedelta(minutes=end), zone))


# ---- who ---------------------------------------------------------------------------------------------
def _hearers(state: CaseState, reached: Sequence[Reached], known: Addresses) -> list[_Hears]:
    """Each person once, on the lowest rung they hear something on; a rung with nobody each time."""
    found: dict[tuple[str, str], _Hears] = {}
    for at, step in reached:
        here = set()
        for role, name in _rungs(state, step, known):
            one = found.setdefault(("", name) if name else (role, ""), _Hears(role, name, []))
            if (one.role, name) not in here:
                one.steps.append((at, step))
            here.add((one.role, name))
    return list(found.values())


def _rungs(state: CaseState, step: Step, known: Addresses) -> Iterator[tuple[str, str]]:
    """Role and name of everybody a step tells. While nobody owns a case its leader hears what the owner would."""
    for role in dict.fromkeys(LEADER if role == OWNER and not state.owner else role for role in step.tells):
        names = [state.owner or ""] if role == OWNER else [name for other, name in known if other == role]
        yield from ((role, name) for name in names or [""])


def _missing(one: _Hears, branch: str) -> str:
    if one.name:
        return f"No address of {one.name} is known: give them one on the ladder."
    return f"Nobody stands on the rung {one.role} of {branch}: add somebody to the ladder."


# ---- what --------------------------------------------------------------------------------------------
def _text(state: CaseState, steps: Sequence[Reached], zone: str) -> str:
    """The first line is what it is about."""
    at, step = steps[-1]
    about = [("Customer", state.customer), ("Order", state.order_no), ("Part", state.part_no), ("Promised", state.promised)]
    owner = f"Owner: {state.owner}{'' if state.accepted else ', not accepted yet'}" if state.owner else "Nobody owns it."
    return "\n".join([
        f"{state.branch} {state.case_no} ({state.type}): {step.says}",
        *(f"{label}: {text}" for label, text in about if text), owner, f"Since: {_moment(at, zone)}",
        *(f"Before: {step.says}, {_moment(at, zone)}" for at, step in reversed(steps[:-1]))])


def _moment(at: datetime, zone: str) -> str:
    return f"{wall_clock(at, zone):%a %d %b %Y, %H:%M}"
