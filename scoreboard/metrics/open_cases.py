"""Cases move without a commit: open ones grow older, and people work them. What that does to figures is computed on read.

The convention: an edit on a case marks its opening (`case_marks`). Until a commit has rolled the weeks of the marks up, whoever reads
them computes them anew, as well as weeks with cases that are not decided yet.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from scoreboard.cases import reading as case_reading
from scoreboard.cases.reading import Cases
from scoreboard.facts import engine
from scoreboard.facts.files import snapshot
from scoreboard.metrics import reach as reaches
from scoreboard.metrics import results, touched
from scoreboard.metrics.catalogue import BY_KEY, CATALOGUE
from scoreboard.metrics.company import Company
from scoreboard.metrics.reach import Reach
from scoreboard.metrics.results import ByMetric, Sums
from scoreboard.metrics.rollup import Run, Weeks, as_midnight, metrics_reading, roll_up
from scoreboard.metrics.scopes import Scope
from scoreboard.metrics.touched import CASE_METRICS, REPEATS, Touched
from scoreboard.settings import Settings
from scoreboard.state.schema import case_books, case_marks, versions
from scoreboard.weeks import WEEK, weeks_between

SLOW = timedelta(hours=1)  # what began so shortly before a commit may not have been seen by it
SETTLED = "exceptions"  # what a commit of marked weeks is called among the versions
OF_CASES = {m.key for m in metrics_reading("exceptions") if m.whole.relation.name == "case_rows"}


def cases_for(conn: Connection, company: Company, wanted: Mapping[str, Weeks], branches: Iterable[str] | None = None) -> Cases:
    """The cases (of some branches) that the wanted weeks of case metrics need, with those that repeats look back to."""
    spans = [weeks for key, weeks in wanted.items() if key in CASE_METRICS]
    first = last = None
    if spans and None not in spans:
        days = sorted(set().union(*(weeks or () for weeks in spans))) or [date(1990, 1, 1)]
        looks_back = company.options["repeat_days"] + 7 if REPEATS in wanted else 0
        first = as_midnight(days[0] - timedelta(days=looks_back))
        last = as_midnight(days[-1] + 2 * WEEK)
    return case_reading.for_figures(conn, branches if spans else (), first, last, company.terms, company.now)


def as_of_now(conn: Connection, settings: Settings, reach: Reach, scope: Scope, rows: ByMetric, read_from: Mapping[str, date],
              end: date) -> ByMetric:
    """`rows` of a scope, read of each metric from a week on to before `end`, with undecided and marked case weeks computed anew."""
    marked = _marked(conn, reach.company, [scope.name] if scope.kind == "branch" else None)
    edited = _read(touched.by_cases(marked, reach.company), read_from, end)
    stale = _stale(rows, edited)
    if not stale:
        return rows
    members = frozenset().union(*(scope.members(reach.company, week) for weeks in stale.values() for week in weeks or ()))
    computed = _computed(conn, settings, reach, members, stale)
    told = {} if scope.kind == "branch" else results.coverage(
        {key: r for key, r in computed.items() if r.week in (edited.get(r.metric) or ())}, reach)
    return _anew(scope.kind, scope.name, rows, stale, computed, told)


def of_branches_as_of_now(conn: Connection, settings: Settings, reach: Reach, rows: Mapping[str, ByMetric],
                          read_from: Mapping[str, Mapping[str, date]], end: date) -> dict[str, ByMetric]:
    """As `as_of_now` for many branches at once, by branch: one roll-up for all that is stale."""
    edited = edited_weeks(conn, reach.company, list(rows))
    stale = {branch: of for branch, found in rows.items()
             if (of := _stale(found, _read(edited.get(branch, {}), read_from[branch], end)))}
    every: Touched = {}
    for of in stale.values():
        touched.merge(every, of)
    computed = _computed(conn, settings, reach, frozenset(stale), every) if stale else {}
    return {branch: _anew("branch", branch, found, stale[branch], computed, {}) if branch in stale else found
            for branch, found in rows.items()}


def _stale(rows: ByMetric, edited: Touched) -> Touched:
    """The weeks of case metrics that move without a commit. Open rows that are past due stay what they are; a quantile that falls on an
    open row grows with its age."""
    stale: Touched = {metric: frozenset(week for week, row in found.items() if moves(row)) for metric, found in rows.items()
                      if metric in OF_CASES}
    touched.merge(stale, edited)
    return {metric: weeks for metric, weeks in stale.items() if weeks}


def moves(row: Any) -> bool:
    """Whether a week of a case metric moves with the clock."""
    return bool(row.undecided or row.at_least or row.p90_at_least)


def _computed(conn: Connection, settings: Settings, reach: Reach, members: frozenset[str],
              stale: Touched) -> dict[tuple[str, str, date, str], Any]:
    """The results of some weeks of some branches, as their cases are now, by scope kind, scope, week and metric."""
    company = replace(reach.company, branches={b: reach.company.branches[b] for b in members})
    files = snapshot(conn).files if stale.keys() - OF_CASES else ()
    with engine.reader(settings.reading) as con:
        run = Run(con, settings.data, files, cases_for(conn, company, stale, members), company, replace(reach, company=company))
        return {(r.scope_kind, r.scope, r.week, r.metric): r for r in roll_up(run, stale)}


def _anew(kind: str, name: str, rows: ByMetric, stale: Touched, computed: Mapping[tuple[str, str, date, str], Any],
          told: Mapping[tuple[str, str, date, str], tuple[int, int]]) -> ByMetric:
    """The rows with their stale weeks as they were computed."""
    found = {metric: dict(those) for metric, those in rows.items()}
    for metric, week in ((metric, week) for metric, weeks in stale.items() for week in weeks or ()):
        kept = found.setdefault(metric, {}).pop(week, None)
        if r := computed.get((kind, name, week, metric)):
            coverage = told.get((kind, name, week, metric), (kept.reporting, kept.expected) if kept else (1, 1))
            found[metric][week] = Sums._make([*(getattr(r, name) for name in Sums._fields[:-2]), *coverage])
    return {metric: those for metric, those in found.items() if those}


def edited_weeks(conn: Connection, company: Company, branches: Collection[str]) -> dict[str, Touched]:
    """The weeks of cases that were edited since the last commit, by branch, then metric."""
    of: dict[str, list[tuple[str, datetime]]] = defaultdict(list)
    for branch, at in _marked(conn, company, branches):
        of[branch].append((branch, at))
    return {branch: touched.by_cases(rows, company) for branch, rows in of.items()}


def _marked(conn: Connection, company: Company, branches: Collection[str] | None) -> list[tuple[str, datetime]]:
    """Branch and opening of each case edited since the last commit (of these branches; None: of all)."""
    mark = case_marks.c
    mine = [] if branches is None else [mark.branch.in_(branches)]
    return [(branch, at) for branch, at in conn.execute(select(mark.branch, mark.opened_at).where(*mine)) if branch in company.branches]


def _read(edited: Touched, read_from: Mapping[str, date], end: date) -> Touched:
    """Of edited weeks those that were read."""
    return {metric: here for metric, weeks in edited.items() if metric in read_from and (
        here := frozenset(w for w in weeks or () if read_from[metric] <= w < end))}


def unsettled(conn: Connection, company: Company) -> Touched:
    """Every week whose stored figures may differ because of cases alone: those of marks, and all since a branch began to keep its
    exceptions here and nothing was settled: it reports from then on."""
    mark, book = case_marks.c, case_books.c
    found = touched.by_cases([(b, at) for b, at in conn.execute(select(mark.branch, mark.opened_at)) if b in company.branches], company)
    last = conn.scalar(select(func.max(versions.c.at)).where(versions.c.what == SETTLED))
    begun = set(conn.scalars(select(book.branch).where(book.began_at >= last - SLOW if last else book.branch.is_not(None))))
    here = [piece for piece in reaches.kept_here(conn) if piece.branch in begun & company.branches.keys()]
    if here:
        since = min(piece.first_on for piece in here if piece.first_on)
        weeks = frozenset(weeks_between(since, max(company.local_now(b).date() for b in company.branches), company.first_day))
        touched.merge(found, {metric.key: weeks for metric in CATALOGUE})
        touched.merge(found, _newly_had(conn, company, [piece.branch for piece in here]))
    return found


def _newly_had(conn: Connection, company: Company, branches: list[str]) -> Touched:
    """Metrics that the files of these branches did not give, although they had exceptions: all their weeks."""
    every, here = reaches.pieces(conn, branches=branches), set(reaches.kept_here(conn, branches=branches))
    files = reaches.fold([piece for piece in every if piece not in here], company)
    return {key: None for key in CASE_METRICS for branch in branches
            if (branch, "exceptions") in files.columns and files.as_of(BY_KEY[key], branch) is None}
