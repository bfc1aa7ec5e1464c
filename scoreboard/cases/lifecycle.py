"""What a case is, from its event log. The log only grows; a case is its live events, applied in their order.

An event of an undone load is not live. An imported event has a value for each column of its file: null
clears, and a column that the file did not have keeps its value. Instants are UTC.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from scoreboard.errors import StoreDamaged
from scoreboard.facts.sources import BY_NAME

COLUMNS = tuple(name for name in BY_NAME["exceptions"].columns if name not in ("branch", "case_no"))
INSTANTS = frozenset(BY_NAME["exceptions"].dates)

OPEN, NOT_TOLD, CLOSED = "open", "resolved, not told", "closed"


@dataclass(frozen=True)
class CaseState:
    """A case as its events leave it; the columns of the table `cases`."""

    branch: str
    case_no: str
    type: str
    opened_at: datetime
    accepted_at: datetime | None = None
    customer_called_at: datetime | None = None
    first_told_at: datetime | None = None
    resolved_at: datetime | None = None
    told_at: datetime | None = None
    escalated_at: datetime | None = None
    reopened_at: datetime | None = None
    customer: str | None = None
    order_no: str | None = None
    part_no: str | None = None
    handoff: str | None = None
    priority: str | None = None
    owner: str | None = None
    root_cause: str | None = None
    route: str | None = None
    provider: str | None = None
    service_type: str | None = None


@dataclass(frozen=True)
class Event:
    """A live entry of a case's log: what happened, and the values it brought (instants as datetimes)."""

    branch: str
    case_no: str
    what: str
    new: Mapping[str, Any]


def fold(events: Iterable[Event]) -> CaseState | None:
    """The case after `events` (all of one case, in the order of the log).

    None without events, and while no event has said what type it is or when it was opened: it waits.
    """
    values: dict[str, Any] = {}
    for event in events:
        values = {"branch": event.branch, "case_no": event.case_no, **apply(values, event)}
    return CaseState(**values) if is_known(values) else None


def apply(values: Mapping[str, Any], event: Event) -> dict[str, Any]:
    """The columns of a case after one more event. StoreDamaged when this version does not know such events."""
    if event.what not in _APPLY:
        raise StoreDamaged(
            f'The log of case {event.case_no} of {event.branch} has an event "{event.what}", unknown to this version.',
            "Use the version that wrote it, or a newer one.")
    return _APPLY[event.what](values, event.new)


def is_known(values: Mapping[str, Any]) -> bool:
    """Whether columns make a case: without a type or an opening it waits."""
    return bool(values.get("type")) and values.get("opened_at") is not None


def status(state: CaseState) -> str:
    """`OPEN`, `NOT_TOLD` or `CLOSED`: a case is closed when it is resolved and the customer was told."""
    if state.resolved_at is None:
        return OPEN
    return NOT_TOLD if state.told_at is None else CLOSED


def _imported(values: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    return {**values, **new}


# What each kind of event does to the columns of a case; a new kind is one entry here.
_APPLY: dict[str, Callable[[Mapping[str, Any], Mapping[str, Any]], dict[str, Any]]] = {"imported": _imported}
