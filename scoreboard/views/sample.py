"""The sample company on screen: said to be made up wherever it shows, gone at the first real load."""

from __future__ import annotations

import streamlit as st
from sqlalchemy import select

from scoreboard.state.database import reading
from scoreboard.state.schema import loads
from scoreboard.views.asking import Asked


def is_shown(asked: Asked) -> bool:
    """Whether what is loaded is the sample."""
    return _is_sample(asked.stamp, asked)


@st.cache_data(max_entries=50, show_spinner=False)
def _is_sample(stamp: tuple[str, int, int], _asked: Asked) -> bool:
    with reading(_asked.engine) as conn:
        return conn.execute(select(loads.c.id).where(loads.c.sample, loads.c.undone_version.is_(None)).limit(1)).first() is not None


def banner(asked: Asked) -> None:
    """One line over every page while the sample is shown."""
    if is_shown(asked):
        st.markdown(":gray[**Sample data.** A made-up company, to try things on. It leaves when you load your first file.]")
