"""Weekly results in SQL: written as differences, read at a version. A row closed is a row restated.

Whoever asks gets only branches they see; a territory or the company needs every branch of it.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection, Dialect, and_, bindparam, case, func, insert, or_, select, update

from scoreboard.errors import ChangedMeanwhile
from scoreboard.facts.files import latest_version
from scoreboard.metrics.catalogue import BY_KEY, CATALOGUE
from scoreboard.metrics.model import Metric
from scoreboard.metrics.reach import Reach
from scoreboard.metrics.rollup import Result, Weeks
from scoreboard.state import bulk
from scoreboard.state.bulk import Ready
from scoreboard.state.schema import loads, versions, weekly_results


class Sums(NamedTuple):
    """One weekly result as it is read: a tuple, because a board asks for a thousand of them."""

    metric: str
    week: date
    part: float | None
    whole: float | None
    n: int
    undecided: int
    open: int
    p50: float | None
    p90: float | None
    at_least: bool
    p90_at_least: bool
    reporting: int
    expected: int


class Judging(NamedTuple):
    """What judging a week asks of its result: fewer columns, for whoever judges thousands of series at once."""

    metric: str
    week: date
    part: float | None
    whole: float | None
    n: int
    undecided: int
    open: int
    p50: float | None


_Row = TypeVar("_Row", Sums, Judging)
_KEY = ("scope_kind", "scope", "week", "metric")
_SUMS = ("part", "whole", "n", "undecided", "open", "p50", "p90", "at_least", "p90_at_least")
_FIGURES = (*_SUMS, "reporting", "expected", "definition")
_T = weekly_results.c
_READ = [_T[name] for name in Sums._fields]
_CHUNK = 400


@dataclass(frozen=True)
class Difference:
    """What a commit changes: rows to end (by key and from_version) and rows to begin."""

    ended: list[dict[str, Any]]
    begun: list[dict[str, Any]]
    pairs: list[tuple[Any, dict[str, Any] | None]]  # the row as it was (None: none) and as it is now

    @property
    def moved(self) -> list[tuple[Any, dict[str, Any] | None]]:
        """The pairs in which a figure differs, not only its coverage or the name of its definition."""
        return [(old, new) for old, new in self.pairs
                if old is None or new is None or any(getattr(old, s) != new[s] for s in _SUMS)]

    @property
    def weeks(self) -> list[date]:
        """The weeks in which a figure moved."""
        return sorted({new["week"] if new else old.week for old, new in self.moved})


def definition(metric: Metric, options: Mapping[str, Any]) -> str:
    """A fingerprint of a metric's definition with the options it was computed under."""
    used = sorted((key, str(options[key])) for key in ("week_first_day", "conversion_days", "repeat_contact_days",
                  "repeat_days", "core_deadline_days", "quote_standard_minutes", "exception_standards",
                  "priority_cutoff", "error_reasons", "team_minimum"))
    return hashlib.sha256(f"{metric.key}|{metric.definition}|{used}".encode()).hexdigest()[:12]


def definitions(options: Mapping[str, Any]) -> str:
    """A fingerprint of all definitions: figures under the same one were counted alike."""
    return hashlib.sha256("".join(definition(metric, options) for metric in CATALOGUE).encode()).hexdigest()[:12]


def difference(conn: Connection, results: Iterable[Result], wanted: Mapping[str, Weeks], reach: Reach) -> Difference:
    """Compares new results with the current rows of the wanted metrics and weeks."""
    company = reach.company
    names = {metric.key: definition(metric, company.options) for metric in CATALOGUE}
    new = {(r.scope_kind, r.scope, r.week, r.metric): r for r in results}
    reporting = coverage(new, reach)
    ended, begun, pairs = [], [], []
    for row in _current(conn, wanted):
        key = (row.scope_kind, row.scope, row.week, row.metric)
        result = new.pop(key, None)
        values = None if result is None else _figures(result, reporting, names)
        if values is None or any(getattr(row, f) != values[f] for f in _FIGURES):
            ended.append({**{f"b_{c}": getattr(row, c) for c in _KEY}, "b_from": row.from_version})
            if values is not None:
                begun.append({**dict(zip(_KEY, key, strict=True)), **values})
            pairs.append((row, None if values is None else begun[-1]))
    first = [{**dict(zip(_KEY, key, strict=True)), **_figures(r, reporting, names)} for key, r in new.items()]
    return Difference(ended, begun + first, pairs + [(None, row) for row in first])


def _figures(r: Result, reporting: Mapping[tuple[str, str, date, str], tuple[int, int]], names: Mapping[str, str]) -> dict[str, Any]:
    told, expected = reporting.get((r.scope_kind, r.scope, r.week, r.metric), (1, 1))
    return {"part": r.part, "whole": r.whole, "n": r.n, "undecided": r.undecided, "open": r.open, "p50": r.p50, "p90": r.p90,
            "at_least": r.at_least, "p90_at_least": r.p90_at_least, "reporting": told, "expected": expected,
            "definition": names[r.metric]}


