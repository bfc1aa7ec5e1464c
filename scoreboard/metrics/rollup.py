"""Roll-up: weekly sums of metrics at branch, territory and company level, from the facts of some weeks.

Only files that may hold those weeks are read. Everything about an order is filed together, so the files of
one filing week answer for their orders; only a quote's order may lie in a later one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from scoreboard import calendars
from scoreboard.cases.reading import Cases
from scoreboard.facts import engine
from scoreboard.facts.files import FactFile
from scoreboard.facts.parquet import read_files
from scoreboard.facts.sources import BY_NAME, Source
from scoreboard.metrics.catalogue import BY_KEY, CATALOGUE
from scoreboard.metrics.company import Company
from scoreboard.metrics.model import Metric, Relation
from scoreboard.metrics.reach import Reach
from scoreboard.metrics.stages import OWN
from scoreboard.metrics.statements import KNOWN_SOURCES, SIDES, Side, columns_used, known_from, options_as_parameters, weekly
from scoreboard.weeks import week_of, weeks_between

if TYPE_CHECKING:
    import pyarrow as pa

Weeks = frozenset[date] | None  # None: every week there is
BATCH_ROWS = 3_000_000
LOOKS_EVERYWHERE = 100  # days: a relation that looks further around reads every file
_FOREVER = date(9999, 1, 1)
_ORDER_FAMILY = frozenset(s.name for s in BY_NAME.values() if s.order)


@dataclass(frozen=True, slots=True)
class Result:
    """The sums of one metric, level and week. For a ratio `n` counts the whole's rows."""

    scope_kind: str
    scope: str
    week: date
    metric: str
    part: float | None
    whole: float | None
    n: int
    undecided: int
    open: int
    p50: float | None = None
    p90: float | None = None
    at_least: bool = False
    p90_at_least: bool = False


@dataclass(frozen=True)
class Run:
    """What a roll-up works on: an engine connection, fact files below a folder, the cases, company and reach."""

    con: duckdb.DuckDBPyConnection
    folder: Path
    files: tuple[FactFile, ...]
    cases: Cases
    company: Company
    reach: Reach


def roll_up(run: Run, wanted: Mapping[str, Weeks]) -> list[Result]:
    """Results of the wanted metrics in their wanted weeks; cells where nothing counts are absent."""
    prepare(run, [BY_KEY[key] for key in wanted])
    groups: dict[tuple[str, str, str], list[Side]] = defaultdict(list)
    for side in sorted(SIDES, key=lambda s: s.group):
        if side.metric.key in wanted and any(run.reach.detail_as_of(side.metric, b) for b in run.company.branches):
            groups[side.group].append(side)
    found: dict[tuple[str, str, date, str], dict[str, Any]] = {}
    kept: set[str] = set()
    for sides in groups.values():
        span = _union(wanted[side.metric.key] for side in sides)
        if span is not None and not span:
            continue
        for weeks in batches(run, sides[0].counted.relation, sides[0].counted.week, span):
            _define(run, sides, weeks, kept, [s for other in groups.values() for s in other])
            statement = weekly(tuple(sides), run.company.first_day, limited=weeks is not None)
            _collect(engine.run(run.con, statement, parameters(run)), sides, wanted, found)
    return add_totals([_result(key, sums) for key, sums in found.items()], _typed(run, wanted), run.company)


