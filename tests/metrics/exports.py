"""Exports cut out of complete rows, as systems give them: some rows, some columns, an older state, no key."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from random import Random
from typing import Any

from scoreboard.facts.sources import Source
from tests.trap_data import Row


def kept(row: Row, columns: Collection[str]) -> Row:
    """The row with these columns only, in its own order."""
    return {c: v for c, v in row.items() if c in columns}


def key_of(source: Source) -> tuple[str, ...]:
    return ("branch", *source.key)


def some_columns(luck: Random, source: Source, share: float, always: Collection[str]) -> set[str]:
    """The columns in `always` and each other one of the source with some luck."""
    return {c for c in source.columns if c in always or luck.random() < share}


def older(luck: Random, source: Source, rows: Sequence[Row]) -> list[Row]:
    """The rows as they were before: values of other rows, record dates a few days off.

    A record date that is missing stays missing: one that was known before would, rightly, never be cleared.
    """
    def value(column: str, row: Row) -> Any:
        if column in key_of(source):
            return row[column]
        if column not in source.record:
            return luck.choice(rows)[column]
        return row[column] and row[column] + timedelta(days=luck.choice((-9, -2, 0, 0, 3)))

    return [{c: value(c, row) for c in row} for row in rows]


def keyless(source: Source, rows: Sequence[Row]) -> list[Row]:
    """The rows that are dated and complete, without what makes them a keyed file."""
    barred = [c for c in source.key if c not in source.optional_key][-1]
    needed = {c for c in source.required if c not in source.key}
    return [{c: v for c, v in row.items() if c != barred} for row in rows
            if row[source.record[0]] is not None and all(row[c] is not None for c in needed)]
