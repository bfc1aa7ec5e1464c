"""Loading files: read → find → map → check → settle → roll up → commit.

A load is one command: its files become visible together, or nothing changes. Its checked rows and the
original files are kept beside each other, so that it can be undone and everything derived can be rebuilt.
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
from sqlalchemy import Connection, Engine, insert, select, update

from scoreboard.cases import log as case_log
from scoreboard.cases.log import Change
from scoreboard.errors import Refused
from scoreboard.facts import engine as facts_engine
from scoreboard.facts.checksums import seal
from scoreboard.facts.settle import Incoming, Settled, Span, settle
from scoreboard.imports import keeping, originals
from scoreboard.imports.checking import Checked, Known, check
from scoreboard.imports.commit import Draft, draft, finish, reach_with
from scoreboard.imports.load_report import FileReport, LoadReport, Unread
from scoreboard.imports.reasons import with_unknown_reasons
from scoreboard.imports.store import locked, mark_committed, sweep
from scoreboard.metrics import touched
from scoreboard.metrics.reach import Piece
from scoreboard.rules.watch import after_commit
from scoreboard.settings import Settings
from scoreboard.state import branches, changes
from scoreboard.state.branches import Branch
from scoreboard.state.database import reading
from scoreboard.state.schema import load_branches, load_files, loads
from scoreboard.state.viewers import Viewer


def silent(_step: str) -> None:
    """Nobody wants to hear how far it is."""


@dataclass(frozen=True)
class Wish:
    """How files are to be read. `through` is the branch's wall clock; `sample` marks made-up data; `tell` is told each
    step as it begins, and may raise to give up what is not committed yet."""

    source: str | None = None
    map_file: Path | None = None
    branch: str | None = None
    create_branches: bool = False
    through: datetime | None = None
    all_or_nothing: bool = False
    dry_run: bool = False
    sample: bool = False
    tell: Callable[[str], None] = field(default=silent, compare=False)

    def settings(self) -> dict[str, Any]:
        """What, beside the bytes, decides how a file is read."""
        text = self.map_file.read_text(encoding="utf-8", errors="replace") if self.map_file and self.map_file.is_file() else None
        return {"source": self.source, "map": text, "branch": self.branch,
                "through": self.through.isoformat() if self.through else None}


def load(settings: Settings, engine: Engine, viewer: Viewer, files: Sequence[Path], wish: Wish) -> LoadReport:
    """Loads files in order as one load. Raises Refused when one cannot be read; then nothing changed. A dry run of several goes on
    with those that can, and names the others."""
    viewer.require_change("load")
    wish.tell("Waiting for another load to end")
    with locked(settings):
        sweep(engine, settings)
        place = settings.data / "loads" / uuid.uuid4().hex
        place.mkdir(parents=True)
        try:
            report = _load(settings, engine, viewer, files, wish, place)
            if report.load_id is not None:
                mark_committed(place)
        finally:
            _clear(place, settings)
    if report.load_id is None:
        return report
    return replace(report, rules=after_commit(settings, engine, {f.source for f in report.files}).seen_by(viewer))


def _load(settings: Settings, engine: Engine, viewer: Viewer, files: Sequence[Path], wish: Wish, place: Path) -> LoadReport:
    con = facts_engine.connect(settings.scratch)
    work = draft(settings, engine, con)
    before = _already(engine, viewer)
    reports: list[FileReport] = []
    fresh: list[tuple[Checked, Path]] = []
    unread: list[Unread] = []
    company_branches = dict(work.company.branches)
    for number, path in enumerate(files, start=1):
        same = before.get((_digest(path), str(wish.settings())), []) if before else []
        if same:
            put_back = not wish.dry_run and sum(keeping.put_back(settings, engine, row, path) for row in same) > 0
            if put_back or not same[-1].rejected:
                reports.append(FileReport.already_there(path.name, same[-1], put_back))
                continue
        wish.tell(f"Reading and checking {path.name}")
        try:
            checked = check(path, known=_known(company_branches, viewer, wish), now=settings.now, scratch=place / str(number),
                            source=wish.source, map_file=wish.map_file, branch=wish.branch, through=wish.through)
        except Refused as error:
            if not wish.dry_run or len(unread) == len(files) - 1:  # none of them can be read
                raise
            unread.append(Unread(path.name, str(error)))
            continue
        if same and (checked.read, checked.rejected) == (same[-1].read, same[-1].rejected):  # nothing has changed since
            reports.append(replace(FileReport.of(checked), already=FileReport.already_there(path.name, same[-1], False).already))
            continue
        if wish.all_or_nothing and checked.rejected:
            return LoadReport.refused_whole([*reports, FileReport.of(checked)], place)
        for code in checked.new_branches:
            viewer.require_change("branches")
            company_branches[code] = Branch(code, code)
        checked = with_unknown_reasons(checked, work.company.options)
        checked = replace(checked, rows=seal(checked.rows))
        fresh.append((checked, originals.keep(path, checked, wish.map_file, place / str(number))))
    if not fresh:
        return LoadReport(None, reports, unread=tuple(unread))
    wish.tell("Merging the rows with those that are there")
    work = replace(work, company=replace(work.company, branches=company_branches))
    outcomes = {id(checked): _settle(work, checked) for checked, _ in fresh if checked.source.kept_in == "facts"}
    return replace(_commit(work, viewer, wish, fresh, outcomes, reports), unread=tuple(unread))


def _known(company: dict[str, Branch], viewer: Viewer, wish: Wish) -> Known:
    return Known({code: b.time_zone for code, b in company.items()}, viewer.branches, wish.create_branches)


def _settle(work: Draft, checked: Checked) -> Settled:
    """Merges one file of facts and notes which weeks it may move."""
    spans = tuple(Span(b.branch, b.first_on, b.last_on) for b in checked.branches if b.first_on and b.last_on)
    done = settle(work.con, work.settings.data, work.files,
                  Incoming(checked.source, checked.rows, checked.columns, checked.keyless, spans))
    moved = touched.by_settling(work.con, work.settings.data, done.files, checked.source, work.company.first_day,
                                fresh=done.fresh)
    work.files = done.files
    touched.merge(work.wanted, moved)
    return done


def _commit(work: Draft, viewer: Viewer, wish: Wish, fresh: list[tuple[Checked, Path]], outcomes: dict[int, Settled],
            reports: list[FileReport]) -> LoadReport:
    pieces = [Piece(span.branch, c.source.name, _columns(c), span.first_on, span.last_on, c.through)
              for c, _ in fresh for span in c.branches]
    after = reach_with(work.engine, work.company, more=pieces)
    new_branches = tuple(sorted({code for c, _ in fresh for code in c.new_branches}))
    written: dict[str, Any] = {}

    def record(conn: Connection, version: int) -> Iterable[Change]:
        moved: list[Change] = []
        for code in new_branches:
            branches.add(conn, code, now=work.settings.now, who=viewer.who, sample=wish.sample)
        written["load"] = load_id = conn.execute(insert(loads).values(
            at=work.settings.now, who=viewer.who, sample=wish.sample, version=version)).inserted_primary_key[0]  # type: ignore[index]
        for checked, original in fresh:
            done = outcomes.get(id(checked), Settled(()))
            file_id = _record_file(conn, work, load_id, checked, original, done, wish)
            if checked.source.kept_in == "cases":
                counts = case_log.import_rows(conn, checked.rows, columns=checked.columns, load_file_id=file_id,
                                              terms=work.company.terms, who=viewer.who, now=work.settings.now)
                done = Settled((), counts.new, counts.changed, counts.same, counts.waiting)
                conn.execute(update(load_files).where(load_files.c.id == file_id).values(
                    new=done.new, changed=done.changed, same=done.same + checked.repeated, waiting=done.waiting))
                moved += counts.changes
            reports.append(FileReport.of(checked, done))
        changes.record(conn, at=work.settings.now, who=viewer.who, what="load", subject=f"load {load_id}",
                       new={"files": [c.name for c, _ in fresh]})
        return moved

    wish.tell("Working out the figures")
    has_cases = any(c.source.kept_in == "cases" for c, _ in fresh)
    _, change = finish(work, after, "load", viewer.who, record, cases_change=has_cases, dry_run=wish.dry_run)
    return LoadReport(None if wish.dry_run else written["load"], reports, dry_run=wish.dry_run, new_branches=new_branches).with_effects(
        change, work.company, viewer)


def _record_file(conn: Connection, work: Draft, load_id: int, checked: Checked, original: Path, done: Settled, wish: Wish) -> int:
    data = work.settings.data
    file_id = conn.execute(insert(load_files).values(
        load_id=load_id, source=checked.source.name, name=checked.name, sha256=checked.sha256, settings=wish.settings(),
        original=str(original.relative_to(data)), rows_path=str(checked.rows.relative_to(data)),
        columns=",".join(_columns(checked)), keyless=checked.keyless, through=checked.through, read=checked.read, new=done.new,
        changed=done.changed, same=done.same + checked.repeated, rejected=checked.rejected, waiting=done.waiting,
        problems_path=str(checked.problems_path.relative_to(data)) if checked.problems_path else None)).inserted_primary_key[0]  # type: ignore[index]
    rows = [{"load_file_id": file_id, "branch": s.branch, "first_on": s.first_on, "last_on": s.last_on,
             "through": checked.through, "rows": s.rows} for s in checked.branches]
    if rows:
        conn.execute(insert(load_branches), rows)
    return int(file_id)


def _columns(checked: Checked) -> tuple[str, ...]:
    """The columns a file brings. Weekly totals also name their metrics, so that each is available by itself."""
    if checked.source.name != "weekly_totals":
        return checked.columns
    found = duckdb.execute("SELECT DISTINCT metric FROM read_parquet(?) ORDER BY 1", [str(checked.rows)]).fetchall()
    return (*checked.columns, *(row[0] for row in found))


def _already(engine: Engine, viewer: Viewer) -> dict[tuple[str, str], list[Any]]:
    """The files of live loads that the viewer knows, by bytes and settings, as `keeping.live_files` gives them.

    One with rejected rows may be loaded again: a branch that was added since, or a person who may load more,
    can bring the rest of it in.
    """
    found: dict[tuple[str, str], list[Any]] = {}
    with reading(engine) as conn:
        hidden = set() if viewer.branches is None else set(conn.scalars(
            select(load_branches.c.load_file_id).where(load_branches.c.branch.not_in(viewer.branches))))
        for row in keeping.live_files(conn):
            if row.id not in hidden:
                found.setdefault((row.sha256, str(row.settings)), []).append(row)
    return found


def _digest(path: Path) -> str:
    try:
        return keeping.digest(path)
    except OSError as error:
        raise Refused(f'"{path}" cannot be read: {error.strerror}.', "Check the path and its permissions.") from error


def _clear(place: Path, settings: Settings) -> None:
    """Leaves nothing but what a commit names: the next sweep would remove it, a refused load does at once."""
    shutil.rmtree(settings.scratch, ignore_errors=True)
    if not any(place.iterdir()):
        place.rmdir()
