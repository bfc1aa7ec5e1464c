"""Definitions: every metric as this branch sees it, what was agreed about it, what its board shows, and when it is open."""

import streamlit as st

from scoreboard.views.define import agreeing, branch_hours, choosing, definitions
from scoreboard.views.asking import asked

who = asked()
st.title("Definitions and targets", anchor=False)
branch, view = definitions.pickers(who)
if view == definitions.AGREE:
    agreeing.show(who, branch)
elif view == definitions.BOARD:
    choosing.show(who, branch)
elif view == definitions.HOURS:
    branch_hours.show(who, branch)
else:
    definitions.show(who, branch)
