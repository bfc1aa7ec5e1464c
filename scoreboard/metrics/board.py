"""The board of a scope and week: tiles, corners, headline; and the series of one metric.

A tile shows the latest judged week up to the picked one; where there is none, the picked week as it stands.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from scoreboard import weeks
from scoreboard.calendars import to_utc
from scoreboard.errors import NotAllowed
from scoreboard.facts.files import latest_version
from scoreboard.metrics import company as companies
from scoreboard.metrics import reach as reaches
from scoreboard.metrics import results, triangle
from scoreboard.metrics.catalogue import BY_KEY, CATALOGUE
from scoreboard.metrics.company import Company
from scoreboard.metrics.model import Metric
from scoreboard.metrics.open_cases import as_of_now
from scoreboard.metrics.reach import Reach
from scoreboard.metrics.scopes import Scope
from scoreboard.metrics.signals import BASELINE
from scoreboard.metrics.states import USUAL_WEEKS, Outlook, Point, outlook, points
from scoreboard.metrics.usual import Judged, judge
from scoreboard.metrics.values import in_unit, pooled, value
from scoreboard.settings import Settings
from scoreboard.state import targets
from scoreboard.state.schema import weekly_results
from scoreboard.weeks import WEEK

HISTORY = 20  # weeks a board looks back for the judged weeks of its tiles
OFF_BOARD = 8  # and of the metrics that are not on it


@dataclass(frozen=True)
class Aim:
    """Target and floor in the metric's unit; `basis` is agreed, sourced, or baseline (none)."""

    target: float | None
    floor: float | None
    basis: str


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
         company: Company | None = None, also: Collection[str] | None = None) -> Board:
    """The board of a scope the viewer may see (see `scopes.scope_for`): every metric, those on the board first.

    With `also` only the metrics on the board and those named, each with its usual range: what a screen needs.
    """
    company = company or companies.read(conn, settings.now)
    week = week or default_week(conn, company, scope)
    if week < scope.since:
        raise NotAllowed(f"{scope.title} held branches that are not yours before {weeks.label(scope.since)}.", "Choose a later week.")
    version, reach = _version(conn, company, scope, week, as_reported)
    members = scope.members(company, week)
    board = board_metrics(company, reach, members)
    wanted = [m for m in CATALOGUE if also is None or m.key in board or m.key in also]
    first = max(week - HISTORY * WEEK, scope.since)
    judged = {*board, *(also or ())}
    hole = _hole(reach, members, company, week)

    def tiles_of(metrics: Sequence[Metric], without: tuple[date, date] | None) -> list[Tile]:
        kept = _results(conn, scope, week, metrics, judged, version if as_reported else None, without)
        rows = by_metric(kept if as_reported else as_of_now(conn, settings, reach, scope, kept, version))
        return [_tile(m, rows.get(m.key, {}), aims[m.key], reach, scope, first, week, m.key in board, m.key in (also or ()))
                for m in metrics]

    aims = aims_for(conn, company, scope, week)
    tiles = tiles_of(sorted(wanted, key=lambda m: board.index(m.key) if m.key in board else len(board)), hole)
    if hole and (thin := [t.metric for t in tiles if t.judged and _needs_more(t, t.judged)]):
        whole = {t.metric.key: t for t in tiles_of(thin, None)}
        tiles = [whole.get(t.metric.key, t) for t in tiles]
    readings = {t.metric.key: reading(t.metric, t.history, t.aim, t.judged) for t in tiles if t.on_board}
    through = {s: at.isoformat() for s, at in sorted(_through(reach, members).items())}
    return Board(scope, week, version, as_reported, tiles, readings, triangle.triangle(list(readings.values())), through)


def _results(conn: Connection, scope: Scope, week: date, wanted: Sequence[Metric], judged: Collection[str], version: int | None,
             without: tuple[date, date] | None) -> Mapping[tuple[str, date], Any]:
    """Weekly results: the history of metrics that are judged, `without` its middle; the last weeks of the others."""
    def read(first: date, end: date, metrics: Sequence[Metric]) -> Mapping[tuple[str, date], Any]:
        return results.at(conn, scope.kind, scope.name, first=max(first, scope.since), end=end, version=version,
                          metrics=[m.key for m in metrics]) if metrics else {}

    whole, end = [m for m in wanted if m.key in judged], week + WEEK
    if without:
        return {**read(scope.since, without[0], whole), **read(without[1], end, wanted)}
    return {**read(scope.since, end, whole), **read(week - (OFF_BOARD + USUAL_WEEKS) * WEEK, end, [m for m in wanted if m not in whole])}


def _hole(reach: Reach, members: frozenset[str], company: Company, week: date) -> tuple[date, date] | None:
    """The weeks a board need not read: after those that make the usual range, before those it shows. None where there are few."""
    began = min((first for b in members if (first := reach.began(b))), default=None)
    if began is None:
        return None
    early, late = weeks.week_of(began, company.first_day) + (BASELINE + 13) * WEEK, week - (HISTORY + USUAL_WEEKS) * WEEK
    return (early, late) if early < late else None


def _needs_more(tile: Tile, judged: Judged) -> bool:
    """Whether fewer weeks lay before the hole than make a usual range for good: then it reaches into the hole."""
    return judged.usual.status != "rolling" and not tile.needs and judged.usual.weeks - sum(p.judged for p in tile.history) < BASELINE


