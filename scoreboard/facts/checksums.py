"""Checksums: a finished file carries the checksum of its bytes at the end of its name, `data_0-1a2b3c4d.parquet`.

Parquet has none that its readers check: more than half of all flipped bits would be read as another figure.
"""

from __future__ import annotations

import zlib
from pathlib import Path

from scoreboard.errors import StoreDamaged

_AT_ONCE = 1 << 20


def seal(path: Path) -> Path:
    """Renames a finished file so that its name carries its checksum; returns the new path."""
    return path.rename(path.with_name(f"{path.stem}-{_checksum(path)}{path.suffix}"))


def is_sound(path: Path) -> bool:
    """Whether a sealed file is there, can be read, and has the bytes it was sealed with."""
    try:
        return path.stem.rpartition("-")[2] == _checksum(path)
    except OSError:
        return False


def require_sound(path: Path) -> None:
    """Raises StoreDamaged unless the sealed file is sound. For whoever would write what it says somewhere else."""
    if not is_sound(path):
        raise StoreDamaged(f"{path} is {'damaged' if path.exists() else 'missing'}; nothing was changed.",
                           'Run "doctor": it rebuilds the file, or says which file to load again.')


def _checksum(path: Path) -> str:
    found = 0
    with path.open("rb") as file:
        while piece := file.read(_AT_ONCE):
            found = zlib.crc32(piece, found)
    return f"{found:08x}"
