"""Exceptions as a command prints them: documents and lines. Times are on the branch's wall clock."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from scoreboard.calendars import wall_clock
from scoreboard.cases import timers
from scoreboard.cases.finding import Entry, Found, Kind, events
from scoreboard.cases.lifecycle import COLUMNS, NOT_TOLD, OPEN, CaseState, pause_at, status
from scoreboard.cases.next_steps import no_standard
from scoreboard.cli.text import counted, table
from scoreboard.metrics.company import Company

_FACTS = ("customer", "order_no", "part_no", "handoff", "priority", "promised", "owner", "root_cause", "change")
_INSIDE = ("pauses", "promises", "cause_key", "rule")


def document(found: Found, known: Company) -> dict[str, Any]:
    """One case of a list."""
    return {**_case(found.state, known), "due_at": found.due_at}


def whole(state: CaseState, log: Sequence[Entry], known: Company) -> dict[str, Any]:
    """One case with its clocks (minutes), its timeline and whose it was. Instants in UTC."""
    times = timers.times(state, known.terms, known.now)
    of = events(log, state.branch, state.case_no)
    held = timers.held(state, of, state.closed_at or known.now)
    return {**_case(state, known), "due_at": timers.due_at(state, known.terms), "pauses": state.pauses or [],
            "promises": state.promises or [],
            "clocks": {name: getattr(times, name) for name in timers.Times.__dataclass_fields__},
            "held": [{"owner": one.owner, "since": one.since, "until": one.until, "minutes": one.minutes} for one in held],
            "log": [{"id": e.id, "at": e.at, "recorded_at": e.recorded_at, "who": e.who, "what": e.what, "old": e.old, "new": e.new}
                    for e in log]}


def listing(found: Sequence[Found], kind: Kind, held: Mapping[str, int], owners: Collection[tuple[str, int]], known: Company) -> list[str]:
    """A list for a person, with the counts of all lists and what each owner has open."""
    from scoreboard.cases.finding import BY_KEY

    rows = [[f.state.branch, f.state.case_no, f.state.type, f.state.customer or "", _owner(f.state), _mark(f.state, known),
             _moment(f.due_at, f.state.branch, known), _moment(f.state.next_update_at, f.state.branch, known)] for f in found]
    head = ["branch", "no", "type", "customer", "owner", "", "due", "next update"]
    lines = [" · ".join(f"{BY_KEY[key].name} {n}" for key, n in held.items()), ""]
    lines += table(rows, head=head) if rows else [kind.empty]
    if owners:
        lines += ["", "Open by owner: " + ", ".join(f"{owner or 'nobody'} {n}" for owner, n in owners)]
    return lines


def whole_lines(state: CaseState, log: Sequence[Entry], known: Company) -> list[str]:
    """One case for a person."""
    times = timers.times(state, known.terms, known.now)
    standard = known.terms.standard(state.type)
    facts = [(name.replace("_", " "), str(getattr(state, name))) for name in _FACTS if getattr(state, name)]
    clocks = [("our clock", f"{hours(times.ours)} of {hours(standard)}" if standard else f"{hours(times.ours)}, no standard is agreed"),
              ("customer's clock", hours(times.theirs)), ("work clock", hours(times.work))]
    return [headline(state, known), "", *table([*facts, *clocks]), "",
            *table([[_moment(e.at, state.branch, known), e.who, e.what, said(e, state.branch, known)] for e in log]), *hints(state, known)]


def headline(state: CaseState, known: Company) -> str:
    """`X3 of EAST, wrong part: open, owned by counter 2, due 2026-11-10 09:00`."""
    due = timers.due_at(state, known.terms) if state.closed_at is None else None
    ends = f", due {_moment(due, state.branch, known)}" if due else ""
    return f"{state.case_no} of {state.branch}, {state.type}: {_mark(state, known)}, owned by {state.owner or 'nobody'}{ends}"


def hints(state: CaseState, known: Company) -> list[str]:
    """What still has to happen, in sentences."""
    found = []
    if known.terms.standard(state.type) is None:
        found.append(no_standard(state.type))
    if status(state) == OPEN and state.owner is None:
        found.append("Nobody owns it: everyone will think that someone else has it. Name an owner with cases own.")
    if status(state) == NOT_TOLD:
        found.append("The customer does not know yet: it is closed with cases tell.")
    if state.proposal:
        found.append(f"It looks as if it were over: {state.proposal}")
    return found


def types(found: Sequence[Mapping[str, Any]]) -> list[str]:
    """The types of a branch."""
    return table([[one["type"], one["handoff"], one["owner"], hours(one["standard_minutes"]) if one["standard_minutes"] else "not agreed"]
                  for one in found], head=["type", "handoff", "owner", "standard"])


def said(entry: Entry, branch: str, known: Company) -> str:
    """What an entry brought, in short; times on the branch's wall clock."""
    shown = {k: v for k, v in entry.new.items() if v not in (None, "", False) and k not in _INSIDE and k != "opened_at"}
    words = {k: _moment(v, branch, known) if isinstance(v, datetime) else "yes" if v is True else str(v)
             for k, v in shown.items() if not isinstance(v, list | dict)}
    return ", ".join(f"{k.removesuffix('_at').replace('_', ' ')} {v}" for k, v in words.items())


def hours(minutes: float) -> str:
    """`2 h 05 min` of minutes."""
    whole = int(minutes)
    return f"{whole // 60} h {whole % 60:02} min" if whole >= 60 else counted(whole, "min", "min")


def _case(state: CaseState, known: Company) -> dict[str, Any]:
    return {"branch": state.branch, "case_no": state.case_no, "status": status(state), "mark": _mark(state, known),
            **{name: getattr(state, name) for name in COLUMNS if name not in _INSIDE}, "next_update_at": state.next_update_at,
            "rule": state.rule}


def _owner(state: CaseState) -> str:
    return state.owner or ("" if state.closed_at else "nobody")


def _mark(state: CaseState, known: Company) -> str:
    """Its status, said closer while it is open."""
    if status(state) != OPEN:
        return status(state)
    if pause := pause_at(state, known.now):
        return f"paused, {pause.reason}"
    return "open" if state.accepted else "not accepted"


def _moment(at: datetime | None, branch: str, known: Company) -> str:
    if at is None:
        return ""
    return f"{wall_clock(at, known.zones[branch]) if branch in known.zones else at:%Y-%m-%d %H:%M}"
