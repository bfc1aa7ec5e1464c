"""Every metric explained as one branch, territory or company sees it: plain data, every word of it written.

The convention: nothing here says what a figure was, only what it means and what it is made of. Words typed by people
(names, types, reasons) stay text to the last; whoever draws them draws text, never markup.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import streamlit as st

from scoreboard.metrics import board as boards
from scoreboard.metrics import reach as reaches
from scoreboard.metrics import words
from scoreboard.metrics.catalogue import BY_KEY, CATALOGUE
from scoreboard.metrics.model import Duration, Metric
from scoreboard.metrics.options_used import options_of
from scoreboard.metrics.reach import Reach
from scoreboard.state.database import reading
from scoreboard.state.options import OPTIONS
from scoreboard.views import data
from scoreboard.views.asking import Asked

OTHERS = "Outside the corners"
GROUPS = ("Speed", "Accuracy", "Confidence", OTHERS)
_MEANINGS = {option.key: option.meaning for option in OPTIONS}
_UNITS = {"share": "percent", "per 100": "per 100", "count": "a count", "score": "points from −100 to 100", "money": "money"}
_DIRECTIONS = {1: "more is better", -1: "less is better", 0: "it only informs: no better and no worse"}
_PROMISED = "for which the order's last line was first promised"
_WEEKS = {  # by the relation's date, where it means different things by relation and date
    "requested_at": "in which the quote was first requested", "orders.fill_at": f"{_PROMISED}; without a promise, in which it was placed",
    "lines.fill_at": "for which the line was first promised; without a promise, in which it was ordered", "promise_at": _PROMISED,
    "last_promise_at": "for which the line is promised now", "ordered_at": "in which the order was placed",
    "shipped_at": "in which the credited line was shipped; where that is not known, credited",
    "last_shipped_at": "in which the line was shipped", "first_shipped_at": "of the order's first shipment",
    "received_at": "in which the return arrived", "sold_or_received_at": "in which the returned line was sold; else in which it arrived",
    "opened_at": "in which the exception was opened", "contact_rows.at": "of the contact", "answers.at": "of the answer",
    "period_end_at": "in which the period ends", "week_at": "the figures are of", "proficient_at": "in which the person became proficient",
}


@dataclass(frozen=True)
class Need:
    """Columns a metric reads, any one of them: what they are called, and how many of the branches have one."""

    words: str
    headers: str
    has: int
    of: int


@dataclass(frozen=True)
class Explained:
    """One metric in words. `available` counts the branches whose loads give it, of `branches`."""

    key: str
    group: str
    name: str
    about: str
    definition: str
    unit: str
    week: str
    final: str
    options: tuple[str, ...]
    needs: tuple[Need, ...]
    also: tuple[str, ...]
    place: str
    reaches: str
    available: int
    branches: int


def explanations(asked: Asked, of: str | None) -> list[Explained]:
    """Every metric of the catalogue, those on the board first in each group; without a branch, as the catalogue has it."""
    return _explanations(asked.cache_key, of, asked)


@st.cache_data(max_entries=500, show_spinner=False)
def _explanations(key: tuple[object, ...], of: str | None, _asked: Asked) -> list[Explained]:
    with reading(_asked.engine) as conn:
        company = data.company_of(_asked, conn)
        scope = data.scope_of(company, _asked, of) if of is not None else None
        members = scope.members(company, company.today.date()) if scope else frozenset()
        reach = reaches.fold(reaches.pieces(conn, branches=members), company)
    chosen = company.board_of(scope.name if scope and scope.kind == "branch" else None)
    board = boards.board_metrics(company, reach, scope, members) if scope and members else chosen
    found = [_explained(metric, reach, sorted(members), board, chosen) for metric in CATALOGUE]
    return sorted(found, key=lambda one: (GROUPS.index(one.group), not one.place, board.index(one.key) if one.place else 0))


def _explained(metric: Metric, reach: Reach, members: list[str], board: list[str], chosen: list[str]) -> Explained:
    name, about = words.title(metric)
    as_ofs = [at for branch in members if (at := reach.as_of(metric, branch))]
    options = reach.company.options
    return Explained(
        metric.key, metric.corner or OTHERS, name, about, metric.definition, unit(metric), week(metric), final(metric, options),
        tuple(_option(key, options[key]) for key in options_of(metric)),
        tuple(_need(one, reach, members) for one in metric.needs), tuple(words.called(one) for one in metric.also),
        _place(metric, board, chosen), _reaches(as_ofs), len(as_ofs), len(members))


def unit(metric: Metric) -> str:
    """`Percent; more is better`."""
    text = f"{_UNITS.get(metric.unit, metric.unit)}; {_DIRECTIONS[metric.direction]}"
    return text[0].upper() + text[1:]


def week(metric: Metric) -> str:
    """Which week a row counts in."""
    found = [(words.NOUNS[c.relation.name], _WEEKS.get(f"{c.relation.name}.{c.week}") or _WEEKS[c.week]) for _, c in metric.sides]
    if len(found) == 1:
        return f"The week {found[0][1]}"
    return ". ".join(f"{noun.capitalize()}: the week {clause}" for noun, clause in found)


def final(metric: Metric, options: Mapping[str, Any]) -> str:
    """When a week's figure no longer changes by itself."""
    text = f"When the files cover the week{_wait(metric, options)}."
    if metric.minimum:
        text += f" Never shown under {options[metric.minimum]} {words.noun(metric, 2)}."
    return text


