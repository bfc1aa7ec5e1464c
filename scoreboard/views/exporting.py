"""What can be taken along of a scope and week, each with what it is for; and the board, printed.

The convention: a file is made when it is asked for; its name says of whom and of which week it is.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial

import streamlit as st

from scoreboard.exports.catalogue import EXPORTS, Export
from scoreboard.exports.content import WEEKS
from scoreboard.metrics import company as companies
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


def print_button(asked: Asked, of: str, week: date, key: str, *, as_reported: bool = False, loud: bool = False) -> None:
    """Prints the board on one sheet, by the browser's own dialog."""
    st.html(_STYLE)
    if st.button("Print", key=key, icon=":material/print:", type="secondary" if loud else "tertiary",
                 help="The board on one sheet, A4 or US Letter."):
        picture.print_page(page(asked, of, week, as_reported=as_reported))


def show(asked: Asked, of: str, week: date) -> None:
    """Everything there is for a scope and week."""
    with _card("The board on one sheet", "For the wall and for the huddle: headline, triangle, figures, what to talk about and what stands "
               "open, on A4 or US Letter. It reads without colours."):
        print_button(asked, of, week, "print-here", loud=True)
        st.download_button("Keep as a file", lambda: page(asked, of, week), f"{take_along.file_name('board')}.html", "text/html",
                           key="print-file", on_click="ignore", type="tertiary", icon=":material/download:",
                           help="An HTML file that any browser opens and prints.")
    books = [one for one in EXPORTS if one.of == data.kind_of(of)]
    for one in books:
        with _card(one.title, one.purpose):
            st.download_button("Make the file", partial(_made, one, asked, of, week), f"{take_along.file_name(one.title)}.{one.ending}",
                               take_along.EXCEL, key=f"export-{one.name}", on_click="ignore", icon=":material/download:",
                               help=f"It takes a few seconds. With a logo on its first sheet: `export {one.name} … --logo`.")
    if not books:
        parts.note("Workbooks are of one branch or of one territory: choose one above.")


@contextmanager
def _card(title: str, what_for: str) -> Iterator[None]:
    """One export: its name, what it is for, and inside the ways to have it."""
    with st.container(border=True, gap="xsmall"):
        st.header(title, anchor=False)
        st.markdown(parts.plain(what_for))
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            yield


def _made(export: Export, asked: Asked, of: str, week: date) -> bytes:
    """The file of an export."""
    made = io.BytesIO()
    with reading(asked.engine) as conn:
        company = companies.read(conn, asked.settings.now)
        export.write(conn, asked.settings, asked.viewer, company, data.scope_of(company, asked, of).name, week, WEEKS, made)
    return made.getvalue()


def elsewhere() -> None:
    """Where the rest is."""
    st.header("Tables and pictures", anchor=False)
    parts.note(f"Every table and every picture can be taken where it stands: “{take_along.LABEL}” beside it gives a table as CSV or Excel "
               "and a picture as PNG or SVG. What stands there goes along, with its branch, its week and the version of its data.")
