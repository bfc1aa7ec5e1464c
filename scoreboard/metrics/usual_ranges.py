"""Usual ranges kept with the weekly results: limits of the first 52 judged weeks of a level do not move any more.

The convention: a row stands for weeks whose state time alone cannot change, and goes in the commit that moves one of their
figures. Whoever finds no row reads those weeks and computes their limits, so a row saves time and never decides anything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, and_, bindparam, delete, func, insert, select

from scoreboard.metrics import results
from scoreboard.metrics.catalogue import BY_KEY, CATALOGUE
from scoreboard.metrics.model import Metric
from scoreboard.metrics.reach import Reach
from scoreboard.metrics.results import Difference, Judging
from scoreboard.metrics.scopes import Scope
from scoreboard.metrics.signals import BASELINE, Limits
from scoreboard.metrics.states import DURATION_DECIDED_AFTER, USUAL_WEEKS, Outlook, Point, outlook, points
from scoreboard.metrics.usual import limits
from scoreboard.state import bulk, levels
from scoreboard.state.database import reading, writing
from scoreboard.state.schema import usual_ranges, weekly_results
from scoreboard.weeks import WEEK

LOOKED_AT = BASELINE + 13  # weeks in which the first 52 judged ones must lie to be kept
LONG = BASELINE * WEEK
Series = tuple[str, str, str]  # scope kind, scope, metric
_T, _R = usual_ranges.c, weekly_results.c
_KEPT = select(_T.metric, _T.since, _T.until, _T.mean, _T.lower, _T.upper, _T.constant, _T.definition).where(
    _T.scope_kind == bindparam("kind"), _T.scope == bindparam("of"), _T.metric.in_(bindparam("metrics", expanding=True)),
    _T.mean.is_not(None), _T.since >= bindparam("first"))
_OF_BRANCHES = select(_T.scope, *_KEPT.selected_columns).where(
    _T.scope_kind == "branch", _T.scope.in_(bindparam("branches", expanding=True)), _T.metric.in_(bindparam("metrics", expanding=True)),
    _T.mean.is_not(None))
_OF_SCOPE = and_(_R.scope_kind == bindparam("kind"), _R.scope == bindparam("of"), _R.to_version.is_(None))
_LOWEST = select(func.min(_R.week)).where(_OF_SCOPE)


@dataclass(frozen=True)
class Kept:
    """The limits of the first judged weeks of a level: its first week, and the last week that made them."""

    since: date
    until: date
    limits: Limits


def settled(view: Outlook, until: date) -> bool:
    """Whether neither time nor a later load can make another week up to `until` a judged one, except by moving a figure."""
    metric, options = view.metric, view.reach.company.options
    waits = max(DURATION_DECIDED_AFTER, timedelta(days=options[metric.maturity] if metric.maturity else 0))
    return view.available and view.as_ofs[0][0].date() >= until + WEEK + waits


def of_scope(conn: Connection, scope: Scope, reach: Reach, metrics: Iterable[str]) -> dict[str, list[Kept]]:
    """What is kept of some metrics of a scope the viewer may see: only of weeks they may see, under today's definitions."""
    asked = {"kind": scope.kind, "of": scope.name, "first": scope.since, "metrics": list(metrics)}
    rows = conn.execute(_KEPT, asked).all()
    found: dict[str, list[Kept]] = defaultdict(list)
    for metric, since, until, mean, lower, upper, constant, definition in rows:
        if definition == results.definition(BY_KEY[metric], reach.company.options):
            found[metric].append(Kept(since, until, Limits(BASELINE, mean, lower, upper, constant)))
    return found


def of_branches(conn: Connection, branches: Iterable[str], reach: Reach, metrics: Iterable[str]) -> dict[tuple[str, str], list[Kept]]:
    """As `of_scope`, of many branches at once, by branch and metric."""
    named = {key: results.definition(BY_KEY[key], reach.company.options) for key in metrics}
    found: dict[tuple[str, str], list[Kept]] = defaultdict(list)
    for branch, metric, since, until, mean, lower, upper, constant, definition in conn.execute(
            _OF_BRANCHES, {"branches": list(branches), "metrics": list(named)}).all():
        if definition == named[metric]:
            found[branch, metric].append(Kept(since, until, Limits(BASELINE, mean, lower, upper, constant)))
    return found


# ---- with a commit -------------------------------------------------------------------------------------
def forget(conn: Connection, change: Difference) -> None:
    """Inside the commit: what moved weeks had made is no longer kept."""
    first = _first_moved(change)
    if not first:
        return
    held = conn.execute(select(_T.scope_kind, _T.scope, _T.metric, _T.since, _T.until).where(_T.until >= min(first.values()))).all()
    gone = [{"b_kind": kind, "b_scope": scope, "b_metric": metric, "b_since": since} for kind, scope, metric, since, until in held
            if until >= first.get((kind, scope, metric), date.max)]
    if gone:
        conn.execute(delete(usual_ranges).where(and_(_T.scope_kind == bindparam("b_kind"), _T.scope == bindparam("b_scope"),
                                                     _T.metric == bindparam("b_metric"), _T.since == bindparam("b_since"))), gone)


def keep(engine: Engine, reach: Reach, change: Difference) -> None:
    """After the commit: keeps what the series it moved have to keep. The caller holds the lock."""
    _keep(engine, reach, _first_moved(change))


