"""Branches: every branch of a territory side by side. Who has a signal, who reported, who became better at what."""

import streamlit as st

from scoreboard.views import data, first_run
from scoreboard.views.asking import asked
from scoreboard.views.territory import parts

who = asked()
if not data.anything_loaded(who):
    first_run.show(who)
    st.stop()

shown, week = parts.picked(who)
parts.matrix(shown, week)
parts.strips(who, shown, week)
parts.bright_spots(shown, week)
