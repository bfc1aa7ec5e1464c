"""Accepted misses on the Definitions page: what has become of each, in words, and accepting and ending one.

The convention: a miss is accepted for what is looked at (a branch, a territory, the company) and ended there.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from scoreboard import weeks
from scoreboard.metrics import accepting, words
from scoreboard.metrics import company as companies
from scoreboard.metrics.model import Metric
from scoreboard.state import targets as target_store
from scoreboard.state.database import writing
from scoreboard.state.targets import Book, Target
from scoreboard.views import data
from scoreboard.views.asking import Asked
from scoreboard.views.define import typed
from scoreboard.weeks import WEEK


def _in_place(book: Book, of: Target, on: date) -> Target | None:
    """What holds on a day in the place of a row, for its metric."""
    return target_store.in_force(book, of.scope_kind, of.scope, None, on).get(of.metric)


def to_come(book: Book, kind: str, scope: str, metric: str, today: date) -> tuple[Target, ...]:
    """The misses accepted in a place that hold today or will, the first one first."""
    rows = [t for t in book.get((kind, scope), ()) if t.metric == metric and t.until_on and t.until_on >= today and not t.ends]
    return tuple(sorted((t for t in rows if _in_place(book, t, max(today, t.from_on)) == t), key=lambda t: t.from_on))


def standing(row: Target, book: Book, today: date, here: Target | None) -> str:
    """What has become of an accepted miss, or of the end of one; `here` is what holds where one looks."""
    if row.ends:
        return "ends it then" if row.from_on > today else "ended it early"
    at = _in_place(book, row, min(max(today, row.from_on), row.until_on or today))
    if at != row:
        ended = "ended early" if _in_place(book, row, row.from_on) == row else "taken back"
        return "replaced" if at and at.until_on else ended
    if row.from_on > today:
        return "holds from then"
    if row.until_on and row.until_on < today:
        return "over"
    return "holds now" if row == here else "not here"


def figure(metric: Metric, miss: Target) -> str:
    """`82 % until 30 November 2026`."""
    return f"{typed.exact(metric, miss.target)} until {words.day(miss.until_on)}" if miss.until_on else ""


def judged_weeks(from_on: date, until_on: date, first_day: int) -> Sequence[date]:
    """The weeks that a miss accepted for these days counts in: those whose last day lies among them."""
    return [w for w in weeks.weeks_between(from_on, until_on, first_day) if w + WEEK - timedelta(days=1) <= until_on]


# ---- changing --------------------------------------------------------------------------------------------
def accept(asked: Asked, of: str, key: str, target: float | None, from_on: date, until_on: date, reason: str) -> None:
    """Accepts a miss of a branch, territory or the company. Raises as `accepting.accept` says."""
    with writing(asked.engine) as conn:
        company = companies.read(conn, asked.settings.now)
        scope = data.scope_of(company, asked, of)
        target_store.require_scope(conn, asked.viewer, scope.kind, scope.name)
        accepting.accept(conn, company, scope, key, target=target, from_on=from_on, until_on=until_on, reason=reason, who=asked.viewer.who)


def end(asked: Asked, of: str, key: str, from_on: date, reason: str) -> None:
    """Ends it early, from a day on. Raises as `targets.end_miss` says."""
    with writing(asked.engine) as conn:
        scope = data.scope_of(companies.read(conn, asked.settings.now), asked, of)
        target_store.require_scope(conn, asked.viewer, scope.kind, scope.name)
        target_store.end_miss(conn, metric=key, scope_kind=scope.kind, scope=scope.name, from_on=from_on, reason=reason,
                              who=asked.viewer.who, now=asked.settings.now)
