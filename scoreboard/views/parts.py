"""Small pieces that several pages share."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from scoreboard.errors import ScoreboardError


def note(text: str) -> None:
    """A quiet sentence. (Streamlit's caption is too faint to read on a wall.)"""
    st.markdown(f":gray[{plain(text)}]")


def plain(text: str) -> str:
    """A text from a file or a person, so that markdown shows it as it was typed."""
    return re.sub(r"([\\`*_{}\[\]()<>#+\-!|~$:&])", r"\\\1", text)


@contextmanager
def saying() -> Iterator[None]:
    """A refusal inside is said as a sentence where it happened; what was typed stays."""
    try:
        yield
    except ScoreboardError as error:
        st.error(plain(str(error)), icon=":material/info:")
