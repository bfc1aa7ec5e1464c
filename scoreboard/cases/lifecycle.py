"""What a case is, from its event log. The log only grows; a case is its live events, applied in their order.

An event of an undone load is not live. An imported event has a value for each column of its file: null clears, and a column that
the file did not have keeps its value. Every other event says what a person (or a rule) did; `_APPLY` is all of them. Instants are
UTC; inside the lists `pauses` and `promises` they are ISO texts, as JSON keeps them.

The start of a case is its opening. Handing over, another priority and reopening leave it where it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from scoreboard.errors import StoreDamaged
from scoreboard.facts.sources import BY_NAME

INSTANTS = frozenset(BY_NAME["exceptions"].dates) | {
    "assigned_at", "owner_accepted_at", "closed_at", "due_at", "until", "next_update_at", "called_at"}

OPEN, NOT_TOLD, CLOSED = "open", "resolved, not told", "closed"
CUSTOMER, SUPPLIER, CARRIER = WAITS = ("customer", "supplier", "carrier")  # whom a pause may wait for; ours stops for the first alone
CRITICAL = "mission-critical"
_Values = Mapping[str, Any]


@dataclass(frozen=True)
class CaseState:
    """A case as its events leave it."""

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
    promised: str | None = None
    change: str | None = None
    assigned_at: datetime | None = None
    owner_accepted_at: datetime | None = None
    pauses: list[list[str]] | None = None
    promises: list[list[str | None]] | None = None
    rule: str | None = None
    cause_key: str | None = None
    proposal: str | None = None
    escalated_to: str | None = None

    @property
    def accepted(self) -> bool:
        """Whether the present owner has said yes."""
        return self.owner_accepted_at is not None or (self.assigned_at is None and self.accepted_at is not None)

    @property
    def critical(self) -> bool:
        """Whether it may not wait for the next shift."""
        return (self.priority or "").strip().casefold().replace(" ", "-") in (CRITICAL, "critical")

    @property
    def closed_at(self) -> datetime | None:
        """When it was both resolved and told; None before."""
        return max(self.resolved_at, self.told_at) if self.resolved_at and self.told_at else None

    @property
    def next_update_at(self) -> datetime | None:
        """When the customer was promised to hear next; None when nothing is promised, the promise is kept, or the case is closed."""
        last = self.promises[-1] if self.promises and self.closed_at is None else None
        return datetime.fromisoformat(last[1] or "") if last and last[2] is None else None


COLUMNS = tuple(field.name for field in fields(CaseState) if field.name not in ("branch", "case_no"))
_COLUMNS = frozenset(COLUMNS)


@dataclass(frozen=True)
class Event:
    """A live entry of a case's log: what happened when, and the values it brought (instants as datetimes)."""

    branch: str
    case_no: str
    what: str
    new: Mapping[str, Any]
    at: datetime = datetime.min


@dataclass(frozen=True)
class Pause:
    """A span `[since, until)` in which somebody else had to move. `until` is the agreed end while it lasts."""

    since: datetime
    until: datetime
    waits_for: str
    reason: str


def pauses(state: CaseState) -> list[Pause]:
    """The pauses of a case, in their order."""
    return [Pause(datetime.fromisoformat(since), datetime.fromisoformat(until), waits_for, reason)
            for since, until, waits_for, reason in state.pauses or ()]


def pause_at(state: CaseState, now: datetime) -> Pause | None:
    """The pause it is in, if any; one whose agreed end has come is over."""
    return next((pause for pause in pauses(state) if pause.since <= now < pause.until), None)


def fold(events: Iterable[Event]) -> CaseState | None:
    """The case after `events` (all of one case, in the order of the log).

    None without events, and while no event has said what type it is or when it was opened: it waits.
    """
    values: dict[str, Any] = {}
    for event in events:
        values = {"branch": event.branch, "case_no": event.case_no, **apply(values, event)}
    return CaseState(**values) if is_known(values) else None


def apply(values: _Values, event: Event) -> dict[str, Any]:
    """The columns of a case after one more event. StoreDamaged when this version does not know such events."""
    if event.what not in _APPLY:
        raise StoreDamaged(
            f'The log of case {event.case_no} of {event.branch} has an event "{event.what}", unknown to this version.',
            "Use the version that wrote it, or a newer one.")
    return {**values, **_APPLY[event.what](values, event.new, event.at)}


