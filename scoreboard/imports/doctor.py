"""Doctor: is every file there and readable, and does what is derived equal what it is derived from?

Derived are the settled fact files (from the checked rows of live loads), the cases (from their log) and the
weekly results (from facts and cases). Checked rows are rebuilt from the original file; only an original
that is lost as well must be brought again by a person.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, text

from scoreboard.cases import log as case_log
from scoreboard.cases.log import Change
from scoreboard.facts import engine as facts_engine
from scoreboard.facts.checksums import is_sound
from scoreboard.facts.files import FactFile
from scoreboard.facts.settle import settle
from scoreboard.imports import keeping
from scoreboard.imports.commit import Draft, examined, finish, incoming
from scoreboard.imports.store import filed_alike, locked, note_filing, sweep, unknown_loads
from scoreboard.metrics import open_cases, usual_ranges
from scoreboard.metrics.catalogue import CATALOGUE
from scoreboard.metrics.results import Difference
from scoreboard.metrics.touched import Touched
from scoreboard.settings import Settings
from scoreboard.state.database import reading
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
    """Checks the whole store; with `repair` rebuilds what can be rebuilt, as one commit, or as none when all is as it should be."""
    findings = Findings()
    with locked(settings):
        with reading(engine) as conn:
            _check_database(conn, findings)
        if findings.damaged:
            return findings
        sweep(engine, settings)
        con = facts_engine.connect(settings.scratch)
        work = examined(settings, engine, con)
        with reading(engine) as conn:
            files = keeping.live_files(conn)
        lost = _check_kept(work, files, findings, repair)
        for folder in unknown_loads(engine, settings):
            findings.damaged.append({"file": f"loads/{folder.name}", "what": "The database does not know this load.",
                                     "remedy": "Put back the database that does; or load the originals in it again and remove it."})
        broken = [f for f in work.files if not is_sound(settings.data / f.path)]
        findings.checked.append(f"{len(work.files)} fact files, {len(files)} loaded files")
        for f in broken:
            _report(findings, f.path, "is missing or damaged.", "Doctor rebuilds it from the checked rows, when they are sound.",
                    repair and not lost)
        if not filed_alike(settings, con):
            _report(findings, "facts", "is filed by another version of the engine.",
                    "Run doctor without --check.", repair and not lost)
            broken = list(work.files)
        if broken and (lost or not repair):
            return findings
        _rebuild(work, viewer, findings, settled=bool(broken), repair=repair)
        note_filing(settings, con)
    return findings


def _report(findings: Findings, file: str, what: str, remedy: str, mended: bool) -> None:
    if mended:
        findings.rebuilt.append(f"{file} ({what.rstrip('.')})")
    else:
        findings.damaged.append({"file": file, "what": what, "remedy": remedy})


def _check_database(conn: Connection, findings: Findings) -> None:
    if conn.dialect.name == "sqlite":
        said = str(conn.scalar(text("PRAGMA integrity_check")))
        if said != "ok":
            findings.damaged.append({"file": "scoreboard.sqlite", "what": f"The database is damaged ({said.splitlines()[-1]}).",
                                     "remedy": "Put back a copy of it, without what lies beside it (…-wal, …-shm), and run doctor again."})
    findings.checked.append("the database")


def _check_kept(work: Draft, files: Iterable[Any], findings: Findings, repair: bool) -> bool:
    """Checks what is kept of every loaded file; makes checked rows again from the original. True when some are lost."""
    lost = False
    for row in files:
        name, whole = f"{row.name} (load {row.load_id})", keeping.original_is_sound(work.settings, row)
        if keeping.rows_are_sound(work.settings, row):
            if not whole:
                findings.damaged.append({"file": row.original, "what": f"The kept original of {name} is missing or altered.",
                                         "remedy": f"Its rows are sound; load {row.name} again and it is put back."})
        elif whole and repair and keeping.make_rows_again(work.settings, work.engine, row):
            findings.rebuilt.append(f"{row.rows_path} (from the original of {row.name})")
        else:
            lost = True
            findings.damaged.append({"file": row.rows_path, "what": f"The checked rows of {name} are missing or damaged.",
                                     "remedy": "Run doctor without --check to make them again." if whole and not repair else
                                     f"Load {row.name} again as it was: what is kept of it is put back. Then run doctor."})
    return lost


def _rebuild(work: Draft, viewer: Viewer, findings: Findings, *, settled: bool, repair: bool) -> None:
    """Settles every loaded file anew when a settled file is broken; always re-rolls every week and compares."""
    if settled:
        work.files = _settled_again(work)
    work.wanted = {m.key: None for m in CATALOGUE}
    mended = len(findings.rebuilt)
    with reading(work.engine) as conn:
        unsettled = open_cases.unsettled(conn, work.company)

    def record(conn: Connection, version: int) -> Iterable[Change]:
        changed = case_log.rebuild(conn, work.company.terms, work.settings.now)
        if changed:
            findings.rebuilt.append(f"{len(changed)} cases from their log")
        return changed

    def worth(change: Difference) -> bool:
        return settled or len(findings.rebuilt) > mended or bool(_of_facts(change, unsettled))

    _, difference = finish(work, work.before, "doctor", viewer.who, record, cases_change=True, dry_run=not repair, worth=worth)
    if repair:
        usual_ranges.keep_all(work.engine, work.before)
    facts = _of_facts(difference, unsettled)
    findings.checked.append("weekly results against a fresh roll-up")
    if facts:
        _report(findings, "weekly results", f"{len(facts)} rows differed from the facts.", "Run doctor without --check.", repair)


def _settled_again(work: Draft) -> tuple[FactFile, ...]:
    found: tuple[FactFile, ...] = ()
    with reading(work.engine) as conn:  # read anew: rows made again have another path
        files = [incoming(conn, work.settings, row) for row in keeping.live_files(conn) if row.source != "exceptions"]
    for one in files:
        found = settle(work.con, work.settings.data, found, one).files
    return found


def _of_facts(change: Difference, unsettled: Touched) -> list[Any]:
    """The rows that should not differ, whatever the time, and although cases were worked that no commit has rolled up yet."""
    found = []
    for old, new in change.pairs:
        metric, week = (new["metric"], new["week"]) if new else (old.metric, old.week)
        weeks = unsettled.get(metric, frozenset())
        if metric not in _GROWING and weeks is not None and week not in weeks:
            found.append((old, new))
    return found


# Case metrics are as of now, so their undecided weeks differ whenever time has passed.
_GROWING = frozenset(m.key for m in CATALOGUE if m.whole.relation.name == "case_rows")
