"""What the facts store must hold, in plain Python: from the live files alone, anew each time.

Rows of a file have its columns, settled rows every column of their source; a missing value is None.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from scoreboard.facts.sources import BY_NAME, Source

Row = dict[str, Any]
FAMILY = ("order_lines", "shipments", "credits")


@dataclass(frozen=True)
class File:
    """A file as it was checked: rows with `columns`, branch among them. A keyless one replaces its `spans`."""

    source: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    keyless: bool = False

    @property
    def spans(self) -> dict[str, tuple[date, date]]:
        """First and last record date of each branch."""
        days: dict[str, list[date]] = {}
        for row in self.rows:
            at = own_date(BY_NAME[self.source], row)
            if at is not None:
                days.setdefault(row["branch"], []).append(at.date())
        return {branch: (min(found), max(found)) for branch, found in days.items()} if self.keyless else {}


def settled(source: Source, files: Sequence[File]) -> list[tuple[Row, bool]]:
    """The rows of one source after its live files, in load order, each with whether it is keyless."""
    mine = [f for f in files if f.source == source.name]
    return [(row, False) for row in _keyed(source, mine)] + [(row, True) for row in _keyless(source, mine)]


def _keyed(source: Source, files: Sequence[File]) -> Iterator[Row]:
    """Per key and column the value of the latest file that has the column; a record date is never cleared."""
    kept: dict[tuple[Any, ...], Row] = {}
    for file in files:
        for given in () if file.keyless else file.rows:
            row = kept.setdefault(tuple(given.get(c) for c in ("branch", *source.key)), dict.fromkeys(source.columns))
            row.update({c: given[c] for c in file.columns if given[c] is not None or c not in source.record})
    return iter(kept.values())


def _keyless(source: Source, files: Sequence[File]) -> Iterator[Row]:
    """A keyless row stands while no later keyless file covers its branch and day."""
    keyless = [f for f in files if f.keyless]
    for number, file in enumerate(keyless):
        for row in file.rows:
            if not any(_covers(later, source, row) for later in keyless[number + 1:]):
                yield {c: row.get(c) for c in source.columns}


def _covers(file: File, source: Source, row: Row) -> bool:
    first, last = file.spans.get(row["branch"], (date.max, date.min))
    at = own_date(source, row)
    return at is not None and first <= at.date() <= last


def own_date(source: Source, row: Mapping[str, Any]) -> datetime | None:
    """The first of the source's record dates that the row has."""
    return next((row[c] for c in source.record if row.get(c) is not None), None)


def group(source: Source, row: Row) -> tuple[Any, ...] | None:
    """What a row is filed with; None for a row that belongs to nothing but itself."""
    if source.order and row["order_no"] is not None:
        return ("order", row["branch"], row["order_no"])
    if source.filed_by:
        first = next((row[c] for c in source.filed_by if row[c] is not None), None)
        return None if first is None else (source.name, row["branch"], first)
    return None


def places(files: Sequence[File]) -> dict[str, Counter[tuple[Any, ...]]]:
    """Per source how often each (filing place, keyless, *values) must be kept."""
    rows = {name: settled(source, files) for name, source in BY_NAME.items() if source.kept_in == "facts"}
    dated: dict[tuple[Any, ...], list[datetime]] = {}
    for name in ("order_lines", "quotes"):
        for row, _ in rows[name]:
            at, key = own_date(BY_NAME[name], row), group(BY_NAME[name], row)
            if at is not None and key is not None:
                dated.setdefault(key, []).append(at)
    return {name: Counter((_place(dated, BY_NAME[name], row), keyless, *row.values()) for row, keyless in found)
            for name, found in rows.items()}


def _place(dated: Mapping[tuple[Any, ...], list[datetime]], source: Source, row: Row) -> str:
    key = group(source, row)
    at = min(dated[key]) if key in dated else own_date(source, row)
    return "waiting" if at is None else (at.date() - timedelta(days=at.weekday())).isoformat()


def outcome(source: Source, before: Sequence[File], file: File) -> Counter[str]:
    """How many rows of a file are new, changed or the same, loaded onto those before."""
    def keyed(files: Sequence[File]) -> dict[tuple[Any, ...], Row]:
        return {tuple(row[c] for c in ("branch", *source.key)): row for row, keyless in settled(source, files) if not keyless}

    old, new = keyed(before), keyed([*before, file])
    keys = [tuple(row.get(c) for c in ("branch", *source.key)) for row in file.rows]
    return Counter("new" if file.keyless or key not in old else "same" if old[key] == new[key] else "changed" for key in keys)
