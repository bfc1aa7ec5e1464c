"""The figures a branch may put on its board: what each is, whether its files give it, how often it was judged; and what was chosen.

The convention: plain data with its words; which figures can be a board is said by `board_choices.require_board`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from scoreboard.calendars import wall_clock
from scoreboard.errors import Refused
from scoreboard.metrics import board as boards
from scoreboard.metrics import words
from scoreboard.metrics.catalogue import BY_KEY, CATALOGUE
from scoreboard.metrics.model import Metric
from scoreboard.metrics.states import Point
from scoreboard.state import board_choices
from scoreboard.state.board_choices import Choice
from scoreboard.state.changes import Change
from scoreboard.state.database import reading, writing
from scoreboard.views import data
from scoreboard.views.asking import Asked
from scoreboard.views.define import explaining
from scoreboard.views.define.explaining import Explained

THE_COMPANYS = "The company's choice"


@dataclass(frozen=True)
class Candidate:
    """One metric: its group in the list, whether the branch's files give it, and how it stands in a sentence."""

    key: str
    group: str
    name: str
    about: str
    definition: str
    given: bool
    standing: str


@dataclass(frozen=True)
class Stand:
    """What a branch's board shows now, where that comes from, and what was chosen before, newest first.

    `own` is None while the branch follows the company; `former` is what the last change replaced.
    """

    own: Choice | None
    shown: tuple[str, ...]
    origin: str
    candidates: tuple[Candidate, ...]
    history: tuple[dict[str, str], ...]
    former: tuple[str, ...] | None


def read(asked: Asked, of: str) -> Stand:
    """Everything the choice of a branch's board begins with."""
    return _read(asked.cache_key, of, asked)


@st.cache_data(max_entries=200, show_spinner=False)
def _read(key: tuple[object, ...], of: str, _asked: Asked) -> Stand:
    with reading(_asked.engine) as conn:
        company = data.company_of(_asked, conn)
        scope = data.scope_of(company, _asked, of)
        own = board_choices.of_branch(conn, _asked.viewer, scope.name)
        past = board_choices.history(conn, _asked.viewer, scope.name)
        ran = boards.histories(conn, _asked.settings, scope, CATALOGUE, company=company)
    explained = explaining.explanations(_asked, of)
    given = {e.key for e in explained if e.available}
    found = tuple(_candidate(e, ran[e.key], given) for e in explained)
    zone = company.zones[scope.name]
    return Stand(own, tuple(company.board_of(scope.name)), _origin(own, past, zone), found,
                 tuple(_row(change, zone) for change in past), tuple(past[0].old) if past and past[0].old else None)


def chosen_for_all(asked: Asked) -> tuple[str, ...]:
    """The company's choice, which territories and the company show."""
    with reading(asked.engine) as conn:
        return tuple(data.company_of(asked, conn).options["board_metrics"])


# ---- a candidate -----------------------------------------------------------------------------------------
def _candidate(e: Explained, ran: Sequence[Point], given: set[str]) -> Candidate:
    standing = _how_it_ran(BY_KEY[e.key], ran) if e.key in given else _lacking(e, given)
    informs = "" if BY_KEY[e.key].direction else " Only informs."
    return Candidate(e.key, e.group, e.name, e.about, e.definition, e.key in given, standing + informs)


def _lacking(e: Explained, given: set[str]) -> str:
    """What the files lack, and who takes its place."""
    lacks = "; ".join(n.words + (f" (column {n.headers})" if n.headers else "") for n in e.needs if not n.has)
    instead = next((m.name for m in CATALOGUE if m.instead_of == e.key and m.key in given), "")
    return f"Not available: needs {lacks}." + (f" Until then its place goes to {instead.partition(' (')[0]}." if instead else "")


def _how_it_ran(metric: Metric, ran: Sequence[Point]) -> str:
    judged = [p for p in ran if p.judged]
    if not judged:
        return "Its columns are there; no week of it is judged yet."
    last, n = judged[-1], len(judged)
    figure = words.text(metric, last.value, bool(last.row and last.row.at_least))
    return f"{figure} in {words.week_name(last.week).lower()}, {words.week_span(last.week)} · {n} judged {'week' if n == 1 else 'weeks'}."


# ---- what was chosen -------------------------------------------------------------------------------------
def _origin(own: Choice | None, past: Sequence[Change], zone: str) -> str:
    if own is None:
        return "It shows the company's choice and follows when that changes."
    why = next((f" Why: {c.why}" for c in past if c.what == board_choices.CHOSEN), "")
    return f"It shows this branch's own choice, made by {own.who} on {words.day(wall_clock(own.changed_at, zone).date())}.{why}"


def _row(change: Change, zone: str) -> dict[str, str]:
    return {"When": words.day_and_time(wall_clock(change.at, zone)), "Figures": names(change.new) if change.new else THE_COMPANYS,
            "Why": change.why, "By": change.who}


def names(keys: Sequence[str]) -> str:
    """`Fill rate; On time, in full`."""
    return "; ".join(short(key) for key in keys)


def short(key: str) -> str:
    """A metric's name without its brackets where that is enough to know it; a key no longer in the catalogue stays as it is."""
    if key not in BY_KEY:
        return key
    name, _ = words.title(BY_KEY[key])
    return name if sum(words.title(m)[0] == name for m in CATALOGUE) == 1 else BY_KEY[key].name


def corner(key: str) -> str:
    """Where a figure speaks."""
    return (BY_KEY[key].corner if key in BY_KEY else "") or explaining.OTHERS


# ---- choosing --------------------------------------------------------------------------------------------
def objection(keys: Sequence[str]) -> str:
    """Why these cannot be a board; empty when they can."""
    try:
        board_choices.require_board(keys, BY_KEY)
    except Refused as error:
        return str(error)
    return ""


def silent(keys: Sequence[str], stand: Stand) -> str:
    """Names the corners of which no chosen figure can be computed yet; empty when there is none."""
    given = {c.key for c in stand.candidates if c.given}
    speaks = {BY_KEY[key].corner for key in keys if key in given or any(m.instead_of == key and m.key in given for m in CATALOGUE)}
    mute = [corner for corner in explaining.GROUPS[:3] if corner not in speaks]
    stays = "that corner stays" if len(mute) == 1 else "those corners stay"
    return f"The files of this branch give no chosen figure of {words.listed(mute)} yet: {stays} empty." if mute else ""


def choose(asked: Asked, of: str, keys: Sequence[str] | None, over: Choice | None, why: str) -> None:
    """Gives the branch these figures, or the company's with None. Refused with a sentence."""
    with writing(asked.engine) as conn:
        if keys is None:
            board_choices.give_back(conn, asked.viewer, of, over=over, why=why, now=asked.settings.now)
        else:
            board_choices.choose(conn, asked.viewer, of, keys, over=over, why=why, now=asked.settings.now, known=BY_KEY)
