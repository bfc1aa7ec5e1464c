"""The same mistake again: exceptions of a type that came for the same part or customer within the days of the option `repeat_days`.

The convention: weeks, what counts in them and which of them are judged are those of `repeat_share`. That figure also calls an exception
a repeat that shares a route or a reason with one before; a branch has so few of those, and a reason is so nearly the type again, that
almost every exception does, before the start and since. What the customer meets again, the same part or for themselves, can become less.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from scoreboard.metrics import rows as row_reader
from scoreboard.metrics.catalogue import BY_KEY
from scoreboard.metrics.company import Company
from scoreboard.metrics.scopes import Scope
from scoreboard.metrics.states import Point
from scoreboard.settings import Settings
from scoreboard.weeks import WEEK, week_of

OF = BY_KEY["repeat_share"]
METRIC = replace(
    OF, key="same_mistake_again", name="The same mistake again, for the same part or customer",
    definition="Exceptions of a type that occurred for the same part or customer within 90 days before.",
    needs=("exceptions.type", "exceptions.opened_at", "exceptions.part_no|exceptions.customer"))
_SHARED = ("part_no", "customer")


def series(settings: Settings, conn: Connection, company: Company, scope: Scope, weeks: Sequence[Point]) -> list[Point]:
    """The weeks of `repeat_share` at a branch, with this figure in place of that one."""
    if not weeks:
        return []
    days = timedelta(days=company.options["repeat_days"])
    found = row_reader.over(settings, conn, scope, OF, weeks[0].week - days, weeks[-1].week + WEEK, ("case_no", "type", *_SHARED))
    counts = by_week(found, days, company.first_day)
    return [_with(point, counts.get(point.week, 0)) for point in weeks]


def by_week(rows: Iterable[dict[str, Any]], days: timedelta, first_day: int) -> dict[date, int]:
    """How many exceptions of each week, of rows in any order, had one of their type with the same part or customer so shortly before."""
    last: dict[tuple[str, str, str], datetime] = {}
    counts: dict[date, int] = {}
    for row in sorted(rows, key=lambda row: (row["opened_at"], row["case_no"])):
        at, shared = datetime.fromisoformat(row["opened_at"]), [(row["type"], by, row[by]) for by in _SHARED if row.get(by)]
        if any(key in last and at - last[key] <= days for key in shared):
            week = week_of(at.date(), first_day)
            counts[week] = counts.get(week, 0) + 1
        last |= dict.fromkeys(shared, at)
    return counts


def _with(point: Point, again: int) -> Point:
    """A week with another part."""
    point = point._replace(metric=METRIC)
    if point.row is None or point.value is None or not point.row.whole:
        return point
    return point._replace(row=point.row._replace(part=float(again)), value=again / point.row.whole)
