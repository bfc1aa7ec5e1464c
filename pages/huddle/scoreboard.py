"""Scoreboard: this week of one branch in one look. What the huddle stands in front of."""

import streamlit as st

from scoreboard.views import data, exporting, filters, first_run, moved, picture, restated
from scoreboard.views.asking import asked

who = asked()
if not data.anything_loaded(who):
    first_run.show(who)
    st.stop()

with st.container(horizontal=True, vertical_alignment="center"):
    branch, week = filters.branch_and_week(who)
    as_reported = restated.switch(data.board(who, branch, week)["changed"])
    exporting.print_button(who, branch, week, "print-board", as_reported=as_reported)
opened = picture.show(data.board(who, branch, week, as_reported=as_reported), filters.address(branch, week))
if opened:
    page = "pages/huddle/exceptions.py" if "list" in opened else "pages/huddle/metric.py"
    st.switch_page(page, query_params={**st.query_params.to_dict(), **opened})
if as_reported:
    restated.show(who, branch, week)
moved.show(who, branch, week)
