"""The sample company on screen: said to be made up wherever it shows, gone at the first real load."""

from __future__ import annotations

import streamlit as st

from scoreboard.imports import sampling
from scoreboard.state.database import reading
from scoreboard.views.asking import Asked


def is_shown(asked: Asked) -> bool:
    """Whether what is loaded is the sample."""
    return _is_sample(asked.stamp, asked)


@st.cache_data(max_entries=50, show_spinner=False)
def _is_sample(stamp: tuple[str, int, int], _asked: Asked) -> bool:
    with reading(_asked.engine) as conn:
        return sampling.is_there(conn)


def banner(asked: Asked) -> None:
    """One line over every page while the sample is shown."""
    if is_shown(asked):
        st.markdown(":gray[**Sample data.** A made-up company, to try things on. It leaves when you load your first file.]")