def prepare(run: Run, metrics: Iterable[Metric] = (*CATALOGUE, *OWN)) -> None:
    """Makes the small tables every statement about these metrics may join."""
    company, con = run.company, run.con
    codes = list(company.branches)
    as_of: dict[str, tuple[str, list[Any]]] = {
        "branch": ("VARCHAR", codes), "calendar": ("VARCHAR", [company.calendars[c].key for c in codes]),
        "closes": ("DOUBLE", [_minutes(company.branches[c].closes) for c in codes])}
    for metric in metrics:
        as_of[metric.key] = ("TIMESTAMP", [run.reach.detail_as_of(metric, code) for code in codes])
    for source in KNOWN_SOURCES:
        weeks = [run.reach.known_from(code, source) for code in codes]
        as_of[known_from(source)] = ("TIMESTAMP", [week and as_midnight(week) for week in weeks])
    engine.small_table(con, "as_of", as_of)
    memberships = [one for one in company.memberships if one[0] in company.branches]
    branches, territories, starts, ends = zip(*memberships, strict=True) if memberships else ((),) * 4
    engine.small_table(con, "memberships", {
        "branch": ("VARCHAR", list(branches)), "territory": ("VARCHAR", list(territories)),
        "from_week": ("DATE", list(starts)), "to_week": ("DATE", [end or _FOREVER for end in ends])})
    reasons = [fold_reason(reason) for reason in company.options["error_reasons"]]
    engine.small_table(con, "error_reasons", {"reason": ("VARCHAR", reasons)})
    standards = company.options["exception_standards"]
    engine.small_table(con, "standards", {"type": ("VARCHAR", [name.lower() for name in standards]),
                                          "minutes": ("DOUBLE", list(standards.values()))})
    cases, numbers, minutes = zip(*run.cases.waits, strict=True) if run.cases.waits else ((),) * 3
    engine.small_table(con, "waits", {"branch": ("VARCHAR", list(cases)), "case_no": ("VARCHAR", list(numbers)),
                                      "minutes": ("DOUBLE", list(minutes))})
    _table(con, "exceptions", run.cases.rows)
    _table(con, "calendar_days", calendars.table(company.calendars.values(), *_days(run)))


def _table(con: duckdb.DuckDBPyConnection, name: str, rows: pa.Table) -> None:
    con.register("arrow_table", rows)
    con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS FROM arrow_table")
    con.unregister("arrow_table")


def _days(run: Run) -> tuple[date, date]:
    """The days a working clock may be asked about: from the earliest fact or case to now."""
    first_case = run.con.execute("SELECT min(opened_at)::DATE FROM exceptions").fetchall()
    weeks = [*(f.week for f in run.files if f.week), *(day for day, in first_case if day)] or [run.company.now.date()]
    return min(weeks) - timedelta(days=800), max(run.company.now.date(), max(weeks)) + timedelta(days=800)


def _minutes(time: str) -> float:
    hours, _, minutes = time.partition(":")
    return int(hours) * 60.0 + int(minutes)


def parameters(run: Run) -> dict[str, Any]:
    """The company's options as the parameters of statements."""
    return options_as_parameters(run.company.options)


def _union(sets: Iterable[Weeks]) -> Weeks:
    found: set[date] = set()
    for weeks in sets:
        if weeks is None:
            return None
        found |= weeks
    return frozenset(found)


# ---- which files, which views ------------------------------------------------------------------------
def define_relation(run: Run, relation: Relation, week: str, weeks: Weeks) -> None:
    """Views of the sources (files that may hold these weeks) and of the relation upon them."""
    selects = {}
    for name in sorted(sources_below(relation)):
        if name != "exceptions":
            files = relevant_files(run.files, relation, week, weeks, BY_NAME[name])
            selects[name] = read_files(BY_NAME[name], run.folder, set(files))
    engine.define_views(run.con, selects)
    options = frozenset(parameters(run).items())
    engine.define_views(run.con, {one.name: _text(one, options) for one in (*_below(relation), relation)})


@lru_cache(maxsize=256)
def _text(relation: Relation, options: frozenset[tuple[str, Any]]) -> str:
    return engine.inlined(relation.statement, dict(options))


def _define(run: Run, sides: list[Side], weeks: Weeks, kept: set[str], all_sides: list[Side]) -> None:
    """`define_relation`; a grouped relation over every week is computed once, with the columns its metrics use."""
    relation = sides[0].counted.relation
    if weeks is not None:
        engine.small_table(run.con, "wanted_weeks", {"week": ("DATE", sorted(weeks))})
    if relation.name in kept:
        return
    define_relation(run, relation, sides[0].counted.week, weeks)
    if weeks is None and relation.grouped:
        used = sorted({c for side in all_sides if side.counted.relation is relation for c in columns_used(side)})
        with engine.damage_as_sentence():
            run.con.execute(f"CREATE OR REPLACE TEMP TABLE kept_{relation.name} AS SELECT {', '.join(used)} FROM {relation.name}")
        engine.define_views(run.con, {relation.name: f"FROM kept_{relation.name}"})
        kept.add(relation.name)


