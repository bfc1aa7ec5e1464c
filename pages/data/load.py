"""Load: bring export files in, see what they would change, keep them, take a load back."""

import streamlit as st

from scoreboard.views.load import load_history, loading
from scoreboard.views.asking import asked

who = asked()
st.title("Load")
st.markdown("You see what a file would change before anything is kept, and every load can be taken back.")
loading.show(who)
load_history.show(who)
