"""The one writer of facts: its lock, its housekeeping, and what a commit is made of.

Whoever changes facts or weekly results holds `store.lock` from reading the last version to committing the
next, so two loads follow one another and nothing is prepared twice. Files are written under new names
first; one short SQL transaction makes them visible. What a crash leaves behind is swept by the next writer.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import duckdb
import filelock
from sqlalchemy import Engine, delete, select

from scoreboard.errors import ScoreboardError, StoreDamaged
from scoreboard.facts.settle import fingerprint
from scoreboard.settings import Settings
from scoreboard.state.database import reading, writing
from scoreboard.state.schema import fact_files, load_files

KEEP_REPLACED = timedelta(hours=1)  # replaced files outlive their readers
WAIT_SECONDS = 600
COMMITTED = "committed"


class Busy(ScoreboardError):
    """Another writer holds the store."""


@contextmanager
def locked(settings: Settings, wait: float = WAIT_SECONDS) -> Iterator[None]:
    """The right to write facts; waits for another writer. Raises Busy when it does not end in so many seconds."""
    try:
        settings.data.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(settings.data / "store.lock", timeout=wait):
            yield
    except filelock.Timeout:
        raise Busy("Another load has been running for ten minutes.", "Wait until it ends, then try again.") from None
    except OSError as error:
        raise StoreDamaged(f"The data folder cannot be written: {error.strerror or error} ({error.filename or settings.data}).",
                           "Free disk space or give write access, then try again; nothing was changed.") from error


def sweep(engine: Engine, settings: Settings) -> None:
    """Removes files no version needs: leftovers of a crash, and files replaced more than an hour ago."""
    shutil.rmtree(settings.scratch, ignore_errors=True)
    with reading(engine) as conn:
        old = list(conn.execute(select(fact_files.c.id, fact_files.c.path).where(
            fact_files.c.replaced_at < settings.now - KEEP_REPLACED)))
        kept = set(conn.scalars(select(fact_files.c.path))) - {row.path for row in old}
    if old:
        with writing(engine) as conn:
            conn.execute(delete(fact_files).where(fact_files.c.id.in_([row.id for row in old])))
    _remove_except(settings.facts, {settings.data / path for path in kept})
    _remove_unfinished(settings, load_folders(engine, settings))


def _remove_except(folder: Path, kept: set[Path]) -> None:
    """Removes the files below `folder` that are not kept, and folders left empty."""
    for path in sorted(folder.glob("**/*"), reverse=True):
        if path.is_file() and path not in kept:
            path.unlink(missing_ok=True)
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()


def _remove_unfinished(settings: Settings, named: set[Path]) -> None:
    """Removes the folders of loads that did not commit. Those that did are marked, because what they keep cannot be
    made again: an older copy of the database, or another one, must not cost the loads it does not name."""
    for folder in (settings.data / "loads").glob("*"):
        if folder in named:
            mark_committed(folder)
        elif not (folder / COMMITTED).exists():
            shutil.rmtree(folder, ignore_errors=True)


def mark_committed(folder: Path) -> None:
    """Marks the folder of a load that the database names; on a full disk the next sweep does."""
    with suppress(OSError):
        (folder / COMMITTED).touch()


def load_folders(engine: Engine, settings: Settings) -> set[Path]:
    """The folders of the loads that the database names."""
    with reading(engine) as conn:
        return {(settings.data / path).parents[1] for path in conn.scalars(select(load_files.c.original))}


def unknown_loads(engine: Engine, settings: Settings) -> list[Path]:
    """Folders of committed loads that the database does not name."""
    return sorted({mark.parent for mark in (settings.data / "loads").glob(f"*/{COMMITTED}")} - load_folders(engine, settings))


def filed_alike(settings: Settings, con: duckdb.DuckDBPyConnection) -> bool:
    """Whether the kept rows are filed by the hash of this engine; a new store notes it."""
    note = settings.data / "filed-by"
    if not note.exists():
        note_filing(settings, con)
    return note.read_text() == fingerprint(con)


def note_filing(settings: Settings, con: duckdb.DuckDBPyConnection) -> None:
    """Writes down the hash by which rows are filed from now on."""
    half = settings.data / "filed-by.new"
    half.write_text(fingerprint(con))
    half.replace(settings.data / "filed-by")  # never seen half written


def make_durable() -> None:
    """Waits until what was written lies on disk, so that a commit never names a file the disk does not have.

    One call for hundreds of small files: syncing each by itself takes seconds.
    """
    os.sync()
