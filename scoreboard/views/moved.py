"""How the triangle moved: under the board, folded, read when somebody opens it.

The convention: a corner's state is told by shape and word, once for all weeks it lasted; there is no line of scores.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any

import streamlit as st

from scoreboard import weeks
from scoreboard.metrics import triangle_history, words
from scoreboard.metrics.catalogue import BY_KEY
from scoreboard.metrics.triangle import CORNERS, Corner
from scoreboard.metrics.triangle_history import WEEKS, Moment
from scoreboard.state.database import reading
from scoreboard.views import data, filters, parts, picture, take_along
from scoreboard.views.asking import Asked
from scoreboard.weeks import WEEK

# state of a corner → (shape, words, tone); a word may break where the joint nobody sees is
STATES: dict[str, tuple[str, str, str]] = {
    "needs help": ("down", "Needs help", "concern"),
    "improving": ("up", "Im\u00adprov\u00ading", "improvement"),
    "steady": ("dot", "Steady", "quiet"),
    "no target agreed": ("dash", "No target agreed", "faint"),
    "no data": ("gap", "No data", "faint"),
}
_SHAPES = {"down": "Triangle down", "up": "Triangle up", "dot": "Dot", "dash": "Dash", "gap": "Square", "wave": "Wave"}
IMBALANCE = ("wave", "Warn\u00ading", "concern")


def show(asked: Asked, of: str, week: date) -> None:
    """The fold, and in it the strip; choosing a week goes to its board."""
    fold = st.expander("How the triangle moved", key="moved_fold", on_change="rerun")
    if not fold.open:
        return
    with fold:
        _, newest = data.week_choices(asked, of)
        last = newest if newest - (WEEKS - 1) * WEEK <= week <= newest else week  # it stays in place while one looks through its weeks
        found = strip(asked, of, last)
        if not found["weeks"]:
            parts.note("There is no week to show yet.")
            return
        parts.note(found["sentence"])
        chosen = picture.show_moved({**found, "picked": weeks.label(week)}, filters.address(of, week))
        take_along.drawing("moved", "How the triangle moved", _legend(found["rows"]))
        if chosen:
            st.query_params["week"] = chosen
            st.rerun()


def strip(asked: Asked, of: str, last: date) -> dict[str, Any]:
    """The weeks up to `last` as JSON: a sentence over all, one for each week, and the stretches of each corner."""
    return _strip(asked.cache_key, of, last, asked)


@st.cache_data(max_entries=500, show_spinner=False)
def _strip(key: tuple[object, ...], of: str, last: date, _asked: Asked) -> dict[str, Any]:
    with reading(_asked.engine) as conn:
        company = data.company_of(_asked, conn)
        found = triangle_history.read(conn, _asked.settings, data.scope_of(company, _asked, of), last, company=company)
    rows = [{"name": name, "runs": _runs([one.triangle.corners[at].state for one in found], STATES)} for at, name in enumerate(CORNERS)]
    if any(one.triangle.imbalance for one in found):
        warned = ["stood" if one.triangle.imbalance else "" for one in found]
        rows.append({"name": "Imbalance", "runs": _runs(warned, {"stood": IMBALANCE})})
    return {"sentence": _sentence(found), "rows": rows,
            "weeks": [{"week": weeks.label(one.week), "short": weeks.label(one.week)[-2:], "said": _said(one)} for one in found]}


def _runs(states: Sequence[str], known: dict[str, tuple[str, str, str]]) -> list[dict[str, Any]]:
    """Neighbouring weeks of one state as one stretch: `[first, end)` by their place."""
    found = []
    for state, run in groupby(range(len(states)), key=states.__getitem__):
        if state in known:
            places, (shape, said, tone) = list(run), known[state]
            found.append({"first": places[0], "end": places[-1] + 1, "shape": shape, "words": said, "tone": tone})
    return found


def _legend(rows: Sequence[dict[str, Any]]) -> str:
    """What the shapes mean, those that are there."""
    there = {run["shape"] for row in rows for run in row["runs"]}
    told = {shape: said.replace("\u00ad", "").lower() for shape, said, _ in STATES.values()}
    told["wave"] = "one corner may be paying for another"
    return " ".join(f"{_SHAPES[shape]}: {told[shape]}." for shape in _SHAPES if shape in there)


def _sentence(found: Sequence[Moment]) -> str:
    """What the strip shows, in words: the corners that needed help or improved, and how long the warning stood."""
    said = [f"{name} {verb} in {_weeks(number)}" for at, name in enumerate(CORNERS) for state, verb in
            (("needs help", "needed help"), ("improving", "improved"))
            if (number := sum(one.triangle.corners[at].state == state for one in found))]
    warned = sum(bool(one.triangle.imbalance) for one in found)
    warning = f" In {_weeks(warned)} one corner improved while another needed help: one may be paying for another." if warned else ""
    told = words.listed(said) or "no corner needed help or improved"
    return f"{_weeks(len(found))}, as their boards show them now: {told}.{warning}"


def _weeks(number: int) -> str:
    return f"{number} {'week' if number == 1 else 'weeks'}"


def _said(one: Moment) -> str:
    corners = "; ".join(map(_corner, one.triangle.corners))
    return f"{words.week_name(one.week)}, {words.week_span(one.week)}: {corners}. {one.triangle.imbalance}".rstrip()


def _corner(corner: Corner) -> str:
    because = words.listed([words.title(BY_KEY[key])[0] for key in corner.because])
    return f"{corner.name} {corner.state}{f' ({because})' if because else ''}"
