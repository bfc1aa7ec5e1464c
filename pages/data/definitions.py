"""Definitions: every metric as this branch sees it, what was agreed about it, and the step that agrees a target."""

import streamlit as st

from scoreboard.views.define import agreeing, definitions
from scoreboard.views.asking import asked

who = asked()
st.title("Definitions and targets", anchor=False)
branch, view = definitions.pickers(who)
if view == definitions.AGREE:
    agreeing.show(who, branch)
else:
    definitions.show(who, branch)
