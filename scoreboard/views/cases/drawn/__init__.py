"""What is drawn of exceptions in the browser: the lists, the clocks of one, and the keys of a form. JSON in, text never markup.

The clocks tick in the browser alone, from the instants they are given (see `cases.clocks`): an open page asks nothing of the server.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from scoreboard.views import picture

_HERE = Path(__file__).parent
_SHAPES = (Path(picture.__file__).parent / "shapes.js").read_text(encoding="utf-8")


def _part(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


_LIST = st.components.v2.component("scoreboard_cases", html='<div class="cases"></div>', css=_part("list.css"),
                                   js=_SHAPES + _part("clock.js") + _part("list.js"))
_CLOCKS = st.components.v2.component("scoreboard_clocks", html='<div class="clocks"></div>', css=_part("clocks.css"),
                                     js=_SHAPES + _part("clock.js") + _part("clocks.js"))
_KEYS = st.components.v2.component("scoreboard_keys", html="<span hidden></span>", js=_part("keys.js"))


def show_list(lists: dict[str, Any], now: int, address: str) -> dict[str, str] | None:
    """Draws the lists; what was opened in this run (a case, a list or an owner), or None.

    `now` is the moment in milliseconds, `address` the query of the page without these three.
    """
    opened = _LIST(key="cases", data={**lists, "now": now, "address": address}, on_open_change=lambda: None)
    found: dict[str, str] | None = opened.open
    return found


def show_clocks(clock: dict[str, Any], hours: dict[str, Any], now: int) -> None:
    """Draws the three clocks of a case."""
    _CLOCKS(key="clocks", data={"clock": clock, "hours": hours, "now": now})


def keys(form: str, opened: object, button: str) -> None:
    """Enter in a line of a form (a container's key) presses its button; the first field has the focus whenever `opened` is new."""
    _KEYS(key=f"keys-{form}", data={"form": form, "opened": str(opened), "button": button})
