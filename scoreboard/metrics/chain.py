"""The chain over thirteen weeks: how long things stay in each stage, what broke at each handoff.

The convention: everything is of the thirteen weeks up to the one asked for, read from the facts of the branches that belonged to the
scope in each of those weeks. Medians are taken from the rows, never from medians. Misses are counted by handoff, never by person.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from itertools import groupby
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Date,
    MetaData,
    Select,
    String,
    Table,
    and_,
    bindparam,
    case,
    func,
    literal,
    literal_column,
    null,
    select,
)

from scoreboard.cases import reading as case_reading
from scoreboard.cases.terms import fold
from scoreboard.cases.types import TYPES
from scoreboard.facts import engine
from scoreboard.facts.files import snapshot
from scoreboard.metrics import reach as reaches
from scoreboard.metrics import relations as r
from scoreboard.metrics.company import Company
from scoreboard.metrics.model import Duration, Metric, Relation
from scoreboard.metrics.reasons import WEEKS
from scoreboard.metrics.rollup import Run, as_midnight, define_relation, fold_reason, parameters, prepare
from scoreboard.metrics.scopes import Scope
from scoreboard.metrics.stages import BY_STAY, STAYS
from scoreboard.metrics.statements import ENDLESS, Frame, Side, columns_used, minutes, open_row, week_start
from scoreboard.settings import Settings
from scoreboard.state.option_kinds import HANDOFFS
from scoreboard.weeks import WEEK

IN_SCOPE = Table("in_scope", MetaData(), Column("branch", String), Column("week", Date))
_E, _X = r.credited_lines.table.c, r.case_rows.table.c
_TYPE_AT = {fold(one.name): one.handoff for one in TYPES}
CREDITS, EXCEPTIONS = "credits", "exceptions"


@dataclass(frozen=True)
class Stay:
    """How long things stayed, in minutes: median and what nine of ten do not exceed, of `n`, of which `open` are still there.

    `more50`, `more90`: the figure falls on an open one, so it is more than that. `needs`: the columns no branch's files have;
    `reporting` of `expected` branches have them."""

    key: str
    needs: list[str]
    reporting: int
    expected: int
    n: int = 0
    open: int = 0
    p50: float | None = None
    p90: float | None = None
    more50: bool = False
    more90: bool = False

    @property
    def metric(self) -> Metric:
        return BY_STAY[self.key]


@dataclass(frozen=True)
class Misses:
    """What broke at a handoff (empty: nothing says at which): lines credited for our own error, exceptions opened. None where no
    branch's files could say."""

    handoff: str
    credits: int | None
    exceptions: int | None

    @property
    def count(self) -> int:
        return (self.credits or 0) + (self.exceptions or 0)


@contextmanager
def opened(settings: Settings, conn: Connection, company: Company, scope: Scope, week: date) -> Iterator[Run]:
    """A run over the facts of a scope, with the branches it held in each of the thirteen weeks."""
    weeks = [w for w in span(week) if w >= scope.since]
    held = [(branch, w) for w in weeks for branch in scope.members(company, w)]
    members = sorted({branch for branch, _ in held})
    smaller = replace(company, branches={code: company.branches[code] for code in members})
    opened_from, opened_to = as_midnight(span(week)[0] - timedelta(days=100)), as_midnight(week + WEEK)
    cases = case_reading.for_figures(conn, members, opened_from, opened_to, company.terms, company.now)
    with engine.reader(settings.reading) as con:
        reach = reaches.fold(reaches.pieces(conn, branches=members), smaller)
        run = Run(con, settings.data, snapshot(conn).files, cases, smaller, reach)
        prepare(run)
        engine.small_table(con, "in_scope", {"branch": ("VARCHAR", [b for b, _ in held]), "week": ("DATE", [w for _, w in held])})
        yield run


def span(week: date) -> list[date]:
    """The thirteen weeks up to one, oldest first."""
    return [week - back * WEEK for back in range(WEEKS - 1, -1, -1)]


# ---- how long things stay --------------------------------------------------------------------------------
def stays(run: Run, week: date, wanted: Sequence[Metric] = STAYS) -> dict[str, Stay]:
    """The stays of the chain by key."""
    found: dict[str, Stay] = {}
    for relation, these in groupby(wanted, key=lambda metric: metric.whole.relation):
        mine = list(these)
        if any(_reporting(run, metric) for metric in mine):
            _keep(run, relation, week, mine)
        found |= {metric.key: _stay(run, metric) for metric in mine}
    return found


def _keep(run: Run, relation: Relation, week: date, read: Sequence[Metric]) -> None:
    """The relation's rows of the thirteen weeks, read once where several stays are made of them."""
    define_relation(run, relation, read[0].whole.week, frozenset(span(week)))
    if len(read) == 1:
        return
    used = sorted({column for metric in read for column in columns_used(Side(metric, "whole", metric.whole))})
    with engine.damage_as_sentence():
        run.con.execute(f"CREATE OR REPLACE TEMP TABLE kept_{relation.name} AS SELECT {', '.join(used)} FROM {relation.name} "
                        f"WHERE branch IN (SELECT branch FROM in_scope) AND {read[0].whole.week} >= ? AND {read[0].whole.week} < ?",
                        [span(week)[0], week + WEEK])
    engine.define_views(run.con, {relation.name: f"FROM kept_{relation.name}"})


def _reporting(run: Run, metric: Metric) -> int:
    return sum(run.reach.detail_as_of(metric, code) is not None for code in run.company.branches)


