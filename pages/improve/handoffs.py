"""Handoffs: where does the chain hold things up, and where does it break?"""

import streamlit as st

from scoreboard.views import data, filters, first_run
from scoreboard.views.asking import asked
from scoreboard.views.improve import handoff_parts, handoffs

who = asked()
if not data.anything_loaded(who):
    first_run.show(who)
    st.stop()

branch, week = filters.branch_and_week(who)
found = handoffs.read(who, branch, week)
handoff_parts.flow(found, who, branch, week)
handoff_parts.counting(found)
handoff_parts.limbo(found, who, branch, week)
handoff_parts.coming_back(found, who, branch, week)
