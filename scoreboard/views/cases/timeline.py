"""The log of an exception in words: who did what when, what was before and what is now. And whose it was for how long.

The convention: times stand on the branch's clock. Whose it was is told inside one exception only, and never added up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from scoreboard.calendars import wall_clock
from scoreboard.cases import timers
from scoreboard.cases.finding import Entry, events
from scoreboard.cases.lifecycle import CaseState
from scoreboard.metrics import words
from scoreboard.views.cases.spans import calendar_span

DID = {
    "opened": "raised it", "imported": "brought it by a file", "accepted": "accepted it", "handed over": "handed it over", "noted": "noted",
    "called": "noted that the customer called", "promised": "promised the next update", "updated": "told the customer how it stands",
    "paused": "paused it", "resumed": "resumed it", "resolved": "resolved it", "told": "told the customer the outcome",
    "debriefed": "debriefed it", "escalated": "passed it up", "reopened": "reopened it", "corrected": "corrected it",
    "proposed": "looked whether it is over"}
_LABELS = {
    "order_no": "Order", "part_no": "Part", "opened_at": "Noticed", "next_update_at": "Next update", "to": "To", "how": "By",
    "root_cause": "Why", "change": "What changes", "until": "Until", "waits_for": "Waits for", "called_at": "They called",
    "called_first": "They had called first", "customer_called_at": "Customer called", "first_told_at": "First told",
    "proposal": "It looks as if it were over",
    "handoff": "Where the chain broke", "escalated_to": "Passed up to", "rule": "Opened by the rule"}
_DERIVED = frozenset(("assigned_at", "owner_accepted_at", "pauses", "promises", "cause_key", "closed_at", "accepted_at", "first_told_at",
                      "customer_called_at", "resolved_at", "told_at", "reopened_at", "escalated_at",
                      "row"))  # follow from what was done, or stand beside it
_LATE = timedelta(minutes=2)


@dataclass(frozen=True)
class Line:
    """One entry as people read it: `changes` are sentences such as `Owner: counter 1 → counter 2`."""

    when: str
    who: str
    did: str
    changes: tuple[str, ...]


def lines(log: Sequence[Entry], zone: str) -> list[Line]:
    """The log, the newest first."""
    return [_line(entry, zone, first=entry is log[0]) for entry in reversed(log)]


def _line(entry: Entry, zone: str, *, first: bool) -> Line:
    when = moment(entry.at, zone)
    late = f"written down {moment(entry.recorded_at, zone)}" if entry.recorded_at - entry.at > _LATE else ""
    named = [name for name in dict.fromkeys((*entry.new, *entry.old)) if _tells(name, entry)]
    changes = [_change(name, entry, zone, first=first) for name in named]
    said = [one for one in (*changes, late) if one]
    return Line(when, entry.who, DID.get(entry.what, entry.what), (" · ".join(said),) if first and said else tuple(said))


def _tells(name: str, entry: Entry) -> bool:
    if name in _DERIVED:
        return entry.what == "imported" and name in entry.new
    if name == "opened_at":
        return entry.what == "imported"
    if entry.what == "escalated" and name == "to":
        return "escalated_to" not in entry.new
    return name in entry.new


def _change(name: str, entry: Entry, zone: str, *, first: bool) -> str:
    new, old = entry.new.get(name), entry.old.get(name)
    if name == "called_first":
        return _LABELS[name] if new else ""
    if entry.what == "imported" and not first and name not in entry.old:
        return ""  # a later file said the same again
    if old in (None, "", []) and new in (None, "", []):
        return ""
    label = _LABELS.get(name) or name.removesuffix("_at").replace("_", " ").capitalize()
    before = f"{said(old, zone)} → " if old not in (None, "", []) else ""
    return f"{label}: {before}{said(new, zone)}"


def said(value: Any, zone: str) -> str:
    """A value in words."""
    if isinstance(value, datetime):
        return moment(value, zone)
    return "nothing" if value in (None, "", []) else str(value)


def moment(at: datetime, zone: str) -> str:
    """`Fri 6 Nov 2026, 16:00`."""
    return words.moment(wall_clock(at, zone), year=True)


def hand_overs(state: CaseState, log: Sequence[Entry], now: datetime, zone: str) -> list[dict[str, str]]:
    """Whose it was, one after another."""
    held = timers.held(state, events(log, state.branch, state.case_no), state.closed_at or now)
    return [{"Whose it was": one.owner or "nobody's", "From": moment(one.since, zone),
             "Until": moment(one.until, zone) if one.until < (state.closed_at or now) or state.closed_at else "now",
             "For": calendar_span(one.minutes)} for one in held]


def overtaken(theirs: Sequence[tuple[str, datetime, str, Any, Any]], zone: str) -> list[str]:
    """What somebody else changed meanwhile, a sentence each."""
    found = []
    for who, at, column, before, after in theirs:
        label = (_LABELS.get(column) or column.removesuffix("_at").replace("_", " ")).lower()
        found.append(f"{who} changed {label} from {_short(before, zone)} to {_short(after, zone)} ({moment(at, zone)}).")
    return found


def _short(value: Any, zone: str) -> str:
    """A value in a sentence; what is kept as a list of spans is told by its last one."""
    if isinstance(value, list) and value:
        return "paused" if len(value[-1]) == 4 else "another promised update"
    if isinstance(value, str) and len(value) > 15 and value[4:5] == "-" and "T" in value:
        return moment(datetime.fromisoformat(value), zone)
    return said(value, zone)
