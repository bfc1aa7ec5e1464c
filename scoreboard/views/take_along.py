"""What stands on a page, to take along: every table as CSV and workbook, every picture as PNG and SVG, the board as a printed page.

The convention: beside a table or picture stands one quiet word that opens the choice. A file is made when somebody asks for it, and
says what it is of: the page's branch and week, when it was made, the versions of data and definitions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from scoreboard.exports import table as files
from scoreboard.metrics import company as companies
from scoreboard.metrics import results
from scoreboard.state.database import reading
from scoreboard.views import asking, picture
from scoreboard.views.asking import Asked

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LABEL = "Take along"
Make = Callable[[files.About], bytes]
_OF = "page is of"
_WHOSE = ("Branch", "Territory", "Week")
# Close below what it belongs to, and as quiet as a note.
_STYLE = """<style>
[class*="st-key-take-"][class*="-place"] { margin: -0.9rem 0 -0.4rem }
[class*="st-key-take-"][class*="-place"] button { color: var(--st-gray-text-color); min-height: 2rem; padding: 0 0.25rem }
[class*="st-key-take-"][class*="-place"] button p { font-size: 0.875rem }
[data-testid="stPopoverBody"]:has([class*="st-key-take-"]) { min-width: 0 }
</style>"""


def begin() -> None:
    """Forgets what the page of the last run was of."""
    st.session_state[_OF] = {}
    st.html(_STYLE)


def of(label: str, said: str) -> None:
    """Keeps what this page is of, such as its branch: every file of it says so."""
    st.session_state.setdefault(_OF, {})[label] = said


def _shown() -> dict[str, str]:
    return dict(st.session_state.get(_OF, {}))


def rows(found: pd.DataFrame | Callable[[], pd.DataFrame], name: str) -> None:
    """The choice of files of a table, or of one that is made when somebody asks; `name` says what it shows, and is one of a kind on its
    page."""

    def cells() -> tuple[list[str], list[list[Any]]]:
        table = found() if callable(found) else found
        return [str(head) for head in table.columns], [list(map(_cell, row)) for row in table.itertuples(index=False)]

    either(name, lambda about: files.csv(*cells(), about), lambda about: files.workbook(*cells(), about))


def either(name: str, as_csv: Make, as_workbook: Make, said: Sequence[tuple[str, str]] = ()) -> None:
    """The choice of a table's two files, made of what `about` says; `said` is what is to be said beside it."""
    who, shown, key = asking.asked(), _shown(), f"take {name}"
    file = file_name(name)
    with _choice(key), st.container(horizontal=True, gap="medium"):
        st.download_button("CSV", lambda: as_csv(about(who, shown, name, said)), f"{file}.csv", "text/csv", key=f"{key} csv",
                           on_click="ignore", type="tertiary")
        st.download_button("Excel", lambda: as_workbook(about(who, shown, name, said)), f"{file}.xlsx", EXCEL, key=f"{key} xlsx",
                           on_click="ignore", type="tertiary")


def drawing(key: str, name: str, legend: str = "") -> None:
    """The choice of files of the picture that was drawn under a key; `name` says what it shows, `legend` how it is read."""
    who, shown = asking.asked(), _shown()
    foot = " · ".join([*(shown[label] for label in _WHOSE if label in shown), f"made {_made(who)}", f"data version {who.stamp[1]}"])
    with _choice(f"take {key}"):
        picture.show_take(f".st-key-{re.sub('[^a-zA-Z0-9_-]', '-', key)}", name, [*([legend] if legend else []), foot], file_name(name),
                          f"take drawing {key}")


def _choice(key: str) -> Any:
    with st.container(key=f"{key} place", horizontal=True, horizontal_alignment="right"):
        return st.popover(LABEL, type="tertiary", icon=":material/download:", key=key)


def about(who: Asked, shown: dict[str, str], name: str, said: Sequence[tuple[str, str]] = ()) -> files.About:
    """What a file is of: what it shows, whose and of when, and the versions it was made of."""
    with reading(who.engine) as conn:
        defined = results.definitions(companies.read(conn, who.settings.now).options)
    return [("What", name), *shown.items(), *said, ("Made", _made(who)), ("Data version", str(who.stamp[1])), ("Definitions", defined)]


def _made(who: Asked) -> str:
    return who.settings.now.strftime("%Y-%m-%d %H:%M UTC")


def file_name(name: str) -> str:
    """`Riverside-2026-W45-Rows-behind-On-time-in-full`: of whom and when, then what; no more than a file system likes."""
    shown = _shown()
    return re.sub(r"[^\w]+", "-", " ".join([*(shown[of] for of in _WHOSE if of in shown), name])).strip("-")[:100].rstrip("-")


def _cell(value: Any) -> Any:
    """A cell of a screen's table: a number stays one, a missing one is empty."""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if value is None or pd.isna(value):
        return None
    return value.item() if hasattr(value, "item") else value if isinstance(value, int | float | str | datetime) else str(value)
