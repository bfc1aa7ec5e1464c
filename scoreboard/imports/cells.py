"""What each column of a file must be: its kind, its limits, and what the whole file shows about how it is written.

The convention: a column's kind follows from its type and its name, so a new column of a source needs no entry here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Mapping

from sqlalchemy import Boolean, Date, DateTime, Double

from scoreboard.facts.sources import Source
from scoreboard.imports.mapping import Columns, needed
from scoreboard.metrics.catalogue import BY_KEY


@dataclass(frozen=True)
class Cell:
    """One of our columns as a file has it: `place` is its position in the file, None for a constant."""

    column: str
    kind: str                     # branch, text, identifier, choice, number, yes, time, date, week
    place: int | None
    constant: str | None = None
    needed: bool = False
    decimal: str | None = None    # the decimal mark a map declares: point or comma
    choices: tuple[str, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    date_format: str | None = None
    lowest: float | None = None
    highest: float | None = None
    latest: datetime | None = None

    def read_as(self, value: str | None) -> str | None:
        """What the map makes of a value, as `expressions.text_sql` does; the value itself where it says nothing of it."""
        words = {theirs.strip().lower(): ours for theirs, ours in self.words.items()}
        return words.get((value or "").strip().lower(), value)


@dataclass(frozen=True)
class Findings:
    """What the whole file shows: date orders and decimal marks per column, and the branches to take.

    `branches` maps a lower-case code to (code, time zone); `serials_from` is day 0 of a workbook's dates.
    """

    orders: Mapping[str, str]
    marks: Mapping[str, str]
    branches: Mapping[str, tuple[str, str]]
    usual: Mapping[str, str] = field(default_factory=dict)    # the date format most values of a column have
    serials_from: date | None = None


def cells_of(columns: Columns, now: datetime) -> tuple[Cell, ...]:
    """How each column of a file is to be read; `now` bounds its dates."""
    source, told, blank = columns.source, columns.told, needed(columns.source, columns.keyless)
    return tuple(Cell(
        column, kind_of(source, column), columns.places.get(column), columns.constants.get(column),
        needed=column in blank, choices=choices_of(source, column), words=told.values.get(column, {}),
        decimal=told.decimal, date_format=told.dates.get(column, told.dates.get("all")) if column in columns.places else None,
        **_limits_of(source, column, now)) for column in columns.columns)


def kind_of(source: Source, column: str) -> str:
    """How a column of a source is read, from its type and its name."""
    kind = source.table.c[column].type
    if column == "branch":
        return "branch"
    if isinstance(kind, Double):
        return "number"
    if isinstance(kind, DateTime):
        return "time"
    if isinstance(kind, Date):
        return "week" if column == "week" else "date"
    if isinstance(kind, Boolean):
        return "yes"
    if choices_of(source, column):
        return "choice"
    return "identifier" if column.endswith(("_no", "_line", "_key", "_group")) else "text"


def choices_of(source: Source, column: str) -> tuple[str, ...]:
    """The words a column may hold; typed totals name metrics of the catalogue."""
    return tuple(BY_KEY) if (source.name, column) == ("weekly_totals", "metric") else source.choices(column)


def _limits_of(source: Source, column: str, now: datetime) -> dict[str, Any]:
    """Quantities are not negative, a score is 0 to 10, no event lies ahead of `now` (time zones: by a day)."""
    if column in source.dates:
        return {"latest": now + timedelta(days=1 if column in source.events else 3 * 365)}
    if (source.name, column) == ("surveys", "score"):
        return {"lowest": 0.0, "highest": 10.0}
    return {"lowest": 0.0} if column.startswith("qty") or column == "lines" else {}
