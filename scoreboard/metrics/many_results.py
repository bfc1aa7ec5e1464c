"""Weekly results of many branches at once, of the latest version: as much of each series as somebody asks, in one statement.

The convention: whoever asks gives only branches the viewer sees. A series is named by its branch and metric.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, String, and_, bindparam, column, func, select, values

from scoreboard.metrics.results import Sums
from scoreboard.state.schema import branches, weekly_results
from scoreboard.weeks import WEEK

_T = weekly_results.c
_IN_MANY = and_(
    _T.scope_kind == "branch", _T.to_version.is_(None), _T.scope.in_(bindparam("branches", expanding=True)),
    _T.week >= bindparam("first"), _T.week < bindparam("end"), _T.metric.in_(bindparam("metrics", expanding=True)))
_MANY = select(_T.scope, *(_T[name] for name in Sums._fields), _T.definition).where(_IN_MANY)
_CURRENT = select(_T.scope, *(_T[name] for name in Sums._fields), _T.definition).where(
    _T.scope_kind == "branch", _T.to_version.is_(None), _T.week.in_(bindparam("weeks", expanding=True)))
_OLDEST = select(func.min(select(func.min(_T.week)).where(_T.scope_kind == "branch", _T.scope == branches.c.code).scalar_subquery())).where(
    branches.c.code.in_(bindparam("branches", expanding=True)))
_FEW = select(_T.scope, _T.metric, _T.part, _T.whole, _T.n, _T.undecided, _T.open, _T.p50).where(_IN_MANY).order_by(
    _T.scope, _T.week, _T.metric)
_COUNTED = select(_T.scope, _T.metric, func.count(), func.min(_T.n), func.max(_T.n), func.max(_T.undecided + _T.open)).where(
    _IN_MANY).group_by(_T.scope, _T.metric)
_LAST_OF_ANY = select(func.max(_T.week)).where(
    _T.scope_kind == "branch", _T.to_version.is_(None), _T.scope.in_(bindparam("branches", expanding=True)),
    _T.week <= bindparam("last"), _T.n > 0)
_AT_ONCE = 12_000  # pairs: SQLite takes 32,766 values
Pair = tuple[str, str]  # branch, metric


class Few(NamedTuple):
    """What a figure and its size ask of a result: of week after week of thousands of series."""

    branch: str
    metric: str
    part: float | None
    whole: float | None
    n: int
    undecided: int
    open: int
    p50: float | None


class Counted(NamedTuple):
    """Some weeks of a series: how many there are, their smallest and largest n, the most that any of them has undecided or open."""

    weeks: int
    least: int
    most: int
    unsure: int


def _many(branches: Iterable[str], metrics: Iterable[str], first: date, end: date) -> dict[str, Any]:
    return {"branches": list(branches), "metrics": list(metrics), "first": first, "end": end}


def of_weeks(conn: Connection, branches: Iterable[str], metrics: Iterable[str], first: date, last: date) -> dict[Pair, dict[date, Any]]:
    """The rows of many branches the viewer may see from a week to another, both included, by week: as Sums, after the branch and before
    the definition (see `sums`)."""
    found: dict[Pair, dict[date, Any]] = defaultdict(dict)
    for row in conn.execute(_MANY, _many(branches, metrics, first, last + WEEK)).all():
        found[row[0], row[1]][row[2]] = row
    return found


def few(conn: Connection, branches: Iterable[str], metrics: Iterable[str], *, first: date, end: date) -> dict[Pair, list[Few]]:
    """A few weeks of many branches the viewer may see, of each series in the order of weeks; weeks without a row are not there."""
    found: dict[Pair, list[Few]] = defaultdict(list)
    for row in conn.execute(_FEW, _many(branches, metrics, first, end)).all():
        found[row[0], row[1]].append(Few._make(row))
    return found


def counted(conn: Connection, branches: Iterable[str], metrics: Iterable[str], *, first: date, end: date) -> dict[Pair, Counted]:
    """What was counted in some weeks of many branches."""
    return {(row[0], row[1]): Counted._make(row[2:]) for row in conn.execute(_COUNTED, _many(branches, metrics, first, end)).all()}


def of_pairs(conn: Connection, pairs: Sequence[Pair], *, first: date, end: date) -> dict[Pair, list[Any]]:
    """The rows of some series of branches the viewer may see, from `first` to before `end`; each as in `of_weeks`."""
    found: dict[Pair, list[Any]] = defaultdict(list)
    oldest = conn.scalar(_OLDEST, {"branches": sorted({branch for branch, _ in pairs})})
    if oldest is None:
        return found
    weeks = [end - back * WEEK for back in range(1, (end - max(first, oldest)) // WEEK + 1)]
    for start in range(0, len(pairs), _AT_ONCE):
        wanted = values(column("branch", String), column("metric", String), name="wanted").data(pairs[start:start + _AT_ONCE]).cte()
        each = and_(_T.scope == wanted.c.branch, _T.metric == wanted.c.metric)  # looked up by its whole key: nothing is gone through
        for row in conn.execute(_CURRENT.join_from(wanted, weekly_results, each), {"weeks": weeks}).all():
            found[row[0], row[1]].append(row)
    return found


def sums(row: Any) -> Sums:
    """A row of `of_weeks` without its branch and definition."""
    return Sums._make(row[1:-1])


def latest_week_of_any(conn: Connection, branches: Iterable[str], last: date) -> date | None:
    """The latest week up to `last` with anything counted at one of these branches."""
    found: date | None = conn.scalar(_LAST_OF_ANY, {"branches": list(branches), "last": last})
    return found
