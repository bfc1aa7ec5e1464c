"""The chain before the start of a rollout and since: how long lines stay, and how much broke at its handoffs.

The convention: as on the page Handoffs, over the thirteen weeks up to one, medians from the rows; since the start over as many of them
as there are. Weeks of which no file says what broke are left out. Nothing here is judged: a stay is no signal by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from sqlalchemy import Connection

from scoreboard.metrics import chain
from scoreboard.metrics.company import Company
from scoreboard.metrics.model import Metric
from scoreboard.metrics.scopes import Scope, scope_for
from scoreboard.metrics.stages import OWN
from scoreboard.rollout.success import first_since
from scoreboard.settings import Settings
from scoreboard.state.option_kinds import HANDOFFS
from scoreboard.state.viewers import Viewer
from scoreboard.weeks import WEEK, week_of

BROKEN = "All handoffs"
_SAY = ("credits", "exceptions")  # sources whose rows say what broke


class Of(NamedTuple):
    """A figure of so many weeks and rows: of a stay in the metric's unit, of misses how many a week."""

    figure: float | None
    weeks: int
    n: int


NOTHING = Of(None, 0, 0)


@dataclass(frozen=True)
class Beside:
    """A stay, or the misses of a handoff, before the start and since; `lacks` names columns that no file has."""

    what: Literal["stay", "misses"]
    metric: Metric | None
    name: str
    before: Of
    since: Of
    lacks: tuple[str, ...] = ()


def read(conn: Connection, settings: Settings, viewer: Viewer, company: Company, branch: str, start_on: date) -> list[Beside]:
    """The stays of lines and the misses of a branch the viewer may see. NotAllowed and Refused as `scope_for`."""
    scope, since = scope_for(company, viewer, branch=branch), first_since(start_on, company)
    first = _over(conn, settings, company, scope, week_of(start_on, company.first_day) - WEEK)
    ended = scope.running_week(company) - WEEK
    second = _over(conn, settings, company, Scope(scope.kind, scope.name, since), ended) if since <= ended else _Span({}, {}, {})
    stays = [Beside("stay", stay, stay.name, first.stays[stay.key], second.stays.get(stay.key, NOTHING), first.lacks.get(stay.key, ()))
             for stay in OWN]
    return stays + [Beside("misses", None, at, first.misses[at], second.misses.get(at, NOTHING), first.lacks.get(BROKEN, ()))
                    for at in (*HANDOFFS, BROKEN)]


class _Span(NamedTuple):
    stays: dict[str, Of]
    misses: dict[str, Of]  # by handoff, and all together
    lacks: dict[str, tuple[str, ...]]


def _over(conn: Connection, settings: Settings, company: Company, scope: Scope, last: date) -> _Span:
    """What the chain says over the weeks up to one, none of them before the scope's first."""
    weeks = [week for week in chain.span(last) if week >= scope.since]
    with chain.opened(settings, conn, company, scope, last) as run:
        found = chain.stays(run, last, OWN)
        broke = chain.misses(run, last)
    lacks = {key: tuple(stay.needs) for key, stay in found.items() if stay.needs}
    if all(one.credits is None and one.exceptions is None for one in broke):
        lacks[BROKEN] = _SAY
    known = sum(any(run.reach.covers(scope.name, source, week, week + WEEK) for source in _SAY) for week in weeks)
    counts = {one.handoff: one.count for one in broke} | {BROKEN: sum(one.count for one in broke)}
    misses = {at: Of(counts[at] / known, known, counts[at]) if known else NOTHING for at in (*HANDOFFS, BROKEN)}
    return _Span({key: _middle(stay, len(weeks)) for key, stay in found.items()}, misses, lacks)


def _middle(stay: chain.Stay, weeks: int) -> Of:
    return Of(stay.p50 / stay.metric.minutes_per_unit, weeks, stay.n) if stay.p50 is not None else NOTHING
