"""What the facts say of the causes of some rules: which break a promise, which are over. Reads, never writes.

Only the files are read that may hold the last WINDOW, and those that hold a cause whose exception is open: first near by, since
looking through every file for an old one costs more than all the rest.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Column, Connection, DateTime, MetaData, Select, String, Table, and_, func, literal_column, or_, select, tuple_

from scoreboard.calendars import add_working_minutes, wall_clock
from scoreboard.cases import reading as case_reading
from scoreboard.facts import engine
from scoreboard.facts.files import snapshot
from scoreboard.facts.parquet import read_files
from scoreboard.facts.sources import BY_NAME
from scoreboard.metrics import reach as reaches
from scoreboard.metrics.company import Company
from scoreboard.metrics.rollup import Run, define_relation, prepare, relevant_files, sources_below
from scoreboard.rules.model import LONGEST, WINDOW, Rule, natural
from scoreboard.settings import Settings
from scoreboard.weeks import weeks_between

_RUN = MetaData()
SEEN = Table("rule_branches", _RUN, Column("branch", String), Column("from_at", DateTime), Column("until_at", DateTime))
KNOWN = Table("known_causes", _RUN, Column("branch", String), Column("cause", String))
Causes = Collection[tuple[str, str]]  # (branch, natural key)
NEARBY = timedelta(weeks=26)


@dataclass(frozen=True)
class Cause:
    """A cause as the facts have it now. `since`: from when its promise is broken; `over` says how it ended, empty while it has not.

    `unsaid`: the branch's loads lack a column, so the facts say neither.
    """

    rule: Rule
    branch: str
    cause: str
    since: datetime | None
    breaks: bool
    over: str
    unsaid: bool
    row: Mapping[str, Any]


@dataclass(frozen=True)
class Look:
    """What was seen by which rules (their keys), at which version of the store."""

    version: int
    rules: tuple[str, ...]
    causes: tuple[Cause, ...]


def look(settings: Settings, conn: Connection, company: Company, rules: Sequence[Rule], known: Mapping[str, Causes],
         branches: Collection[str] | None = None) -> Look:
    """The causes that break a promise within the WINDOW, in some branches (None: all), and the `known` ones of each rule, as they are.

    A rule whose option is not agreed sees nothing.
    """
    store = snapshot(conn)
    codes = [code for code in company.branches if branches is None or code in branches]
    reach = reaches.fold(reaches.pieces(conn, branches=branches), company)
    able = [rule for rule in rules if all(company.options[key] for key in rule.agreed)]
    found: list[Cause] = []
    with engine.reader(settings.reading) as con:
        none = case_reading.for_figures(conn, (), None, None, company.terms, company.now)
        run = Run(con, settings.data, store.files, none, company, reach)
        prepare(run)
        for rule in able:
            found += _causes(run, rule, codes, [one for one in known.get(rule.key, ()) if one[0] in codes])
    return Look(store.version, tuple(rule.key for rule in able), tuple(found))


def _causes(run: Run, rule: Rule, codes: Sequence[str], known: Causes) -> list[Cause]:
    """First over the files of the window, where nearly all known causes lie too; then over those that hold the rest, wherever filed."""
    as_of = {code: at for code in codes if (at := run.reach.known_until(code, rule.needs))}
    starts = {code: wall_clock(run.company.now - WINDOW, run.company.zones[code]) for code in as_of}
    engine.small_table(run.con, SEEN.name, {
        "branch": ("VARCHAR", list(as_of)), "from_at": ("TIMESTAMP", list(starts.values())),
        "until_at": ("TIMESTAMP", list(as_of.values()))})
    found = _read(run, rule, as_of, known, _window(run, rule, starts, as_of))
    nearby = run.company.now.date() - NEARBY
    for first, end in ((nearby, date.max), (date.min, nearby)):
        if missing := [one for one in known if one not in found]:
            found = _read(run, rule, as_of, missing, _places(run, rule, missing, first, end), filed=True) | found
    return list(found.values())


def _read(run: Run, rule: Rule, as_of: Mapping[str, datetime], known: Causes, weeks: frozenset[date], *,
          filed: bool = False) -> dict[tuple[str, str], Cause]:
    """The causes in the files of some weeks: those that may hold a date in them, and (`filed`) those filed in them."""
    if not weeks:
        return {}
    _note(run, known)
    sources = sources_below(rule.causes)
    files = {f for name in sources for f in relevant_files(run.files, rule.causes, "since", weeks, BY_NAME[name])}
    files |= {f for f in run.files if filed and f.week in weeks and f.source in sources}
    define_relation(replace(run, files=tuple(sorted(files, key=lambda f: f.path))), rule.causes, "since", None)
    rows = engine.run(run.con, _statement(rule))
    return {(row["branch"], row["cause"]): _cause(rule, row, run.company, as_of.get(row["branch"])) for row in rows}


@cache  # building and compiling it takes longer than running it
def _statement(rule: Rule) -> Select[Any]:
    c = rule.causes.table.c
    breaks = and_(c.over.is_(None), c.since >= SEEN.c.from_at, c.since < SEEN.c.until_at, func.length(c.cause) <= LONGEST)
    return select(*c).select_from(rule.causes.table.outerjoin(SEEN, SEEN.c.branch == c.branch).outerjoin(
        KNOWN, and_(KNOWN.c.branch == c.branch, KNOWN.c.cause == c.cause))).where(or_(KNOWN.c.cause.is_not(None), breaks))


def _cause(rule: Rule, row: Mapping[str, Any], company: Company, as_of: datetime | None) -> Cause:
    branch, since, over, over_at = (row[name] for name in ("branch", "since", "over", "over_at"))
    if since and rule.after:
        since = add_working_minutes(company.calendars[branch], since, company.options[rule.after])
    breaks = over is None and since is not None and as_of is not None and since < as_of
    cells = {name: row.get(name) for name in (*rule.shows, *rule.about) if row.get(name) is not None}
    said = "" if over is None else f"{over}{f' on {moment(over_at)}' if over_at else ''}."
    return Cause(rule, branch, row["cause"], since, breaks, said, as_of is None, cells | ({"since": since} if since else {}))


def moment(at: datetime) -> str:
    """`3 November 2026, 14:05`; midnight is a day without a time."""
    return f"{at.day} {at:%B %Y}" + (f", {at:%H:%M}" if at.time() != datetime.min.time() else "")


# ---- which files -------------------------------------------------------------------------------------
def _window(run: Run, rule: Rule, starts: Mapping[str, datetime], as_of: Mapping[str, datetime]) -> frozenset[date]:
    if not starts or max(as_of.values()) < min(starts.values()):
        return frozenset()
    apart = timedelta(days=run.company.options[rule.apart] if rule.apart else 0)
    return frozenset(weeks_between((min(starts.values()) - apart).date(), (max(as_of.values()) + apart).date(), run.company.first_day))


def _places(run: Run, rule: Rule, known: Causes, first: date, end: date) -> frozenset[date]:
    """The weeks of `[first, end)` in which known causes are filed. Reads the columns of the natural key alone."""
    source = BY_NAME[rule.causes.dates["since"][0].partition(".")[0]]
    settled = {f for f in run.files if f.source == source.name and f.week is not None and first <= f.week < end}
    _note(run, known)
    engine.define_views(run.con, {source.name: read_files(source, run.folder, settled)})
    t = source.table
    asked: Select[Any] = select(literal_column("_bucket").label("week")).distinct().select_from(t).where(
        tuple_(t.c.branch, natural(*rule.found_by)).in_(select(KNOWN.c.branch, KNOWN.c.cause)))
    return frozenset(date.fromisoformat(row["week"]) for row in engine.run(run.con, asked))


def _note(run: Run, known: Causes) -> None:
    engine.small_table(run.con, KNOWN.name, {
        "branch": ("VARCHAR", [branch for branch, _ in known]), "cause": ("VARCHAR", [cause for _, cause in known])})
