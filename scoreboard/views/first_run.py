"""What an empty scoreboard shows: the two ways to begin."""

from __future__ import annotations

import streamlit as st

from scoreboard.imports import sampling
from scoreboard.views.asking import Asked


def show(asked: Asked) -> None:
    """The first-run page."""
    st.title("Nothing is loaded yet")
    st.markdown("This board needs an export from the system your branch already has: orders, quotes, credits or returns, "
                "as CSV or Excel. One file is enough to begin.")
    with st.container(horizontal=True, gap="medium"):
        with st.container(border=True, width=420):
            st.header("Load your first file")
            st.markdown("You see what it would change before anything is kept, and every load can be taken back.")
            if st.button("Choose a file", type="primary", icon=":material/upload:"):
                st.switch_page("pages/data/load.py")
        with st.container(border=True, width=420):
            st.header("Look around first")
            st.markdown("Six made-up branches with planted stories, ending last week. They leave when you load a file of your own.")
            if st.button("Show the sample company", icon=":material/play_arrow:"):
                with st.spinner("Loading sixty weeks of six branches, about half a minute …"):
                    sampling.load_sample(asked.settings, asked.engine, asked.viewer)
                st.rerun()
