"""The form that agrees a target, and the one that ends an agreement. Each returns what it has done, as a sentence.

The convention: a refusal stands above the button that was refused, and nothing typed is lost by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import streamlit as st

from scoreboard import weeks
from scoreboard.errors import Refused
from scoreboard.metrics import words
from scoreboard.metrics.model import Metric
from scoreboard.views import parts
from scoreboard.views.asking import Asked
from scoreboard.views.define import agreements, past, target_fields, typed
from scoreboard.views.define.agreements import Agreement, Book, Place
from scoreboard.views.define.past import Past
from scoreboard.views.define.target_fields import Fields


@dataclass(frozen=True)
class Step:
    """One metric on its way to an agreement; `following` is the metric that still waits after it, or empty."""

    asked: Asked
    metric: Metric
    agreement: Agreement
    book: Book
    ran: Past
    fields: Fields
    following: str


def show(step: Step) -> tuple[str, str] | None:
    """The forms, or the sentence why there are none. What was done in this run, and the metric to go on with."""
    refusal = step.agreement.origin if step.agreement.basis == "informs" else step.asked.refusal("targets")
    if refusal:
        st.info(parts.plain(refusal), icon=":material/info:")
        return None
    with st.container(border=True, gap="xsmall"):
        agreed = _agreeing(step)
    if agreed:
        return agreed, step.following or step.metric.key
    ended = _ending(step)
    return (ended, step.metric.key) if ended else None


# ---- agreeing --------------------------------------------------------------------------------------------
def _agreeing(step: Step) -> str:
    st.header("Agree a target", anchor=False)
    if step.agreement.basis == "sourced":
        parts.note("Filled in from the source. It is agreed when you say so.")
    elif step.agreement.basis == "agreed":
        parts.note("Filled in with what holds now. Change what you want to change.")
    target_fields.figures(step.fields)
    _meaning(step)
    with st.container(horizontal=True, gap="small"):
        place, day = target_fields.place(step.fields, "agree", step.book.mine), target_fields.day(step.fields, "agree", step.book.today)
    target_fields.counts(step.book, day)
    target_fields.later(step.agreement, place, day)
    if step.agreement.accepted:
        parts.note("While the miss is accepted the board keeps the temporary target; what you agree here counts after it.")
    target_fields.widely(step.book, step.agreement, place)
    reason = target_fields.reason(step.fields, "agree", "Why this target", "For whoever asks next year: what was weighed, and who agreed.")
    refused = st.container()
    if not _wanted(step):
        return ""
    with refused, parts.saying():
        return _agree(step, place, day, reason)
    return ""


def _meaning(step: Step) -> None:
    """What the figures typed so far would have meant."""
    with st.container(gap="xxsmall"), parts.saying():
        target, floor = step.fields.typed("target"), step.fields.typed("floor")
        for sentence in past.would_have(step.metric, step.ran, target, floor):
            parts.note(sentence)
        if warning := past.extreme(step.metric, target):
            st.warning(parts.plain(warning), icon=":material/info:")


def _wanted(step: Step) -> bool:
    """The buttons of the form."""
    with st.container(horizontal=True, gap="small"):
        wanted = st.button("Agree", type="primary", key=step.fields.name("agree button"))
        if step.following:
            st.button("Skip for now", key=step.fields.name("skip"), on_click=_skip, args=(step.following,))
    return wanted


def _skip(following: str) -> None:
    st.query_params["metric"] = following


def _agree(step: Step, place: Place, day: date | None, reason: str) -> str:
    target, floor, metric = step.fields.typed("target"), step.fields.typed("floor"), step.metric
    if target is None and floor is None:
        raise Refused("There is no number yet.", "Type a target, a floor, or both.")
    if target == floor:
        raise Refused(f"Target and floor are both {typed.exact(metric, target)}: nothing lies between them to score.",
                      "The floor is where help is needed, the target where all is well.")
    agreements.agree(step.asked, metric.key, place, target, floor, _known(day), reason)
    step.fields.done()
    figures = ", ".join(f"{name} {typed.exact(metric, x)}" for name, x in (("target", target), ("floor", floor)) if x is not None)
    first = words.week_name(weeks.week_of(_known(day), step.book.first_day)).lower()
    return (f"Agreed for {target_fields.whom(place)}: {metric.name}, {figures}, from {words.day(_known(day))}. The board shows it from "
            f"{first}. If that is not right, agree it again: of two for the same day the one set last holds, and the history keeps both.")


def _known(day: date | None) -> date:
    if day is None:
        raise Refused("There is no day yet.", "Say from which day it holds.")
    return day


# ---- ending ----------------------------------------------------------------------------------------------
def _ending(step: Step) -> str:
    """Ends what holds in a place; the wider agreement, the source or the baseline holds again."""
    among = [p for p in step.book.mine if p.kind in step.agreement.held]
    if not among:
        return ""
    fold = st.expander("End an agreement", key=step.fields.name("ending"), on_change="rerun")
    if not fold.open:
        return ""
    with fold:
        parts.note("What was agreed for a wider place holds again; where there is none, the source or the own last 13 judged weeks.")
        with st.container(horizontal=True, gap="small"):
            place, day = target_fields.place(step.fields, "end", among), target_fields.day(step.fields, "end", step.book.today)
        if place != step.book.places[0]:
            parts.note(f"It ends for {target_fields.whom(place)}, not only here.")
        reason = target_fields.reason(step.fields, "end", "Why it ends", "For whoever asks next year.")
        refused = st.container()
        if st.button("End the agreement", key=step.fields.name("end button")):
            with refused, parts.saying():
                return _end(step, place, day, reason)
    return ""


def _end(step: Step, place: Place, day: date | None, reason: str) -> str:
    if not reason.strip():
        raise Refused("Ending needs a reason.", "Say why, for whoever asks next year.")
    agreements.agree(step.asked, step.metric.key, place, None, None, _known(day), reason)
    step.fields.done()
    ended = f"Ended for {target_fields.whom(place)} from {words.day(_known(day))}: {step.metric.name}."
    return f"{ended} To take that back, agree a target again."
