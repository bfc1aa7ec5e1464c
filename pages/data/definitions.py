"""Definitions: every metric as this branch sees it, what was agreed about it, and what its board shows."""

import streamlit as st

from scoreboard.views.define import agreeing, choosing, definitions
from scoreboard.views.asking import asked

who = asked()
st.title("Definitions and targets", anchor=False)
branch, view = definitions.pickers(who)
if view == definitions.AGREE:
    agreeing.show(who, branch)
elif view == definitions.BOARD:
    choosing.show(who, branch)
else:
    definitions.show(who, branch)
