"""The board as one picture, how its triangle moved, the chain of handoffs, and branches side by side: JSON in, drawn in the browser, a
click comes back; and where to look.

Drawn by components and not by charts, because a sparkline cannot show a usual range and eight figures cost seconds.
They show `board_words.board_json`, `moved.strip`, `handoffs.picture` and what `territory` writes, and decide nothing; every text is
set as text, never as markup.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

_HERE = Path(__file__).parent
LEGEND = "Grey: the usual range. Dashes: the target. Hollow dots: weeks that are not judged."  # of small pictures, for a file


def _part(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


_BOARD = st.components.v2.component("scoreboard_board", html='<div class="board"></div>', css=_part("board.css"),
                                    js=_part("shapes.js") + _part("tile.js") + _part("board.js"))
_MOVED = st.components.v2.component("scoreboard_moved", html='<div class="moved"></div>', css=_part("moved.css"),
                                    js=_part("shapes.js") + _part("moved.js"))
_LOOK = st.components.v2.component("scoreboard_look", html="", js=_part("look.js"))


def look_at(selector: str) -> None:
    """Scrolls to the element a person asked for, and gives it the keyboard; only in the run that answers them."""
    turn = st.session_state["looks"] = st.session_state.get("looks", 0) + 1
    _LOOK(key="look", data={"selector": selector, "turn": turn})


def theme() -> str:
    """"dark" or "light", as charts are to be drawn in this run; the page runs again when it changes. Asked once in a run."""
    st.html("<style>.st-key-scheme { position: absolute }</style>")
    _SCHEME(key="scheme", on_changed_change=lambda: None)
    return st.context.theme.type or "light"


def print_page(page: str) -> None:
    """Opens the browser's dialog that prints a page of HTML; only in the run that answers who asked for it."""
    turn = st.session_state["prints"] = st.session_state.get("prints", 0) + 1
    _PRINT(key="print", data={"page": page, "turn": turn})


def show_take(selector: str, name: str, foot: list[str], file: str, key: str) -> None:
    """Two buttons that keep a picture of the page as a file, with its name above and the paragraphs of `foot` below it."""
    _TAKE(key=key, data={"selector": selector, "name": name, "foot": foot, "file": file})


_TAKE = st.components.v2.component(
    "scoreboard_take", html='<div class="take"><button value="png">PNG</button><button value="svg">SVG</button></div>',
    css=_part("take.css"), js=_part("take.js"))
_SCHEME = st.components.v2.component(
    "scoreboard_scheme", html='<i class="scheme"></i>', js=_part("scheme.js"),
    css=".scheme { position: absolute; color: light-dark(#000, #fff); transition: color 1ms }")
_PRINT = st.components.v2.component("scoreboard_print", html="", js=_part("print.js"))
_TILES = st.components.v2.component(
    "scoreboard_tiles", html='<div class="board"><h2 class="hidden">Figures</h2><div class="body" style="grid-template-columns:'
    ' repeat(auto-fit, minmax(min(100%, 16rem), 1fr)); grid-auto-rows: auto"></div></div>', css=_part("board.css"),
    js=_part("shapes.js") + _part("tile.js") + _part("tiles.js"))
_CHAIN = st.components.v2.component("scoreboard_chain", html='<div class="chain"></div>', css=_part("chain.css"),
                                    js=_part("shapes.js") + _part("chain.js"))
_MATRIX = st.components.v2.component("scoreboard_matrix", html='<div class="matrix"></div>', css=_part("matrix.css"),
                                     js=_part("shapes.js") + _part("matrix.js"))
_STRIPS = st.components.v2.component("scoreboard_strips", html='<ul class="strips"></ul>', css=_part("strips.css"),
                                     js=_part("shapes.js") + _part("tile.js") + _part("strips.js"))


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


def show_chain(chain: dict[str, Any], address: str, picked: str) -> str | None:
    """Draws the chain; the stage or handoff opened in this run, or None. `picked` is the one that is open, empty for none."""
    opened = _CHAIN(key="chain", data={"chain": chain, "address": address, "picked": picked}, on_open_change=lambda: None)
    found: str | None = opened.open
    return found


def show_tiles(tiles: list[dict[str, Any]], address: str, key: str) -> str | None:
    """Draws some tiles as they stand on the board; the key of the metric opened in this run, or None."""
    opened = _TILES(key=key, data={"tiles": tiles, "address": address}, on_open_change=lambda: None)
    found: str | None = opened.open
    return found


def show_matrix(matrix: dict[str, Any], address: str) -> dict[str, str] | None:
    """Draws branches side by side; what was opened in this run: a `page`, a `branch` and, of a figure, a `metric`."""
    opened = _MATRIX(key="matrix", data={"matrix": matrix, "address": address}, on_open_change=lambda: None)
    found: dict[str, str] | None = opened.open
    return found


def show_strips(strips: dict[str, Any], address: str) -> dict[str, str] | None:
    """Draws one figure at many branches; what was opened in this run, as `show_matrix` says."""
    opened = _STRIPS(key="strips", data={"strips": strips, "address": address}, on_open_change=lambda: None)
    found: dict[str, str] | None = opened.open
    return found