def keep_all(engine: Engine, reach: Reach) -> None:
    """Forgets everything and keeps it anew. The caller holds the lock."""
    with writing(engine) as conn:
        conn.execute(delete(usual_ranges))
    with reading(engine) as conn:
        every = conn.execute(select(_R.scope_kind, _R.scope, _R.metric).where(_R.to_version.is_(None)).distinct()).all()
    _keep(engine, reach, [(kind, scope, metric) for kind, scope, metric in every])


def _keep(engine: Engine, reach: Reach, series: Iterable[Series]) -> None:
    with reading(engine) as conn:
        there: dict[Series, set[date]] = defaultdict(set)
        for kind, scope, metric, since in conn.execute(select(_T.scope_kind, _T.scope, _T.metric, _T.since)):
            there[kind, scope, metric].add(since)
        begun = {(one.scope_kind, one.scope, one.metric): one.from_week for one in levels.everywhere(conn)}  # the latest of each
        lacking: dict[tuple[str, str], list[Metric]] = defaultdict(list)
        for one in series:
            if one not in there or begun.get(one, date.min) not in (date.min, *there[one]):
                lacking[one[:2]].append(BY_KEY[one[2]])
        named = {m.key: results.definition(m, reach.company.options) for m in CATALOGUE}
        rows = [row | {"definition": named[row["metric"]]} for (kind, name), metrics in lacking.items()
                for row in _rows_of(conn, reach, Scope(kind, name), metrics, begun)]
    if rows:
        with writing(engine) as conn:
            bulk.run(conn, bulk.ready(engine.dialect, insert(usual_ranges), rows))


def _rows_of(conn: Connection, reach: Reach, scope: Scope, metrics: Iterable[Metric], begun: Mapping[Series, date]) -> list[dict[str, Any]]:
    """The rows to keep of some metrics of a scope, without their definition."""
    members = scope.members(reach.company, scope.running_week(reach.company))
    began = min((first for b in members if (first := reach.began(b))), default=date.max)
    views = {m.key: view for m in metrics if not m.rolling and began < date.max - LONG
             and settled(view := outlook(m, members, reach), max(began, begun.get((scope.kind, scope.name, m.key), began)) + LONG)}
    if not views:
        return []
    lowest = conn.scalar(_LOWEST, {"kind": scope.kind, "of": scope.name}) or began
    together: dict[tuple[date, bool], list[Outlook]] = defaultdict(list)
    for key, view in views.items():
        level = begun.get((scope.kind, scope.name, key))
        together[level or lowest, level is not None].append(view)
    return [row for (since, is_level), these in together.items() for view, seen in _seen(conn, scope, these, since, is_level)
            if (row := _row(scope, view, seen, since))]


def _seen(conn: Connection, scope: Scope, views: Sequence[Outlook], since: date, is_level: bool) -> Iterator[tuple[Outlook, list[Point]]]:
    """The weeks of metrics from `since`, or from their first result, that hold their first 52 judged ones: mostly those of a year."""
    today, year, end = scope.today(views[0].reach.company), since + LONG, since + LOOKED_AT * WEEK
    rows = _read(conn, scope, views, since - USUAL_WEEKS * WEEK, year)
    thin = []
    for view in views:
        seen = points(view, rows.get(view.metric.key, {}), since, year - WEEK, today)
        if all(point.judged for point in seen):
            yield view, seen
        else:
            thin.append(view)
    later = _read(conn, scope, thin, year, end) if thin else {}
    for view in thin:
        theirs = rows.get(view.metric.key, {}) | later.get(view.metric.key, {})
        yield view, points(view, theirs, since if is_level else min(theirs, default=since), end - WEEK, today)


def _read(conn: Connection, scope: Scope, views: Iterable[Outlook], first: date, end: date) -> dict[str, dict[date, Judging]]:
    return results.to_judge(conn, scope.kind, scope.name, first=first, end=end, metrics=[view.metric.key for view in views])


def _row(scope: Scope, view: Outlook, seen: Sequence[Point], read_from: date) -> dict[str, Any] | None:
    """A row to keep; without limits where those weeks give none. None while time may still change them, or later weeks."""
    judged = [at for at, point in enumerate(seen) if point.judged][:BASELINE]
    enough = len(judged) == BASELINE
    used = seen[:judged[-1] + 1] if enough else seen
    if not settled(view, used[-1].week) or (not enough and used[0].week > read_from):
        return None
    found = limits(view.metric, used) if enough else Limits(0)
    mean, lower, upper = (found.mean, found.lower, found.upper) if found.upper is not None else (None, None, None)
    return {"scope_kind": scope.kind, "scope": scope.name, "metric": view.metric.key, "since": used[0].week, "until": used[-1].week,
            "mean": mean, "lower": lower, "upper": upper, "constant": found.constant}


def _first_moved(change: Difference) -> dict[Series, date]:
    """Each series of which a figure moved, with the first week of that."""
    found: dict[Series, date] = {}
    for old, new in change.moved:
        kind, scope, metric, week = ((new["scope_kind"], new["scope"], new["metric"], new["week"]) if new else
                                     (old.scope_kind, old.scope, old.metric, old.week))
        found[kind, scope, metric] = min(week, found.get((kind, scope, metric), week))
    return found
