"""What a workbook is written from: the board of a scope and the weeks behind its figures, read once.

The convention: everything comes from the functions of the board and of the page Metric, so that a cell of a workbook cannot say
anything else than the screen. A key of the sheet Data is `branch|metric|week`; the scope of a territory is called `total` there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from io import BytesIO

from sqlalchemy import Connection

from scoreboard.exports.trend import Trend
from scoreboard.facts.files import latest_version
from scoreboard.metrics import board as boards
from scoreboard.metrics import compare_cells, many_results, triangle
from scoreboard.metrics import reach as reaches
from scoreboard.metrics.board import Board, Tile
from scoreboard.metrics.catalogue import BY_KEY, CATALOGUE
from scoreboard.metrics.company import Company
from scoreboard.metrics.freshness import freshness
from scoreboard.metrics.model import Metric
from scoreboard.metrics.open_cases import of_branches_as_of_now
from scoreboard.metrics.reach import Reach
from scoreboard.metrics.scopes import Scope
from scoreboard.metrics.states import USUAL_WEEKS, Point, outlook, points
from scoreboard.metrics.usual import as_seen, judge
from scoreboard.settings import Settings
from scoreboard.state import levels
from scoreboard.state.viewers import Viewer
from scoreboard.weeks import WEEK

WEEKS = 26
TOTAL = "total"


@dataclass(frozen=True)
class Figures:
    """The board of one branch or territory, and the weeks of its metrics that stand in Data, by metric. `called`: its part of a key."""

    scope: Scope
    name: str
    called: str
    board: Board
    points: Mapping[str, Sequence[Point]]

    @property
    def tiles(self) -> list[Tile]:
        """Those on the board, in its order."""
        return [tile for tile in self.board.tiles if tile.on_board]


@dataclass(frozen=True)
class Content:
    """A workbook's question and its answers. `branches` are those of a territory, in the order of their names; empty for a branch."""

    conn: Connection
    settings: Settings
    viewer: Viewer
    company: Company
    own: Figures
    week: date
    weeks: int
    trends: Sequence[Trend]
    branches: Sequence[Figures] = ()
    logo: BytesIO | None = None

    @property
    def scope(self) -> Scope:
        return self.own.scope

    @property
    def of_territory(self) -> bool:
        return self.scope.kind == "territory"

    @property
    def made_at(self) -> datetime:
        """On the wall clock of the branch, or of the company."""
        return self.scope.today(self.company)

    @cached_property
    def fresh(self) -> list[str]:
        """How far the data reaches, a sentence each."""
        found = freshness(self.own.board, self.company)
        return [*(f"{one['words']}." for one in found["stale"]), found["sentence"].rstrip(".") + "."]

    @property
    def last_day(self) -> date:
        """Of the week: what is held against a target that day holds in the week."""
        return self.week + timedelta(days=6)

    @cached_property
    def metrics(self) -> list[Metric]:
        """Every metric of the book: the own board's, then what only a branch has on its board."""
        tiles = [tile for one in (self.own, *self.branches) for tile in one.tiles]
        return list({tile.metric.key: tile.metric for tile in tiles}.values())

    @property
    def spans(self) -> list[date]:
        """The weeks of Data: those asked for, at least those a board looks back."""
        return [self.week - back * WEEK for back in reversed(range(data_weeks(self.weeks)))]


def data_weeks(weeks: int) -> int:
    return max(weeks, boards.HISTORY + 1)


