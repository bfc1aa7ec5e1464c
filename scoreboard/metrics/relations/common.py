"""What relations share. Besides facts they read small tables made for each run: `as_of` (per branch: its calendar and
its close of business in minutes after midnight), `error_reasons` and `standards` (options as rows), and `waits` (per case
that waited for its customer: for how many working minutes).

A time of 00:00 is a date without a time: a promise for it ends at close of business.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Double, Interval, MetaData, String, Table, case, false, func, literal_column, null

from scoreboard.metrics.model import Expression

_RUN = MetaData()
as_of = Table("as_of", _RUN, Column("branch", String), Column("calendar", String), Column("closes", Double))
error_reasons = Table("error_reasons", _RUN, Column("reason", String))
standards = Table("standards", _RUN, Column("type", String), Column("minutes", Double))
waits = Table("waits", _RUN, Column("branch", String), Column("case_no", String), Column("minutes", Double))


def surely(expression: Any) -> Expression:
    """The condition, with NULL as false."""
    return func.coalesce(expression, false())


def end_of(instant: Expression, closes: Any) -> Expression:
    """A date without a time ends at close of business."""
    minutes = literal_column("INTERVAL '1 minute'", Interval).op("*", return_type=Interval())(closes)
    return case((instant == func.date_trunc("day", instant), instant + minutes), else_=instant)


def one_or_mixed(column: Any) -> Expression:
    """The one value of a group, "mixed" when there are several."""
    return case((func.min(column) == func.max(column), func.min(column)), (func.max(column).is_(None), null()), else_="mixed")


def folded(reason: Any) -> Expression:
    """A reason without capitals, blanks, hyphens and underscores: "Mis-Pick" and "mispick" are one word."""
    return func.regexp_replace(func.lower(reason), "[ _-]", "", "g")


def count_of(condition: Any) -> Expression:
    """How many rows of a group meet a condition."""
    return func.count().filter(condition)
