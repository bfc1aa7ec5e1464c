"""How import tests bring a file: `take` writes a text or takes a path, checks it and gives what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Callable

import duckdb
import pytest

from scoreboard.imports.checking import Checked, Known, check

NOW = datetime(2026, 11, 9, 12)
BRANCHES = {"EAST": "America/New_York", "WEST": "America/Los_Angeles", "NORTH": "UTC", "SOUTH": "UTC"}


@dataclass(frozen=True)
class Taken:
    """A checked file with its good rows as dictionaries, in the order of the file."""

    checked: Checked
    rows: list[dict[str, Any]]

    def column(self, name: str) -> list[Any]:
        return [row[name] for row in self.rows]

    @property
    def codes(self) -> list[tuple[int | None, str | None, str]]:
        """(row, column, code) of each problem."""
        return [(p.row, p.column, p.code) for p in self.checked.problems]


Take = Callable[..., Taken]


@pytest.fixture
def take(tmp_path: Path) -> Take:
    """Check a CSV text, bytes or path; `map` is the text of a map."""
    def taken(file: str | bytes | Path, *, map: str | None = None, create: bool = False, now: datetime = NOW,
              allowed: frozenset[str] | None = None, **wishes: Any) -> Taken:
        path = file if isinstance(file, Path) else tmp_path / "export.csv"
        if not isinstance(file, Path):
            path.write_bytes(file if isinstance(file, bytes) else file.encode())
        if map is not None:
            wishes["map_file"] = tmp_path / "map.toml"
            wishes["map_file"].write_text(map, encoding="utf-8")
        checked = check(path, known=Known(BRANCHES, allowed, create), now=now, scratch=tmp_path / "scratch", **wishes)
        columns = ", ".join(f'"{column}"' for column in checked.columns)
        found = duckdb.execute(f"SELECT {columns} FROM read_parquet(?)", [str(checked.rows)]).fetchall()
        return Taken(checked, [dict(zip(checked.columns, row, strict=True)) for row in found])
    return taken
