"""The board of a scope and week: tiles, corners, headline; and the series of one metric.

A tile shows the latest judged week up to the picked one; where there is none, the picked week as it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from scoreboard import weeks
from scoreboard.errors import NotAllowed
from scoreboard.facts.files import latest_version
from scoreboard.metrics import company as companies
from scoreboard.metrics import reach as reaches
from scoreboard.metrics import restated, results, triangle, usual_ranges
from scoreboard.metrics.catalogue import BY_KEY, CATALOGUE
from scoreboard.metrics.company import Company
from scoreboard.metrics.model import Metric
from scoreboard.metrics.open_cases import as_of_now
from scoreboard.metrics.reach import Reach
from scoreboard.metrics.results import ByMetric
from scoreboard.metrics.scopes import Scope
from scoreboard.metrics.signals import Limits
from scoreboard.metrics.states import USUAL_WEEKS, Outlook, Point, outlook, points
from scoreboard.metrics.usual import Judged, judge
from scoreboard.metrics.usual_ranges import Kept
from scoreboard.metrics.values import in_unit, pooled, value
from scoreboard.settings import Settings
from scoreboard.state import levels, targets
from scoreboard.weeks import WEEK

HISTORY = 20  # weeks a board looks back for the judged weeks of its tiles
OFF_BOARD = 8  # and of the metrics that are not on it


@dataclass(frozen=True)
class Aim:
    """Target and floor in the metric's unit; `basis` is accepted, agreed, sourced, or baseline (none).

    `held` is what was agreed, with who and why. Of an accepted miss: `instead_of` is what holds without it.
    """

    target: float | None
    floor: float | None
    basis: str
    held: targets.Target | None = field(default=None, compare=False)
    instead_of: Aim | None = None

    @property
    def miss(self) -> targets.Target | None:
        """The accepted miss."""
        return self.held if self.instead_of else None

    @property
    def until_on(self) -> date | None:
        """The last day of an accepted miss."""
        return self.miss.until_on if self.miss else None


@dataclass(frozen=True)
class Tile:
    """One metric on the board: the point shown, the point of the picked week, its aim, what is lacking; what its own
    weeks say, for a metric on the board and where it was asked for."""

    metric: Metric
    shown: Point
    picked: Point
    aim: Aim
    needs: list[str]
    history: list[Point]
    on_board: bool
    judged: Judged | None


@dataclass(frozen=True)
class Board:
    """Everything a board shows. `version` is the data version it was read at; `readings` are those of its own tiles, by key."""

    scope: Scope
    week: date
    version: int
    as_reported: bool
    tiles: list[Tile]
    readings: dict[str, triangle.Reading]
    triangle: triangle.Triangle
    through: dict[str, str]


def read(conn: Connection, settings: Settings, scope: Scope, week: date | None = None, *, as_reported: bool = False,
         company: Company | None = None, also: Collection[str] | None = None, reach: Reach | None = None) -> Board:
    """The board of a scope the viewer may see (see `scopes.scope_for`): every metric, those on the board first.

    With `also` only the metrics on the board and those named, each with its usual range: what a screen needs. `as_reported`: its
    figures as they were, held against the targets agreed by then; which metrics are on it, and their levels, are today's choice.
    `reach` of at least its branches, in any week, saves whoever has read it from reading it again.
    """
    company = company or companies.read(conn, settings.now)
    week = week or default_week(conn, company, scope)
    if week < scope.since:
        raise NotAllowed(f"{scope.title} held branches that are not yours before {weeks.label(scope.since)}.", "Choose a later week.")
    then, agreed_by = restated.reported(conn, company, scope, week) if as_reported else (None, None)
    version, reach = (latest_version(conn), reach) if reach and then is None else _version(conn, company, scope, then)
    members = scope.members(company, week)
    board = board_metrics(company, reach, scope, members)
    wanted = [m for m in CATALOGUE if also is None or m.key in board or m.key in also]
    said = sayings(conn, scope, week, reach, [m for m in wanted if m.key in board or m.key in (also or ())], kept=not as_reported)
    firsts = {m.key: read_from(scope, week, said.get(m.key)) for m in wanted}
    figures = _results(conn, scope, week, firsts, then)
    rows = figures if as_reported else as_of_now(conn, settings, reach, scope, figures, firsts, week + WEEK)
    aims = aims_for(conn, company, scope, week, agreed_by)
    tiles = [tile(m, rows.get(m.key, {}), aims[m.key], reach, scope, week, m.key in board, said.get(m.key))
             for m in sorted(wanted, key=lambda m: board.index(m.key) if m.key in board else len(board))]
    readings = {t.metric.key: reading(t.metric, t.history, t.aim, t.judged) for t in tiles if t.on_board}
    through = {s: at.isoformat() for s, at in sorted(_through(reach, members).items())}
    return Board(scope, week, version, as_reported, tiles, readings, triangle.triangle(list(readings.values())), through)


@dataclass(frozen=True)
class Saying:
    """What judges a metric up to a week: the first week of its level, and limits kept of it (None: its weeks make them)."""

    since: date
    kept: Limits | None


def sayings(conn: Connection, scope: Scope, week: date, reach: Reach, metrics: Sequence[Metric], *, kept: bool = True) -> dict[str, Saying]:
    """What judges these metrics on the board of a week, by key; without `kept` limits everything is computed from the weeks."""
    begun = {key: [one.from_week for one in found] for key, found in levels.of_scope(conn, scope.kind, scope.name).items()}
    ranges = usual_ranges.of_scope(conn, scope, reach, [m.key for m in metrics]) if kept else {}
    members = scope.members(reach.company, week)
    return {m.key: saying(scope, week, begun.get(m.key, ()), ranges.get(m.key, ()), lambda m=m: outlook(m, members, reach))  # type: ignore[misc]
            for m in metrics}


def saying(scope: Scope, week: date, begun: Sequence[date], ranges: Sequence[Kept], view: Callable[[], Outlook]) -> Saying:
    """What judges one metric up to a week: `begun` are the first weeks of its levels, `ranges` what is kept of them."""
    since = max((first for first in begun if first <= week), default=scope.since)
    level = next((one for one in ranges if one.until <= week and (one.since == since if since in begun else one.since not in begun)
                  and usual_ranges.settled(view(), one.until)), None)
    return Saying(max(since, scope.since), level.limits if level else None)


def read_from(scope: Scope, week: date, one: Saying | None) -> date:
    """How far back the weeks of a metric are needed: all of a level that has no kept limits, the weeks shown of another."""
    first = week - ((HISTORY if one else OFF_BOARD) + USUAL_WEEKS) * WEEK
    if one and not one.kept:
        first = min(first, max(one.since, date.min + USUAL_WEEKS * WEEK) - USUAL_WEEKS * WEEK)
    return max(first, scope.since)


def _results(conn: Connection, scope: Scope, week: date, firsts: Mapping[str, date], version: int | None) -> ByMetric:
    """Weekly results of metrics, of each from its first week on."""
    spans: dict[date, list[str]] = {}
    for key, first in firsts.items():
        spans.setdefault(first, []).append(key)
    return {metric: rows for first, metrics in spans.items() for metric, rows in results.at(
        conn, scope.kind, scope.name, first=first, end=week + WEEK, version=version, metrics=metrics).items()}


def default_week(conn: Connection, company: Company, scope: Scope) -> date:
    """The last week that ended, or the latest one with figures where data ends earlier."""
    ended = scope.running_week(company) - WEEK
    return results.latest_week(conn, scope.kind, scope.name, ended) or ended


def _version(conn: Connection, company: Company, scope: Scope, version: int | None) -> tuple[int, Reach]:
    """A version, the latest for None, and how far the files of a scope reached then."""
    members = None if scope.kind == "company" else {scope.name} if scope.kind == "branch" else {
        code for code, name, _, _ in company.memberships if name == scope.name}
    if version is None:
        return latest_version(conn), reaches.fold(reaches.pieces(conn, branches=members), company)
    return version, reaches.fold(reaches.pieces(conn, branches=members, version=version), company)


def board_metrics(company: Company, reach: Reach, scope: Scope, members: frozenset[str]) -> list[str]:
    """The keys on the board, in order: of one branch its own choice, else the company's.

    A metric no branch can have gives its place to its substitute, unless that one has a place already.
    """
    wanted = company.board_of(scope.name if scope.kind == "branch" else None)
    chosen = []
    for key in wanted:
        if not any(reach.as_of(BY_KEY[key], b) for b in members):
            key = next((m.key for m in CATALOGUE if m.instead_of == key and m.key not in wanted
                        and any(reach.as_of(m, b) for b in members)), key)
        chosen.append(key)
    return chosen


def aims_for(conn: Connection, company: Company, scope: Scope, week: date, agreed_by: datetime | None = None) -> dict[str, Aim]:
    """Target and floor of every metric for a scope in a week, which is judged by what holds on its last day; `agreed_by` an
    instant (UTC), not by what was set later."""
    return aims_on(targets.book(conn, agreed_by), company, scope, week + timedelta(days=6))


def aims_over(conn: Connection, company: Company, scope: Scope, metric: Metric, over: Sequence[date]) -> list[Aim]:
    """Target and floor of one metric in each of some weeks: the steps a chart draws."""
    book = targets.book(conn)
    return [aims_on(book, company, scope, week + timedelta(days=6), [metric])[metric.key] for week in over]


def aims_on(book: targets.Book, company: Company, scope: Scope, on: date, metrics: Sequence[Metric] = CATALOGUE) -> dict[str, Aim]:
    """Target and floor of metrics on a day: of an accepted miss, else agreed, else sourced, else none."""
    return aims_in(book, scope, company.territory(scope.name, on) if scope.kind == "branch" else scope.name, on, metrics)


def aims_in(book: targets.Book, scope: Scope, territory: str | None, on: date, metrics: Sequence[Metric]) -> dict[str, Aim]:
    """As `aims_on`, where it is known which territory the scope belongs to on that day."""
    held = targets.in_force(book, scope.kind, scope.name, territory, on)
    usual = targets.in_force(book, scope.kind, scope.name, territory, on, with_misses=False)
    return {m.key: _aim(m, held.get(m.key), usual.get(m.key)) for m in metrics}


def _aim(metric: Metric, held: targets.Target | None, usual: targets.Target | None) -> Aim:
    if held is not None and held.until_on is not None:
        return Aim(held.target, held.floor, "accepted", held, _aim(metric, usual, None))
    if held is not None:
        return Aim(held.target, held.floor, "agreed", held)
    if metric.target is not None or metric.floor is not None:
        return Aim(in_unit(metric, metric.target), in_unit(metric, metric.floor), "sourced")
    return Aim(None, None, "baseline")


def tile(metric: Metric, rows: Mapping[date, Any], aim: Aim, reach: Reach, scope: Scope, week: date, on_board: bool,
         said: Saying | None) -> Tile:
    """A metric's tile of a week, from its weekly results since `read_from`."""
    members, today = scope.members(reach.company, week), scope.today(reach.company)
    view = outlook(metric, members, reach)
    start = max(min(rows, default=week), scope.since)
    shown_since = max(week - (HISTORY if said else OFF_BOARD) * WEEK, start)
    first = shown_since if said is None or said.kept else min(shown_since, max(start, said.since))
    every = points(view, rows, first, week, today)
    history = [p for p in every if p.week >= shown_since]
    picked = history[-1]
    shown = next((p for p in reversed(history) if p.judged), picked)
    needs = reach.missing(metric, min(members)) if picked.state == "not_available" and members else []
    found = judge(metric, [p for p in every if p.week >= said.since], aim.target, kept=said.kept) if said else None
    return Tile(metric, shown, picked, aim, needs, history, on_board, found)


