"""A small company's exports, a load that restates them, and what a store shows: for tests that break things."""

from __future__ import annotations

import csv
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from scoreboard.samples import write_sample
from tests.faults.forked_commands import Commands

NOW = "2025-10-22T12:00"
BRANCHES = ("RIV", "HAR")
COLUMNS = {  # few, because every metric they allow costs each of a hundred loads its share
    "order_lines": "branch order_no line_no ordered_at stocked qty_ordered qty_first_shipment route",
    "exceptions": "branch case_no type opened_at resolved_at told_at"}
Row = dict[str, str]


@dataclass(frozen=True)
class Company:
    """Export files of a small company, one load that restates some of them, and a store that holds the exports.
    The store is never changed, only copied."""

    exports: dict[str, Path]
    restated: list[Path]
    store: Path
    folder: Path
    numbers: Iterator[int]

    def copy(self, of: Path | None = None) -> Path:
        """A copy of the store with history (or of another), to break."""
        to = self.folder / f"copy-{next(self.numbers)}"
        shutil.copytree(of or self.store, to)
        return to


def write_exports(folder: Path) -> dict[str, Path]:
    """Two branches, five weeks up to 19 October 2025: a CSV file of order lines and one of exceptions."""
    files = write_sample(folder / "whole", branches=2, weeks=5, seed=3)

    def export(name: str) -> Path:
        names = COLUMNS[name].split()
        return rewrite(files[name], folder / f"{name}.csv", lambda _, row: {c: row[c] for c in names})

    return {name: export(name) for name in COLUMNS}


def load(*files: Path, source: str | None = None) -> list[str]:
    """The words of a load."""
    return ["load", "--create-branches", "--json", "--now", NOW, *(["--source", source] if source else []), *map(str, files)]


def boards() -> list[list[str]]:
    """The words of every branch's board and the company's."""
    which = [*(["--branch", code] for code in BRANCHES), ["--company"]]
    return [["board", "--json", "--now", NOW, *one] for one in which]


def shown(commands: Commands, data: Path, **how: Any) -> dict[str, Any]:
    """What a store shows: every board, and which loads are live."""
    ended = commands.run(data, *boards(), ["loads", "--json", "--now", NOW], **how)
    found = [ended.json(i) for i in range(len(ended.codes))]
    for board in found[:-1]:
        del board["version"]
    return {"boards": found[:-1], "live": [one["load_id"] for one in found[-1]["loads"] if not one["undone"]]}


def results(data: Path) -> list[tuple[Any, ...]]:
    """Every current weekly result, of every scope and week."""
    with closing(sqlite3.connect(data / "scoreboard.sqlite")) as conn:
        return conn.execute("""SELECT scope_kind, scope, week, metric, part, whole, n, undecided, open, p50, p90, at_least,
            p90_at_least, reporting, expected, definition FROM weekly_results WHERE to_version IS NULL ORDER BY 1, 2, 3, 4""").fetchall()


def orphans(data: Path) -> list[str]:
    """Files of facts and loads that no row of the database names, and what is left in scratch."""
    with closing(sqlite3.connect(data / "scoreboard.sqlite")) as conn:
        named = {row[0] for row in conn.execute("""SELECT path FROM fact_files UNION SELECT rows_path FROM load_files
            UNION SELECT original FROM load_files UNION SELECT problems_path FROM load_files""")}
    kept = [path for folder in ("facts", "loads", "scratch") for path in (data / folder).rglob("*") if path.is_file()]
    marks = {str(Path(*Path(path).parts[:2], "committed")) for path in named if path}
    return sorted(str(path.relative_to(data)) for path in kept if str(path.relative_to(data)) not in named | marks)


# ---- restating ---------------------------------------------------------------------------------------
def rewrite(path: Path, to: Path, change: Callable[[int, Row], Row | None], *, without: tuple[str, ...] = ()) -> Path:
    """A copy of a CSV file with each row as `change(number, row)` says (None: left out), lacking some columns."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [new for number, row in enumerate(csv.DictReader(file)) if (new := change(number, row)) is not None]
    with to.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [c for c in rows[0] if c not in without], extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return to


def restated(exports: dict[str, Path], folder: Path) -> list[Path]:
    """Order lines and exceptions anew: short first shipments, orders moved to the week before,
    orders never seen before, cases reopened; without the column route, which keeps its values."""
    def line(number: int, row: Row) -> Row | None:
        order = int(row["order_no"])
        if row["ordered_at"] < "2025-09-29":
            return None
        changed = dict(row)
        if order % 7 == 0:
            changed["ordered_at"] = _later(row["ordered_at"], -7)
        if number % 4 == 0:
            changed["qty_first_shipment"] = "0"
        if order % 11 == 0:
            changed["order_no"] = f"9{order}"
        return changed

    def case(number: int, row: Row) -> Row | None:
        return {**row, "resolved_at": "" if number % 4 == 0 else row["resolved_at"]} if number % 2 == 0 else None

    return [rewrite(exports["order_lines"], folder / "restated_lines.csv", line, without=("route",)),
            rewrite(exports["exceptions"], folder / "restated_cases.csv", case)]


def _later(text: str, days: int) -> str:
    return (datetime.fromisoformat(text) + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")