def _stay(run: Run, metric: Metric) -> Stay:
    codes, reporting = list(run.company.branches), _reporting(run, metric)
    if not reporting:
        return Stay(metric.key, run.reach.missing(metric, codes[0]) if codes else [], 0, len(codes))
    found = engine.run(run.con, _spread(metric, run.company.first_day), parameters(run))[0]
    return Stay(metric.key, [], reporting, len(codes), found["n"], found["open"], found["p50"], found["p90"],
                _more(found["p50"], found["p50e"]), _more(found["p90"], found["p90e"]))


def _more(figure: float | None, endless: float | None) -> bool:
    return figure is not None and endless is not None and abs(endless - figure) > 1e-6


@cache
def _spread(metric: Metric, first_day: int) -> Select[Any]:
    counted = metric.whole
    assert isinstance(counted, Duration)
    side, frame = Side(metric, "whole", counted), Frame(counted.relation)
    spent = minutes(frame, side)
    came = frame.relation.c[counted.week]
    endless = case((open_row(side), literal(ENDLESS)), else_=spent)
    rows = select(spent.label("v"), endless.label("e"), open_row(side).label("x")).select_from(
        frame.source.join(IN_SCOPE, and_(IN_SCOPE.c.branch == frame.relation.c.branch, IN_SCOPE.c.week == week_start(came, first_day)))
    ).subquery("r")
    there, c = rows.c.v.is_not(None), rows.c
    return select(func.count(c.v).label("n"), func.count().filter(and_(there, c.x)).label("open"), *(
        func.quantile_cont(v, literal_column(q)).filter(there).label(name) for v, q, name in (
            (c.v, "0.5", "p50"), (c.v, "0.9", "p90"), (c.e, "0.5", "p50e"), (c.e, "0.9", "p90e")))).select_from(rows)


# ---- what broke ------------------------------------------------------------------------------------------
_CREDIT_ROWS = {"at": _E.shipped_at, "no": _E.credit_no, "reason": _E.reason, "handoff": _E.handoff, "type": null(),
                "order_no": _E.order_no, "part_no": _E.part_no, "customer": _E.customer, "route": _E.route}
_CASE_ROWS = {"at": _X.opened_at, "no": _X.case_no, "reason": _X.root_cause, "handoff": _X.handoff, "type": _X.type,
              "order_no": _X.order_no, "part_no": _X.part_no, "customer": _X.customer, "route": _X.route}
_SAYS_WHERE = ("reason", "handoff", "type")
_SOURCES: dict[str, tuple[Relation, str, dict[str, Any], Any, str]] = {
    CREDITS: (r.credited_lines, "shipped_at", _CREDIT_ROWS, _E.error, "credits.reason"),
    EXCEPTIONS: (r.case_rows, "opened_at", _CASE_ROWS, literal(True), "exceptions.type")}


def misses(run: Run, week: date) -> list[Misses]:
    """What broke at each handoff in the order of the chain, last what names none (if anything does)."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    known = {kind: any(_has(run, branch, column) for branch in run.company.branches) for kind, (*_, column) in _SOURCES.items()}
    for kind in (kind for kind, there in known.items() if there):
        for row in _read(run, week, kind, None):
            counts[kind][handoff_of(run.company, row)] += row["rows"]
    found = [Misses(at, *(counts[kind][at] if known[kind] else None for kind in _SOURCES)) for at in (*HANDOFFS, "")]
    return [one for one in found if one.handoff or one.count]


def miss_rows(run: Run, week: date, branch: str, handoff: str) -> list[dict[str, Any]]:
    """The rows of one branch that broke at a handoff, newest first: `kind`, `at`, `no`, `reason`, `type`, `order_no`, `part_no`,
    `customer`, `route`."""
    rows = [{"kind": kind, **row} for kind in _SOURCES if _has(run, branch, _SOURCES[kind][-1]) for row in _read(run, week, kind, branch)]
    mine = [row for row in rows if handoff_of(run.company, row) == handoff]
    return sorted(mine, key=lambda row: (row["at"], row["kind"], str(row["no"])), reverse=True)


def handoff_of(company: Company, row: dict[str, Any]) -> str:
    """Where a row says the chain broke: its own handoff, else that of its reason, else that of its type; empty where nothing does."""
    belongs = {fold_reason(reason): handoff for reason, handoff in company.options["handoff_of_reason"].items()}
    said = (row["handoff"] or "").strip().replace("->", "→")
    own = next((one for one in HANDOFFS if "".join(one.split()).casefold() == "".join(said.split()).casefold()), "")
    return own or belongs.get(fold_reason(row["reason"] or "")) or _TYPE_AT.get(fold(row["type"] or ""), "")


def _has(run: Run, branch: str, column: str) -> bool:
    source, _, name = column.partition(".")
    return name in run.reach.columns.get((branch, source), {}) or (source == EXCEPTIONS and run.cases.rows.num_rows > 0)


def _read(run: Run, week: date, kind: str, branch: str | None) -> list[dict[str, Any]]:
    relation, counted_on, *_ = _SOURCES[kind]
    define_relation(run, relation, counted_on, frozenset(span(week)))
    return engine.run(run.con, _broke(kind, run.company.first_day, branch is not None), parameters(run) | {"of_branch": branch})


@cache
def _broke(kind: str, first_day: int, one_by_one: bool) -> Select[Any]:
    """The rows of one branch; else how many there are of each that says the same of where."""
    relation, counted_on, columns, counts, _ = _SOURCES[kind]
    t = relation.table
    source = t.join(IN_SCOPE, and_(IN_SCOPE.c.branch == t.c.branch, IN_SCOPE.c.week == week_start(t.c[counted_on], first_day)))
    if one_by_one:
        return select(*(column.label(name) for name, column in columns.items())).select_from(source).where(
            counts, t.c.branch == bindparam("of_branch"))
    says = [columns[name].label(name) for name in _SAYS_WHERE]
    return select(*says, func.count().label("rows")).select_from(source).where(counts).group_by(*says)
