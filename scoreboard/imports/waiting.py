"""Rows that wait for their record, such as a shipment before its order: kept, counted nowhere, listed here until it comes."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, and_, exists, or_, select

from scoreboard.facts import engine
from scoreboard.facts.files import FactFile, snapshot
from scoreboard.facts.parquet import read_files
from scoreboard.facts.sources import SOURCES, Source
from scoreboard.settings import Settings
from scoreboard.state.schema import case_events, cases, load_files, loads
from scoreboard.state.viewers import Viewer


def listing(settings: Settings, conn: Connection, viewer: Viewer) -> list[dict[str, Any]]:
    """The waiting rows of the viewer's branches, by source, branch and key: `source`, `branch`, `key`, `waits_for`."""
    files = [f for f in snapshot(conn).files if f.week is None]
    found = [row for source in SOURCES for row in _of(settings, source, [f for f in files if f.source == source.name])]
    return [row for row in (*found, *_cases(conn)) if viewer.sees(row["branch"])]


def _of(settings: Settings, source: Source, files: list[FactFile]) -> list[dict[str, Any]]:
    if not files:
        return []
    key = ", ".join(f'"{column}"' for column in ("branch", *source.key))
    con = engine.connect(settings.scratch)
    try:
        with engine.damage_as_sentence():
            rows = con.execute(f"SELECT {key} FROM ({read_files(source, settings.data, files)}) ORDER BY ALL").fetchall()
    finally:
        con.close()
    what = f"its {' or '.join(source.record)}" if source.record else "its order"
    return [{"source": source.name, "branch": branch, "key": dict(zip(source.key, told, strict=True)), "waits_for": what}
            for branch, *told in rows]


def _cases(conn: Connection) -> list[dict[str, Any]]:
    """Exceptions with events whose type or opening no file has brought yet."""
    log = case_events.c
    live = load_files.join(loads, and_(loads.c.id == load_files.c.load_id, loads.c.undone_version.is_(None)))
    rows = conn.execute(select(log.branch, log.case_no).where(
        ~exists().where(cases.c.branch == log.branch, cases.c.case_no == log.case_no),
        or_(log.load_file_id.is_(None), log.load_file_id.in_(select(load_files.c.id).select_from(live))),
    ).distinct().order_by(log.branch, log.case_no))
    return [{"source": "exceptions", "branch": branch, "key": {"case_no": case_no}, "waits_for": "its type and opened_at"}
            for branch, case_no in rows]