def own_figures(conn: Connection, settings: Settings, company: Company, scope: Scope, called: str, week: date,
                weeks: int) -> tuple[Figures, list[Trend]]:
    """The board of a scope, its weeks for Data, and its trends of the last `weeks`, as the page Metric shows them."""
    board = boards.read(conn, settings, scope, week, company=company, also=())
    tiles = [tile for tile in board.tiles if tile.on_board]
    every = boards.histories(conn, settings, scope, [tile.metric for tile in tiles], company=company)
    begun = levels.of_scope(conn, scope.kind, scope.name)
    first, found, trends = week - (data_weeks(weeks) - 1) * WEEK, {}, []
    for tile in tiles:
        key, known = tile.metric.key, [p for p in every[tile.metric.key] if p.week <= week]
        found[key] = [p for p in known if p.week >= first] or [tile.picked]
        shown = [p for p in known if p.week > week - weeks * WEEK]
        aims = boards.aims_over(conn, company, scope, tile.metric, [p.week for p in shown])
        starts = [one.from_week for one in begun.get(key, ()) if one.from_week <= week]
        judged = judge(tile.metric, known, tile.aim.target, starts) if known else None
        marks = as_seen(tile.metric, known, judged, starts) if judged else {}
        trends.append(Trend(tile.metric, shown, aims, judged, marks))
    name = company.branches[scope.name].name if scope.kind == "branch" else scope.title
    return Figures(scope, name, called, board, found), trends


def figures_of(conn: Connection, settings: Settings, company: Company, scope: Scope, week: date, weeks: int) -> list[Figures]:
    """The boards of every branch that belonged to a territory in one of the weeks of Data, by name, read together."""
    span = [week - back * WEEK for back in range(data_weeks(weeks)) if week - back * WEEK >= scope.since]
    codes = sorted({code for at in span for code in scope.members(company, at)}, key=lambda code: (company.branches[code].name, code))
    reach, called = reaches.fold(reaches.pieces(conn, branches=codes), company), call(codes)
    keys = {code: boards.board_metrics(company, reach, Scope("branch", code), frozenset((code,))) for code in codes}
    wanted = [metric for metric in CATALOGUE if any(metric.key in theirs for theirs in keys.values())]
    cells = compare_cells.read(conn, settings, reach, codes, week, wanted, with_history=True)
    points = _points(conn, settings, company, reach, keys, week, weeks)
    version, found = latest_version(conn), []
    for code in codes:
        tiles = [cells[code][key].tile for key in keys[code]]
        readings = {tile.metric.key: boards.reading(tile.metric, tile.history, tile.aim, tile.judged) for tile in tiles}
        own = Scope("branch", code)
        board = Board(own, week, version, False, tiles, readings, triangle.triangle(list(readings.values())), {})
        found.append(Figures(own, company.branches[code].name, called[code], board, points[code]))
    return found


def _points(conn: Connection, settings: Settings, company: Company, reach: Reach, keys: Mapping[str, Sequence[str]], week: date,
            weeks: int) -> dict[str, dict[str, Sequence[Point]]]:
    """The weeks of Data of some branches, by branch and metric: one reading for all of them."""
    first = week - (data_weeks(weeks) - 1) * WEEK
    read_from = {code: dict.fromkeys(theirs, first - USUAL_WEEKS * WEEK) for code, theirs in keys.items()}
    pairs = [(code, key) for code, theirs in keys.items() for key in theirs]
    stored = many_results.of_pairs(conn, pairs, first=first - USUAL_WEEKS * WEEK, end=week + WEEK)
    kept = {code: {key: {row.week: many_results.sums(row) for row in rows} for key in theirs if (rows := stored.get((code, key)))}
            for code, theirs in keys.items()}
    now = of_branches_as_of_now(conn, settings, reach, kept, read_from, week + WEEK)
    return {code: {key: points(outlook(BY_KEY[key], frozenset((code,)), reach), now[code].get(key, {}), first, week,
                               company.local_now(code)) for key in theirs} for code, theirs in keys.items()}


def call(codes: Sequence[str]) -> dict[str, str]:
    """What branches are called in a key: their code, without what a spreadsheet's search takes for a wildcard."""
    found: dict[str, str] = {}
    taken = {TOTAL}
    for code in codes:
        plain = called = re.sub(r"[*?~|]", "_", code)
        number = 2
        while called.casefold() in taken:
            called, number = f"{plain}_{number}", number + 1
        taken.add(called.casefold())
        found[code] = called
    return found

