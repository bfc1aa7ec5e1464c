"""The tiles of many branches at once, each equal to that of the branch's own board.

The convention: first as little is read of every series as can prove that the picked week is a judged, normal one under limits that
are kept. Where it does, that is the tile; every other series is read as its board reads it, and goes through the same functions.
So a proof saves time and never decides anything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection

from scoreboard.metrics import board as boards
from scoreboard.metrics import many_results, open_cases, results, usual_ranges
from scoreboard.metrics.board import Aim, Saying, Tile
from scoreboard.metrics.many_results import Counted, Few, Pair
from scoreboard.metrics.model import Metric
from scoreboard.metrics.reach import Reach
from scoreboard.metrics.scopes import Scope
from scoreboard.metrics.states import Outlook, Point, least_n
from scoreboard.metrics.usual import Judged, surely_normal
from scoreboard.metrics.values import value
from scoreboard.settings import Settings
from scoreboard.state import levels, targets
from scoreboard.weeks import WEEK

BEFORE = 7  # weeks a run looks back to
RECENT = 1 + BEFORE + 13  # weeks looked at: from each of those there are fourteen of its 26, whose largest n is at least the median
Series = tuple[str, Metric]  # branch, metric


@dataclass(frozen=True)
class Cell:
    """A tile, and what keeps it from being held against the others of its column.

    typed   its figure was typed in or brought as a total, not counted from rows
    reported  whether a load of the branch covers the picked week, or reaches beyond it and has rows of it
    alike   it was computed under the definition of today; else it waits for a load, or the doctor, to compute it anew
    The tile of a proved normal week has a history of that week alone.
    """

    tile: Tile
    reported: bool
    typed: bool
    alike: bool


@dataclass(frozen=True)
class _Known:
    """What holds for a week whatever is proved or read: how far data reaches, what judges each series, what it aims for."""

    reach: Reach
    week: date
    said: dict[Pair, Saying]
    aims: dict[str, dict[str, Aim]]
    boards: dict[str, frozenset[str]]


def read(conn: Connection, settings: Settings, reach: Reach, branches: Sequence[str], week: date, metrics: Sequence[Metric], *,
         with_history: bool = False) -> dict[str, dict[str, Cell]]:
    """The cells of branches the viewer may see, by branch and metric; `with_history` each tile has all its weeks."""
    known = _Known(reach, week, _sayings(conn, reach, branches, week, metrics), _aims(conn, reach, branches, week, metrics),
                   {b: frozenset(boards.board_metrics(reach.company, reach, Scope("branch", b), frozenset((b,)))) for b in branches})
    proved = {} if with_history else {(b, m.key): (tile, of) for b, m, tile, of in _proved(conn, known, branches, metrics)}
    rest = [(branch, metric) for branch in branches for metric in metrics if (branch, metric.key) not in proved]
    tiles = proved | {(b, m.key): (tile, of) for b, m, tile, of in _as_on_boards(conn, settings, known, rest)}
    named = {m.key: results.definition(m, reach.company.options) for m in metrics}
    found: dict[str, dict[str, Cell]] = {}
    for branch in branches:
        found[branch] = {}
        for metric in metrics:
            tile, of = tiles[branch, metric.key]
            typed = reach.detail_as_of(metric, branch) is None and reach.totals_as_of(metric, branch) is not None
            as_of = reach.as_of(metric, branch)  # rows of a week to come, such as promises, are no report of it
            reported = as_of is not None and (reach.covers(branch, results.counted_in(metric), week, week + WEEK) or (
                tile.picked.row is not None and as_of.date() > week))
            found[branch][metric.key] = Cell(tile, reported, typed, of in (None, named[metric.key]))
    return found


def _aims(conn: Connection, reach: Reach, branches: Sequence[str], week: date, metrics: Sequence[Metric]) -> dict[str, dict[str, Aim]]:
    """Target and floor of each metric by branch; branches of a territory without targets of their own share them."""
    book, on = targets.book(conn), week + timedelta(days=6)
    homes, shared, found = reach.company.territories_in(on), dict[str | None, dict[str, Aim]](), dict[str, dict[str, Aim]]()
    for branch in branches:
        home = homes.get(branch)
        if ("branch", branch) in book or home not in shared:
            found[branch] = boards.aims_in(book, Scope("branch", branch), home, on, metrics)
            if ("branch", branch) not in book:
                shared[home] = found[branch]
        else:
            found[branch] = shared[home]
    return found


def _sayings(conn: Connection, reach: Reach, branches: Sequence[str], week: date, metrics: Sequence[Metric]) -> dict[Pair, Saying]:
    """What judges each series, as `board.sayings` says of one scope."""
    kept = usual_ranges.of_branches(conn, branches, reach, [m.key for m in metrics])
    begun: dict[Pair, list[date]] = defaultdict(list)
    for one in levels.everywhere(conn):
        if one.scope_kind == "branch":
            begun[one.scope, one.metric].append(one.from_week)
    found = {}
    for branch in branches:
        scope = Scope("branch", branch)
        for metric in metrics:
            pair, at = (branch, metric.key), reach.as_of(metric, branch)
            view = Outlook(metric, ((at, branch),) if at else (), reach)
            found[pair] = boards.saying(scope, week, begun.get(pair, ()), kept.get(pair, ()), lambda view=view: view)  # type: ignore[misc]
    return found


# ---- every other series, as its board reads it ---------------------------------------------------------
def _as_on_boards(conn: Connection, settings: Settings, known: _Known,
                  rest: Sequence[Series]) -> Iterator[tuple[str, Metric, Tile, str | None]]:
    """The tile of each series, and the definition its figure was computed under."""
    firsts: dict[str, dict[str, date]] = defaultdict(dict)
    for branch, metric in rest:
        firsts[branch][metric.key] = boards.read_from(Scope("branch", branch), known.week, known.said[branch, metric.key])
    stored: dict[Pair, list[Any]] = {}
    for long in (True, False):  # those whose weeks make their limits go back far, the others do not
        pairs = [pair for branch, metric in rest if (known.said[pair := (branch, metric.key)].kept is None) == long]
        if pairs:
            stored |= many_results.of_pairs(conn, pairs, first=min(firsts[b][key] for b, key in pairs), end=known.week + WEEK)
    read = {branch: {key: found for key, since in of.items() if (found := {
        row.week: many_results.sums(row) for row in stored.get((branch, key), ()) if row.week >= since})} for branch, of in firsts.items()}
    rows = open_cases.of_branches_as_of_now(conn, settings, known.reach, read, firsts, known.week + WEEK)
    for branch, metric in rest:
        tile = boards.tile(metric, rows[branch].get(metric.key, {}), known.aims[branch][metric.key], known.reach, Scope("branch", branch),
                           known.week, metric.key in known.boards[branch], known.said[branch, metric.key])
        of = next((row.definition for row in stored.get((branch, metric.key), ()) if row.week == tile.shown.week), None)
        yield branch, metric, tile, of


# ---- a normal week, proved from little -----------------------------------------------------------------
def _proved(conn: Connection, known: _Known, branches: Sequence[str], metrics: Sequence[Metric]) -> Iterator[tuple[str, Metric, Tile, str]]:
    """The tile of each series whose week is surely judged and surely normal, and the definition of its figure."""
    week, keys = known.week, [m.key for m in metrics if not (m.minimum or m.rolling)]
    begin = week - BEFORE * WEEK
    now = many_results.of_week(conn, branches, keys, week)
    before = many_results.few(conn, branches, keys, first=begin, end=week)
    counted = many_results.counted(conn, branches, keys, first=week - (RECENT - 1) * WEEK, end=begin)
    edited = open_cases.edited_weeks(conn, known.reach.company, branches)
    for metric in metrics:
        for branch in branches:
            pair = (branch, metric.key)
            if (row := now.get(pair)) is None or known.said[pair].kept is None or metric.key in edited.get(branch, ()):
                continue
            few, earlier = before.get(pair, []), counted.get(pair, Counted(0, 0, 0, 0))
            if metric.key in open_cases.OF_CASES and (earlier.unsure or any(one.undecided or one.open for one in (row, *few))):
                continue
            aim = known.aims[branch][metric.key]
            if found := _normal(metric, row, few, earlier, known, branch, aim):
                point, judged = found
                tile = Tile(metric, point, point, aim, [], [point], metric.key in known.boards[branch], judged)
                yield branch, metric, tile, row.definition


def _normal(metric: Metric, row: Any, few: Sequence[Few], earlier: Counted, known: _Known, branch: str,
            aim: Aim) -> tuple[Point, Judged] | None:
    """The point of a week and what is said of it; None where this does not prove that it is judged and normal."""
    as_of, kept = known.reach.as_of(metric, branch), known.said[branch, metric.key].kept
    maturity = known.reach.company.options[metric.maturity] if metric.maturity else 0
    if as_of is None or kept is None or known.week + WEEK > as_of.date() - timedelta(days=maturity) or row.undecided:
        return None
    least = least_n(metric)
    if least:
        if len(few) + earlier.weeks < RECENT - 1 or not earlier.least or not all(one.n for one in few):
            return None
        least = max(least, 0.5 * max(row.n, earlier.most, *(one.n for one in few)))
    figure = value(metric, row)
    if figure is None or not row.n or row.n < least:
        return None
    figures = [was for one in few if one.n and one.n >= least and not one.undecided and (was := value(metric, one)) is not None]
    point = Point(metric, known.week, many_results.sums(row), figure, "value")
    judged = surely_normal(metric, point, figures, aim.target, kept)
    return (point, judged) if judged else None
