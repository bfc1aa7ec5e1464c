"""Promises: what do we promise, and do we keep it?"""

import streamlit as st

from scoreboard.views import data, filters, first_run
from scoreboard.views.asking import asked
from scoreboard.views.improve import promise_parts, promises

who = asked()
if not data.anything_loaded(who):
    first_run.show(who)
    st.stop()

branch, week = filters.branch_and_week(who)
found = promises.read(who, branch, week)
opened = promise_parts.figures(found, branch, week)
if opened:
    st.switch_page("pages/huddle/metric.py", query_params={**st.query_params.to_dict(), "metric": opened})
promise_parts.rules(found, who)
promise_parts.made_by(found)
