"""ACTIONS: everything that can be done to a case, where it is possible, and what must be said with it.

The convention: a check raises Refused with a sentence (what is wrong, what to do) or returns what the log keeps. Instants are UTC.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from scoreboard.calendars import EPOCH, wall_clock
from scoreboard.cases import contacts, types
from scoreboard.cases.lifecycle import CLOSED, NOT_TOLD, OPEN, CaseState, pause_at
from scoreboard.cases.terms import Terms
from scoreboard.errors import Refused, did_you_mean
from scoreboard.state.option_kinds import HANDOFFS
from scoreboard.state.viewers import Viewer

HOWS = ("phone", "e-mail", "text message", "in person", "portal")
PAUSES: Mapping[str, str] = {  # reasons from a short list, and whom each waits for
    "customer decides": "customer", "customer sends papers": "customer", "customer cannot be reached": "customer",
    "customer asked to wait": "customer", "supplier answers": "supplier", "supplier delivers": "supplier", "carrier answers": "carrier"}
ABOUT = ("type", "customer", "order_no", "part_no", "handoff", "priority", "promised", "route", "provider", "service_type")
LONGEST = 500
_TURNING = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
FARTHEST = timedelta(days=366)  # nobody pauses or promises beyond; a slip of the year would stop a clock for good


@dataclass(frozen=True)
class Desk:
    """Who acts, by which terms, at which moment; on a connection that may write."""

    conn: Connection
    viewer: Viewer
    terms: Terms
    now: datetime


@dataclass(frozen=True)
class Action:
    """Something that can be done to a case: its word in the log and on screen, where it is possible, what it needs and touches.

    `check` raises Refused for what was said wrongly and returns what the log keeps; `touches` are the columns it decides on.
    """

    what: str
    label: str
    when: tuple[str, ...]
    touches: tuple[str, ...]
    check: Callable[[Desk, CaseState, Mapping[str, Any], datetime], dict[str, Any]]
    needs: tuple[str, ...] = ()


# ---- what is said ------------------------------------------------------------------------------------
def _nothing(desk: Desk, case: CaseState, given: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    return {}


def _note(desk: Desk, case: CaseState, given: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    return {"note": text(given.get("note"), "A note", needed=True)}


def _owner(desk: Desk, case: CaseState, given: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    owner = known_owner(desk, case.branch, given.get("owner"))
    if owner is None:
        raise Refused("Nobody was named to own it.", "Say who takes it over.")
    if owner == case.owner:
        raise Refused(f"{owner} owns it already.", "Accept it, or name somebody else.")
    _not_before_it_was_theirs(case, at)
    return {"owner": owner, **_noted(given)}


def _accept(desk: Desk, case: CaseState, given: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    if case.owner is None:
        raise Refused("It has no owner who could accept it.", "Name an owner first.")
    if case.accepted:
        raise Refused(f"{case.owner} has accepted it already.", "There is nothing to do.")
    _not_before_it_was_theirs(case, at)
    return {}


def _correct(desk: Desk, case: CaseState, given: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    found = about(desk, case.branch, given)
    changed = {name: value for name, value in found.items() if value != getattr(case, name)}
    if not changed:
        raise Refused("Nothing is different from before.", "Change something, or leave it.")
    return changed


def _promise(desk: Desk, case: CaseState, given: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    due = given.get("next_update_at")
    if due is None:
        raise Refused("When the customer hears next was not said.", "Give a day and an hour.")
    return {"next_update_at": _later(due, at, "The next update"), **_noted(given)}


def _pause(desk: Desk, case: CaseState, given: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    if pause_at(case, at):
        raise Refused("It is paused already.", "Resume it first, or let the agreed end come.")
    if case.pauses and at.isoformat() < case.pauses[-1][1]:
        raise Refused("It was paused at that moment before.", "Give a time after its last pause.")
    reason = given.get("reason") or ""
    if reason not in PAUSES:
        raise Refused(f'"{reason}" is not a reason to pause.', f"Use one of: {', '.join(PAUSES)}.{did_you_mean(reason, PAUSES)}")
    if given.get("until") is None:
        raise Refused("A pause needs an end.", "Say until when; it can be paused again.")
    return {"reason": reason, "waits_for": PAUSES[reason], "until": _later(given["until"], at, "The end of a pause"), **_noted(given)}


def _resume(desk: Desk, case: CaseState, given: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    if not pause_at(case, at):
        raise Refused("It is not paused.", "Its clock runs.")
    return _noted(given)


def _resolve(desk: Desk, case: CaseState, given: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    _not_before_it_was_reopened(case, at)
    cause = text(given.get("root_cause"), "A reason")
    return {**({"root_cause": cause} if cause else {}), **_noted(given)}


def _not_yet(desk: Desk, case: CaseState, given: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    if not case.proposal:
        raise Refused("Nothing says that it is over.", "There is nothing to do.")
    return {"proposal": None, **_noted(given)}


def _tell(desk: Desk, case: CaseState, given: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """To whom, how, and whether they had called first; perhaps when they hear next."""
    to, how = text(given.get("to"), "A name", needed=False), given.get("how") or ""
    if not to:
        raise Refused("Who was told was not said.", "Name the person at the customer.")
    if how not in HOWS:
        raise Refused(f'"{how}" is not a way of telling.' if how else "How they were told was not said.", f"Use one of: {', '.join(HOWS)}.")
    found: dict[str, Any] = {"to": to, "how": how, "called_first": bool(given.get("called_first")), **_noted(given)}
    if given.get("called_at"):
        found |= {"called_at": past(desk, case, given["called_at"], "Their call", before_opening=True), "called_first": True}
    if given.get("next_update_at"):
        found["next_update_at"] = _later(given["next_update_at"], at, "The next update")
    return found


def _tell_outcome(desk: Desk, case: CaseState, given: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    _not_before_it_was_reopened(case, at)
    if case.resolved_at and at < case.resolved_at:
        when = wall_clock(case.resolved_at, desk.terms.zones[case.branch])
        raise Refused(f"It was resolved only at {when:%Y-%m-%d %H:%M}: nobody could tell the outcome before that.",
                      "Give a time after it; what was said before is told as how it stands.")
    return _tell(desk, case, given, at)


def _debrief(desk: Desk, case: CaseState, given: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    found = {name: text(given.get(name), "An answer") for name in ("root_cause", "change")}
    handoff = given.get("handoff") or None
    if handoff and handoff not in HANDOFFS:
        raise Refused(f'"{handoff}" is not a handoff.', f"Use one of: {', '.join(HANDOFFS)}.")
    said = {name: value for name, value in {"handoff": handoff, **found}.items() if value}
    if not said:
        raise Refused("None of the three questions was answered.", "Answer one at least.")
    return said


def _reopen(desk: Desk, case: CaseState, given: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    if case.resolved_at and at < case.resolved_at:
        raise Refused("It was resolved only after that.", "Give a time when it had been resolved.")
    return {"note": text(given.get("note"), "A reason", needed=True)}


ACTIONS: tuple[Action, ...] = (
    Action("accepted", "Accept", (OPEN, NOT_TOLD), ("owner",), _accept),
    Action("handed over", "Hand over", (OPEN, NOT_TOLD), ("owner",), _owner, ("owner",)),
    Action("noted", "Note", (OPEN, NOT_TOLD, CLOSED), (), _note, ("note",)),
    Action("called", "Customer called", (OPEN, NOT_TOLD), (), lambda desk, case, given, at: _noted(given)),
    Action("updated", "Tell how it stands", (OPEN, NOT_TOLD), (), _tell, ("to", "how")),
    Action("promised", "Promise the next update", (OPEN, NOT_TOLD), ("promises",), _promise, ("next_update_at",)),
    Action("paused", "Pause", (OPEN,), ("pauses", "resolved_at"), _pause, ("reason", "until")),
    Action("resumed", "Resume", (OPEN,), ("pauses",), _resume),
    Action("resolved", "Resolve", (OPEN,), ("resolved_at",), _resolve),
    Action("proposed", "Not over yet", (OPEN,), ("proposal",), _not_yet),
    Action("told", "Tell the outcome", (NOT_TOLD,), ("resolved_at", "told_at"), _tell_outcome, ("to", "how")),
    Action("debriefed", "Debrief", (NOT_TOLD, CLOSED), ("handoff", "root_cause", "change"), _debrief),
    Action("reopened", "Reopen", (NOT_TOLD, CLOSED), ("resolved_at", "told_at"), _reopen, ("note",)),
    Action("corrected", "Correct", (OPEN, NOT_TOLD, CLOSED), ABOUT, _correct),
)
BY_WHAT = {action.what: action for action in ACTIONS}
NOT_NOW = {
    ("told", OPEN): ("It is not resolved yet.", "Resolve it first; until then tell the customer how it stands."),
    ("told", CLOSED): ("The customer knows already.", "Reopen it if something came up."),
    ("resolved", NOT_TOLD): ("It is resolved already.", "Tell the customer, then it is closed."),
    ("debriefed", OPEN): ("It is not resolved yet.", "Debrief it when it is."),
}


def about(desk: Desk, branch: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """What was said of the columns of ABOUT, checked; None clears."""
    found = {name: text(given[name], name.replace("_", " ").capitalize()) for name in ABOUT if name in given}
    if found.get("handoff") and found["handoff"] not in HANDOFFS:
        raise Refused(f'"{found["handoff"]}" is not a handoff.', f"Use one of: {', '.join(HANDOFFS)}.")
    if "type" in found:
        found["type"] = types.find(desk.conn, branch, found["type"] or "").name
    return found


def known_owner(desk: Desk, branch: str, name: str | None) -> str | None:
    """Who can own an exception of a branch, by their name; None for nobody. Refused for a name that nobody knows."""
    said = " ".join((name or "").split())
    if not said:
        return None
    known = {one.casefold(): one for one in contacts.owners(desk.conn, branch, desk.now)}
    if said.casefold() not in known:
        raise Refused(f'Nobody called "{said}" can own exceptions at {branch}.',
                      f"Add them to the ladder first, or choose: {', '.join(known.values()) or 'nobody is known yet'}."
                      f"{did_you_mean(said, known.values())}")
    return known[said.casefold()]


# ---- words and instants ------------------------------------------------------------------------------
def clean(value: str) -> str:
    """A text without what is no writing: control characters (a database takes no NUL), and marks that turn the text around them."""
    return "".join(" " if unicodedata.category(c) in ("Cc", "Cs") else c for c in value if unicodedata.bidirectional(c) not in _TURNING)


def text(value: Any, name: str, *, needed: bool = False) -> str | None:
    """The words somebody typed, on one line, as they are kept. Refused when there are too many, or none where some are `needed`."""
    said = " ".join(clean(str(value or "")).split())
    if needed and not said:
        raise Refused(f"{name} needs words.", "Say it in a sentence.")
    if len(said) > LONGEST:
        raise Refused(f"{name} has room for {LONGEST} characters; this has {len(said)}.", "Say it shorter.")
    return said or None


def _noted(given: Mapping[str, Any]) -> dict[str, Any]:
    said = text(given.get("note"), "A note")
    return {"note": said} if said else {}


def _later(due: datetime, at: datetime, name: str) -> datetime:
    if due <= at:
        raise Refused(f"{name} lies in the past.", "Give a time to come.")
    if due > at + FARTHEST:
        raise Refused(f"{name} lies more than a year ahead.", "Look at the year; give a nearer time.")
    return due


def _not_before_it_was_theirs(case: CaseState, at: datetime) -> None:
    if case.assigned_at and at < case.assigned_at:
        raise Refused(f"It was handed to {case.owner} only after that.", "Give a time after it was.")


def _not_before_it_was_reopened(case: CaseState, at: datetime) -> None:
    if case.reopened_at and at < case.reopened_at:
        raise Refused("It was opened again only after that.", "Give a time after it was.")


def past(desk: Desk, case: CaseState, at: datetime, name: str, *, before_opening: bool = False) -> datetime:
    """An instant that has been, by the case's opening at the earliest. Refused otherwise."""
    if at > desk.now:
        raise Refused(f"{name} would lie in the future.", "Give the time when it happened.")
    if at.year < EPOCH.year:
        raise Refused(f"{name} would lie before {EPOCH.year}.", "Look at the year.")
    if at < case.opened_at and not before_opening:
        raise Refused(f"{name} would lie before the exception was opened.", "Give a time after that.")
    return at
