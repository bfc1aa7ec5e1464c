"""Locating: in which group the misses of a figure that lights up are, for the sentence about it.

The convention: counted is the judged week that the sentence names, and only where the rows of today add up to the misses it names;
so nothing is said of typed totals, or of a week as it was reported. In a branch the group is one of its rows' (see `reasons.clause`). In
a territory or the company it is a branch, from the weekly results: reading the rows of all branches would take too long.
"""

from __future__ import annotations

from sqlalchemy import Connection

from scoreboard.metrics import reasons, results
from scoreboard.metrics import rows as row_reader
from scoreboard.metrics.board import Board, Tile
from scoreboard.metrics.company import Company
from scoreboard.metrics.scopes import Scope
from scoreboard.settings import Settings
from scoreboard.weeks import WEEK


def asks(tile: Tile) -> bool:
    """Whether a sentence names misses of the tile: on the board, judged, and it stands out or reliably misses its target."""
    lit = tile.judged is not None and (tile.judged.stands_out or tile.judged.assurance == "reliably_misses")
    return tile.on_board and lit and tile.shown.judged and bool(reasons.misses_of(tile.metric, tile.shown.row))


def clauses(conn: Connection, settings: Settings, company: Company, board: Board) -> dict[str, str]:
    """The clause of each metric of a board that has one, by key; none on a board as it was reported."""
    asked = [] if board.as_reported else [tile for tile in board.tiles if asks(tile)]
    found = {tile.metric.key: clause(conn, settings, company, board.scope, tile) for tile in asked}
    return {key: said for key, said in found.items() if said}


def clause(conn: Connection, settings: Settings, company: Company, scope: Scope, tile: Tile) -> str:
    """`, 9 of them on route 4`; empty where no group stands out."""
    metric, week = tile.metric, tile.shown.week
    misses = reasons.misses_of(metric, tile.shown.row)
    if scope.kind != "branch":
        found = results.of_branches(conn, scope.members(company, week), week, metric.key)
        counts = {company.branches[one.scope].name: (reasons.misses_of(metric, one) or 0, round(one.whole or 0)) for one in found}
        return reasons.clause_of_branches(counts) if sum(missed for missed, _ in counts.values()) == misses else ""
    rows = row_reader.over(settings, conn, scope, metric, week, week + WEEK, list(reasons.IN_A_SENTENCE))
    return reasons.clause(rows) if len(reasons.missed(rows)) == misses else ""
