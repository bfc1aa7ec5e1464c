"""Files as a person brings them: put aside under the names they know, handed to the engine, and removed again.

The convention: a name is only ever a name. Folders in it and what cannot be seen are taken off before anything is
written, and each file lies in a folder of its own, so that two of the same name stay two.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from scoreboard.errors import StoreDamaged
from scoreboard.imports import sampling
from scoreboard.imports.load_report import FileReport, LoadReport
from scoreboard.imports.loading import Wish
from scoreboard.views.asking import Asked

LONGEST_NAME = 200  # bytes; file systems take 255
Read = Callable[[], bytes]


class Upload(Protocol):
    """A file in the browser's drop zone."""

    name: str

    @property
    def file_id(self) -> str: ...

    def getbuffer(self) -> memoryview: ...


@dataclass(frozen=True)
class Brought:
    """What was dropped, and what was said about it."""

    files: tuple[Upload, ...]
    source: str | None = None
    branch: str | None = None
    through: datetime | None = None
    map_file: Upload | None = None
    create_branches: bool = False
    all_or_nothing: bool = False

    @property
    def identity(self) -> tuple[object, ...]:
        """Equal when the same files were brought with the same words."""
        files = tuple(f.file_id for f in (*self.files, *([self.map_file] if self.map_file else [])))
        return (files, self.source, self.branch, self.through, self.create_branches, self.all_or_nothing)

    @property
    def names(self) -> list[str]:
        return [file_name(f.name) for f in self.files]


@dataclass(frozen=True)
class Outcome:
    """What the engine said, and for each file how to get its rejected rows (None: there are none)."""

    report: LoadReport
    rejected: tuple[Read | None, ...]


def load(asked: Asked, brought: Brought, tell: Callable[[str], None], *, dry_run: bool) -> Outcome:
    """Loads what was brought, or with `dry_run` only looks. Raises what the engine raises; nothing stays put aside."""
    with tempfile.TemporaryDirectory(prefix="scoreboard-upload-") as folder:
        paths, map_file = _put_aside(brought, Path(folder))
        wish = Wish(brought.source, map_file, brought.branch, brought.create_branches, brought.through,
                    brought.all_or_nothing, dry_run, tell=tell)
        report = sampling.load_real(asked.settings, asked.engine, asked.viewer, paths, wish)
    return Outcome(report, tuple(_rejected(file, kept=report.load_id is not None) for file in report.files))


def _put_aside(brought: Brought, folder: Path) -> tuple[list[Path], Path | None]:
    uploads = [*brought.files, *([brought.map_file] if brought.map_file else [])]
    paths = [folder / str(number) / file_name(upload.name) for number, upload in enumerate(uploads, 1)]
    try:
        for path, upload in zip(paths, uploads, strict=True):
            path.parent.mkdir()
            path.write_bytes(upload.getbuffer())
    except OSError as error:
        raise StoreDamaged(f"The files cannot be put aside to be read: {error.strerror or error}.",
                           "Free disk space, then try again; nothing was changed.") from error
    return (paths[:-1], paths[-1]) if brought.map_file else (paths, None)


def _rejected(file: FileReport, *, kept: bool) -> Read | None:
    """The rejected rows of a file. What a dry run wrote lasts until the next load, so it is read at once."""
    if file.report is None:
        return None
    path = Path(file.report)
    if kept and not file.already:
        return path.read_bytes
    with suppress(OSError):
        found = path.read_bytes()
        return lambda: found
    return None


def file_name(name: str) -> str:
    """The name as the person knows it, without folders and without what cannot be seen."""
    last = re.split(r"[/\\]", name)[-1]
    shown = "".join(c if c.isprintable() else "_" for c in last).strip()
    stem, dot, ending = shown.rpartition(".")
    if len(shown.encode()) > LONGEST_NAME:
        room = LONGEST_NAME - len(ending.encode()) - 1
        shown = _cut(stem, room) + dot + ending if dot and room > 0 else _cut(shown, LONGEST_NAME)
    return shown if shown.strip(". ") else "file"


def _cut(text: str, size: int) -> str:
    return text.encode()[:size].decode(errors="ignore")


def rejected_name(name: str, workbook: bool) -> str:
    """What the rejected rows of a file are called when they are downloaded."""
    stem = name.rpartition(".")[0] or name
    return f"{stem} - rows to correct.{'xlsx' if workbook else 'csv'}"
