"""What can be taken along of a scope and week, each with what it is for; and the board, printed.

The convention: a file is made when it is asked for; its name says of whom and of which week it is.
"""

from __future__ import annotations

from datetime import date

import streamlit as st

from scoreboard.state.database import reading
from scoreboard.views import data, parts, picture, take_along, told
from scoreboard.views.asking import Asked

_STYLE = "<style>@media (max-width: 640px) { .st-key-print-board { display: none } }</style>"  # a phone's first look is the board


def page(asked: Asked, of: str, week: date, *, as_reported: bool = False) -> str:
    """The board on one sheet, as HTML: what stands on the screen."""
    shown = data.board(asked, of, week, as_reported=as_reported)
    with reading(asked.engine) as conn:
        company = data.company_of(asked, conn)
        return told.on_paper(conn, asked.settings, asked.viewer, company, data.scope_of(company, asked, of), week, shown)


def print_button(asked: Asked, of: str, week: date, key: str, *, as_reported: bool = False) -> None:
    """Prints the board on one sheet, by the browser's own dialog."""
    st.html(_STYLE)
    if st.button("Print", key=key, icon=":material/print:", type="tertiary", help="The board on one sheet, A4 or US Letter."):
        picture.print_page(page(asked, of, week, as_reported=as_reported))


def show(asked: Asked, of: str, week: date) -> None:
    """Everything there is for a scope and week."""
    with st.container(border=True, key="export-print"):
        st.header("The board on one sheet", anchor=False)
        st.markdown("For the wall and for the huddle: headline, triangle, figures, what to talk about and what stands open, on A4 or "
                    "US Letter, readable without colours.")
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            print_button(asked, of, week, "print-here")
            st.download_button("Keep as a file", lambda: page(asked, of, week), f"{take_along.file_name('board')}.html", "text/html",
                               key="print-file", on_click="ignore", type="tertiary", icon=":material/download:",
                               help="An HTML file that any browser opens and prints.")


def elsewhere() -> None:
    """Where the rest is."""
    st.header("Tables and pictures", anchor=False)
    parts.note(f"Every table and every picture can be taken where it stands: “{take_along.LABEL}” beside it gives a table as CSV or Excel "
               "and a picture as PNG or SVG. What stands there goes along, with its branch, its week and the version of its data.")
