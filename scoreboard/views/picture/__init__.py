"""The board as one picture, and how its triangle moved: JSON in, drawn in the browser, a click comes back.

Drawn by components and not by charts, because a sparkline cannot show a usual range and eight figures cost seconds.
They show `board_words.board_json` and `moved.strip` and decide nothing; every text is set as text, never as markup.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

_HERE = Path(__file__).parent


def _part(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


_BOARD = st.components.v2.component("scoreboard_board", html='<div class="board"></div>', css=_part("board.css"),
                                    js=_part("shapes.js") + _part("board.js"))
_MOVED = st.components.v2.component("scoreboard_moved", html='<div class="moved"></div>', css=_part("moved.css"),
                                    js=_part("shapes.js") + _part("moved.js"))


def show(board: dict[str, Any], address: str) -> dict[str, str] | None:
    """Draws the board; what was opened in this run, as a word of the address (a `metric`, a `list` of exceptions), or None.

    `address` is the query of the page without that word: tiles are links, so that one can open in a new tab.
    """
    opened = _BOARD(key="board", data={"board": board, "address": address}, on_open_change=lambda: None)
    found: dict[str, str] | None = opened.open
    return found


def show_moved(strip: dict[str, Any], address: str) -> str | None:
    """Draws how the triangle moved; the label of the week chosen in this run, or None. `address` is the query of the page."""
    opened = _MOVED(key="moved", data={"strip": strip, "address": address}, on_open_change=lambda: None)
    found: str | None = opened.open
    return found
