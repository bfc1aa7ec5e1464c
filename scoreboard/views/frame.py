"""The frame around every page: navigation, who is asking, one place where errors become sentences.

PAGES is every page; adding one is one entry here and one file.
"""

from __future__ import annotations

import logging
import traceback
import uuid
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from scoreboard.errors import NotAllowed, ScoreboardError
from scoreboard.views import asking, filters, parts, sample, take_along

log = logging.getLogger("scoreboard")
_ICON = Path(__file__).resolve().parents[2] / "static" / "icon.svg"  # whole, because the command may be started anywhere


@dataclass(frozen=True)
class PageEntry:
    """A page: its file under pages/, its name in the navigation, its address, and what it is for."""

    file: str
    title: str
    address: str
    help: str


PAGES: tuple[PageEntry, ...] = (
    PageEntry("pages/huddle/scoreboard.py", "Scoreboard", "",
              "This week of one branch: the triangle, its figures, what to talk about."),
    PageEntry("pages/huddle/metric.py", "Metric", "metric", "One figure: how it is defined, how it ran, and the rows behind it."),
    PageEntry("pages/huddle/exceptions.py", "Exceptions", "exceptions",
              "What threatens a promise: each with an owner and a timer, closed when the customer knows."),
    PageEntry("pages/improve/handoffs.py", "Handoffs", "handoffs",
              "The chain from quote to closed loop: how long things stay, what breaks at each handoff, what waits, what comes back."),
    PageEntry("pages/improve/promises.py", "Promises", "promises",
              "What may be promised, by whom, and whether it was kept: by where it was made, moved, unverified, told first."),
    PageEntry("pages/improve/rollout.py", "Rollout", "rollout",
              "The first 90 days of a branch: what is next, what is done by evidence, and what has become better since."),
    PageEntry("pages/territory/branches.py", "Branches", "branches",
              "Branches side by side: who has a signal, who reported, and who became better at what."),
    PageEntry("pages/data/load.py", "Load", "load", "Bring export files in, see what they change, take a load back."),
    PageEntry("pages/data/definitions.py", "Definitions", "definitions",
              "Every metric as this branch sees it; targets and how they are agreed; the figures of its board."),
    PageEntry("pages/data/exports.py", "Exports", "exports",
              "What can be taken along of a branch, a territory or the company in a week: a page to print, workbooks."),
)


def run() -> None:
    """One run of the script: what `app.py` does."""
    st.set_page_config("Leadership Scoreboard", _ICON, layout="wide")
    page = st.navigation([st.Page(p.file, title=p.title, url_path=p.address or None, default=not p.address, help=p.help) for p in PAGES],
                         position="top")
    try:
        asking.keep(asking.ask(_who()))
        if page.url_path:  # the board itself says so in its picture
            sample.banner(asking.asked())
        take_along.begin()
        filters.carry()
        page.run()
    except ScoreboardError as error:
        st.error(parts.plain(str(error)), icon=":material/info:")
    except Exception:
        _unforeseen()


def _who() -> str | None:
    """The person who picked their name: kept in the address, asked for while people are known and none is picked."""
    people = dict(asking.names())
    if not people:
        return None
    chosen = st.query_params.get("as") or st.session_state.get("as")
    if chosen not in people:
        chosen = st.selectbox("Who are you?", list(people), index=None, format_func=people.__getitem__, placeholder="Pick your name",
                              help="There is no sign-in yet: the name decides what you see and is recorded with what you change.")
        if chosen is None:
            raise NotAllowed("Pick your name to begin.")
    st.session_state["as"] = chosen
    st.query_params["as"] = chosen
    return chosen


def _unforeseen() -> None:
    """Something nobody foresaw: the person gets a sentence and a number, the log the details under that number."""
    number = uuid.uuid4().hex[:8]
    log.error("unforeseen error %s\n%s", number, traceback.format_exc())
    st.error(f"Something went wrong that nobody foresaw (number {number}). Nothing you entered was saved half. "
             "Reload the page; if it happens again, give the number to whoever keeps the scoreboard running.", icon=":material/info:")
