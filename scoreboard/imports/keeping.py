"""What is kept of a loaded file: its checked rows and its original. One is made again from the other, or from the
file when it is brought once more.

Checked again, a file must give what it gave then: the branches known are those it had, the clock is the load's.
"""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, select, update

from scoreboard.errors import ScoreboardError
from scoreboard.facts.checksums import is_sound, seal
from scoreboard.imports import originals
from scoreboard.imports.checking import Checked, Known, check
from scoreboard.settings import Settings
from scoreboard.state.branches import all_branches
from scoreboard.state.database import reading, writing
from scoreboard.state.schema import load_branches, load_files, loads


def live_files(conn: Connection) -> list[Any]:
    """The files of live loads in load order: every column of `load_files`, and `at` and `who` of the load."""
    return list(conn.execute(select(load_files, loads.c.at, loads.c.who).join(loads, loads.c.id == load_files.c.load_id).where(
        loads.c.undone_version.is_(None)).order_by(load_files.c.id)))


def rows_are_sound(settings: Settings, row: Any) -> bool:
    """Whether the checked rows are there as they were kept."""
    return is_sound(settings.data / str(row.rows_path))


def original_is_sound(settings: Settings, row: Any) -> bool:
    """Whether the kept original is there with the bytes that were loaded (a blanked one has others)."""
    original = settings.data / str(row.original)
    try:
        return original.is_file() and (original.name == originals.BLANKED or digest(original) == str(row.sha256))
    except OSError:
        return False


def digest(path: Path) -> str:
    """SHA-256 of a file's bytes. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def make_rows_again(settings: Settings, engine: Engine, row: Any) -> bool:
    """Makes the checked rows again from the kept original. False when that does not give what it gave then."""
    return _put_back(settings, engine, row, settings.data / row.original, with_original=False)


def put_back(settings: Settings, engine: Engine, row: Any, path: Path) -> bool:
    """Makes rows and original again from a file with the same bytes, when one of them is damaged."""
    if rows_are_sound(settings, row) and original_is_sound(settings, row):
        return False
    return _put_back(settings, engine, row, path, with_original=True)


def _put_back(settings: Settings, engine: Engine, row: Any, path: Path, *, with_original: bool) -> bool:
    old = settings.data / row.rows_path
    old.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=old.parent) as folder:
        map_file = _map_file(row, Path(folder))
        try:
            again = _check_again(settings, engine, row, path, map_file, Path(folder))
        except ScoreboardError:
            return False
        if (again.read, again.rejected) != (row.read, row.rejected):
            return False
        original = settings.data / row.original
        if with_original:
            original = originals.keep(path, again, map_file, old.parent)
        rows = seal(again.rows.replace(old.parent / "rows.parquet"))
    with writing(engine) as conn:
        conn.execute(update(load_files).where(load_files.c.id == row.id).values(
            rows_path=str(rows.relative_to(settings.data)), original=str(original.relative_to(settings.data))))
    if old != rows:
        old.unlink(missing_ok=True)
    return True


def _map_file(row: Any, folder: Path) -> Path | None:
    if not row.settings.get("map"):
        return None
    path = folder / "map.toml"
    path.write_text(row.settings["map"])
    return path


def _check_again(settings: Settings, engine: Engine, row: Any, path: Path, map_file: Path | None, folder: Path) -> Checked:
    with reading(engine) as conn:
        had = set(conn.scalars(select(load_branches.c.branch).where(load_branches.c.load_file_id == row.id)))
        known = Known({code: b.time_zone for code, b in all_branches(conn).items() if code in had}, None, False)
    return check(path, known=known, now=row.at, scratch=folder, source=row.source, map_file=map_file,
                 branch=row.settings.get("branch"), through=row.through)
