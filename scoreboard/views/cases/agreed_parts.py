"""What a branch has agreed about exceptions: who owns and hears, what opens by itself. Folded below the lists, for it changes rarely;
and on an exception the row that opened it and the playbook that applies.
"""

from __future__ import annotations

import pandas as pd
import streamlit as st

from scoreboard.cases import playbook
from scoreboard.cases.lifecycle import CaseState
from scoreboard.state.database import reading
from scoreboard.views import parts
from scoreboard.views.asking import Asked
from scoreboard.views.cases import ladder_parts, playbook_parts, rule_parts

FOLDS = (("Who owns and who hears", ladder_parts.show), ("What opens by itself", rule_parts.show))


def show(asked: Asked, of: str) -> None:
    """Each of FOLDS; a closed one asks nothing."""
    for title, part in FOLDS:
        with (fold := st.expander(title, key=f"fold {title}", on_change="rerun")):
            if fold.open:
                part(asked, of)


def playbook_of(asked: Asked, state: CaseState) -> None:
    """Who is told of an exception by the playbook, while it is open; nothing where none applies."""
    if state.closed_at is not None:
        return
    with reading(asked.engine) as conn:
        applies = playbook.steps_for(conn, state.branch, state)
    for kind, steps in applies.items():
        with st.container(key=f"case-playbook-{kind}", gap="xsmall"):
            st.subheader(f"Playbook: {playbook_parts.TITLES[kind].lower()}", anchor=False)
            playbook_parts.table(steps)


def row_behind(asked: Asked, state: CaseState) -> None:
    """The row that opened it; nothing for one that a person raised or a file brought."""
    if behind := rule_parts.row_behind(asked, state):
        with st.container(key="case-row", gap="xsmall"):
            st.subheader("What opened it", anchor=False)
            st.text(f"{behind.rule}: {behind.when}")
            parts.note(behind.promise)
            parts.table(pd.DataFrame([dict(behind.cells)]), "The row as it was when it opened this exception")
