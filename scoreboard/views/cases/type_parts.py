"""The types of exception of a branch on screen: who gets each, and the standard, which is one for the whole company.

The convention: a standard moves figures, so agreeing one is a job that works the weeks out anew; an administrator does it.
"""

from __future__ import annotations

import pandas as pd
import streamlit as st

from scoreboard.state.option_kinds import HANDOFFS
from scoreboard.views import jobs, parts
from scoreboard.views.asking import Asked
from scoreboard.views.cases import ladder
from scoreboard.views.cases.ladder import Book

_JOB, _SAID, _ROUND = "standard_job", "types_said", "types_round"
_NOBODY = "nobody"


def show(asked: Asked, branch: str, book: Book, refusal: str) -> None:
    """The types, the form that says who gets one, the form that agrees a standard."""
    parts.table(pd.DataFrame(book.types), "The types of exception, who gets each here, and its standard")
    if said := st.session_state.get(_SAID):
        st.success(parts.plain(said), icon=":material/check:")
    left, right = st.columns(2, gap="large")
    with left:
        if refusal:
            st.info(parts.plain(refusal), icon=":material/info:")
        else:
            _owner(asked, branch, book)
    with right:
        if asked.refusal("options"):
            parts.note("Standards are agreed for the whole company, by an administrator, because branches are compared.")
        else:
            _standard(asked, book)


def _owner(asked: Asked, branch: str, book: Book) -> None:
    done = st.session_state.get(_ROUND, 0)
    with st.container(border=True, gap="xsmall"):
        st.markdown("**Who gets a type here**")
        name = st.selectbox("Type", book.names, index=None, key=f"types name {branch} {done}", accept_new_options=True,
                            placeholder="Pick one or type a new one")
        handoff = book.handoff_of.get(name or "", "")
        if name and name not in book.names:
            handoff = st.selectbox("The handoff it belongs to", HANDOFFS, index=None, key=f"types handoff {branch} {done}") or ""
        known = [_NOBODY, *book.owners]
        now = book.owner_of.get(name or "", "")
        owner = st.selectbox("Who gets it", known, known.index(now) if now in known else 0, key=f"types owner {branch} {name} {done}")
        refused = st.container()
        if st.button("Save", type="primary", key=f"types save {branch} {done}"):
            with refused, parts.saying():
                ladder.keep_type(asked, branch, name or "", handoff, "" if owner == _NOBODY else owner)
                st.session_state[_ROUND] = done + 1
                st.session_state[_SAID] = f"Saved: {' '.join((name or '').split())} goes to {owner}."
                st.rerun()


def _standard(asked: Asked, book: Book) -> None:
    done = st.session_state.get(_ROUND, 0)
    with st.container(border=True, gap="xsmall"):
        st.markdown("**The standard of a type, for the whole company**")
        name = st.selectbox("Type", book.names, index=None, key=f"standard name {done}", placeholder="Pick one")
        minutes = book.minutes_of.get(name or "")
        wanted = st.number_input("Working hours until it is resolved and told", min_value=0.25, max_value=9999.0, step=0.5, format="%g",
                                 value=minutes / 60 if minutes else None, key=f"standard hours {name} {done}",
                                 placeholder="not agreed", help="Empty: no standard is agreed.")
        why = st.text_input("Why", key=f"standard why {done}", max_chars=300, placeholder="For whoever asks next year")
        parts.note("Every week is worked out anew with it.")
        refused = st.container()
        begun = st.button("Agree", type="primary", key=f"standard save {done}")
        with refused:
            if begun and not name:
                parts.say("No type is picked yet. Pick one first.")
            elif begun and name and _JOB not in st.session_state:
                st.session_state[_SAID] = ""
                st.session_state[_JOB] = (name, wanted, jobs.Job("Working out every week anew",
                                                                 lambda tell: ladder.keep_standard(asked, name, wanted, why or "")))
            _watch(done)


def _watch(done: int) -> None:
    """Waits for the work and says what became of it."""
    if _JOB not in st.session_state:
        return
    name, wanted, job = st.session_state[_JOB]
    jobs.watch(job, st.empty())
    st.session_state.pop(_JOB, None)
    with parts.saying():
        moved = job.result()
        st.session_state[_ROUND] = done + 1
        st.session_state[_SAID] = (f"{name}: {ladder.hours(wanted * 60 if wanted else None)}. "
                                   f"{moved:,} weekly {'figure' if moved == 1 else 'figures'} changed.")
        st.rerun()
