"""Branch and week, kept in the address: a reload, a link and a second tab show the same. The last choice is
remembered when a page is opened without one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date
from urllib.parse import urlencode

import streamlit as st

from scoreboard import weeks
from scoreboard.metrics import words
from scoreboard.metrics.catalogue import CATALOGUE
from scoreboard.views import data, parts, take_along
from scoreboard.views.asking import Asked

METRICS = {m.key: m.name for m in CATALOGUE}


def branch_and_week(asked: Asked) -> tuple[str, date]:
    """The two pickers in one row; what they say now."""
    with st.container(horizontal=True, gap="small", width=620):
        of = branch(asked)
        return of, week(asked, of)


def branch_week_and_metric(asked: Asked) -> tuple[str, date, str]:
    """The three pickers of the Metric page."""
    with st.container(horizontal=True, gap="small", width=1000):
        of = branch(asked)
        return of, week(asked, of), _picked("metric", "Metric", list(METRICS), next(iter(METRICS)), METRICS.__getitem__)


def branch_alone(asked: Asked) -> str:
    """The branch picker of a page without weeks."""
    with st.container(width=300):
        return branch(asked)


def branch(asked: Asked) -> str:
    """The branch, territory or company looked at, as its word in the address."""
    names = data.scopes(asked)
    if territory := st.query_params.get("territory"):  # a territory may be named by its own word, as on the page Branches
        st.query_params["branch"] = f"{data.TERRITORY}{territory}"
        st.query_params.pop("territory")
    return _picked("branch", "Branch", list(names), next(iter(names)), names.__getitem__)


def week(asked: Asked, of: str) -> date:
    """The week looked at."""
    return week_of(*data.week_choices(asked, of))


def week_of(known: list[date], default: date) -> date:
    """One of some weeks, newest first."""
    labels = {weeks.label(w): w for w in known}
    label = _picked("week", "Week", list(labels), weeks.label(default),
                    lambda text: words.week_option(labels[text], known[0]))
    return labels[label]


def metric(known: dict[str, str], default: str) -> str:
    """A metric alone, out of some."""
    with st.container(width=420):
        return _picked("metric", "Metric", list(known), default, known.__getitem__)


def choice(name: str, label: str, known: dict[str, str], default: str) -> str:
    """Any other choice that stands in the address under its name."""
    return _picked(name, label, list(known), default, known.__getitem__)


def carry() -> None:
    """Keeps branch and week in the address of a page that does not ask for them, for a reload and the way back."""
    for name in ("branch", "week"):
        if name not in st.query_params and (last := st.session_state.get(f"{name}_last")):
            st.query_params[name] = last


def address(of: str, at: date) -> str:
    """The query of a link to another page of the same branch and week."""
    return urlencode({**st.query_params.to_dict(), "branch": of, "week": weeks.label(at)})


def address_of(at: date, leave: Collection[str] = ()) -> str:
    """The query of links to other pages of the same week, without some words of this one."""
    return urlencode({k: v for k, v in {**st.query_params.to_dict(), "week": weeks.label(at)}.items() if k not in leave})


def _picked(name: str, label: str, options: list[str], default: str, spoken: Callable[[str], str]) -> str:
    """One picker. A word in the address that no option knows is said to be unknown, and the default is shown.

    The address decides, then the last choice; the picker is set to it in every run, because Streamlit forgets a
    picker's choice when the page changes.
    """
    widget, last = f"{name}_picker", f"{name}_last"
    asked_for = st.query_params.get(name, st.session_state.get(last))
    chosen = next((o for o in options if asked_for is not None and o.casefold() == asked_for.casefold()), default)
    if name in st.query_params and chosen.casefold() != str(asked_for).casefold() and asked_for != st.session_state.get(last):
        asked_for = str(asked_for).removeprefix(data.TERRITORY)
        st.warning(parts.plain(f'"{asked_for}" is not a {name} you can look at. Showing {spoken(default)} instead.'))
    begin = 0
    if last in st.session_state:
        st.session_state[widget] = chosen
    else:  # the address only says where to begin: after a lost connection, a new session may first hear of a newer choice
        begin = options.index(chosen)

    def changed() -> None:
        st.query_params[name] = st.session_state[widget]

    chosen = st.selectbox(label, options, begin, key=widget, format_func=spoken, label_visibility="collapsed", required=True,
                          on_change=changed)
    st.session_state[last] = chosen
    take_along.of(label, chosen if name == "week" else spoken(chosen))
    if st.query_params.get(name) != chosen:
        st.query_params[name] = chosen
    return chosen
