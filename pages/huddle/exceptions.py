"""Exceptions: what threatens a promise, each with an owner and a timer, closed only when the customer knows."""

import streamlit as st

from scoreboard.views.asking import asked
from scoreboard.views.cases import agreed_parts, detail_parts, list_parts, raising

who = asked()
if not list_parts.is_there(who):
    list_parts.no_branch()
    st.stop()

if case := st.query_params.get("case"):
    detail_parts.show(who, case)
    st.stop()

branch = list_parts.head(who)
if raised := raising.show(who, branch):
    list_parts.go(case=f"{raised.branch}/{raised.case_no}")
list_parts.show(who, branch)
agreed_parts.show(who, branch)
