"""The lists of exceptions on the page: branch, search, the lists themselves, and what to do first where there is nothing.

The convention: list, owner and case stand in the address, so that Back, a link and a second tab show the same.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from scoreboard.cases import finding
from scoreboard.views import data, filters, parts, take_along
from scoreboard.views.asking import Asked
from scoreboard.views.cases import clocks, drawn, listing, raising

_WORDS = "cases words"
_AGREE = ", in working minutes: `options set exception_standards.backorder 480`"
_STYLE = """<style>
@media (max-width: 640px) {
  .st-key-cases-head > :nth-child(n+3) { width: 100% !important; flex: 1 1 40% !important; min-width: 0 !important }
}
</style>"""
_PLACES = {"case": ("case",), "list": ("case", "list", "owner", "rows"), "owner": ("case", "list", "owner", "rows"),
           "rows": ("case",)}  # what each puts out of the address


def head(asked: Asked) -> str:
    """Title, branch, search and the button that raises one; the branch, territory or company looked at."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="cases-head"):
        st.title("Exceptions", anchor=False, width="content")
        raising.button(asked)
        with st.container(width=230, key="cases-branch"):
            of = filters.branch(asked)
        st.text_input("Search", key=_WORDS, type="search", placeholder="Number, customer, order, part", label_visibility="collapsed",
                      width=250, max_chars=60, persist_state="session")
    st.html(_STYLE)
    return of


def show(asked: Asked, of: str) -> None:
    """The lists; what is opened goes into the address."""
    choice = listing.chosen(st.query_params, st.session_state.get(_WORDS) or "")
    lists = listing.read(asked, of, choice)
    if not lists["ever"]:
        _first(asked, lists)
        return
    opened = drawn.show_list(lists, clocks.millis(asked.settings.now) or 0, urlencode(_without("case", "list", "owner", "rows")))
    if lists["rows"]:
        take_along.rows(lambda: pd.DataFrame(listing.as_table(asked, of, lists["key"], choice), dtype=object), _file(asked, lists, choice))
    if opened:
        go(**opened)


def _file(asked: Asked, lists: dict[str, Any], choice: listing.Choice) -> str:
    which = finding.BY_KEY[lists["key"]].name.lower() if choice.owner is None else f"owned by {choice.owner or 'nobody'}"
    return f"Exceptions, {which}, {asked.settings.now:%Y-%m-%d}"


def go(**place: str) -> None:
    """To a case, a list or an owner; without one back to the list that was left."""
    leaves = {name for key in place or ("case",) for name in _PLACES[key]}
    st.query_params.from_dict({**_without(*leaves), **place})
    st.rerun()


def _without(*names: str) -> dict[str, Any]:
    return {name: value for name, value in st.query_params.to_dict().items() if name not in names}


# ---- nothing there -------------------------------------------------------------------------------------
def no_branch() -> None:
    """What the page says while there is no branch."""
    st.title("Exceptions", anchor=False)
    st.markdown("An exception belongs to a branch, and no branch is known yet. Load a first file, which brings its branches along, "
                "or add one with the command `branches add`.")
    if st.button("Load a file", type="primary", icon=":material/upload:"):
        st.switch_page("pages/data/load.py")


def _first(asked: Asked, lists: dict[str, Any]) -> None:
    st.header("No exception was ever raised here", anchor=False)
    st.markdown("An exception is anything that threatens or breaks a promise: a wrong part, a late delivery, a credit that does not come. "
                "Each has an owner and a timer, and is closed only when the customer knows.")
    with st.container(gap="xxsmall"):
        st.markdown("**Before the first one**")
        st.markdown("1. Say who can own exceptions, and who hears of them when time runs out.\n"
                    f"2. Agree how long each type may take{': that is done' if lists['standards'] else _AGREE}.\n"
                    "3. Raise the first one: press N.")
    if refusal := asked.refusal("cases"):
        parts.note(refusal)


def is_there(asked: Asked) -> bool:
    """Whether there is anything the viewer may look at."""
    return bool(data.scopes(asked))
