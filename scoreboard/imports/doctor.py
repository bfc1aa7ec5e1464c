"""Doctor: is every file there and readable, and does what is derived equal what it is derived from?

Derived are the settled fact files (from the checked rows of live loads), the cases (from their log) and the
weekly results (from facts and cases). Checked rows are rebuilt from the original file; only an original
that is lost as well must be brought again by a person.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import duckdb
from sqlalchemy import Connection, Engine, select, text

from scoreboard.cases import log as case_log
from scoreboard.cases.log import Change
from scoreboard.errors import ScoreboardError
from scoreboard.facts import engine as facts_engine
from scoreboard.facts.files import FactFile
from scoreboard.facts.settle import settle
from scoreboard.imports.checking import Known, check
from scoreboard.imports.commit import Draft, examined, finish, incoming
from scoreboard.imports.originals import BLANKED
from scoreboard.imports.store import filed_alike, locked, note_filing, sweep
from scoreboard.metrics.catalogue import CATALOGUE
from scoreboard.settings import Settings
from scoreboard.state.database import reading
from scoreboard.state.schema import load_files, loads
from scoreboard.state.viewers import Viewer


@dataclass
class Findings:
    """What was looked at, what is damaged (with the way out), and what was rebuilt."""

    checked: list[str] = field(default_factory=list)
    damaged: list[dict[str, str]] = field(default_factory=list)
    rebuilt: list[str] = field(default_factory=list)

    @property
    def healthy(self) -> bool:
        """Nothing is left to do for a person."""
        return not self.damaged

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "healthy": self.healthy}

    @property
    def lines(self) -> list[str]:
        return [*(f"checked: {c}" for c in self.checked), *(f"rebuilt: {r}" for r in self.rebuilt),
                *(f"DAMAGED: {d['file']}: {d['what']} {d['remedy']}" for d in self.damaged),
                "Everything is sound." if self.healthy else "Some damage needs you: see above."]


def examine(settings: Settings, engine: Engine, viewer: Viewer, *, repair: bool = True) -> Findings:
    """Checks the whole store; with `repair` rebuilds what can be rebuilt, as one commit."""
    findings = Findings()
    with locked(settings):
        sweep(engine, settings)
        con = facts_engine.connect(settings.scratch)
        work = examined(settings, engine, con)
        with reading(engine) as conn:
            _check_database(conn, findings)
            files = list(conn.execute(select(load_files).join(loads, loads.c.id == load_files.c.load_id).where(
                loads.c.undone_version.is_(None)).order_by(load_files.c.id)))
        lost = _check_rows(settings, con, files, work, findings, repair)
        broken = [f for f in work.files if _unreadable(con, settings.data / f.path, f.rows)]
        findings.checked.append(f"{len(work.files)} fact files, {len(files)} loaded files")
        for f in broken:
            _report(findings, f.path, "cannot be read.", "It is rebuilt from the loaded rows by doctor.", repair and not lost)
        if not filed_alike(settings, con):
            _report(findings, "facts", "The rows are filed by another version of the engine.",
                    "Run doctor without --check.", repair and not lost)
            broken = list(work.files)
        if lost or (broken and not repair):
            return findings
        _rebuild(work, viewer, files, findings, settled=bool(broken), repair=repair)
        note_filing(settings, con)
    return findings


def _report(findings: Findings, file: str, what: str, remedy: str, mended: bool) -> None:
    if mended:
        findings.rebuilt.append(f"{file} ({what.rstrip('.')})")
    else:
        findings.damaged.append({"file": file, "what": what, "remedy": remedy})


def _check_database(conn: Connection, findings: Findings) -> None:
    if conn.dialect.name == "sqlite":
        said = conn.scalar(text("PRAGMA integrity_check"))
        if said != "ok":
            findings.damaged.append({"file": "scoreboard.sqlite", "what": f"The database is damaged ({said}).",
                                     "remedy": "Restore it from a backup, then run doctor again."})
    findings.checked.append("the database")


def _check_rows(settings: Settings, con: duckdb.DuckDBPyConnection, files: Iterable[Any], work: Draft, findings: Findings,
                repair: bool) -> bool:
    """Checks every loaded file; rebuilds checked rows from the original. True when something is lost for good."""
    lost = False
    for row in files:
        rows, original = settings.data / row.rows_path, settings.data / row.original
        whole = original.is_file() and (original.name == BLANKED or _digest(original) == row.sha256)
        if not _unreadable(con, rows, None):
            if not whole:
                findings.checked.append(f"load {row.load_id}: the kept original of {row.name} is missing or altered; its rows are sound")
            continue
        if whole and repair and _check_again(settings, row, rows, original, work):
            findings.rebuilt.append(f"{row.rows_path} (from the original of {row.name})")
            continue
        lost = True
        findings.damaged.append({"file": row.rows_path, "what": f"The rows of {row.name} (load {row.load_id}) cannot be read.",
                                 "remedy": "Run doctor without --check to rebuild them." if whole else
                                 f"Its original is lost too: load {row.name} again, then undo load {row.load_id}."})
    return lost


def _check_again(settings: Settings, row: Any, rows: Path, original: Path, work: Draft) -> bool:
    """Reads the original again, as it was read then."""
    place = settings.scratch / f"again-{row.id}"
    place.mkdir(parents=True)
    map_file = None
    if row.settings.get("map"):
        map_file = place / "map.toml"
        map_file.write_text(row.settings["map"])
    try:
        again = check(original, known=Known({c: b.time_zone for c, b in work.company.branches.items()}, None, False), now=settings.now,
                      scratch=place, source=row.source, map_file=map_file, branch=row.settings.get("branch"), through=row.through)
    except ScoreboardError:
        return False
    shutil.copyfile(again.rows, rows)
    return True


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _unreadable(con: duckdb.DuckDBPyConnection, path: Path, rows: int | None) -> bool:
    """Whether a Parquet file is missing, cannot be read to its end, or holds another number of rows."""
    try:
        found = con.execute("SELECT count(*), sum(hash(COLUMNS(*))::HUGEINT) FROM read_parquet(?)", [str(path)]).fetchone()
    except duckdb.Error:
        return True
    return rows is not None and (found is None or found[0] != rows)


def _rebuild(work: Draft, viewer: Viewer, files: Iterable[Any], findings: Findings, *, settled: bool, repair: bool) -> None:
    """Settles every loaded file anew when a settled file is broken; always re-rolls every week and compares."""
    if settled:
        work.files = _settled_again(work, files)
    work.wanted = {m.key: None for m in CATALOGUE}

    def record(conn: Connection, version: int) -> Iterable[Change]:
        changed = case_log.rebuild(conn)
        if changed:
            findings.rebuilt.append(f"{len(changed)} cases from their log")
        return changed

    _, difference = finish(work, work.before, "doctor", viewer.who, record, cases_change=True, dry_run=not repair)
    facts = [pair for pair in difference.pairs if _metric(pair) not in _GROWING]
    findings.checked.append("weekly results against a fresh roll-up")
    if facts:
        _report(findings, "weekly results", f"{len(facts)} rows differed from the facts.", "Run doctor without --check.", repair)


def _settled_again(work: Draft, files: Iterable[Any]) -> tuple[FactFile, ...]:
    found: tuple[FactFile, ...] = ()
    for row in files:
        if row.source != "exceptions":
            with reading(work.engine) as conn:
                one = incoming(conn, work.settings, row)
            found = settle(work.con, work.settings.data, found, one).files
    return found


def _metric(pair: tuple[Any, dict[str, Any] | None]) -> str:
    old, new = pair
    return str(new["metric"] if new else old.metric)


# Case metrics are as of now, so their undecided weeks differ whenever time has passed.
_GROWING = frozenset(m.key for m in CATALOGUE if m.whole.relation.name == "case_rows")
