"""Writing a file so that there is a whole one or none: beside its place first, then renamed."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from scoreboard.errors import Refused


@contextmanager
def place(out: Path | BinaryIO) -> Iterator[BinaryIO]:
    """Where a file is written; a file that is there stays as it is until the new one is whole. Refused where none can be written."""
    if not isinstance(out, Path):
        yield out
        return
    if not out.parent.is_dir():
        raise Refused(f'There is no folder "{out.parent}".', "Make it first, or write somewhere else.")
    if out.is_dir():
        raise Refused(f'"{out}" is a folder.', f"Give a file, for example {out / 'EAST.xlsx'}.")
    part: Path | None = None
    try:
        handle, name = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.", suffix=".part")
        part = Path(name)
        with os.fdopen(handle, "wb") as file:
            yield file
        part.chmod(0o666 & ~_umask())
        part.replace(out)
    except OSError as error:
        raise Refused(f'"{out}" cannot be written: {error.strerror or error}.',
                      "Check the disk and the permissions, or write somewhere else; nothing was changed.") from error
    finally:
        if part is not None:
            part.unlink(missing_ok=True)


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
