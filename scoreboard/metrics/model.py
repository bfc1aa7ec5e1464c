"""What a metric is made of: a relation (one row per thing counted), conditions, a week, and what it needs.

A condition is an ordered tuple of (reason, expression): a row passes when all are true; the first that is
not true (NULL counts as not true) is the row's *why*. Open rows are undecided until they are due.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from sqlalchemy import BindParameter, ColumnElement, Integer, Interval, MetaData, Select, Table, bindparam, literal_column
from sqlalchemy import Column as SqlColumn

from scoreboard.metrics.signals import Kind

RELATIONS = MetaData()
Expression = ColumnElement[Any]
Check = tuple[str, Expression]
Corner = Literal["Speed", "Accuracy", "Confidence", ""]


@dataclass(frozen=True, eq=False)
class Relation:
    """A named select with one row per thing counted.

    reads   the fact sources (and relations) it is made from
    dates   per date column of the relation: the fact columns ("source.column") its values come from
    back, ahead   days: a row depends on rows this much earlier or later than its own date
    grouped one row stands for several fact rows
    """

    name: str
    statement: Select[Any]
    reads: tuple[str, ...]
    dates: Mapping[str, tuple[str, ...]]
    back: int = 0
    ahead: int = 0
    grouped: bool = False
    above: tuple[Relation, ...] = ()

    @property
    def table(self) -> Table:
        """The relation as a table that expressions refer to."""
        known = RELATIONS.tables.get(self.name)
        if known is None:
            columns = [SqlColumn(c.name, c.type) for c in self.statement.selected_columns]
            known = Table(self.name, RELATIONS, *columns)
        return known


@dataclass(frozen=True, eq=False)
class Count:
    """Rows that count and rows that pass. Without `amount` every row weighs one.

    due      an open row is undecided while `due` is not past
    cohort   every row is undecided until due, however it looks now (else early passes would flatter the figure)
    within   (start, end, limit in minutes): passes when the working time between them is at most the limit;
             a row without an end is open and due when the limit is used up
    passed   what a row adds to part when amounts are counted (may be signed, or less than its amount)
    near     why a row that does not count is left out, where a person would look for it: shown, never counted
    known_by a source: rows count from the week of the branch's first record of it on, because before it nobody wrote any down
    """

    relation: Relation
    week: str
    counted: Expression
    checks: tuple[Check, ...] = ()
    open: Expression | None = None
    due: Expression | None = None
    cohort: bool = False
    within: tuple[Expression, Expression, Expression] | None = None
    amount: Expression | None = None
    passed: Expression | None = None
    near: tuple[Check, ...] = ()
    known_by: str = ""


@dataclass(frozen=True, eq=False)
class Duration:
    """Time from start to end; a row without an end is open, one that ends before it starts is left out. Stored in minutes."""

    relation: Relation
    week: str
    counted: Expression
    start: Expression
    end: Expression
    clock: Literal["working", "calendar"] = "calendar"
    checks: tuple[Check, ...] = ()


@dataclass(frozen=True, eq=False)
class Metric:
    """One figure. `whole` alone: its checks make the part; with `part`: two relations, divided at the last step.

    needs    each entry is a column, or alternatives separated by "|", that a branch's loads must have
    also     columns it reads when a branch has them (they hold back its as-of)
    maturity days after the week's end during which the figure "may still rise"
    target, floor   only sourced ones
    rolling  a week's figure covers many weeks before it: it never gets a usual range
    instead_of   takes that metric's place on the board where that one is not available
    """

    key: str
    name: str
    definition: str
    corner: Corner
    unit: Literal["share", "minutes", "hours", "days", "per 100", "count", "score", "turns", "money"]
    direction: Literal[1, -1, 0]
    whole: Count | Duration
    needs: tuple[str, ...]
    part: Count | None = None
    also: tuple[str, ...] = ()
    maturity: str = ""
    target: float | None = None
    floor: float | None = None
    source: str = ""
    instead_of: str = ""
    minimum: str = ""
    rolling: bool = False

    @property
    def sides(self) -> tuple[tuple[str, Count | Duration], ...]:
        """(side, what is counted) — both sides of a ratio, or the whole alone."""
        return (("whole", self.whole),) if self.part is None else (("part", self.part), ("whole", self.whole))

    @cached_property
    def is_duration(self) -> bool:
        return isinstance(self.whole, Duration)

    @cached_property
    def kind(self) -> Kind:
        """The statistical kind: share, duration, count, ratio or money. So many of a hundred of the same rows are a share."""
        kinds: dict[str, Kind] = {"share": "share", "count": "count", "money": "money"}
        if self.unit == "per 100" and all(counted.relation is self.whole.relation for _, counted in self.sides):
            return "share"
        return "duration" if self.is_duration else kinds.get(self.unit, "ratio")

    @property
    def whole_is(self) -> float:
        """What a share of everything is in the metric's unit."""
        return 100.0 if self.unit == "per 100" else 1.0

    @property
    def minutes_per_unit(self) -> float:
        return {"hours": 60.0, "days": 1440.0}.get(self.unit, 1.0)


def option(key: str) -> BindParameter[int]:
    """A company option, put in when a statement is compiled."""
    return bindparam(key, type_=Integer)


def days_after(instant: Expression, days: Expression | int) -> Expression:
    """The instant so many days (24 h of the wall clock) later."""
    return instant + literal_column("INTERVAL '1 day'", Interval).op("*", return_type=Interval())(days)
