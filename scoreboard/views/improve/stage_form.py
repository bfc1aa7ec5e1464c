"""Who owns a stage and what "done" means there, written in place under the chain."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from scoreboard.state.stages import LONGEST, LONGEST_OWNER, STAGES, Agreed
from scoreboard.views import parts
from scoreboard.views.asking import Asked
from scoreboard.views.improve import handoff_rows

_EXAMPLES = {
    "quote": "Price, stock or substitute, and an ETA that somebody checked", "pick": "Every line scanned, shorts said to the counter",
    "stage": "Labelled, counted, in its lane", "load": "On the right truck before its cut-off",
    "deliver": "Signed for, or the customer called", "close": "Credited, and the customer has heard it from us"}


_SEEN = "seen_stage"  # in the session: (branch, stage, what stood there when the form was opened)


def show(known: Agreed, asked: Asked, branch: str, stage: str, close: Callable[[], None]) -> None:
    """The form of one stage. What was typed stays when somebody else has written meanwhile: it is refused once, with their words."""
    if st.session_state.get(_SEEN, ())[:2] != (branch, stage):
        st.session_state[_SEEN] = (branch, stage, known)
    seen: Agreed = st.session_state[_SEEN][2]
    st.header(f"{STAGES[stage]}: who owns it, and when is it done?")
    with st.form(f"stage-{stage}", border=False):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            owner = st.text_input("Owner", seen.owner, max_chars=LONGEST_OWNER, width=280, placeholder="A name or a role",
                                  key=f"owner-{branch}-{stage}",
                                  help="Who answers for how this stage works. No miss is counted beside the name.")
            done = st.text_input("Done means", seen.done_means, max_chars=LONGEST, width=560, placeholder=_EXAMPLES[stage],
                                 key=f"done-{branch}-{stage}", help="What must be true before it is handed over.")
        with st.container(horizontal=True):
            kept, left = st.form_submit_button("Keep", type="primary"), st.form_submit_button("Cancel")
            before = handoff_rows.former(asked, branch, stage)
            undone = before is not None and st.form_submit_button("Undo the last change", help=parts.plain(
                f"Before: {before.owner or 'no owner'}; {before.done_means or 'not written'}"))
    with parts.saying():
        if kept:
            st.session_state[_SEEN] = (branch, stage, known)
            handoff_rows.agree(asked, branch, stage, owner, done, seen)
        elif undone:
            handoff_rows.put_back(asked, branch, stage)
        if kept or undone or left:
            st.session_state.pop(_SEEN, None)
            close()
            st.rerun()
