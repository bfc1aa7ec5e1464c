"""The nine success lines of a branch in words: what they were before its start, what they are since, and what stands out.

The convention: only what the rules call better or worse has a colour, a shape and a word for it; everything else is quiet.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import streamlit as st

from scoreboard.metrics import words
from scoreboard.metrics.chain_words import time_text
from scoreboard.metrics.icons import VARIATIONS
from scoreboard.rollout import success, success_chain
from scoreboard.rollout.success import LEAST, SUCCESS, Compared, Side
from scoreboard.rollout.success_chain import Beside
from scoreboard.state.database import reading
from scoreboard.views.asking import Asked
from scoreboard.views.data import company_of

_SHOWN = {"better": "improvement", "worse": "concern", "higher": "neutral_high", "lower": "neutral_low"}
_STEPS = "From week to week it moves by"


@dataclass(frozen=True)
class Told:
    """One figure beside itself: before and since in words, from how many weeks, and what stands out as shape, words and tone."""

    what: str
    before: str
    since: str
    behind: str
    shape: str
    said: str
    tone: str


def read(asked: Asked, code: str, start_on: date) -> dict[int, list[tuple[str, list[Told]]]]:
    """The lines by the last day of their stage, each with what tells it."""
    found = _read(asked.cache_key, code, start_on, asked)
    lines: dict[int, list[tuple[str, list[Told]]]] = {}
    for line in SUCCESS:
        lines.setdefault(line.stage, []).append((f"{line.words[0].upper()}{line.words[1:]}", [told(one) for one in found[line.key]]))
    return lines


@st.cache_data(max_entries=200, show_spinner=False)
def _read(key: tuple[object, ...], code: str, start_on: date, _asked: Asked) -> dict[str, list[Compared]]:
    with reading(_asked.engine) as conn:
        return success.read(conn, _asked.settings, _asked.viewer, company_of(_asked, conn), code, start_on)


def along_the_chain(asked: Asked, code: str, start_on: date) -> list[dict[str, str]]:
    """The stays of the chain and its misses, before and since, a row each."""
    return [_row(one) for one in _chain(asked.cache_key, code, start_on, asked)]


@st.cache_data(max_entries=200, show_spinner=False)
def _chain(key: tuple[object, ...], code: str, start_on: date, _asked: Asked) -> list[Beside]:
    with reading(_asked.engine) as conn:
        return success_chain.read(conn, _asked.settings, _asked.viewer, company_of(_asked, conn), code, start_on)


# ---- words -----------------------------------------------------------------------------------------------
def told(one: Compared) -> Told:
    """A figure before the start and since, in words."""
    shape, said, tone = _stands_out(one)
    name, about = words.title(one.metric)
    steps, counted = f"{_STEPS}: {name[0].lower()}{name[1:]}", f"{about[:1].upper()}{about[1:]}" or name
    what = {"steps": steps, "count": counted}.get(one.what, name)
    return Told(what, _figure(one, one.before), _figure(one, one.since), _behind(one), shape, said, tone)


def _figure(one: Compared, side: Side) -> str:
    if side.figure is None:
        return "–"
    if one.what == "steps" and one.metric.unit == "share":
        return f"{100 * side.figure:.1f}\u00a0points"
    if one.metric.unit == "per 100":  # its name says of what
        return words.figure(one.metric, side.figure)[0]
    return f"{side.figure:,.0f} of {side.n:,}" if one.what == "count" else words.text(one.metric, side.figure)


def _behind(one: Compared) -> str:
    """`26 judged weeks before (414 orders), 14 since (231)`."""
    if one.what == "count":
        return "In the 52 weeks up to the start, and the 52 up to now" if one.before.weeks else ""
    if one.why == "lacks":
        return ""
    weeks = "steps between weeks" if one.what == "steps" else "judged weeks"
    before = f" ({one.before.n:,} {words.noun(one.metric, one.before.n)})" if one.before.n else ""
    since = f" ({one.since.n:,})" if one.since.n else ""
    return f"{one.before.weeks} {weeks} before{before}, {one.since.weeks} since{since}"


def _stands_out(one: Compared) -> tuple[str, str, str]:
    """Shape, words and tone of what is said of both sides."""
    if one.verdict in _SHOWN:
        shape, _, tone = VARIATIONS[_SHOWN[one.verdict]]
        since = f" since {words.week_name(one.began).lower()}" if one.began else ""
        return shape, f"{one.verdict.capitalize()} than before{since}", tone
    if one.verdict == "same":
        return "dot", "No difference that stands out", "quiet"
    return "gap" if one.why == "lacks" else "small", _why(one), "faint"


def _why(one: Compared) -> str:
    """Why nothing is judged, and what would change that."""
    if one.why == "lacks":
        said = words.needs(list(one.lacks))
        return f"Not known yet: {said}"
    if one.why == "few before" and one.what == "count":
        return "Not shown before the start: no figures, or a team too small to show"
    if one.why == "few before":
        return (f"No comparison: {one.before.weeks} of {LEAST if one.what == 'figure' else LEAST - 1} "
                f"{'judged weeks' if one.what == 'figure' else 'steps'} before the start. Files of earlier weeks would help")
    if one.why == "none since":
        what = "judged" if one.what == "figure" else "shown"
        lacks = "No two weeks in a row since the start are judged yet" if one.what == "steps" else "No week since the start is judged yet"
        return f"Can be {what} from {words.day(one.from_on)} on" if one.from_on else lacks
    return {"not lately": "No judged week lately", "not in a row": "Too few weeks in a row before the start to tell",
            "rare": "Too rare to tell, even four weeks together",
            "no rule": "A count, never judged" if one.what == "count" else "Shown, not judged",
            "": "No difference that stands out"}[one.why]


def _row(one: Beside) -> dict[str, str]:
    """One row of the chain."""
    def figure(value: float | None) -> str:
        if value is None:
            return "–"
        return time_text(value * (one.metric.minutes_per_unit if one.metric else 1)) if one.what == "stay" else f"{value:,.1f}"

    def behind(weeks: int, n: int) -> str:
        return f"{n:,} in {weeks} week{'' if weeks == 1 else 's'}" if weeks else ""

    name = f"{one.name}: misses a week" if one.what == "misses" else f"{one.name} (middle)"
    lacks = f"Would show with: {'; '.join(words.called(need.replace(': ', '.', 1)) for need in one.lacks)}" if one.lacks else ""
    return {"What": name, "Before the start": figure(one.before.figure), "Since": figure(one.since.figure),
            "Counted before": behind(one.before.weeks, one.before.n), "Counted since": behind(one.since.weeks, one.since.n),
            **({"Lacks": lacks} if lacks else {})}
