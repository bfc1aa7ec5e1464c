"""Exports: what can be taken along of a branch, a territory or the company in a week."""

import streamlit as st

from scoreboard.views import data, exporting, filters, first_run
from scoreboard.views.asking import asked

who = asked()
if not data.anything_loaded(who):
    first_run.show(who)
    st.stop()

st.title("Exports", anchor=False)
branch, week = filters.branch_and_week(who)
exporting.show(who, branch, week)
exporting.elsewhere()