def _wait(metric: Metric, options: Mapping[str, Any]) -> str:
    noun, counted = words.noun(metric, 2), metric.whole
    if metric.maturity:
        return f" and {options[metric.maturity]} days have passed since, for credits still to come"
    if isinstance(counted, Duration):
        ended = getattr(counted.end, "name", "") == counted.week  # counted when they end, so none of them is open
        return "" if ended else f" and open {noun} can no longer move the middle one, at the latest 8 weeks later"
    if counted.cohort:
        days = next(options[key] for key in options_of(metric) if key.endswith("_days"))
        return f" and each of its {noun} has had its {days} days"
    if counted.within is not None:
        return f" and each of its {noun} is done or its standard is used up"
    return f" and each of its {noun} is done or past its time" if counted.due is not None else ""


def _option(key: str, value: Any) -> str:
    """What an option means, and its value: `A quote is converted when its order comes within these days: 30`."""
    if isinstance(value, dict):
        value = ", ".join(f"{name} {figure:g}" for name, figure in value.items())
    elif isinstance(value, list):
        value = ", ".join(value)
    shown = "not agreed" if value in (None, "") else f"{value:g}" if isinstance(value, float) else str(value)
    meaning = _MEANINGS[key].partition(";")[0]
    return f"{meaning[0].upper()}{meaning[1:]}: {shown}"


# ---- needs and availability ------------------------------------------------------------------------------
def _need(need: str, reach: Reach, members: list[str]) -> Need:
    if need.startswith("option."):
        key = need.removeprefix("option.")
        return Need(f"An agreed standard: {_MEANINGS[key].partition(';')[0]}", "", len(members) if reach.company.options[key] else 0,
                    len(members))
    either = need.split("|")
    has = sum(any(_has(reach, branch, one) for one in either) for branch in members)
    return Need(" or ".join(words.called(one) for one in either), " or ".join(one.partition(".")[2] for one in either), has, len(members))


def _has(reach: Reach, branch: str, name: str) -> bool:
    source, _, column = name.partition(".")
    return column in reach.columns.get((branch, source), {})


def _place(metric: Metric, board: list[str], chosen: list[str]) -> str:
    if metric.key not in board:
        return ""
    place = f"Figure {board.index(metric.key) + 1} of {len(board)}"
    instead = metric.instead_of if metric.key not in chosen else ""
    return f"{place}, in place of {BY_KEY[instead].name}" if instead else place


def _reaches(as_ofs: list[datetime]) -> str:
    """How far the files reach for a metric; the branch that lags names the day."""
    if not as_ofs:
        return ""
    first, last = words.moment(min(as_ofs)), words.moment(max(as_ofs))
    return f"To {first}" if first == last else f"To {first} in the branch that lags, to {last} in the one ahead"