def reading(metric: Metric, history: Sequence[Point], aim: Aim, judged: Judged | None) -> triangle.Reading:
    """What the triangle knows of a metric from its last weeks, and from what they were judged."""
    last = [p for p in history if p.judged][-triangle.POOLED_WEEKS:]
    figure = value(metric, pooled(p.row for p in last)) if last else None
    variation: triangle.Variation = judged.variation if judged and judged.variation in ("improvement", "concern") else ""  # type: ignore[assignment]
    return triangle.Reading(metric, figure, aim.target, aim.floor, variation, judged.assurance if judged else None)


def _through(reach: Reach, members: frozenset[str]) -> dict[str, Any]:
    """Per source the earliest through among the scope's branches: how fresh the board is."""
    found: dict[str, Any] = {}
    for (branch, source), columns in reach.columns.items():
        if branch in members and source != "exceptions":
            latest = max(columns.values())
            found[source] = min(found.get(source, latest), latest)
    return found


def series(conn: Connection, settings: Settings, scope: Scope, metric: Metric, *, company: Company | None = None) -> list[Point]:
    """Every week of one metric, from its first result to the running week, or further where promises lie ahead."""
    return histories(conn, settings, scope, [metric], company=company)[metric.key]


def histories(conn: Connection, settings: Settings, scope: Scope, metrics: Sequence[Metric], *,
              company: Company | None = None) -> dict[str, list[Point]]:
    """Every week of some metrics by key, each from its first result to the running week or beyond; empty where there is none."""
    company = company or companies.read(conn, settings.now)
    _, reach = _version(conn, company, scope, None)
    firsts = dict.fromkeys((m.key for m in metrics), scope.since)
    kept = results.at(conn, scope.kind, scope.name, metrics=firsts, first=scope.since)
    rows = as_of_now(conn, settings, reach, scope, kept, firsts, date.max)
    return {m.key: _history(m, rows.get(m.key, {}), reach, scope) for m in metrics}


def _history(metric: Metric, rows: Mapping[date, Any], reach: Reach, scope: Scope) -> list[Point]:
    """A week without a result is a point as well; promises may lie ahead. A territory that has no branches any more
    ends with its last result."""
    if not rows:
        return []
    running = scope.running_week(reach.company)
    last = max(max(rows), running) if scope.members(reach.company, running) else max(rows)
    return points(outlook(metric, scope.members(reach.company, last), reach), rows, min(rows), last, scope.today(reach.company))
