"""What a rule over the facts is.

The convention: a rule reads a relation with one row per *cause*, something that may break its promise. Its columns:

    branch, cause   the natural key: what it never opens a second exception for
    since           when the promise was broken, or with `after` when that clock began, on the branch's wall clock; NULL: it is not
    over            the word for how it ended ("Delivered"); NULL: it has not
    over_at         when it ended; NULL where no time is known; 00:00 is a day without a time

and any of `customer`, `order_no`, `part_no`, `route`, `provider`, `service_type`, which the exception takes over.

A row breaks the promise when `since` lies before the branch's as-of over the columns in `needs`: what the files do not reach
yet is not late. Only causes of the last WINDOW open an exception, so that loading years of history opens none of its.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import func

from scoreboard.metrics.model import Expression, Relation

WINDOW = timedelta(days=28)  # before now: what broke earlier is history
LONGEST = 200  # characters of a natural key; a longer one cannot be kept


@dataclass(frozen=True, eq=False)
class Rule:
    """One rule.

    promise     the words of the promise it protects
    when        the sentence of when it opens one; names of options in braces stand for what was agreed
    type        the type of the exception; whom it goes to, and its standard, follow from that
    found_by    the columns of the fact table that make the natural key
    shows       the columns shown as the row that triggered it, with their names on screen
    needs       as of a metric: columns, or alternatives, that a branch's loads must have, and options that must be agreed
    after       the option with the working minutes from `since` until the promise is broken; empty: at once
    apart       the option with the days that lie between the date a row is found by and `since`
    unless_told it opens nothing about an order whose customer was told in any exception
    """

    key: str
    name: str
    promise: str
    when: str
    type: str
    causes: Relation
    found_by: tuple[Expression, ...]
    shows: Mapping[str, str]
    needs: tuple[str, ...]
    after: str = ""
    apart: str = ""
    unless_told: bool = False
    priority: str = ""
    promised: str = ""
    about: tuple[str, ...] = field(default=("customer", "order_no", "part_no", "route", "provider", "service_type"))

    @property
    def agreed(self) -> tuple[str, ...]:
        """The options it cannot do without."""
        return tuple(need.removeprefix("option.") for need in self.needs if need.startswith("option."))

    @property
    def who(self) -> str:
        """How the log names it."""
        return f"rule: {self.name}"

    def cause_key(self, cause: str) -> str:
        """What a case keeps, so that nothing is opened twice."""
        return f"{self.key}:{cause}"


def natural(*columns: Expression) -> Expression:
    """A natural key of several columns as one text; an empty one is left out."""
    return func.concat_ws("/", *columns)
