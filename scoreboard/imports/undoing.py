"""Undoing a load, as if it had never been loaded: unsettle → roll up → commit. Nothing of the load is deleted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import Connection, Engine, select, update

from scoreboard.cases import log as case_log
from scoreboard.cases.log import Change
from scoreboard.errors import NotAllowed, Refused
from scoreboard.facts import engine as facts_engine
from scoreboard.facts.unsettle import unsettle
from scoreboard.imports import sample_setup
from scoreboard.imports.commit import draft, finish, incoming, incoming_of, reach_with
from scoreboard.imports.load_report import LoadReport
from scoreboard.imports.store import locked, sweep
from scoreboard.metrics import touched
from scoreboard.rules.watch import after_commit
from scoreboard.settings import Settings
from scoreboard.state import changes
from scoreboard.state.database import reading
from scoreboard.state.schema import load_branches, load_files, loads
from scoreboard.state.viewers import Viewer


def undo(settings: Settings, engine: Engine, viewer: Viewer, load_id: int, *, take_down: bool = True) -> LoadReport:
    """Takes a load back, as if it had never been loaded; with the sample's goes what was set up for it (`take_down`).

    Refused when it is unknown, undone, or not the viewer's.
    """
    viewer.require_change("undo")
    with locked(settings):
        sweep(engine, settings)
        report = _undo(settings, engine, viewer, load_id)
    report = replace(report, rules=after_commit(settings, engine, _sources(engine, load_id)).seen_by(viewer))
    if take_down and sample_setup.take_down(settings, engine, viewer.who, f"load {load_id} was taken back"):
        return replace(report, sample_left=True)
    return report


def _sources(engine: Engine, load_id: int) -> set[str]:
    with reading(engine) as conn:
        return set(conn.scalars(select(load_files.c.source).where(load_files.c.load_id == load_id)))


def _undo(settings: Settings, engine: Engine, viewer: Viewer, load_id: int) -> LoadReport:
    with reading(engine) as conn:
        is_sample = _require_undoable(conn, viewer, load_id)
        files = list(conn.execute(select(load_files).where(load_files.c.load_id == load_id).order_by(load_files.c.id.desc())))
    con = facts_engine.connect(settings.scratch)
    work = draft(settings, engine, con)
    gone: list[int] = []
    for row in files:
        gone.append(row.id)
        if row.source == "exceptions":
            continue
        with reading(engine) as conn:
            remaining = list(incoming_of(conn, settings, row.source, without=gone).values())
            undone = incoming(conn, settings, row)
        done = unsettle(con, settings.data, work.files, undone, remaining)
        touched.merge(work.wanted, touched.by_settling(con, settings.data, done.files, undone.source,
                                                       work.company.first_day, fresh=False))
        work.files = done.files
    after = reach_with(engine, work.company, without_load=load_id)

    def record(conn: Connection, version: int) -> Iterable[Change]:
        conn.execute(update(loads).where(loads.c.id == load_id).values(
            undone_version=version, undone_at=settings.now, undone_by=viewer.who))
        changes.record(conn, at=settings.now, who=viewer.who, what="undo", subject=f"load {load_id}",
                       old={"files": [row.name for row in files]})
        terms, of_cases = work.company.terms, [row.id for row in files if row.source == "exceptions"]
        worked = sample_setup.forget_cases(conn) if is_sample else []
        return [*worked, *(c for file in of_cases for c in case_log.undo_file(conn, file, terms, settings.now))]

    has_cases = is_sample or any(row.source == "exceptions" for row in files)
    _, change = finish(work, after, "undo", viewer.who, record, cases_change=has_cases)
    return LoadReport(load_id, [], undone=True).with_effects(change, work.company, viewer)


def _require_undoable(conn: Connection, viewer: Viewer, load_id: int) -> bool:
    """Whether it is one of the sample. Refused when it cannot be undone."""
    row = conn.execute(select(loads).where(loads.c.id == load_id)).first()
    touched_branches = set(conn.scalars(select(load_branches.c.branch).join(
        load_files, load_files.c.id == load_branches.c.load_file_id).where(load_files.c.load_id == load_id)))
    if row is None or (viewer.branches is not None and not touched_branches & viewer.branches):
        raise Refused(f"There is no load {load_id}.", 'See "loads" for what was loaded.')
    if not all(map(viewer.sees, touched_branches)):
        raise NotAllowed(f"Load {load_id} also holds branches that are not yours.", "Ask an administrator to undo it.")
    if row.undone_version is not None:
        raise Refused(f"Load {load_id} was undone already, at {row.undone_at:%Y-%m-%d %H:%M} UTC by {row.undone_by}.")
    return bool(row.sample)
