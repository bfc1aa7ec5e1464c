"""What can be taken along of a scope and week, each with what it is for; and the board, printed.

The convention: a file is made when it is asked for; its name says of whom and of which week it is. A workbook is a job: it outlives a
reload, and stays to be saved while nothing it was made of has changed.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial

import streamlit as st

from scoreboard.errors import Refused
from scoreboard.exports.catalogue import EXPORTS, Export
from scoreboard.exports.content import WEEKS
from scoreboard.exports.logo import picture as picture_of
from scoreboard.metrics import company as companies
from scoreboard.state.database import reading
from scoreboard.views import data, jobs, parts, picture, take_along, told
from scoreboard.views.asking import Asked
from scoreboard.views.jobs import Job, Tell

WEEKS_BACK = (13, 26, 52)
_MADE = "workbook made"  # in the session: (what was wished for, its job)
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
        with _card(one.title, one.purpose), st.container(gap="small"):
            _book(one, asked, of, week, *_wishes(one))
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


def _wishes(export: Export) -> tuple[int, bytes | None]:
    """How many weeks the trends of a workbook go back, and its logo; a file that is none is said to be so and left out."""
    with st.container(horizontal=True, gap="medium", width=900):
        weeks = st.radio("Weeks in its trends", WEEKS_BACK, WEEKS_BACK.index(WEEKS), horizontal=True, width="content",
                         key=f"weeks-{export.name}")
        found = st.file_uploader("A logo for its first sheet, if you like", type=["png", "jpg", "jpeg"], max_upload_size=1,
                                 key=f"logo-{export.name}", width=480)
    logo = found.getvalue() if found else None
    try:
        picture_of(logo)
    except Refused as error:
        parts.say(f"{error} The workbook is made without it.")
        return weeks, None
    return weeks, logo


def _book(export: Export, asked: Asked, of: str, week: date, weeks: int, logo: bytes | None) -> None:
    """A workbook: made on a click, with how long it takes, then there to be saved until something else is wished for."""
    wanted = (export.name, of, week, weeks, logo, asked.data_key, asked.entries)
    kept_for, job = st.session_state.get(_MADE, (None, None))
    place, progress = st.empty(), st.empty()
    if kept_for != wanted:
        if not place.button("Make the file", key=f"export-{export.name}", icon=":material/build:"):
            return
        job = Job("Making the workbook", partial(_made, export, asked, of, week, weeks, logo))
        st.session_state[_MADE] = (wanted, job)
    jobs.watch(job, progress)
    with parts.saying():
        st.session_state.pop(_MADE, None)  # one that failed is not kept: it can be tried again
        made = job.result()
        st.session_state[_MADE] = (wanted, job)
        place.download_button("Save the file", made, f"{take_along.file_name(export.title)}.{export.ending}", take_along.EXCEL,
                              key=f"save-{export.name}", on_click="ignore", type="primary", icon=":material/download:")
        parts.note(f"It is made: {max(len(made) // 1000, 1):,} kB, {weeks} weeks in its trends{', with your logo' if logo else ''}.")


def _made(export: Export, asked: Asked, of: str, week: date, weeks: int, logo: bytes | None, _: Tell) -> bytes:
    """The file of an export."""
    made = io.BytesIO()
    with reading(asked.engine) as conn:
        company = companies.read(conn, asked.settings.now)
        export.write(conn, asked.settings, asked.viewer, company, data.scope_of(company, asked, of).name, week, weeks, made, logo)
    return made.getvalue()


def elsewhere() -> None:
    """Where the rest is."""
    st.header("Tables and pictures", anchor=False)
    parts.note(f"Every table and every picture can be taken where it stands: “{take_along.LABEL}” beside it gives a table as CSV or Excel "
               "and a picture as PNG or SVG. What stands there goes along, with its branch, its week and the version of its data.")
