"""Which fact files exist at a version. A file is immutable; a commit adds files and ends others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Connection, and_, func, or_, select, update

from scoreboard.facts.sources import BY_NAME, Source
from scoreboard.state.schema import fact_files, versions

WAITING = "waiting"  # the filing place of rows whose record date is not known yet


@dataclass(frozen=True)
class FactFile:
    """Settled rows of one source, filed in one week (`None`: waiting); `ranges` are ISO texts by date column."""

    source: str
    week: date | None
    path: str
    rows: int
    ranges: dict[str, list[str]] = field(hash=False)
    columns: tuple[str, ...]
    id: int | None = None

    @property
    def bucket(self) -> str:
        return self.week.isoformat() if self.week else WAITING

    def holds(self, columns: Iterable[str], first: date, end: date) -> bool:
        """Whether any of these columns may have a value in `[first, end)`."""
        low, high = first.isoformat(), end.isoformat()
        return any(c in self.ranges and self.ranges[c][0] < high and self.ranges[c][1] >= low for c in columns)


@dataclass(frozen=True)
class Snapshot:
    """The fact files visible at a version."""

    version: int
    files: tuple[FactFile, ...]

    def of(self, source: Source, waiting: bool = True) -> list[FactFile]:
        return [f for f in self.files if f.source == source.name and (waiting or f.week is not None)]


def latest_version(conn: Connection) -> int:
    """The number of the last commit; 0 when there is none."""
    return int(conn.scalar(select(func.coalesce(func.max(versions.c.number), 0))) or 0)


def at_version(version: int) -> object:
    """Condition: a fact file is visible at this version."""
    return and_(fact_files.c.from_version <= version,
                or_(fact_files.c.to_version.is_(None), fact_files.c.to_version > version))


def snapshot(conn: Connection, version: int | None = None) -> Snapshot:
    """The files visible at `version` (the latest when not given)."""
    if version is None:
        version = latest_version(conn)
        visible = fact_files.c.to_version.is_(None)
    else:
        visible = at_version(version)  # type: ignore[assignment]
    rows = conn.execute(select(fact_files).where(visible).order_by(fact_files.c.source, fact_files.c.week))
    return Snapshot(version, tuple(
        FactFile(r.source, r.week, r.path, r.rows, r.ranges, tuple(r.columns.split(",")), r.id) for r in rows))


def replace_files(conn: Connection, before: Snapshot, after: tuple[FactFile, ...], version: int, now: datetime) -> None:
    """Makes `after` the visible files from `version` on; what is in both stays as it is."""
    keep = {f.id for f in after if f.id is not None}
    gone = [f.id for f in before.files if f.id not in keep]
    for start in range(0, len(gone), 500):
        conn.execute(update(fact_files).where(fact_files.c.id.in_(gone[start:start + 500]))
                     .values(to_version=version, replaced_at=now))
    new = [{"source": f.source, "week": f.week, "path": f.path, "rows": f.rows, "ranges": f.ranges,
            "columns": ",".join(f.columns), "from_version": version} for f in after if f.id is None]
    if new:
        conn.execute(fact_files.insert(), new)


def family(source: Source) -> list[Source]:
    """The sources filed together with this one: those of an order, or the source alone."""
    return [s for s in BY_NAME.values() if s.order] if source.order else [source]
