"""The tiles of many branches at once, each equal to that of the branch's own board.

The convention: first as little is read of every series as can prove what its tile says (see `compare_proofs`); every other series is
read as its board reads it, and goes through the same functions. So a proof saves time and never decides anything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from scoreboard.metrics import board as boards
from scoreboard.metrics import compare_proofs, many_results, open_cases, results, usual_ranges
from scoreboard.metrics import reach as reaches
from scoreboard.metrics.board import Aim, Saying, Tile
from scoreboard.metrics.company import Company
from scoreboard.metrics.compare_proofs import Known
from scoreboard.metrics.many_results import Pair
from scoreboard.metrics.model import Metric
from scoreboard.metrics.reach import Reach
from scoreboard.metrics.scopes import Scope
from scoreboard.metrics.states import Outlook
from scoreboard.metrics.touched import CASE_METRICS
from scoreboard.settings import Settings
from scoreboard.state import levels, targets
from scoreboard.state.schema import case_events
from scoreboard.weeks import WEEK

Series = tuple[str, Metric]  # branch, metric


@dataclass(frozen=True)
class Cell:
    """A tile, and what keeps it from being held against the others of its column.

    typed   its figure was typed in or brought as a total, not counted from rows
    reported  whether a load of the branch covers the picked week, or reaches beyond it and has rows of it
    alike   it was computed under the definition of today; else it waits for a load, or the doctor, to compute it anew
    moves   it may be another within the day without anybody changing anything: exceptions that are open grow older
    The tile of a proved normal week has a history of that week alone.
    """

    tile: Tile
    reported: bool
    typed: bool
    alike: bool
    moves: bool = False


@dataclass
class Kept:
    """What was read before, of one week, one state of the data and of what people agreed, and one day at every branch: cells, and how
    far all branches reach. Beside each the last edit of an exception when it was read; None where none matters."""

    cells: dict[Pair, tuple[int | None, Cell]] = field(default_factory=dict)
    reach: tuple[int, Reach] | None = None


def reach_or_kept(conn: Connection, company: Company, branches: Iterable[str], kept: Kept | None) -> Reach:
    """How far these branches reach, or more of them."""
    if kept is None:
        return reaches.fold(reaches.pieces(conn, branches=branches), company)
    edits = _last_edit(conn)
    if kept.reach is None or kept.reach[0] != edits:
        kept.reach = edits, reaches.fold(reaches.pieces(conn), company)
    return replace(kept.reach[1], company=company)


def _last_edit(conn: Connection) -> int:
    return conn.scalar(select(func.max(case_events.c.id))) or 0


def read_or_kept(conn: Connection, settings: Settings, reach: Reach, branches: Sequence[str], week: date, metrics: Sequence[Metric],
                 kept: Kept) -> dict[str, dict[str, Cell]]:
    """As `read`; what was read before is taken from `kept`, and what was not is put there. Edits of exceptions and the clock are minded
    here."""
    edits = _last_edit(conn)

    def lacks(branch: str, metric: Metric) -> bool:
        found = kept.cells.get((branch, metric.key))
        return found is None or found[1].moves or found[0] not in (None, edits)

    lacking = [(branch, metric) for branch in branches for metric in metrics if lacks(branch, metric)]
    rows, columns = dict.fromkeys(branch for branch, _ in lacking), {metric.key for _, metric in lacking}
    fresh = read(conn, settings, reach, list(rows), week, [m for m in metrics if m.key in columns])
    for branch, cells in fresh.items():
        kept.cells.update({(branch, key): (edits if key in CASE_METRICS else None, cell) for key, cell in cells.items()})
    return {branch: {m.key: kept.cells[branch, m.key][1] for m in metrics} for branch in branches}


def read(conn: Connection, settings: Settings, reach: Reach, branches: Sequence[str], week: date, metrics: Sequence[Metric], *,
         with_history: bool = False) -> dict[str, dict[str, Cell]]:
    """The cells of branches the viewer may see, by branch and metric; `with_history` each tile has all its weeks."""
    views = {(b, m.key): Outlook(m, ((at, b),) if (at := reach.as_of(m, b)) else (), reach) for b in branches for m in metrics}
    known = Known(reach, week, views, _sayings(conn, reach, views, week), _aims(conn, reach, branches, week, metrics),
                  {b: frozenset(boards.board_metrics(reach.company, reach, Scope("branch", b), frozenset((b,)))) for b in branches})
    tiles = {} if with_history else {pair: (tile, of, False) for pair, tile, of in compare_proofs.proved(conn, known, branches, metrics)}
    rest = [(branch, metric) for branch in branches for metric in metrics if (branch, metric.key) not in tiles]
    tiles |= dict(_as_on_boards(conn, settings, known, rest))
    named = {m.key: results.definition(m, reach.company.options) for m in metrics}
    found: dict[str, dict[str, Cell]] = {}
    for branch in branches:
        found[branch] = {}
        for metric in metrics:
            tile, of, moves = tiles[branch, metric.key]
            typed = reach.detail_as_of(metric, branch) is None and reach.totals_as_of(metric, branch) is not None
            as_of = reach.as_of(metric, branch)  # rows of a week to come, such as promises, are no report of it
            reported = as_of is not None and (reach.covers(branch, results.counted_in(metric), week, week + WEEK) or (
                tile.picked.row is not None and as_of.date() > week))
            found[branch][metric.key] = Cell(tile, reported, typed, of in (None, named[metric.key]), moves)
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


def _sayings(conn: Connection, reach: Reach, views: Mapping[Pair, Outlook], week: date) -> dict[Pair, Saying]:
    """What judges each series, as `board.sayings` says of one scope."""
    kept = usual_ranges.of_branches(conn, {branch for branch, _ in views}, reach, {key for _, key in views})
    begun: dict[Pair, list[date]] = defaultdict(list)
    for one in levels.everywhere(conn):
        if one.scope_kind == "branch":
            begun[one.scope, one.metric].append(one.from_week)
    return {pair: boards.saying(Scope("branch", pair[0]), week, begun.get(pair, ()), kept.get(pair, ()), lambda view=view: view)  # type: ignore[misc]
            for pair, view in views.items()}


# ---- every other series, as its board reads it ---------------------------------------------------------
def _as_on_boards(conn: Connection, settings: Settings, known: Known,
                  rest: Sequence[Series]) -> Iterator[tuple[Pair, tuple[Tile, str | None, bool]]]:
    """Of each series its tile, the definition its figure was computed under, and whether it moves with the clock."""
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
        found = rows[branch].get(metric.key, {})
        tile = boards.tile(metric, found, known.aims[branch][metric.key], known.reach, Scope("branch", branch),
                           known.week, metric.key in known.boards[branch], known.said[branch, metric.key])
        of = next((row.definition for row in stored.get((branch, metric.key), ()) if row.week == tile.shown.week), None)
        moves = metric.key in open_cases.OF_CASES and any(map(open_cases.moves, found.values()))
        yield (branch, metric.key), (tile, of, moves)