def _current(conn: Connection, wanted: Mapping[str, Weeks]) -> Iterable[Any]:
    by_weeks: dict[Weeks, list[str]] = defaultdict(list)
    for metric, weeks in wanted.items():
        by_weeks[weeks].append(metric)
    for weeks, metrics in by_weeks.items():
        current = select(weekly_results).where(_T.to_version.is_(None), _T.metric.in_(metrics))
        if weeks is None:
            yield from conn.execute(current)
        else:
            ordered = sorted(weeks)
            for start in range(0, len(ordered), _CHUNK):
                yield from conn.execute(current.where(_T.week.in_(ordered[start:start + _CHUNK])))


def coverage(new: Mapping[tuple[str, str, date, str], Result], reach: Reach) -> dict[tuple[str, str, date, str], tuple[int, int]]:
    """(branches that report, branches expected) for every territory and company cell.

    A branch is expected from the week of its first record on: one that joins later does not thin the past.
    """
    company = reach.company
    with_rows: dict[tuple[date, str], set[str]] = defaultdict(set)
    for (kind, scope, week, metric) in new:
        if kind == "branch":
            with_rows[week, metric].add(scope)
    able = {key: frozenset(b for b in company.branches if reach.as_of(BY_KEY[key], b) is not None) for key in {key[3] for key in new}}
    covering: dict[tuple[date, str], frozenset[str]] = {}
    begun = {b: began for b in company.branches if (began := reach.began(b)) is not None}
    members: dict[tuple[str, date], frozenset[str]] = {}
    found = {}
    for (kind, scope, week, metric) in new:
        if kind == "branch":
            continue
        source = counted_in(BY_KEY[metric])
        if (week, source) not in covering:
            covering[week, source] = frozenset(
                b for b in company.branches if reach.covers(b, source, week, week + timedelta(days=7)))
        reporting = (able[metric] & covering[week, source]) | with_rows[week, metric]
        if (scope, week) not in members:
            there = company.members(scope, week) if kind == "territory" else frozenset(company.branches)
            members[scope, week] = frozenset(b for b in there if b in begun and begun[b] < week + timedelta(days=7))
        found[kind, scope, week, metric] = (len(reporting & members[scope, week]), len(members[scope, week]))
    return found


def counted_in(metric: Metric) -> str:
    """The source whose loads say that a branch reports the metric."""
    return metric.needs[0].partition(".")[0]


# ---- writing -----------------------------------------------------------------------------------------
def begin_version(conn: Connection, base: int, now: datetime, what: str, who: str) -> int:
    """The next version. Raises ChangedMeanwhile when another commit came after `base`."""
    latest = latest_version(conn)
    if latest != base:
        raise ChangedMeanwhile("Another load was committed while this one was prepared.", "Nothing was changed; try again.")
    conn.execute(insert(versions), {"number": latest + 1, "at": now, "what": what, "who": who})
    return latest + 1


def ready(dialect: Dialect, change: Difference, version: int) -> tuple[Ready, Ready]:
    """What ends and begins rows at a version, in the order of the key: neighbours on disk are then written together."""
    ends = update(weekly_results).where(
        and_(*(weekly_results.c[c] == bindparam(f"b_{c}") for c in _KEY), _T.from_version == bindparam("b_from"))
    ).values(to_version=bindparam("b_to"))
    ended = [{**row, "b_to": version} for row in sorted(change.ended, key=lambda row: [row[f"b_{c}"] for c in _KEY])]
    begun = [{**row, "from_version": version} for row in sorted(change.begun, key=lambda row: [row[c] for c in _KEY])]
    return bulk.ready(dialect, ends, ended), bulk.ready(dialect, insert(weekly_results), begun)


def write(conn: Connection, statements: tuple[Ready, Ready]) -> None:
    """Ends and begins rows."""
    for statement in statements:
        bulk.run(conn, statement)


# ---- reading -----------------------------------------------------------------------------------------
_SCOPE = and_(_T.scope_kind == bindparam("kind"), _T.scope == bindparam("of"))
_SPAN = and_(_SCOPE, _T.week >= bindparam("first"), _T.week < bindparam("end"), _T.metric.in_(bindparam("metrics", expanding=True)))
_NOW = select(*_READ).where(_SPAN, _T.to_version.is_(None))  # built once: each board asks it
_AT = select(*_READ).where(_SPAN, _T.from_version <= bindparam("version"),
                           or_(_T.to_version.is_(None), _T.to_version > bindparam("version")))
_TO_JUDGE = select(*(_T[name] for name in Judging._fields)).where(_SPAN, _T.to_version.is_(None))


ByMetric = dict[str, dict[date, Sums]]  # weekly results by metric, then week


