"""The page Handoffs, drawn: the chain, what is opened from it, what waits, what keeps coming back, how it is counted.

The convention: what is open under the chain stands in the address (`see`): a stage to write its owner, or a handoff to see its rows.
"""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from scoreboard.metrics.limbo import FROM_THEM, MOST, STEPS, Waiting
from scoreboard.metrics.words import called
from scoreboard.state import stages
from scoreboard.state.option_kinds import HANDOFFS
from scoreboard.views import filters, parts, picture, take_along
from scoreboard.views.asking import Asked
from scoreboard.views.figure import cause_parts, events, reasons
from scoreboard.views.improve import handoff_rows, handoffs, stage_form
from scoreboard.views.improve.handoffs import SHOWN, Chain, Row

_SEE = "see"


def flow(found: Chain, asked: Asked, of: str, week: date) -> None:
    """The chain as one picture, and under it what was opened."""
    may = not asked.refusal("standards")
    seen = st.query_params.get(_SEE, "")
    opened = picture.show_chain(handoffs.picture(found, may), filters.address(of, week), seen)
    take_along.drawing("chain", "The chain of handoffs", "Bars: dark to the middle, grey to nine of ten.")
    if opened:
        st.query_params[_SEE] = "" if opened == seen else opened
        st.rerun()
    if seen in HANDOFFS:
        _broken(found, asked, of, week, seen)
    elif seen in stages.STAGES and found.agreed is not None and may:
        stage_form.show(found.agreed[seen], asked, of, seen, _close)


def _close() -> None:
    st.query_params.pop(_SEE, None)


def _broken(found: Chain, asked: Asked, of: str, week: date, handoff: str) -> None:
    """The rows that broke at a handoff, of one branch."""
    st.header(f"What broke at {handoff}")
    if not found.is_branch:
        st.text("Rows are shown for one branch: choose one above.")
    else:
        rows = handoff_rows.broken_rows(asked, of, week, handoff)
        if not rows:
            st.text(f"Nothing broke here in the {found.span}.")
        else:
            said = handoff_rows.reasons_of(rows)
            parts.note(f"{len(rows):,} in the {found.span}, newest first{f'. Most often: {said}' if said else ''}.")
            parts.table(_told(rows[:MOST]), alt=f"What broke at {handoff}")
    st.button("Close", on_click=_close, key="close-handoff", icon=":material/close:")


# ---- limbo -----------------------------------------------------------------------------------------------
def limbo(found: Chain, asked: Asked, of: str, week: date) -> None:
    """Returns, cores and credits without a next step: by what is missing, the oldest first."""
    st.header("What waits for its next step")
    if len(found.unknown) == len(STEPS):
        st.text("No returns are loaded. With the columns received, dispositioned, credited and customer told they stand here.")
        return
    if not found.waiting:
        st.text("No return, core or credit waits for a step.")
    else:
        groups = {one.step: one for one in sorted(found.waiting, key=lambda one: one.step == FROM_THEM)}  # first what waits for us
        step = st.radio("What is missing", list(groups), format_func=lambda one: _group(groups[one]), horizontal=True, key=f"limbo-{of}")
        rows = handoff_rows.waiting_rows(asked, of, week, step)
        parts.table(_told(rows), alt=f"What waits for {STEPS[step]}")
        if len(rows) < groups[step].count:
            parts.note(f"The {len(rows):,} oldest of {groups[step].count:,}.")
    lacks = [called(f"returns.{step}") for step in found.unknown]
    parts.note("Returns, cores and warranty parts of any age, as of how far the returns reach: each waits for the first step after its "
               f"last one.{f' No file has {chr(44).join(lacks)}: nothing can wait for it here.' if lacks else ''}")


def _group(one: Waiting) -> str:
    value = f", worth {one.value:,.0f}" if one.value else ""
    missing = STEPS[one.step]
    return parts.plain(f"{missing[0].upper()}{missing[1:]}: {one.count:,}{value}, the oldest {handoffs.days(one.oldest_days)}")


def _told(rows: list[Row]) -> pd.DataFrame:
    """Rows as a table without the columns that say nothing."""
    return pd.DataFrame({name: [row[name] for row in rows] for name in rows[0] if any(row[name] not in (None, "") for row in rows)})


# ---- what keeps coming back ------------------------------------------------------------------------------
def coming_back(found: Chain, asked: Asked, of: str, week: date) -> None:
    """The ten errors that come back most often, each with its root cause and the standard that answers it."""
    st.header("What keeps coming back")
    if not found.is_branch:
        st.text("Errors that come back are shown for one branch: choose one above.")
        return
    repeats, first_day = handoff_rows.coming_back(asked, of, week)
    if not repeats:
        st.text(f"No part, customer, route or reason was missed twice in the {found.span}.")
        return
    causes, may = reasons.causes(asked, of), events.may_note(asked)
    with st.container(key="coming-back", gap="xxsmall"):
        st.html("<style>.st-key-coming-back > div + div { border-top: 1px solid rgba(128, 140, 150, 0.4); padding-top: 0.25rem }"
                '[data-testid="InputInstructions"] { display: none }</style>')
        for number, (metric, group) in enumerate(repeats[:SHOWN]):
            subject, often, why = st.columns([6, 8, 15], gap="small", vertical_alignment="center")
            subject.text(reasons.title(group.grouped_by, group.subject))
            often.text(f"{metric}: {reasons.often(group, first_day)}")
            with why, st.container(horizontal=True, vertical_alignment="center", gap="small"):
                cause_parts.show(asked, of, group, causes.get((group.grouped_by, group.subject)), may, number)
    take_along.rows(pd.DataFrame([{"Figure": metric, **reasons.columns_of(group, causes, first_day)} for metric, group in repeats]),
                    "What keeps coming back")
    more = f"The ten most frequent of {len(repeats):,}. " if len(repeats) > SHOWN else ""
    parts.note(f"{more}Credits for our own errors, orders late or short, and exceptions that came again; a miss stands under each thing it "
               "shares with another. A root cause is written once and shows wherever its part, customer, route or reason does.")


def counting(found: Chain) -> None:
    """How everything in the picture is counted."""
    fold = st.expander("How it is counted", key="counting", on_change="rerun")
    if fold.open:
        with fold:
            parts.table(pd.DataFrame(handoffs.counting(found)), alt="How each stay is counted")
            parts.note("The middle is the time half of them exceed. What is still there counts at its age so far. Every stay counts by "
                       "the week the line was ordered, the quote requested, the part received or the exception opened. Bars: dark to the "
                       "middle, grey to nine of ten. Misses are lines credited for our own error and exceptions opened; they belong to the "
                       "handoff the row names, else to that of its reason or type, and never to a person.")
