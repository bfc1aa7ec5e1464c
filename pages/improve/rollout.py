"""Rollout: how far is a branch in its first 90 days, what is next, and does it help?"""

import streamlit as st

from scoreboard.views import data, filters, first_run
from scoreboard.views.asking import asked
from scoreboard.views.improve import rollout, rollout_all, rollout_parts

who = asked()
if not data.anything_loaded(who):
    first_run.show(who)
    st.stop()

of = filters.branch_alone(who)
if rollout.is_branch(who, of):
    rollout_parts.show(who, of)
else:
    rollout_all.show(who, of)
