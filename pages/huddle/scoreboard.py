"""Scoreboard: this week of one branch in one look. What the huddle stands in front of."""

import streamlit as st

from scoreboard.views import data, filters, first_run, picture
from scoreboard.views.asking import asked

who = asked()
if not data.anything_loaded(who):
    first_run.show(who)
    st.stop()

branch, week = filters.branch_and_week(who)
opened = picture.show(data.board(who, branch, week), filters.address(branch, week))
if opened:
    st.switch_page("pages/huddle/metric.py", query_params={**st.query_params.to_dict(), "metric": opened})