def default_week(conn: Connection, company: Company, scope: Scope) -> date:
    """The last week that ended, or the latest one with figures where data ends earlier."""
    ended = scope.running_week(company) - WEEK
    latest = conn.scalar(select(func.max(weekly_results.c.week)).where(
        weekly_results.c.scope_kind == scope.kind, weekly_results.c.scope == scope.name,
        weekly_results.c.to_version.is_(None), weekly_results.c.week <= ended, weekly_results.c.n > 0))
    return latest or ended


def _version(conn: Connection, company: Company, scope: Scope, week: date, as_reported: bool) -> tuple[int, Reach]:
    members = None if scope.kind == "company" else {scope.name} if scope.kind == "branch" else {
        code for code, name, _, _ in company.memberships if name == scope.name}
    if not as_reported:
        return latest_version(conn), reaches.fold(reaches.pieces(conn, branches=members), company)
    instant = to_utc(company.reporting_hour(week), company.options["company_time_zone"])
    version = results.reported_version(conn, scope.kind, scope.name, week, instant)
    return version, reaches.fold(reaches.pieces(conn, branches=members, version=version), company)


def board_metrics(company: Company, reach: Reach, members: frozenset[str]) -> list[str]:
    """The keys on the board, in order; a metric no branch can have gives its place to its substitute."""
    chosen = []
    for key in company.options["board_metrics"]:
        if not any(reach.as_of(BY_KEY[key], b) for b in members):
            key = next((m.key for m in CATALOGUE if m.instead_of == key and any(reach.as_of(m, b) for b in members)), key)
        chosen.append(key)
    return chosen


def by_metric(rows: Mapping[tuple[str, date], Any]) -> dict[str, dict[date, Any]]:
    """Weekly results by metric, then week."""
    found: dict[str, dict[date, Any]] = {}
    for (metric, week), row in rows.items():
        found.setdefault(metric, {})[week] = row
    return found


def aims_for(conn: Connection, company: Company, scope: Scope, week: date) -> dict[str, Aim]:
    """Target and floor of every metric for a scope in a week: agreed, else sourced, else none."""
    territory = company.territory(scope.name, week) if scope.kind == "branch" else scope.name
    agreed = targets.effective(conn, scope.kind, scope.name, territory, week + timedelta(days=6))
    return {m.key: _aim(m, agreed.get(m.key)) for m in CATALOGUE}


def aims_over(conn: Connection, company: Company, scope: Scope, metric: Metric, over: Sequence[date]) -> list[Aim]:
    """Target and floor of one metric in each of some weeks: the steps a chart draws."""
    book = targets.book(conn)
    found = []
    for week in over:
        territory = company.territory(scope.name, week) if scope.kind == "branch" else scope.name
        held = targets.in_force(book, scope.kind, scope.name, territory, week + timedelta(days=6))
        found.append(_aim(metric, held.get(metric.key)))
    return found


def _aim(metric: Metric, agreed: targets.Target | None) -> Aim:
    if agreed is not None:
        return Aim(agreed.target, agreed.floor, "agreed")
    if metric.target is not None or metric.floor is not None:
        return Aim(in_unit(metric, metric.target), in_unit(metric, metric.floor), "sourced")
    return Aim(None, None, "baseline")


def _tile(metric: Metric, rows: Mapping[date, Any], aim: Aim, reach: Reach, scope: Scope, first: date, week: date,
          on_board: bool, asked_for: bool) -> Tile:
    members, today = scope.members(reach.company, week), scope.today(reach.company)
    view = outlook(metric, members, reach)
    start = min(rows) if rows else week
    first = first if on_board or asked_for else max(first, week - OFF_BOARD * WEEK)
    history = points(view, rows, max(first, start), week, today)
    picked = history[-1]
    shown = next((p for p in reversed(history) if p.judged), picked)
    needs = reach.missing(metric, min(members)) if picked.state == "not_available" and members else []
    found = _judged(view, rows, start, week, today, history, aim.target) if on_board or asked_for else None
    return Tile(metric, shown, picked, aim, needs, history, on_board, found)


def _judged(view: Outlook, rows: Mapping[date, Any], start: date, week: date, today: datetime, history: list[Point],
            target: float | None) -> Judged:
    """What the weeks up to `week` say: the first ones make the limits, `history` is judged by them; between them nothing changes."""
    found: list[Point] = []
    end = min(week, history[0].week - WEEK)
    while start <= end and sum(p.judged for p in found) < BASELINE:
        found += points(view, rows, start, min(start + (BASELINE // 2 - 1) * WEEK, end), today)
        start = found[-1].week + WEEK
    return judge(view.metric, [*found, *history], target)


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
    version, reach = _version(conn, company, scope, company.today.date(), False)
    kept = results.at(conn, scope.kind, scope.name, metrics=[m.key for m in metrics], first=scope.since)
    rows = by_metric(as_of_now(conn, settings, reach, scope, kept, version))
    return {m.key: _history(m, rows.get(m.key, {}), reach, scope) for m in metrics}


def _history(metric: Metric, rows: Mapping[date, Any], reach: Reach, scope: Scope) -> list[Point]:
    """A week without a result is a point as well; promises may lie ahead. A territory that has no branches any more
    ends with its last result."""
    if not rows:
        return []
    running = scope.running_week(reach.company)
    last = max(max(rows), running) if scope.members(reach.company, running) else max(rows)
    return points(outlook(metric, scope.members(reach.company, last), reach), rows, min(rows), last, scope.today(reach.company))
