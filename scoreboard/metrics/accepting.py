"""Accepted misses: for a while, from a day to a last day, a figure may be held against less than what is agreed.

The convention: what a miss deviates from is what holds in its place on its first day without any miss, agreed or
sourced. Its target asks for less than that one, and its floor is that one's: nobody accepts what they would not accept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from scoreboard.errors import Refused
from scoreboard.metrics.board import Aim, aims_on
from scoreboard.metrics.catalogue import BY_KEY
from scoreboard.metrics.company import Company
from scoreboard.metrics.model import Metric
from scoreboard.metrics.scopes import Scope
from scoreboard.metrics.values import as_text, require_sensible
from scoreboard.state import targets
from scoreboard.state.targets import Target
from scoreboard.weeks import WEEK

SOON = 2 * WEEK  # how long before its last day one is reminded of an accepted miss; and the week after it


@dataclass(frozen=True)
class Ending:
    """An accepted miss that ends about now: what was accepted, and what holds the day after."""

    metric: Metric
    miss: Target
    until_on: date
    then: Aim


def accept(conn: Connection, company: Company, scope: Scope, metric: str, *, target: float | None, from_on: date, until_on: date,
           reason: str, who: str) -> Target:
    """Accepts that a metric misses its target until a last day. Raises Refused as `targets.set_target` does, and where
    there is no target to miss, or the temporary one is not between it and its floor."""
    floor = None
    if metric in BY_KEY:
        usual = without_misses(targets.book(conn), company, scope, from_on, BY_KEY[metric])
        _check(BY_KEY[metric], target, usual)
        floor = usual.floor
    return targets.set_target(conn, metric=metric, scope_kind=scope.kind, scope=scope.name, target=target, floor=floor, from_on=from_on,
                              until_on=until_on, reason=reason, who=who, now=company.now, metrics=BY_KEY)


def without_misses(book: targets.Book, company: Company, scope: Scope, on: date, metric: Metric) -> Aim:
    """What a miss accepted on a day would deviate from."""
    held = aims_on(book, company, scope, on, [metric])[metric.key]
    return held.instead_of or held


def _check(metric: Metric, target: float | None, usual: Aim) -> None:
    if target is None:
        raise Refused("An accepted miss needs a temporary target.", "Say what is enough until its last day.")
    require_sensible(metric, target, None)
    if usual.target is None:
        raise Refused(f"{metric.name} has no target that could be missed.", "Agree a target first.")
    if (usual.target - target) * metric.direction <= 0:
        raise Refused(f"A temporary target of {as_text(metric, target)} asks for no less than the one that holds, "
                      f"{as_text(metric, usual.target)}: there is no miss to accept.", "Choose an easier one, or agree it as a target.")
    if usual.floor is not None and (target - usual.floor) * metric.direction <= 0:
        raise Refused(f"The floor of {as_text(metric, usual.floor)} stays while a miss is accepted; a temporary target of "
                      f"{as_text(metric, target)} does not keep it.", "Choose one that does, or agree another floor first.")


def endings(conn: Connection, company: Company, scope: Scope, week: date, agreed_by: datetime | None = None) -> list[Ending]:
    """The accepted misses that end in the two weeks after a week, or ended in it; none that is followed by another.

    For the running week the same is asked of today; `agreed_by` an instant, of what was set by then.
    """
    anchor, book = min(scope.today(company).date(), week + WEEK), targets.book(conn, agreed_by)
    found = []
    for miss in (t for rows in book.values() for t in rows):
        if miss.metric not in BY_KEY or miss.until_on is None or not anchor - WEEK <= miss.until_on < anchor + SOON:
            continue
        metric = BY_KEY[miss.metric]
        last, then = (aims_on(book, company, scope, on, [metric])[metric.key] for on in (miss.until_on, miss.until_on + timedelta(days=1)))
        if last.miss is miss and then.miss is None:
            found.append(Ending(metric, miss, miss.until_on, then))
    return sorted(found, key=lambda one: one.until_on)
