"""One metric of one scope and week: what the Metric page shows, as plain data with its words.

The convention: everything is computed from the same points, aims and rows as the board; nothing is computed twice.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import streamlit as st

from scoreboard.metrics import board as boards
from scoreboard.metrics import company as companies
from scoreboard.metrics import icons, words
from scoreboard.metrics import rows as row_reader
from scoreboard.metrics.board import Tile
from scoreboard.metrics.catalogue import BY_KEY
from scoreboard.metrics.freshness import freshness
from scoreboard.metrics.model import Metric
from scoreboard.metrics.restated import Restated, compare
from scoreboard.metrics.usual import as_seen, judge
from scoreboard.state import levels
from scoreboard.state.database import reading
from scoreboard.state.levels import Level
from scoreboard.state.notes import Note
from scoreboard.views import noted, restated_words
from scoreboard.views.asking import Asked
from scoreboard.views.data import company_of, scope_of
from scoreboard.views.figure import charts, legend

SETTLING = " While the figure is on the move, its earlier weeks do not say whether it will be met."


@dataclass(frozen=True)
class Story:
    """One metric in words and one picture (None where no week has a figure); `marks` says what its marks mean, `fresh` how far
    the data reaches; `week` is that of the figure shown, the picked one or an earlier; `territory` that of a branch in the picked
    week, empty without one; `moves` how far each week lies from the one before; `held` where a new usual level may begin, `levels`
    those that did."""

    key: str
    name: str
    about: str
    value: str
    behind: str
    said: list[str]
    definition: list[str]
    range: str
    reported: str
    chart: dict[str, Any] | None
    marks: str
    alt: str
    week: date
    has_rows: bool
    notes: tuple[Note, ...]
    fresh: str
    territory: str
    moves: dict[str, Any] | None
    held: date | None
    levels: tuple[Level, ...]


def story(asked: Asked, of: str, week: date, key: str, theme: str) -> Story:
    """What the page shows of one metric."""
    return _story(asked.cache_key, of, week, key, theme, asked)


@st.cache_data(max_entries=500, show_spinner=False)
def _story(cached: tuple[object, ...], of: str, week: date, key: str, theme: str, _asked: Asked) -> Story:
    metric, settings = BY_KEY[key], _asked.settings
    with reading(_asked.engine) as conn:
        company = company_of(_asked, conn)
        scope = scope_of(company, _asked, of)
        found = boards.histories(conn, settings, scope, [metric], company=company)[key]
        points = [p for p in found if p.week <= week or p.row is not None]  # nothing to see after the picked week
        board = boards.read(conn, settings, scope, week, company=company, also=(key,))
        now = _tile(board, key)
        since = compare(conn, company, scope, week, [now.picked])
        notes = noted.around(conn, company, _asked.viewer, scope)
        aims = boards.aims_over(conn, company, scope, metric, [p.week for p in points])
        begun = levels.of_scope(conn, scope.kind, scope.name).get(key, ())
    starts = [one.from_week for one in begun]
    judged = judge(metric, points, now.aim.target, starts)
    judged = replace(judged, marks=as_seen(metric, points, judged, starts))
    range_said = icons.range_words(metric, judged)
    name, about = words.title(metric)
    value = words.text(metric, now.shown.value, bool(now.shown.row and now.shown.row.at_least)) if now.shown.value is not None else "–"
    chart = charts.trend(metric, points, judged, aims, week, theme, notes) if any(p.value is not None for p in points) else None
    reach = freshness(board, company)
    fresh = ". ".join([*(one["words"] for one in reach["stale"]), reach["sentence"]])
    return Story(key, name, about, value, _behind(now), _said(now), _definition(metric, company), range_said, _reported(since, now),
                 chart, legend.said(metric, points, judged, aims, notes), _alt(metric, points, range_said), now.shown.week,
                 scope.kind == "branch", notes, fresh, (company.territory(scope.name, week) or "") if scope.kind == "branch" else "",
                 charts.week_to_week(metric, points, judged, theme), judged.held, begun)


def _tile(board: boards.Board, key: str) -> Tile:
    return next(t for t in board.tiles if t.metric.key == key)


def _behind(tile: Tile) -> str:
    row = tile.shown.row
    if row is None or tile.shown.value is None:
        return ""
    return f"{words.counted(tile.metric, row.part, row.whole, row.n)} in {words.week_name(tile.shown.week).lower()}"


def _said(tile: Tile) -> list[str]:
    """The state of the picked week and the aim, a sentence each."""
    needs = f"Not available: {words.needs(tile.needs)}." if tile.needs else f"{icons.state_words(tile.picked)[1]}."
    if tile.shown is not tile.picked:
        needs += f" The figure is that of {words.week_name(tile.shown.week).lower()}, the latest that can be judged."
    changing = icons.changing(tile.judged, tile.picked.week) if tile.judged else ""
    return [needs, *([f"{changing}."] if changing else []), _aim(tile), *_accepted(tile)]


def _aim(tile: Tile) -> str:
    metric, aim = tile.metric, tile.aim
    if metric.direction == 0:
        return "It only informs: there is no better and worse, so it has no target."
    if aim.target is None:
        return "No target is agreed: the branch's own history is the measure until one is."
    floor = f", floor {words.text(metric, aim.floor)}" if aim.floor is not None else ""
    basis = f"sourced: {metric.source}" if aim.basis == "sourced" else aim.basis
    if aim.held and not aim.miss:
        basis += f" by {aim.held.who}: “{aim.held.reason}”"
    said = icons.trust(tile.judged)
    trust = SETTLING if said == icons.MOVING else f" {said[1].rstrip(': ')}." if said[1] else ""
    return f"Target {words.text(metric, aim.target)}{floor} ({basis}).{trust}"


def _accepted(tile: Tile) -> list[str]:
    """Until when a miss is accepted, by whom and why, in a sentence; none while the agreed target holds."""
    miss, until, usual = tile.aim.miss, tile.aim.until_on, tile.aim.instead_of
    if not (miss and until and usual):
        return []
    return [f"A miss is accepted until {words.day(until)}, by {miss.who}: “{miss.reason}”. "
            f"After that the {usual.basis} target of {words.text(tile.metric, usual.target)} holds again."]


def _definition(metric: Metric, company: companies.Company) -> list[str]:
    better = {1: "More is better.", -1: "Less is better.", 0: "It only informs."}[metric.direction]
    found = [metric.definition, f"{better} Each {words.noun(metric, 1)} counts in the week {words.WEEK_OF[metric.whole.week]}."]
    if metric.maturity:
        found.append(f"It may still change for {company.options[metric.maturity]} days after the week.")
    if metric.is_duration:
        found.append("Open ones count at their age and longer; the figure is the middle one (median).")
    return found


def _reported(since: Restated | None, now: Tile) -> str:
    """The picked week as it was reported, beside what is known now; empty before it is."""
    metric, week = now.metric, words.week_name(now.picked.week)
    one = since.figures.get(metric.key) if since else None
    if one is None:
        return ""  # a week is reported when it is over
    if one.reported is None and one.now is None:
        return f"{week} had no figure when it was reported, nor has it one now."
    after = f"as known now it {'has' if one.now is None else 'is'} {restated_words.beside(metric, one.reported, one.now)}."
    if one.reported is None:
        return f"{week} had no figure when it was reported; {after}"
    if not one.changed:
        return f"{week} is as it was reported: {words.text(metric, one.reported.value, one.reported.more_than)}."
    return f"{week} was reported as {restated_words.beside(metric, one.now, one.reported)}; {after}"


def _alt(metric: Metric, points: list[Any], range_said: str) -> str:
    judged = [p for p in points if p.judged and p.value is not None]
    if not judged:
        return f"{metric.name}: no week can be judged yet."
    last = judged[-1]
    latest = f"The latest judged week, {words.week_name(last.week).lower()}, is {words.text(metric, last.value)}."
    return f"{metric.name}, {len(points)} {'week' if len(points) == 1 else 'weeks'}. {latest} {range_said.capitalize()}."


# ---- the rows ------------------------------------------------------------------------------------------
def rows(asked: Asked, of: str, week: date, key: str) -> list[dict[str, Any]]:
    """The rows behind the figure of one branch-week."""
    return _rows(asked.cache_key, of, week, key, asked)


@st.cache_data(max_entries=100, show_spinner=False)
def _rows(cached: tuple[object, ...], of: str, week: date, key: str, _asked: Asked) -> list[dict[str, Any]]:
    with reading(_asked.engine) as conn:
        scope = scope_of(company_of(_asked, conn), _asked, of)
        return row_reader.rows(_asked.settings, conn, scope, BY_KEY[key], week)
