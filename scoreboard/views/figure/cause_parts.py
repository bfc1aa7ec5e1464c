"""The root cause of a group of misses and the standard that answers it: as text, or while they are written as fields in the same
place."""

from __future__ import annotations

import streamlit as st

from scoreboard.metrics.reasons import Repeat
from scoreboard.state.root_causes import LONGEST, RootCause
from scoreboard.views import parts
from scoreboard.views.asking import Asked
from scoreboard.views.figure import behind, reasons

_WRITING = "writing_cause"  # in the session: the (branch, column, value) that is being written


def show(asked: Asked, of: str, group: Repeat, known: RootCause | None, may: bool, number: int) -> None:
    """The root cause of a group; `number` tells the lines of a list apart."""
    writing = (of, group.grouped_by, group.subject)
    if may and st.session_state.get(_WRITING) == writing:
        _fields(asked, of, group, known, number)
        return
    if known or not may:
        answered = f" Answered by: {known.standard}" if known and known.standard else ""
        st.text(f"{known.cause}{answered}" if known else "No root cause written yet.", width="content" if may else "stretch")
    if may and st.button("Change" if known else "Write the root cause", key=f"cause-{number}", type="tertiary", icon=":material/edit:",
                         help=parts.plain(reasons.title(group.grouped_by, group.subject))):
        st.session_state[_WRITING] = writing
        st.rerun()


def _fields(asked: Asked, of: str, group: Repeat, known: RootCause | None, number: int) -> None:
    with st.form(f"cause-form-{number}", border=False), st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        label = parts.plain(f"Why does {behind.title(group.grouped_by).lower()} {group.subject} come back?")
        own = f"{number}-{of}-{group.grouped_by}-{group.subject}"
        cause = st.text_input(label, known.cause if known else "", max_chars=LONGEST, width=380, key=f"cause-text-{own}",
                              placeholder="Two bins look alike, the cut-off is too late …")
        standard = st.text_input("Which standard answers it?", known.standard if known else "", max_chars=LONGEST, width=380,
                                 key=f"cause-standard-{own}", placeholder="Scan the bin before the part …",
                                 help="How the work is done from now on, so that it does not come back. It may stay empty until you know.")
        kept, left = st.form_submit_button("Keep"), st.form_submit_button("Cancel")
        removed = known is not None and st.form_submit_button("Take off")
        with parts.saying():
            if kept:
                reasons.write_cause(asked, of, group, cause, standard)
            elif removed:
                reasons.take_off_cause(asked, of, group)
            if kept or removed or left:
                st.session_state.pop(_WRITING, None)
                st.rerun()
