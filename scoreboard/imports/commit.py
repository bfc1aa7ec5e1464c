"""One commit: settled facts, re-rolled results and the log, visible together or not at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import duckdb
from sqlalchemy import Connection, Engine, select

from scoreboard.cases.log import Change
from scoreboard.errors import StoreDamaged
from scoreboard.facts.checksums import require_sound
from scoreboard.facts.files import FactFile, Snapshot, replace_files, snapshot
from scoreboard.facts.settle import Incoming, Span
from scoreboard.facts.sources import BY_NAME
from scoreboard.imports.dating import redate_all
from scoreboard.imports.store import filed_alike, make_durable
from scoreboard.metrics import company as companies
from scoreboard.metrics import reach as reaches
from scoreboard.metrics import results, touched, usual_ranges
from scoreboard.metrics.catalogue import CATALOGUE
from scoreboard.metrics.company import Company
from scoreboard.metrics.open_cases import cases_for
from scoreboard.metrics.reach import Piece, Reach
from scoreboard.metrics.rollup import Result, Run, Weeks, roll_up, sources_of
from scoreboard.metrics.touched import CASE_METRICS, Touched
from scoreboard.settings import Settings
from scoreboard.state.database import reading, writing
from scoreboard.state.schema import load_branches, load_files, loads
from scoreboard.weeks import WEEK, weeks_between


@dataclass
class Draft:
    """What a commit will change, while it is prepared. `base` is the store it was prepared on."""

    settings: Settings
    engine: Engine
    con: duckdb.DuckDBPyConnection
    base: Snapshot
    company: Company
    before: Reach
    files: tuple[FactFile, ...]
    wanted: Touched = field(default_factory=dict)


def draft(settings: Settings, engine: Engine, con: duckdb.DuckDBPyConnection) -> Draft:
    """A draft on the store as it is now. The caller holds the lock."""
    if not filed_alike(settings, con):
        raise StoreDamaged("The facts were filed by another version of the engine.", 'Run "doctor" once: it files them anew.')
    return examined(settings, engine, con)


def examined(settings: Settings, engine: Engine, con: duckdb.DuckDBPyConnection) -> Draft:
    """A draft that does not ask how the rows are filed: for doctor, who files them anew."""
    with reading(engine) as conn:
        base, company = snapshot(conn), companies.read(conn, settings.now)
        before = reaches.fold(reaches.pieces(conn), company)
    return Draft(settings, engine, con, base, company, before, base.files)


def finish(work: Draft, after: Reach, what: str, who: str,
           record: Callable[[Connection, int], Iterable[Change]], *, cases_change: bool, dry_run: bool = False,
           worth: Callable[[results.Difference], bool] = lambda change: True) -> tuple[int, results.Difference]:
    """Rolls up what the draft touched and commits. `record` writes the caller's rows inside the transaction
    and returns the cases it changed. Returns the version and the difference; a dry run rolls everything back,
    and so does a difference that is not `worth` a version.
    """
    _as_of_moved(work, after)
    _coverage_moved(work, after)
    in_commit = {k: w for k, w in work.wanted.items() if cases_change and k in CASE_METRICS}
    before_commit = {k: w for k, w in work.wanted.items() if k not in in_commit}
    with reading(work.engine) as conn:
        rolled = _rolled(work, conn, after, before_commit)
        change = results.difference(conn, rolled, before_commit, after)
    ready = [results.ready(work.engine.dialect, change, work.base.version + 1)]  # another commit in between: nothing is written
    make_durable()
    try:
        with writing(work.engine) as conn:
            version = results.begin_version(conn, work.base.version, work.settings.now, what, who)
            moved = list(record(conn, version))
            replace_files(conn, work.base, work.files, version, work.settings.now)
            if cases_change:
                touched.merge(in_commit, touched.by_cases(
                    ((c.branch, at) for c in moved for at in (c.opened_before, c.opened_after) if at), after.company))
                late = results.difference(conn, _rolled(work, conn, after, in_commit), in_commit, after)
                ready.append(results.ready(conn.dialect, late, version))
                change = results.Difference(change.ended + late.ended, change.begun + late.begun, change.pairs + late.pairs)
            if not worth(change):
                raise _DryRun
            for statements in ready:
                results.write(conn, statements)
            usual_ranges.forget(conn, change)
            if dry_run:
                raise _DryRun
        usual_ranges.keep(work.engine, after, change)
        redate_all(work.engine, after.company.terms)
    except _DryRun:
        pass
    return version, change


class _DryRun(Exception):
    """Rolls the transaction of a dry run back."""


def _rolled(work: Draft, conn: Connection, after: Reach, wanted: Mapping[str, Weeks]) -> list[Result]:
    if not wanted:
        return []
    return roll_up(Run(work.con, work.settings.data, work.files, cases_for(conn, after.company, wanted), after.company, after),
                   wanted)


def _as_of_moved(work: Draft, after: Reach) -> None:
    """A moved as-of decides rows that no file touched; a column that came or went (dis)allows whole metrics."""
    forward: dict[str, set[str]] = defaultdict(set)
    backward: dict[str, set[str]] = defaultdict(set)
    longest = 7 + max(60, *(after.company.options[window] for window in ("conversion_days", "repeat_contact_days")))
    for metric in CATALOGUE:
        for branch in after.company.branches:
            old = work.before.as_of(metric, branch) if branch in work.before.company.branches else None
            new = after.as_of(metric, branch)
            if old == new or (metric.key in CASE_METRICS and old and new):
                continue
            if old is None or new is None:
                known = work.before if old is None else after
                if any((branch, source) in known.columns for source in sources_of(metric)):
                    work.wanted[metric.key] = None  # its rows were there, or still are, without what the metric needs
            else:
                (forward if new > old else backward)[metric.key].add(branch)
                if new < old:
                    weeks = frozenset(weeks_between(new.date() - timedelta(days=longest), old.date(), after.company.first_day))
                    touched.merge(work.wanted, {metric.key: weeks})
    with reading(work.engine) as conn:
        for moved, ahead in ((forward, True), (backward, False)):
            if moved:
                branches = set().union(*moved.values())
                touched.merge(work.wanted, dict(results.open_weeks(conn, moved, branches, forward=ahead)))


def _coverage_moved(work: Draft, after: Reach) -> None:
    """How many branches report in a week, and how many should, is kept with the figures of territories and company."""
    latest = max((last for found in {**work.before.spans, **after.spans}.values() for _, last in found), default=None)
    for branch in after.company.branches:
        ends = {reach.began(branch) or latest for reach in (work.before, after)}
        if len(ends) == 2 and None not in ends:
            joined = weeks_between(min(ends), max(ends), after.company.first_day)  # type: ignore[type-var, arg-type]
            touched.merge(work.wanted, {metric.key: frozenset(joined) for metric in CATALOGUE})
    for branch, source in {**work.before.spans, **after.spans}:
        changed = set(work.before.spans.get((branch, source), ())) ^ set(after.spans.get((branch, source), ()))
        weeks = {week for first, last in changed for week in weeks_between(first, last, after.company.first_day)}
        moved = frozenset(w for w in weeks if work.before.covers(branch, source, w, w + WEEK) != after.covers(branch, source, w, w + WEEK))
        if moved:
            touched.merge(work.wanted, {metric.key: moved for metric in CATALOGUE if results.counted_in(metric) == source})


# ---- loads as the store keeps them -------------------------------------------------------------------
def incoming_of(conn: Connection, settings: Settings, source: str, *, without: Iterable[int] = ()) -> dict[int, Incoming]:
    """The live files of a source by their id, in load order, as the store settles them."""
    rows = conn.execute(select(load_files).join(loads, loads.c.id == load_files.c.load_id).where(
        loads.c.undone_version.is_(None), load_files.c.source == source).order_by(load_files.c.id)).all()
    skip = set(without)
    return {row.id: incoming(conn, settings, row) for row in rows if row.id not in skip}


def incoming(conn: Connection, settings: Settings, row: object) -> Incoming:
    """One kept file of rows. Raises StoreDamaged when it is not what was kept."""
    require_sound(settings.data / row.rows_path)  # type: ignore[attr-defined]
    spans = tuple(Span(b, first, last) for b, first, last in conn.execute(
        select(load_branches.c.branch, load_branches.c.first_on, load_branches.c.last_on)
        .where(load_branches.c.load_file_id == row.id)) if first) if row.keyless else ()  # type: ignore[attr-defined]
    source = BY_NAME[row.source]  # type: ignore[attr-defined]
    columns = tuple(c for c in row.columns.split(",") if c in source.columns)  # type: ignore[attr-defined]
    return Incoming(source, settings.data / row.rows_path, columns, row.keyless, spans)  # type: ignore[attr-defined]


def reach_with(engine: Engine, company: Company, *, more: Iterable[Piece] = (), without_load: int | None = None) -> Reach:
    """The reach after a commit: live loads, with pieces to come or without a load to go."""
    with reading(engine) as conn:
        return reaches.fold([*reaches.pieces(conn, without_load=without_load), *more], company)
