"""The board with every word said: what the picture on screen and the page on paper both show.

The convention: it knows no screen, so that a command writes the same page; what it costs to look for misses is left to the caller.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import Connection

from scoreboard.calendars import wall_clock
from scoreboard.cases import finding
from scoreboard.cases.standing import Standing, standing
from scoreboard.exports import page
from scoreboard.facts.files import latest_version
from scoreboard.imports import sampling
from scoreboard.metrics import accepting, locating, restated, results, words
from scoreboard.metrics import board as boards
from scoreboard.metrics.board import Tile
from scoreboard.metrics.company import Company
from scoreboard.metrics.scopes import Scope
from scoreboard.settings import Settings
from scoreboard.state.viewers import Viewer
from scoreboard.views import board_words, noted, restated_words
from scoreboard.weeks import WEEK


def board(conn: Connection, settings: Settings, viewer: Viewer, company: Company, scope: Scope, week: date, *,
          as_reported: bool = False, clause: Callable[[Tile], str] | None = None) -> dict[str, Any]:
    """The board of a scope and week as JSON (see `board_words.board_json` and `restated_words.marked`); as it was reported only where
    that differs. `clause` says where the misses of a figure are."""
    found = boards.read(conn, settings, scope, week, company=company, also=())
    since = restated.compare(conn, company, scope, week, (tile.picked for tile in found.tiles))
    as_reported = as_reported and bool(since and since.changed)
    if as_reported:
        found = boards.read(conn, settings, scope, week, as_reported=True, company=company, also=())
    moved = any(t.judged and t.judged.held for t in found.tiles)
    notes = noted.around(conn, company, viewer, scope) if moved else ()
    endings = accepting.endings(conn, company, scope, week, since.at if since and as_reported else None)
    open_cases = None if as_reported else _standing(conn, company, scope, week)  # they stand as they do now
    where = clause or (lambda tile: locating.clause(conn, settings, company, scope, tile))
    clauses = {t.metric.key: where(t) for t in found.tiles if not as_reported and locating.asks(t)}
    name = company.branches[scope.name].name if scope.kind == "branch" else scope.title
    shown = board_words.board_json(found, company, open_cases, name, sampling.is_there(conn), endings, notes, clauses)
    return restated_words.marked(shown, since, company, as_reported=as_reported)


def on_paper(conn: Connection, settings: Settings, viewer: Viewer, company: Company, scope: Scope, week: date,
             shown: dict[str, Any] | None = None) -> str:
    """The board as one page of HTML; `shown` where its JSON is there already."""
    shown = shown or board(conn, settings, viewer, company, scope, week)
    now = _is_now(company, scope, week) and not shown["reported"]
    counts = finding.counts(conn, viewer, scope.members(company, week), settings.now) if now else {}
    open_now = [(kind.name, counts[kind.key]) for kind in finding.LISTS if kind.key in counts]
    at = wall_clock(settings.now, company.zones.get(scope.name, company.options["company_time_zone"]))
    return page.html(shown, open_now, page.Made(words.day_and_time(at), latest_version(conn), results.definitions(company.options)))


def _is_now(company: Company, scope: Scope, week: date) -> bool:
    """Whether what stands open now says something about a week: the running one, and the one before."""
    return week + 2 * WEEK > scope.today(company).date()


def _standing(conn: Connection, company: Company, scope: Scope, week: date) -> Standing | None:
    """What stands open now; None on the board of an earlier week, which it says nothing about."""
    return standing(conn, scope.members(company, week), company.now) if _is_now(company, scope, week) else None
