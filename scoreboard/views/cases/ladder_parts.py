"""Who owns and who hears: the ladder, types with their standards, the playbook, what was sent. For a section of a page.

The convention: what people typed is drawn as text. A refusal stands where it was typed; what was typed stays.
"""

from __future__ import annotations

import pandas as pd
import streamlit as st

from scoreboard.cases.contacts import Contact
from scoreboard.views import data, parts
from scoreboard.views.asking import Asked
from scoreboard.views.cases import ladder, playbook_parts, type_parts
from scoreboard.views.cases.ladder import RUNGS, Book

# Streamlit's own colour of the chosen tab is too faint on the dark background.
_STYLE = """<style>.st-key-who-hears [role="tab"][aria-selected="true"] p { color: inherit; font-weight: 600 }
.st-key-who-hears [role="tab"][aria-selected="true"] { color: inherit }</style>"""
_SAID, _GONE, _ROUND = "ladder_said", "ladder_gone", "ladder_round"


def show(asked: Asked, branch: str | None) -> None:
    """All of it for one branch; forms for whoever may change it."""
    if branch is None or branch == data.COMPANY or branch.startswith(data.TERRITORY):
        st.text("Who owns exceptions and who hears of them is agreed branch by branch. "
                + ("No branch is known yet: load a first file, or add one." if branch is None else "Pick one of the branches above."))
        return
    book, refusal = ladder.read(asked, branch), asked.refusal("ladder")
    st.html(_STYLE)
    with st.container(key="who-hears"):
        hears, kinds, steps, sent = st.tabs(["Who hears", "Types and standards", "Playbook", "What was sent"])
    with hears:
        _ladder(asked, branch, book, refusal)
    with kinds:
        type_parts.show(asked, branch, book, refusal)
    with steps:
        playbook_parts.show(asked, branch, book, refusal)
    with sent:
        _sent(book)


def _ladder(asked: Asked, branch: str, book: Book, refusal: str) -> None:
    parts.note("What comes due in an exception is said once: half of its standard used up to the owner, four fifths to the leader too, "
               "past it to the territory too; mission-critical to all three at once.")
    for role, title in RUNGS.items():
        with st.container(gap="xxsmall"):
            st.subheader(title, anchor=False)
            for one in book.rungs[role]:
                _contact(asked, branch, one, refusal)
            if not book.rungs[role]:
                parts.note("Whoever signs in here can own one; a message reaches only whom you add." if role == "owner"
                           else "Nobody yet: what comes due on this rung reaches nobody.")
    _undo(asked, branch)
    parts.note(f"{book.terms} An administrator changes both: options set accept_minutes, options set quiet_hours.")
    if refusal:
        st.info(parts.plain(refusal), icon=":material/info:")
    else:
        _adding(asked, branch, book)


def _contact(asked: Asked, branch: str, one: Contact, refusal: str) -> None:
    where = {"branch": "", "territory": f" · every branch of {one.scope}", "company": " · every branch"}[one.scope_kind]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.text(f"{one.name} · {ladder.reached_by(one)}{where}", width="content")
        if not refusal and st.button("Take off", key=f"ladder-{one.id}", icon=":material/close:", type="tertiary",
                                     help=f"Takes {parts.plain(one.name)} off this rung"):
            with parts.saying():
                ladder.remove(asked, one.id)
                st.session_state[_GONE] = (branch, one)
                st.session_state.pop(_SAID, None)
                st.rerun()


def _undo(asked: Asked, branch: str) -> None:
    """What was just done, and the way back."""
    if (said := st.session_state.get(_SAID)) and said[0] == branch:
        st.success(parts.plain(said[1]), icon=":material/check:")
    off, gone = st.session_state.get(_GONE, ("", None))
    if gone is None or off != branch:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.text(f"{gone.name} is off the ladder. What they own stays theirs.", width="content")
        if st.button("Put back", icon=":material/undo:", key="ladder-put-back"):
            with parts.saying():
                ladder.put_back(asked, gone.id)
                st.session_state.pop(_GONE)
                st.rerun()


def _adding(asked: Asked, branch: str, book: Book) -> None:
    done = st.session_state.get(_ROUND, 0)
    with st.form(f"ladder add {branch} {done}", border=True):
        st.markdown("**Add somebody, or give them another address**")
        with st.container(horizontal=True, gap="small"):
            role = st.selectbox("Rung", list(RUNGS), format_func=lambda role: RUNGS[role], width=180, key=f"ladder role {branch} {done}")
            name = st.text_input("Name", max_chars=100, key=f"ladder name {branch} {done}", width=240)
            place = st.selectbox("For", list(book.places), width=260, key=f"ladder place {branch} {done}")
        address = st.text_input(
            "Address for messages", type="password", key=f"ladder address {branch} {done}", autocomplete="off",
            placeholder="mailto://user:password@example.com", help="A URL as Apprise reads it: mail, Teams, Slack, SMS and many more; see "
            "appriseit.com/services. It is kept and never shown again. Leave it empty for somebody who owns but gets no messages.")
        refused = st.container()
        if st.form_submit_button("Add", type="primary", icon=":material/add:"):
            with refused, parts.saying():
                ladder.add(asked, book.places[place], role, name or "", address or "")
                st.session_state[_ROUND] = done + 1
                st.session_state[_SAID] = (branch, f"{' '.join((name or '').split())} is on the ladder.")
                st.session_state.pop(_GONE, None)
                st.rerun()


def _sent(book: Book) -> None:
    if not book.messages:
        st.text("Nothing was due yet. What is said to whom will stand here, also when nobody could be reached.")
        return
    parts.table(pd.DataFrame(book.messages), "What was said to whom, newest first")
    parts.note(f"The latest {ladder.RECENT}. All of them: the command messages.")
