"""Which options enter a metric, found in its expressions: nobody has to keep a list, and none can be forgotten.

The convention: an option enters where a condition, date or amount of the metric leads back to its parameter or to the
small table made of it, through every column and subquery in between. The first day of the week enters all metrics and
is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from sqlalchemy import BindParameter
from sqlalchemy.sql.expression import ColumnClause
from sqlalchemy.sql.selectable import AliasedReturnsRows, FromClause
from sqlalchemy.sql.visitors import iterate

from scoreboard.metrics import relations
from scoreboard.metrics.model import Count, Duration, Metric
from scoreboard.state.options import OPTIONS

_RELATIONS = {relation.name: relation for relation in relations.ALL}
_TABLES = {"error_reasons": "error_reasons", "standards": "exception_standards"}  # made of an option for each run
_PARAMETERS = {"priority_cutoff_minutes": "priority_cutoff"}
_KEYS = tuple(option.key for option in OPTIONS if option.key != "week_first_day")


@cache
def options_of(metric: Metric) -> tuple[str, ...]:
    """The keys of the options that enter a metric, in the order of OPTIONS."""
    found = {need.removeprefix("option.") for need in metric.needs if need.startswith("option.")}
    found |= {metric.maturity, metric.minimum}
    seen: set[tuple[str, str]] = set()
    for _, counted in metric.sides:
        for expression in _expressions(counted):
            found |= set(_options(expression, seen))
    return tuple(key for key in _KEYS if key in found)


def _expressions(counted: Count | Duration) -> list[Any]:
    checks = [expression for _, expression in counted.checks]
    if isinstance(counted, Duration):
        return [counted.counted, counted.start, counted.end, *checks]
    one = (counted.counted, counted.open, counted.due, counted.amount, counted.passed)
    return [e for e in (*one, *(counted.within or ()), *checks) if e is not None]


def _options(expression: Any, seen: set[tuple[str, str]]) -> Iterator[str]:
    for part in iterate(expression):
        if isinstance(part, BindParameter):
            yield _PARAMETERS.get(part.key, part.key)
        elif isinstance(part, ColumnClause) and part.table is not None:
            yield from _of_column(part.table, part.name, seen)


def _of_column(table: FromClause, name: str, seen: set[tuple[str, str]]) -> Iterator[str]:
    """What stands behind one column: a table of an option, a relation, a subquery, or a plain fact column."""
    known = str(getattr(table, "name", id(table)))
    if known in _TABLES:
        yield _TABLES[known]
    behind: Any = table.element if isinstance(table, AliasedReturnsRows) else getattr(_RELATIONS.get(known), "statement", None)
    if behind is None or (known, name) in seen or not hasattr(behind, "selected_columns"):
        return
    seen.add((known, name))
    yield from _options(behind.selected_columns[name], seen)