def batches(run: Run, relation: Relation, week: str, weeks: Weeks) -> list[Weeks]:
    """The weeks in portions of about `BATCH_ROWS` fact rows, so that memory does not grow with the store."""
    sources = [BY_NAME[name] for name in sources_below(relation) if name != "exceptions"]
    files = [f for source in sources for f in relevant_files(run.files, relation, week, weeks, source)]
    rows = sum(f.rows for f in files)
    if rows <= BATCH_ROWS or relation.back > LOOKS_EVERYWHERE:
        return [weeks]
    columns = [column.partition(".")[2] for column in relation.dates[week]]
    ends = [date.fromisoformat(end[:10]) for f in files for c in columns if c in f.ranges for end in f.ranges[c]]
    every = sorted(weeks) if weeks is not None else weeks_between(min(ends), max(ends), run.company.first_day)
    size = max(1, len(every) * BATCH_ROWS // rows)
    return [frozenset(every[start:start + size]) for start in range(0, len(every), size)]


def _below(relation: Relation) -> list[Relation]:
    found: list[Relation] = []
    for one in relation.above:
        found += [r for r in (*_below(one), one) if r not in found]
    return found


def sources_below(relation: Relation) -> set[str]:
    """The sources a relation reads, those of the relations under it among them."""
    return set(relation.reads).union(*(sources_below(one) for one in relation.above))


def relevant_files(files: Iterable[FactFile], relation: Relation, week: str, weeks: Weeks, source: Source) -> list[FactFile]:
    """The settled files of one source that a relation needs for some weeks of one of its dates."""
    settled = [f for f in files if f.week is not None]
    mine = [f for f in settled if f.source == source.name]
    if weeks is None or not weeks or relation.back > LOOKS_EVERYWHERE:
        return mine
    if source.name == "order_lines" and "quotes" in relation.reads:
        return [f for f in mine if f.ranges.get("ordered_at", [""])[-1] >= min(weeks).isoformat()]
    before, after = timedelta(days=relation.back), timedelta(days=7 + relation.ahead)
    dates = defaultdict(list)
    for column in relation.dates[week]:
        dates[column.partition(".")[0]].append(column.partition(".")[2])
    near = {f for f in settled if f.source in dates
            and any(f.holds(dates[f.source], w - before, w + after) for w in weeks)}
    if source.name not in _ORDER_FAMILY:
        return [f for f in mine if f in near]
    places = {f.week for f in near}
    return [f for f in mine if f.week in places]


# ---- sums --------------------------------------------------------------------------------------------
_LEVELS = ("branch", "territory", "company")


def _collect(rows: list[dict[str, Any]], sides: list[Side], wanted: Mapping[str, Weeks],
             found: dict[tuple[str, str, date, str], dict[str, Any]]) -> None:
    for row in rows:
        kind = _LEVELS[row["level"]]
        scope = row["branch"] if kind == "branch" else row["territory"] if kind == "territory" else ""
        if scope is None:
            continue  # branches without a territory
        for i, side in enumerate(sides):
            weeks = wanted[side.metric.key]
            if weeks is not None and row["week"] not in weeks:
                continue
            if row[f"n{i}"] or row.get(f"u{i}") or row[f"o{i}"]:
                sums = found.setdefault((kind, scope, row["week"], side.metric.key), {})
                sums[side.name] = {"n": row[f"n{i}"], "u": row.get(f"u{i}", 0), "o": row[f"o{i}"],
                                   "p": row.get(f"p{i}"), "w": row.get(f"w{i}"),
                                   "q": [row.get(f"q{i}_{x}") for x in ("50", "90", "50e", "90e")], "side": side}


def _result(key: tuple[str, str, date, str], sums: dict[str, Any]) -> Result:
    kind, scope, week, metric = key
    whole, part = sums.get("whole"), sums.get("part")
    side: Side = (whole or part or {})["side"]
    if side.metric.is_duration and whole:
        return _duration(key, whole)
    n = whole["n"] if whole else 0
    total = n if whole is None or whole["w"] is None else whole["w"]
    if side.metric.part is None:
        return Result(kind, scope, week, metric, float(whole["p"] or 0), float(total), n, whole["u"], whole["o"])  # type: ignore[index]
    passed = float(part["p"] or 0) if part else 0.0
    undecided, unfinished = (sum(s[c] for s in (whole, part) if s) for c in ("u", "o"))
    return Result(kind, scope, week, metric, passed, float(total), n, undecided, unfinished)


def _duration(key: tuple[str, str, date, str], sums: dict[str, Any]) -> Result:
    p50, p90, p50_endless, p90_endless = sums["q"]
    open_median = p50 is not None and abs(p50_endless - p50) > 1e-6
    open_p90 = p90 is not None and abs(p90_endless - p90) > 1e-6
    return Result(*key, None, float(sums["n"]), sums["n"], sums["o"] if open_median else 0, sums["o"],
                  p50, p90, open_median, open_p90)


# ---- typed totals ------------------------------------------------------------------------------------
def _typed(run: Run, wanted: Mapping[str, Weeks]) -> list[Result]:
    """The weekly totals that people or files brought, for the wanted metrics and weeks."""
    files = {f for f in run.files if f.source == "weekly_totals" and f.week is not None}
    if not files:
        return []
    rows = run.con.execute(f"SELECT branch, week, metric, part, whole, value, n FROM ("
                           f"{read_files(BY_NAME['weekly_totals'], run.folder, files)})").fetchall()
    found = []
    for branch, day, key, part, whole, figure, n in rows:
        week = week_of(day, run.company.first_day)
        if key in wanted and (wanted[key] is None or week in (wanted[key] or ())):
            found.append(_typed_result(BY_KEY[key], branch, week, part, whole, figure, n))
    return found


def _typed_result(metric: Metric, branch: str, week: date, part: float | None, whole: float | None, figure: float | None,
                  n: float | None) -> Result:
    """A typed part and whole, or a typed value (in the metric's unit) and n."""
    if metric.is_duration:
        return Result("branch", branch, week, metric.key, None, n, int(n or 0), 0, 0, p50=(figure or 0.0) * metric.minutes_per_unit)
    if part is None and figure is not None and metric.unit in ("money", "count"):
        part, whole = figure, n or 1.0
    elif part is None and figure is not None:
        part, whole = figure * (n or 0.0) / (100.0 if metric.unit in ("per 100", "score") else 1.0), n
    return Result("branch", branch, week, metric.key, part, whole, int(n if n is not None else whole or 0), 0, 0)


def add_totals(results: list[Result], typed: list[Result], company: Company) -> list[Result]:
    """Typed totals where a branch-week has no detail rows; they enter Σ part ÷ Σ whole, medians cannot."""
    found = {(r.scope_kind, r.scope, r.week, r.metric): r for r in results}
    for total in typed:
        if ("branch", total.scope, total.week, total.metric) in found:
            continue
        found["branch", total.scope, total.week, total.metric] = total
        if BY_KEY[total.metric].is_duration:
            continue
        for kind, scope in (("territory", company.territory(total.scope, total.week)), ("company", "")):
            if scope is not None:
                key = (kind, scope, total.week, total.metric)
                known = found.get(key, Result(*key, 0.0, 0.0, 0, 0, 0))
                found[key] = replace(known, part=(known.part or 0.0) + (total.part or 0.0),
                                     whole=(known.whole or 0.0) + (total.whole or 0.0), n=known.n + total.n)
    return list(found.values())


def metrics_reading(source: str) -> list[Metric]:
    """The metrics whose relations read a source."""
    return list({side.metric.key: side.metric for side in SIDES if source in sources_below(side.counted.relation)}.values())


def fold_reason(reason: str) -> str:
    """As `relations.common.folded`, for a text."""
    return re.sub("[ _-]", "", reason.lower())


def sources_of(metric: Metric) -> set[str]:
    """The sources a metric's relations read, typed totals among them."""
    return {"weekly_totals"}.union(*(sources_below(counted.relation) for _, counted in metric.sides))


def as_midnight(day: date) -> datetime:
    """The instant a day begins."""
    return datetime(day.year, day.month, day.day)
