"""The original of a loaded file, kept so that its rows can be read again.

The convention: byte for byte, unless it has columns that must not be kept: those a header names as personal and,
in a file without headers, all that the map does not name, for nobody can tell what they hold. Then its rows are
kept as CSV with those cells blank, under a name of its own.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterable
from pathlib import Path

from scoreboard.imports.checking import Checked
from scoreboard.imports.mapping import known_headers
from scoreboard.imports.maps import Map, is_personal, read_map
from scoreboard.imports.reading import Table, read, rows_of

BLANKED = "original-blanked.csv"


def keep(path: Path, checked: Checked, map_file: Path | None, folder: Path) -> Path:
    """Copies the original of a checked file into `folder`, without what must not be kept; returns the copy."""
    told = read_map(map_file)
    if not any(is_personal(header) or not told.headers for header in checked.ignored):
        copy = folder / f"original{path.suffix.lower()}"
        shutil.copyfile(path, copy)
        return copy
    table = read(path, known_headers(told), headers=told.headers, delimiter=told.delimiter)
    _write_blanked(table, told, folder / BLANKED)
    return folder / BLANKED


def _write_blanked(table: Table, told: Map, to: Path) -> None:
    kept = [header in told.columns if not told.headers else not is_personal(header) for header in table.headers]

    def blanked(cells: Iterable[str]) -> list[str]:
        return [cell if keeps else "" for cell, keeps in zip(cells, kept, strict=False)]

    with to.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=told.delimiter or ",", lineterminator="\n")
        if told.headers:
            writer.writerow(table.headers)
        writer.writerows(blanked(cells) for _, cells in rows_of(table))
