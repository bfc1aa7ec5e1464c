"""One exception as plain data: what it is, how it stands, what comes next, its clocks, its legs, its log and whose it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from scoreboard.cases import contacts, desk, finding, timers, types
from scoreboard.cases.lifecycle import OPEN, CaseState, pause_at, status
from scoreboard.cases.next_steps import NextStep, next_step, no_standard
from scoreboard.metrics.company import Company
from scoreboard.state.database import reading
from scoreboard.views import data
from scoreboard.views.asking import Asked
from scoreboard.views.cases import clocks, listing, timeline
from scoreboard.views.cases.spans import working_span
from scoreboard.views.cases.timeline import Line


@dataclass(frozen=True)
class Detail:
    """A case as the page shows it. `seen` is the last entry of its log; `owners` can own it, `kinds` are the types of its branch."""

    state: CaseState
    branch: str
    zone: str
    stands: str
    next: NextStep
    clock: dict[str, Any]
    hours: dict[str, Any]
    legs: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]
    held: tuple[dict[str, str], ...]
    notes: tuple[str, ...]
    seen: int
    owners: tuple[str, ...]
    kinds: tuple[str, ...]

    @property
    def key(self) -> str:
        """The case in the address: `EAST/X12`."""
        return f"{self.state.branch}/{self.state.case_no}"

    @property
    def about(self) -> str:
        """`X12 · Riverside · order 4711 · part 90-22 · Quote → Pick`."""
        said = (self.state.case_no, self.branch, *listing.about(self.state), self.state.handoff)
        return " · ".join(one for one in said if one)


def read(asked: Asked, key: str) -> Detail:
    """A case by its word in the address. Refused when there is none; NotAllowed for another's branch."""
    code, _, case_no = key.partition("/")
    with reading(asked.engine) as conn:
        company = data.company_of(asked, conn)
        state, _ = desk.require(conn, asked.viewer, code, case_no)
        log = finding.entries(conn, asked.viewer, code, case_no)
        owners = contacts.owners(conn, code, asked.settings.now)
        kinds = [one.name for one in types.of_branch(conn, code)]
    now, terms, zone = asked.settings.now, company.terms, company.zones[code]
    return Detail(
        state, company.branches[code].name, zone, stands(state, now), next_step(state, now), clocks.clock(state, terms, now),
        clocks.open_hours((code,), terms, now), _legs(timers.times(state, terms, now)), tuple(timeline.lines(log, zone)),
        tuple(timeline.hand_overs(state, log, now, zone)), tuple(_notes(state, company, zone)), max((e.id for e in log), default=0),
        tuple(owners), tuple(dict.fromkeys((*kinds, state.type))))


def stands(state: CaseState, now: Any) -> str:
    """How it stands, in words: `Open, counter 2 owns it and has accepted`."""
    if status(state) != OPEN:
        return {"closed": "Closed: resolved, and the customer knows", "resolved, not told": "Resolved, not told"}[status(state)]
    begun = f"Paused, {pause.reason}" if (pause := pause_at(state, now)) else "Open again" if state.reopened_at else "Open"
    if not state.owner:
        return f"{begun}, nobody owns it"
    return f"{begun}, {state.owner} {'owns it and has accepted' if state.accepted else 'has not accepted it yet'}"


def _legs(found: timers.Times) -> tuple[tuple[str, str], ...]:
    named = (("Opened to accepted", found.to_accept), ("Opened to first word", found.to_first_word),
             ("Opened to resolved", found.to_resolve), ("Resolved to told", found.to_told))
    return tuple((name, "not yet" if minutes is None else working_span(minutes)) for name, minutes in named)


def _notes(state: CaseState, company: Company, zone: str) -> Sequence[str]:
    """What else there is to know, a sentence each."""
    found = []
    if company.terms.standard(state.type) is None:
        found.append(no_standard(state.type))
    if due := state.next_update_at if not state.closed_at else None:
        found.append(f"The customer was promised to hear next by {timeline.moment(due, zone)}.")
    if state.customer_called_at and (state.first_told_at is None or state.customer_called_at < state.first_told_at):
        found.append("The customer called before they heard from us.")
    return found
