"""The forms that accept a miss for a while and that end one early. Each returns what it has done, as a sentence.

The convention: what is agreed stands beside the question, and the form says which weeks the answer counts in.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import streamlit as st

from scoreboard.errors import Refused
from scoreboard.metrics import words
from scoreboard.views import parts
from scoreboard.views.define import misses, past, target_fields, typed
from scoreboard.views.define.target_fields import TEMPORARY
from scoreboard.views.define.target_form import Step


def show(step: Step) -> tuple[str, str] | None:
    """The folded forms, where the viewer may use them. What was done in this run, and the metric to go on with."""
    if step.book.places[0] not in step.book.mine:
        return None
    done = _fold(step, "Accept a miss for a while", target_fields.ACCEPTING, _accepting) if step.agreement.target is not None else ""
    done = done or (_fold(step, "End an accepted miss", "ending a miss", _ending) if step.agreement.own else "")
    return (done, step.metric.key) if done else None


def _fold(step: Step, label: str, name: str, form: Callable[[Step], str]) -> str:
    fold = st.expander(label, key=step.fields.name(name), on_change="rerun")
    if not fold.open:
        return ""
    with fold:
        return form(step)


# ---- accepting -------------------------------------------------------------------------------------------
def _accepting(step: Step) -> str:
    parts.note(f"What is to be met by {_here(step)}: {step.agreement.figures}. For a while less can be enough. "
               "The day after the last day this holds again by itself; the floor stays all the time.")
    target_fields.temporary(step.fields)
    with st.container(horizontal=True, gap="small"):
        begins = target_fields.day(step.fields, "accept", step.book.today)
        last = target_fields.last_day(step.fields, "accept")
    _meaning(step, begins, last)
    reason = target_fields.reason(step.fields, "accept", "Why it is accepted", "What stands in the way, and what is done until then.")
    refused = st.container()
    if st.button("Accept the miss", key=step.fields.name("accept button")):
        with refused, parts.saying():
            return _accept(step, begins, last, reason)
    return ""


def _meaning(step: Step, begins: date | None, last: date | None) -> None:
    """What is typed so far would have meant, and the weeks it counts in."""
    with st.container(gap="xxsmall"), parts.saying():
        for sentence in past.would_have(step.metric, step.ran, step.fields.typed(TEMPORARY), None):
            parts.note(sentence)
    if begins and last and (counted := misses.judged_weeks(begins, last, step.book.first_day)):
        first, end = words.week_name(counted[0]).lower(), words.week_name(counted[-1]).lower()
        span = first if len(counted) == 1 else f"{first} to {end}"
        parts.note(f"Counts in {span}: a week is judged by what holds on its last day.")


def _accept(step: Step, begins: date | None, last: date | None, reason: str) -> str:
    target, metric = step.fields.typed(TEMPORARY), step.metric
    if begins is None or last is None:
        raise Refused("There is no first or no last day yet.", "Say from when and until when it is accepted.")
    misses.accept(step.asked, step.fields.of, metric.key, target, begins, last, reason)
    step.fields.done()
    return (f"Accepted for {_here(step)}: {metric.name}, {typed.exact(metric, target)} from {words.day(begins)} until {words.day(last)}. "
            "If that is not right, end it below; the history keeps both.")


def _here(step: Step) -> str:
    return target_fields.whom(step.book.places[0])


# ---- ending ----------------------------------------------------------------------------------------------
def _ending(step: Step) -> str:
    """Ends what is accepted here before its last day."""
    for miss in step.agreement.own:
        parts.note(f"Accepted for {_here(step)}: {misses.figure(step.metric, miss)}, from {words.day(miss.from_on)}.")
    parts.note("From the day you choose what is agreed holds again; with its first day, as if it had never been accepted.")
    day = target_fields.day(step.fields, "miss end", max(step.book.today, step.agreement.own[0].from_on))
    reason = target_fields.reason(step.fields, "miss end", "Why it ends early", "For whoever asks next year.")
    refused = st.container()
    if st.button("End it", key=step.fields.name("miss end button")):
        with refused, parts.saying():
            return _end(step, day, reason)
    return ""


def _end(step: Step, day: date | None, reason: str) -> str:
    if day is None:
        raise Refused("There is no day yet.", "Say from which day on what is agreed holds again.")
    misses.end(step.asked, step.fields.of, step.metric.key, day, reason)
    step.fields.done()
    return f"Ended for {_here(step)} from {words.day(day)}: {step.metric.name}. What is agreed holds again from then."