def is_known(values: _Values) -> bool:
    """Whether columns make a case: without a type or an opening it waits."""
    return bool(values.get("type")) and values.get("opened_at") is not None


def status(state: CaseState) -> str:
    """`OPEN`, `NOT_TOLD` or `CLOSED`: a case is closed when it is resolved and the customer was told."""
    if state.resolved_at is None:
        return OPEN
    return NOT_TOLD if state.told_at is None else CLOSED


# ---- what each kind of event does to the columns of a case -------------------------------------------
def _brought(values: _Values, new: _Values, at: datetime) -> _Values:
    return {name: value for name, value in new.items() if name in _COLUMNS}


def _opened(values: _Values, new: _Values, at: datetime) -> _Values:
    return {**_brought(values, new, at), "assigned_at": at if new.get("owner") else None}


def _handed_over(values: _Values, new: _Values, at: datetime) -> _Values:
    return {"owner": new["owner"], "assigned_at": at, "owner_accepted_at": None}


def _accepted(values: _Values, new: _Values, at: datetime) -> _Values:
    return {"owner_accepted_at": at, "accepted_at": _first(values.get("accepted_at"), at)}


def _promised(values: _Values, new: _Values, at: datetime) -> _Values:
    return {"promises": [*_kept(values, at), [at.isoformat(), new["next_update_at"].isoformat(), None]]}


def _updated(values: _Values, new: _Values, at: datetime) -> _Values:
    """The customer heard from us. When they had called first, that was before our word, whatever the clocks say."""
    called = values.get("customer_called_at")
    if new.get("called_first") and called is None:
        called = min(new.get("called_at") or values["opened_at"], at - timedelta(minutes=1))
    found = {"first_told_at": _first(values.get("first_told_at"), at), "customer_called_at": called}
    if new.get("next_update_at"):
        return {**found, **_promised(values, new, at)}
    return {**found, "promises": _kept(values, at) or None}


def _told(values: _Values, new: _Values, at: datetime) -> _Values:
    return {**_updated(values, new, at), "told_at": at}


def _paused(values: _Values, new: _Values, at: datetime) -> _Values:
    return {"pauses": [*_ended(values, at), [at.isoformat(), new["until"].isoformat(), new["waits_for"], new["reason"]]]}


def _resumed(values: _Values, new: _Values, at: datetime) -> _Values:
    return {"pauses": _ended(values, at) or None}


def _resolved(values: _Values, new: _Values, at: datetime) -> _Values:
    return {**_resumed(values, new, at), "resolved_at": at, "proposal": None,
            "root_cause": new.get("root_cause") or values.get("root_cause")}


def _escalated(values: _Values, new: _Values, at: datetime) -> _Values:
    return {"escalated_at": values.get("escalated_at") or at, "escalated_to": new["to"]}


def _reopened(values: _Values, new: _Values, at: datetime) -> _Values:
    return {"reopened_at": at, "resolved_at": None, "told_at": None, "proposal": None}


def _called(values: _Values, new: _Values, at: datetime) -> _Values:
    return {"customer_called_at": _first(values.get("customer_called_at"), at)}


def _first(known: datetime | None, at: datetime) -> datetime:
    """The earlier: people also write down later what happened before."""
    return min(known or at, at)


def _kept(values: _Values, at: datetime) -> list[list[str | None]]:
    """The promised updates, the open one kept when this word came after it was made and by its hour."""
    *earlier, last = values.get("promises") or [None]
    if last is None:
        return []
    said = at.isoformat()
    return [*earlier, [last[0], last[1], said] if last[2] is None and (last[0] or "") <= said <= (last[1] or "") else last]


def _ended(values: _Values, at: datetime) -> list[list[str]]:
    """The pauses, the last one ended by now at the latest."""
    *earlier, last = values.get("pauses") or [None]
    if last is None:
        return []
    return [*earlier, [last[0], max(last[0], min(last[1], at.isoformat())), *last[2:]]]


_APPLY: dict[str, Callable[[_Values, _Values, datetime], _Values]] = {
    "imported": _brought, "opened": _opened, "corrected": _brought, "handed over": _handed_over, "accepted": _accepted,
    "noted": lambda values, new, at: {}, "called": _called,
    "promised": _promised, "updated": _updated, "paused": _paused, "resumed": _resumed, "resolved": _resolved, "told": _told,
    "debriefed": _brought, "escalated": _escalated, "reopened": _reopened, "proposed": _brought,
}