def at(conn: Connection, kind: str, scope: str, *, first: date = date.min, end: date = date.max,
       metrics: Iterable[str] = tuple(BY_KEY), version: int | None = None) -> ByMetric:
    """Rows of one scope, visible at a version (the latest when not given), of the weeks from `first` to before `end`."""
    asked = {"kind": kind, "of": scope, "first": first, "end": end, "metrics": list(metrics)}
    rows = conn.execute(_NOW, asked) if version is None else conn.execute(_AT, {**asked, "version": version})
    return _by_metric(map(Sums._make, rows.all()))


def to_judge(conn: Connection, kind: str, scope: str, *, first: date, end: date, metrics: Iterable[str]) -> dict[str, dict[date, Judging]]:
    """As `at`, of the latest version, and only what judging asks."""
    asked = {"kind": kind, "of": scope, "first": first, "end": end, "metrics": list(metrics)}
    return _by_metric(map(Judging._make, conn.execute(_TO_JUDGE, asked).all()))


def _by_metric(rows: Iterable[_Row]) -> dict[str, dict[date, _Row]]:
    found: dict[str, dict[date, _Row]] = defaultdict(dict)
    for row in rows:
        found[row[0]][row[1]] = row  # metric and week come first
    return dict(found)


_OF_BRANCHES = select(_T.scope, _T.part, _T.whole).where(
    _T.to_version.is_(None), _T.metric == bindparam("metric"), _T.week == bindparam("at_week"), _T.scope_kind == "branch",
    _T.scope.in_(bindparam("branches", expanding=True)))


def of_branches(conn: Connection, branches: Iterable[str], week: date, metric: str) -> Sequence[Any]:
    """Scope, part and whole of one metric in one week, of each of some branches the viewer may see."""
    return conn.execute(_OF_BRANCHES, {"branches": list(branches), "at_week": week, "metric": metric}).all()


_LATEST = select(func.max(_T.week)).where(_SCOPE, _T.to_version.is_(None), _T.week <= bindparam("last"), _T.n > 0)


def latest_week(conn: Connection, kind: str, scope: str, last: date) -> date | None:
    """The latest week up to `last` with anything counted."""
    found: date | None = conn.scalar(_LATEST, {"kind": kind, "of": scope, "last": last})
    return found


_WEEK = and_(_SCOPE, _T.week == bindparam("at_week"))
_THEN = select(func.max(versions.c.number)).where(versions.c.at <= bindparam("instant")).scalar_subquery()
_TAKEN_BACK = select(loads.c.version).where(loads.c.undone_version.is_not(None))
_REPORTED = select(
    _THEN,
    select(func.min(_T.from_version)).where(_WEEK, or_(
        _T.from_version.not_in(_TAKEN_BACK), and_(_T.from_version <= _THEN, or_(_T.to_version.is_(None), _T.to_version > _THEN))
    )).scalar_subquery(),
    select(func.max(loads.c.undone_version)).where(loads.c.sample).scalar_subquery())
_SINCE = select(*_READ, _T.from_version, _T.to_version).where(
    _WEEK, _T.metric.in_(bindparam("metrics", expanding=True)), or_(_T.to_version.is_(None), _T.to_version > bindparam("version"))
).order_by(_T.from_version)


def reported_version(conn: Connection, kind: str, scope: str, week: date, instant: datetime) -> int:
    """The version current when a week was reported; a week first loaded later was reported when first loaded.

    A load taken back before anybody reported the week was never the first, and what a sample showed was never reported.
    """
    found = conn.execute(_REPORTED, {"kind": kind, "of": scope, "at_week": week, "instant": instant}).one()
    return max(int(number or 0) for number in found)


def versions_since(conn: Connection, kind: str, scope: str, week: date, metrics: Iterable[str], version: int) -> list[Any]:
    """Every row of a week that was visible at a version or later, with its versions, oldest first."""
    return list(conn.execute(_SINCE, {"kind": kind, "of": scope, "at_week": week, "metrics": list(metrics), "version": version}))


def open_weeks(conn: Connection, metrics: Iterable[str], branches: Iterable[str], *, forward: bool) -> dict[str, frozenset[date]]:
    """Per metric the weeks of these branches that a moved as-of may change.

    Forward: rows become due, and a quantile that falls on an open row grows with its age, perhaps only that of the
    territory or the company; one that does not cannot change. Backward: every week with open rows.
    """
    endless = or_(_T.at_least, _T.p90_at_least)
    still = or_(_T.undecided > 0, endless if forward else _T.open > 0)
    found: dict[str, set[date]] = defaultdict(set)
    rows = conn.execute(select(_T.metric, _T.week, _T.scope_kind, _T.scope).where(
        _T.to_version.is_(None), _T.metric.in_(list(metrics)), case((_T.scope_kind == "branch", still), else_=endless)))
    wanted = set(branches)
    for metric, week, kind, scope in rows:
        if kind != "branch" or scope in wanted:
            found[metric].add(week)
    return {metric: frozenset(weeks) for metric, weeks in found.items()}
