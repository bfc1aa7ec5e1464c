"""The escalation playbook on screen: read as a table, written one step a line."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from scoreboard.cases import playbook
from scoreboard.cases.playbook import Step
from scoreboard.views import parts
from scoreboard.views.asking import Asked
from scoreboard.views.cases import ladder
from scoreboard.views.cases.ladder import Book

TITLES = {"mission-critical": "Critical orders", "backorder": "Backorders"}
_BEFORE, _ROUND = "playbook_before", "playbook_round"


def show(asked: Asked, branch: str, book: Book, refusal: str) -> None:
    """Both parts of the playbook, each with its form."""
    parts.note("It stands on an exception when it applies: on a mission-critical one, and on a backorder.")
    if refusal:
        st.info(parts.plain(refusal), icon=":material/info:")
    for kind, (steps, own) in book.playbook.items():
        st.subheader(TITLES[kind], anchor=False)
        table(steps)
        if steps and not own:
            parts.note("These are the company's. Steps of your own stand in their place.")
        if not refusal:
            _form(asked, branch, kind, steps if own else [])


def table(steps: list[Step]) -> None:
    """The steps, or what is missing."""
    if not steps:
        st.text(playbook.MISSING)
        return
    rows = [{"": f"{at}.", "Who is told": step.tell, "By when": by_when(step), "What may be offered": step.offer or "–"}
            for at, step in enumerate(steps, 1)]
    parts.table(pd.DataFrame(rows), "Who is told, in which order, by when, and what may be offered")


def by_when(step: Step) -> str:
    """Until when somebody is told, in words."""
    return f"within {step.within_minutes} working minutes" if step.within_minutes else "not said"


def _form(asked: Asked, branch: str, kind: str, own: list[Step]) -> None:
    done = st.session_state.get(_ROUND, 0)
    with st.expander("Write it", key=f"playbook {branch} {kind} {done}", icon=":material/edit:"):
        lines = st.text_area("One step a line: who is told | within how many working minutes | what may be offered",
                             "\n".join(map(playbook.written, own)), key=f"playbook lines {branch} {kind} {done}", height=130,
                             placeholder="the leader | 30\nthe customer | 60 | what may be offered")
        refused = st.container()
        if st.button("Save", type="primary", key=f"playbook save {branch} {kind} {done}"):
            with refused, parts.saying():
                _keep(asked, branch, kind, lines or "", own)
    before = st.session_state.get(_BEFORE)
    if before and before[:2] == (branch, kind):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.text("Saved.", width="content")
            if st.button("Put back what was there", icon=":material/undo:", key=f"playbook back {branch} {kind}"):
                with parts.saying():
                    _keep(asked, branch, kind, before[2], own)


def _keep(asked: Asked, branch: str, kind: str, lines: str | list[Step], own: list[Step]) -> None:
    ladder.keep_playbook(asked, branch, kind, lines)
    st.session_state[_BEFORE] = (branch, kind, own)
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
    st.rerun()
