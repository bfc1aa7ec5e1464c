"""The catalogue on screen: pickers, a search, one fold for each metric, and the history of what was agreed.

The convention: our own words are Markdown; whatever people typed (names, reasons, types) is drawn as text or in a
grid, where nothing is read as markup.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from scoreboard.metrics.catalogue import BY_KEY
from scoreboard.views import data, filters, parts, take_along
from scoreboard.views.asking import Asked
from scoreboard.views.define import agreements, explaining, target_fields, typed
from scoreboard.views.define.agreements import Agreement, Book
from scoreboard.views.define.explaining import Explained, Need

METRICS, AGREE, BOARD, HOURS = "Metrics", "Agree targets", "Choose the board", "Branch hours"
_VIEWS = {METRICS: "", AGREE: "agree", BOARD: "board", HOURS: "hours"}  # each view with its word in the address
_SEE, _SEARCH = "see", "definitions_search"
_DATES = {"From": st.column_config.DateColumn(format="D MMM YYYY"), "Set": st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm"),
          "Why": st.column_config.TextColumn(width="large")}


def pickers(asked: Asked) -> tuple[str | None, str]:
    """Branch and view, in one row. There is no branch in an empty store; the catalogue can be read all the same."""
    view = next((v for v, word in _VIEWS.items() if word and word == st.query_params.get(_SEE)), METRICS)
    st.session_state["view_picker"] = view
    with st.container(horizontal=True, gap="small", vertical_alignment="center", width=900):
        of = filters.branch(asked) if data.scopes(asked) else None
        st.radio("View", list(_VIEWS), key="view_picker", on_change=_changed, horizontal=True, label_visibility="collapsed")
    return of, view


def _changed() -> None:
    _look(st.session_state["view_picker"], "")


def open_metric(key: str) -> None:
    """As a callback: shows the definition of one metric; of all with an empty key."""
    _look(METRICS, key)


def open_agreeing(key: str) -> None:
    """As a callback: shows the step that agrees a target of one metric."""
    _look(AGREE, key)


def open_accepting(of: str, key: str) -> None:
    """As a callback: the same step, with the form that accepts a miss unfolded."""
    st.session_state[target_fields.Fields(of, BY_KEY[key]).name(target_fields.ACCEPTING)] = True
    _look(AGREE, key)


def _look(view: str, key: str) -> None:
    """The address says what is looked at."""
    for name, value in ((_SEE, _VIEWS[view]), ("metric", key)):
        if value:
            st.query_params[name] = value
        else:
            st.query_params.pop(name, None)


# ---- the catalogue ---------------------------------------------------------------------------------------
def show(asked: Asked, of: str | None) -> None:
    """Every metric, folded; the one the address names alone and open."""
    found, book = explaining.explanations(asked, of), agreements.read(asked, of)
    one = next((e for e in found if e.key == st.query_params.get("metric", "").casefold()), None)
    if one:
        st.button("All metrics", icon=":material/arrow_back:", type="tertiary", on_click=open_metric, args=("",))
        st.header(f"{one.name} ({one.about})" if one.about else one.name, anchor=False)
        _card(asked, of, one, book)
        return
    if "metric" in st.query_params:
        st.warning("There is no metric of that name. Here are all of them.", icon=":material/info:")
    parts.note(_overview(found, book, of))
    wanted = _searched(found)
    for group in explaining.GROUPS:
        _group(asked, of, group, [e for e in wanted if e.group == group], book)
    if not wanted:
        st.text("No metric matches. Clear the field to see all of them.")


def _overview(found: Sequence[Explained], book: Book, of: str | None) -> str:
    if of is None:
        return f"{len(found)} metrics, as they come with the product. Once a branch is there, this page says what its files give."
    given = sum(e.available > 0 for e in found)
    board = [book.agreements[e.key] for e in found if e.place]
    aimed = [a for a in board if a.basis != "informs"]
    agreed = sum(a.basis == "agreed" for a in aimed)
    return (f"{given} of {len(found)} metrics can be computed from the files loaded here. "
            f"{agreed} of the {len(aimed)} on the board that can have a target have an agreed one.")


def _searched(found: Sequence[Explained]) -> list[Explained]:
    typed_in = st.text_input("Search", type="search", key=_SEARCH, placeholder="Search: a name, a word of a definition, a column",
                             live="300ms", label_visibility="collapsed", width=480)
    return [e for e in found if all(word in _text(e) for word in (typed_in or "").casefold().split())]


def _text(e: Explained) -> str:
    needs = [f"{n.words} {n.headers}" for n in e.needs]
    return " ".join((e.key, e.name, e.about, e.group, e.definition, e.unit, *needs, *e.also)).casefold()


def _group(asked: Asked, of: str | None, group: str, members: Sequence[Explained], book: Book) -> None:
    if not members:
        return
    st.header(group, anchor=False)
    with st.container(gap="xsmall"):
        for e in members:
            fold = st.expander(_label(e, book.agreements[e.key]), key=f"metric {e.key}", on_change="rerun")
            if fold.open:
                with fold:
                    _card(asked, of, e, book)


def _label(e: Explained, agreement: Agreement) -> str:
    """One line of the list: name, what stands in brackets, target, and what is lacking."""
    aim = {"agreed": "agreed", "sourced": "sourced"}.get(agreement.basis)
    text = f"**{e.name}**{f' ({e.about})' if e.about else ''}"
    if aim:
        text += f" · target {typed.exact(BY_KEY[e.key], agreement.target)}, {aim}"
    if agreement.short:
        text += f" · {agreement.short} accepted"
    if e.place:
        text += " :gray-badge[on the board]"
    return text + (" :gray-badge[not available]" if e.branches and not e.available else "")


# ---- one metric ------------------------------------------------------------------------------------------
def _card(asked: Asked, of: str | None, e: Explained, book: Book) -> None:
    agreement = book.agreements[e.key]
    st.markdown(e.definition)
    _facts([("Unit", e.unit), ("Counts in", e.week), ("Final", e.final), ("Settings", "\n".join(e.options)),
            ("Needs", "\n".join(_need(n) for n in e.needs)), ("Reads too", "\n".join(e.also)),
            ("In the files", _reach(e)), ("On the board", e.place or "No"), ("Target", _aim(agreement))])
    history(agreement)
    _doors(asked, of, e, book)


def _facts(facts: Sequence[tuple[str, str]]) -> None:
    with st.container(gap="xsmall"):
        for name, text in facts:
            if text:
                with st.container(horizontal=True, wrap=False, gap="small"):
                    st.markdown(f":gray[{name}]", width=108)
                    st.text(text, width="stretch")


def _need(need: Need) -> str:
    if not need.of:
        return need.words
    column = f" (column {need.headers})" if need.headers else ""
    if need.of == 1:
        return f"✓ {need.words}" if need.has else f"○ Missing: {need.words}{column}"
    return f"{'✓' if need.has == need.of else '○'} {need.words}{'' if need.has == need.of else column}: {need.has} of {need.of} branches"


def _reach(e: Explained) -> str:
    if not e.branches:
        return ""
    if e.available == 0:
        lacking = "; ".join(n.words for n in e.needs if not n.has)
        return f"Not available: needs {lacking}" if lacking else "Not available: no branch has all of these columns"
    return e.reaches if e.available == e.branches else f"{e.reaches}. {e.available} of {e.branches} branches give it"


def _aim(agreement: Agreement) -> str:
    lines = [agreement.figures] if agreement.basis in ("agreed", "sourced") else []
    return "\n".join([*lines, agreement.origin, *([agreement.why] if agreement.why else []), *agreement.accepted])


def history(agreement: Agreement) -> None:
    """The table of what was agreed, newest first."""
    if agreement.history:
        rows: list[dict[str, Any]] = list(agreement.history)
        st.dataframe(rows, hide_index=True, column_config=_DATES, alt="What was agreed, newest first", key=f"history {agreement.key}")
        take_along.rows(pd.DataFrame(rows), f"What was agreed about {BY_KEY[agreement.key].name}")


def _doors(asked: Asked, of: str | None, e: Explained, book: Book) -> None:
    """Where one goes from a definition."""
    agreement = book.agreements[e.key]
    if of is None:
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if agreement.basis != "informs" and not asked.refusal("targets"):
            st.button("Agree a target", key=f"agree {e.key}", icon=":material/flag:", on_click=open_agreeing, args=(e.key,))
            if agreement.target is not None and book.places[0] in book.mine:
                st.button("Accept a miss", key=f"accept {e.key}", icon=":material/hourglass:", on_click=open_accepting, args=(of, e.key))
        if e.available:
            st.page_link("pages/huddle/metric.py", label="How it ran", icon=":material/show_chart:",
                         query_params={**st.query_params.to_dict(), "metric": e.key})
