"""Cases move without a commit: open ones grow older, and people work them. What that does to figures is computed on read.

The convention: an edit on a case marks its opening (`case_marks`). Until a commit has rolled the weeks of the marks up, whoever reads
them computes them anew, as well as weeks with cases that are not decided yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta

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
_OF_CASES = {m.key for m in metrics_reading("exceptions") if m.whole.relation.name == "case_rows"}


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
    edited = _marked(conn, reach.company, scope, read_from, end)
    # Open rows that are past due stay what they are; a quantile that falls on an open row grows with its age.
    stale: Touched = {metric: frozenset(week for week, row in found.items() if row.undecided or row.at_least or row.p90_at_least)
                      for metric, found in rows.items() if metric in _OF_CASES}
    touched.merge(stale, edited)
    stale = {metric: weeks for metric, weeks in stale.items() if weeks}
    if not stale:
        return rows
    members = frozenset().union(*(scope.members(reach.company, week) for weeks in stale.values() for week in weeks or ()))
    company = replace(reach.company, branches={b: reach.company.branches[b] for b in members})
    files = snapshot(conn).files if stale.keys() - _OF_CASES else ()
    with engine.reader(settings.reading) as con:
        run = Run(con, settings.data, files, cases_for(conn, company, stale, members), company, replace(reach, company=company))
        computed = {(r.scope_kind, r.scope, r.week, r.metric): r for r in roll_up(run, stale)}
    told = {} if scope.kind == "branch" else results.coverage(
        {key: r for key, r in computed.items() if r.week in (edited.get(r.metric) or ())}, reach)
    found = {metric: dict(those) for metric, those in rows.items()}
    for metric, week in ((metric, week) for metric, weeks in stale.items() for week in weeks or ()):
        kept = found.setdefault(metric, {}).pop(week, None)
        if r := computed.get((scope.kind, scope.name, week, metric)):
            coverage = told.get((scope.kind, scope.name, week, metric), (kept.reporting, kept.expected) if kept else (1, 1))
            found[metric][week] = Sums._make([*(getattr(r, name) for name in Sums._fields[:-2]), *coverage])
    return {metric: those for metric, those in found.items() if those}


def _marked(conn: Connection, company: Company, scope: Scope, read_from: Mapping[str, date], end: date) -> Touched:
    """The weeks of edits in a scope that were read, by metric."""
    mark = case_marks.c
    mine = [mark.branch == scope.name] if scope.kind == "branch" else []
    rows = [(branch, at) for branch, at in conn.execute(select(mark.branch, mark.opened_at).where(*mine)) if branch in company.branches]
    return {metric: here for metric, weeks in touched.by_cases(rows, company).items() if metric in read_from and (
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
