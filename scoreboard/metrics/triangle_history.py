"""How the triangle moved: the corners of each week as the board of that week shows them, as known now.

The convention: states are judged on the weekly figures of single metrics, never on scores. The board's metrics are read once; each
week is then judged on what lay before it, by the functions of the board.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from scoreboard.metrics import board as boards
from scoreboard.metrics import company as companies
from scoreboard.metrics import reach as reaches
from scoreboard.metrics import results
from scoreboard.metrics.catalogue import BY_KEY
from scoreboard.metrics.company import Company
from scoreboard.metrics.open_cases import as_of_now
from scoreboard.metrics.reach import Reach
from scoreboard.metrics.scopes import Scope
from scoreboard.metrics.states import Point, outlook, points
from scoreboard.metrics.triangle import Reading, Triangle, triangle
from scoreboard.metrics.usual import judge
from scoreboard.settings import Settings
from scoreboard.weeks import WEEK

WEEKS = 26


@dataclass(frozen=True)
class Moment:
    """The triangle of one week."""

    week: date
    triangle: Triangle


def read(conn: Connection, settings: Settings, scope: Scope, last: date | None = None, number: int = WEEKS, *,
         company: Company | None = None) -> list[Moment]:
    """The triangles of the `number` weeks up to `last`, oldest first; weeks before the first figure, or before the viewer's time, are
    left out."""
    company = company or companies.read(conn, settings.now)
    last = last or boards.default_week(conn, company, scope)
    asked = [week for back in reversed(range(number)) if (week := last - back * WEEK) >= scope.since]
    members = {week: scope.members(company, week) for week in asked}
    everyone = frozenset().union(*members.values())
    reach = reaches.fold(reaches.pieces(conn, branches=None if scope.kind == "company" else everyone), company)
    boards_of = {held: boards.board_metrics(company, reach, scope, held) for held in set(members.values())}
    wanted = list(dict.fromkeys(key for keys in boards_of.values() for key in keys))
    kept = results.at(conn, scope.kind, scope.name, first=scope.since, end=last + WEEK, metrics=wanted)
    rows = as_of_now(conn, settings, reach, scope, kept, dict.fromkeys(wanted, scope.since), last + WEEK)
    begun = min((min(found) for found in rows.values()), default=None)
    asked = [week for week in asked if begun and week >= begun]
    aims = {key: dict(zip(asked, boards.aims_over(conn, company, scope, BY_KEY[key], asked), strict=True)) for key in wanted}
    series = {held: _series(keys, rows, held, reach, scope, last) for held, keys in boards_of.items()}
    found = []
    for week in asked:
        theirs = series[members[week]]
        said = boards.sayings(conn, scope, week, reach, [BY_KEY[key] for key in theirs])
        found.append(Moment(week, triangle([_reading(key, one, week, aims[key][week], said[key]) for key, one in theirs.items()])))
    return found


def _series(keys: Sequence[str], rows: Mapping[str, Mapping[date, Any]], members: frozenset[str], reach: Reach, scope: Scope,
            last: date) -> dict[str, list[Point]]:
    """Every week of a board's metrics, as some members have it."""
    today = scope.today(reach.company)
    return {key: points(outlook(BY_KEY[key], members, reach), rows[key], min(rows[key]), last, today) if key in rows else []
            for key in keys}


def _reading(key: str, series: list[Point], week: date, aim: boards.Aim, said: boards.Saying) -> Reading:
    """What the board of a week reads of a metric."""
    known = [p for p in series if p.week <= week]
    history = known[-boards.HISTORY - 1:]
    theirs = [p for p in (history if said.kept else known) if p.week >= said.since]
    return boards.reading(BY_KEY[key], history, aim, judge(BY_KEY[key], theirs, aim.target, kept=said.kept))
