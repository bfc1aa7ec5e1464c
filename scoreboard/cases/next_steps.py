"""What has to happen next in a case: the one thing that fits, in words and as one of ACTIONS.

The convention: the customer before our own bookkeeping, an owner before everything. It follows from the case and now alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from scoreboard.cases.lifecycle import CLOSED, NOT_TOLD, CaseState, pause_at, status


@dataclass(frozen=True)
class NextStep:
    """`what` is the action that does it, empty when nothing is left; `says` it in a few words, `because` why it comes next."""

    what: str
    says: str
    because: str = ""


def next_step(state: CaseState, now: datetime) -> NextStep:
    """The next step of a case as of `now`."""
    if status(state) == CLOSED:
        return _after(state)
    if status(state) == NOT_TOLD:
        return NextStep("told", "Tell the customer the outcome", "It is resolved, and closed only when they know.")
    if not state.owner:
        return NextStep("handed over", "Name an owner", "As long as nobody has it, everyone thinks that someone else does.")
    if not state.accepted:
        return NextStep("accepted", f"{state.owner} accepts it", "It is theirs when they have said yes.")
    return _at_work(state, now)


def _after(state: CaseState) -> NextStep:
    if state.change:
        return NextStep("", "Nothing", "The customer knows, and what changes is written down.")
    return NextStep("debriefed", "Debrief it", "The customer knows. What changes so that it does not repeat?")


def _at_work(state: CaseState, now: datetime) -> NextStep:
    if state.proposal:
        return NextStep("resolved", "Look whether it is over", f"It looks as if it were over: {state.proposal}")
    if state.next_update_at and state.next_update_at <= now:
        return NextStep("updated", "Tell the customer how it stands", "They were promised to hear by now.")
    if pause := pause_at(state, now):
        return NextStep("resumed", f"Wait for the {pause.waits_for}", f"Paused: {pause.reason}. Resume it as soon as they have moved.")
    if state.first_told_at is None:
        return NextStep("updated", "Tell the customer how it stands", "They have not heard from us yet.")
    return NextStep("resolved", "Resolve it", "The customer knows how it stands.")


def no_standard(type: str) -> str:
    """How to agree a standard for a type that has none."""
    return (f'No standard is agreed for "{type}": its clock runs, but nothing is due. '
            f'Agree one, in working minutes: options set "exception_standards.{type}" MINUTES.')
