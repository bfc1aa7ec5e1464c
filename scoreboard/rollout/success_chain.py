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
from scoreboard.state.viewers import Viewer
from scoreboard.weeks import WEEK, week_of

BROKEN = "Misses at handoffs, a week"
_SAY = ("credits", "exceptions")  # sources whose rows say what broke


class Of(NamedTuple):
    """A figure of so many weeks and rows: of a stay in the metric's unit, of misses how many a week."""

    figure: float | None
    weeks: int
    n: int


NOTHING = Of(None, 0, 0)


@dataclass(frozen=True)
class Beside:
    """A stay, or the misses, before the start and since; `lacks` names columns that no file has."""

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
    second = _over(conn, settings, company, Scope(scope.kind, scope.name, since), ended) if since <= ended else first._replace(
        stays=dict.fromkeys(first.stays, NOTHING), misses=NOTHING)
    stays = [Beside("stay", stay, stay.name, first.stays[stay.key], second.stays[stay.key], first.lacks.get(stay.key, ())) for stay in OWN]
    return [*stays, Beside("misses", None, BROKEN, first.misses, second.misses, first.lacks.get(BROKEN, ()))]


class _Span(NamedTuple):
    stays: dict[str, Of]
    misses: Of
    lacks: dict[str, tuple[str, ...]]


def _over(conn: Connection, settings: Settings, company: Company, scope: Scope, last: date) -> _Span:
    """What the chain says over the weeks up to one, none of them before the scope's first."""
    weeks = [week for week in chain.span(last) if week >= scope.since]
    with chain.opened(settings, conn, company, scope, last) as run:
        found = chain.stays(run, last, OWN)
        broke = chain.misses(run, last)
    lacks = {key: tuple(stay.needs) for key, stay in found.items() if stay.needs}
    known = sum(any(run.reach.covers(scope.name, source, week, week + WEEK) for source in _SAY) for week in weeks)
    if all(one.credits is None and one.exceptions is None for one in broke):
        lacks[BROKEN] = _SAY
    count = sum(one.count for one in broke)
    stays = {key: _middle(stay, len(weeks)) for key, stay in found.items()}
    return _Span(stays, Of(count / known, known, count) if known else NOTHING, lacks)


def _middle(stay: chain.Stay, weeks: int) -> Of:
    return Of(stay.p50 / stay.metric.minutes_per_unit, weeks, stay.n) if stay.p50 is not None else NOTHING
