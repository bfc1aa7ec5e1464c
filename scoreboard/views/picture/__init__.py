"""The board as one picture: JSON in, drawn in the browser, a tile opens its metric.

Drawn by a component and not by charts, because a sparkline cannot show a usual range and eight figures cost seconds.
It shows `tiles.board_json` and decides nothing; every text is set as text, never as markup.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

_HERE = Path(__file__).parent
_MOUNT = st.components.v2.component(
    "scoreboard_board", html='<div class="board"></div>',
    css=(_HERE / "board.css").read_text(encoding="utf-8"), js=(_HERE / "board.js").read_text(encoding="utf-8"))


def show(board: dict[str, Any], address: str) -> str | None:
    """Draws the board; the key of the metric whose tile was opened in this run, or None.

    `address` is the query of the page without its metric: tiles are links, so that one can open in a new tab.
    """
    opened = _MOUNT(key="board", data={"board": board, "address": address}, on_open_change=lambda: None)
    found: str | None = opened.open
    return found
