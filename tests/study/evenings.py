"""What the sample's exports would have shown on an earlier evening: rows of that time, and nothing that came later.

The convention: an evening is a Sunday at 23:00, the hour a sample is exported at. A row is exported in every week in
which something of it happened, as it stood that evening. Only the sources the board's metrics are made of are kept.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from scoreboard.facts.sources import BY_NAME
from scoreboard.samples import COLUMNS
from scoreboard.weeks import week_of

Row = dict[str, str]
KEPT = ("quotes", "order_lines", "shipments", "credits", "returns", "exceptions")
# What an export says only once something has happened: column → (what happened, what stands there before).
FOLLOWS: dict[str, dict[str, tuple[str, str]]] = {
    "quotes": {"outcome": ("responded_at", "open"), "order_no": ("responded_at", "")},
    "order_lines": {"qty_first_shipment": ("shipped_at", ""), "qty_shipped": ("shipped_at", ""),
                    "qty_delivered": ("delivered_at", ""), "cancel_reason": ("cancelled_at", "")},
    "returns": {"disposition": ("dispositioned_at", ""), "supplier_deadline_on": ("received_at", "")},
    "exceptions": {"root_cause": ("resolved_at", "")}}


@dataclass(frozen=True)
class Evenings:
    """The rows of some samples by source and by each week in which something of them happened."""

    rows: dict[str, dict[date, list[Row]]]

    def write(self, source: str, out: Path, first: date, last: date) -> Path:
        """The export of a source on the evening of week `last`: every row in which something happened since week `first`."""
        evening = evening_of(last).isoformat()
        # A row of several weeks stands in each of them: once is enough.
        found = {id(row): row for week, rows in self.rows[source].items() if first <= week <= last for row in rows}
        write_rows(out, COLUMNS[source], (as_of(source, row, evening) for row in found.values()))
        return out


def evening_of(week: date) -> datetime:
    """Sunday, 23:00."""
    return datetime.combine(week + timedelta(days=6), datetime.min.time()) + timedelta(hours=23)


def as_of(source: str, row: Row, evening: str) -> Row:
    """A row as it stood: events that had not happened are blank, and so is what follows from them."""
    known = {c: "" if c in BY_NAME[source].events and row[c] > evening else row[c] for c in row}
    for column, (event, before) in FOLLOWS.get(source, {}).items():
        if not known[event]:
            known[column] = before
    return known


def read(folder: Path, behind: str) -> Evenings:
    """The rows of one sample; `behind` as in `rows_of`."""
    found: dict[str, dict[date, list[Row]]] = {}
    for source in KEPT:
        weeks: dict[date, list[Row]] = defaultdict(list)
        for row in rows_of(folder / f"{source}.csv", behind):
            began = next((row[c] for c in BY_NAME[source].record or BY_NAME[source].events if row[c]), "")
            for week in {_week(row[c]) for c in BY_NAME[source].events if row.get(c) and row[c] >= began}:
                weeks[week].append(row)
        found[source] = weeks
    return Evenings(found)


def rows_of(path: Path, behind: str) -> list[Row]:
    """The rows of a file of the sample; `behind` is put behind the names of branches and territories."""
    with path.open(encoding="utf-8", newline="") as file:
        return [{c: cell + behind if cell and c in ("branch", "code", "territory", "scope") else cell for c, cell in row.items()}
                for row in csv.DictReader(file)]


def write_rows(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, columns, lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


def together(several: Iterable[Evenings]) -> Evenings:
    """The rows of several samples as those of one company."""
    found: dict[str, dict[date, list[Row]]] = {source: defaultdict(list) for source in KEPT}
    for one in several:
        for source, weeks in one.rows.items():
            for week, rows in weeks.items():
                found[source][week] += rows
    return Evenings(found)


def _week(text: str, cache: dict[str, date] = {}) -> date:  # noqa: B006 - a memo on purpose
    day = text[:10]
    if day not in cache:
        cache[day] = week_of(date.fromisoformat(day))
    return cache[day]

