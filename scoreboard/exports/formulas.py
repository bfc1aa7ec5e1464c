"""The formulas of a workbook: every figure is computed from the sheet Data, which says which row it stands in.

The convention: a figure has its row of Data in a cell of its own (MATCH of the key), and part, whole and value are read there, so
that clicking a cell shows where it comes from. Sorting Data changes nothing. A whole of zero gives the word of the week's state; a week
that somebody wrote and Data does not have gives `NO_WEEK`.
"""

from __future__ import annotations

from scoreboard.exports.pages import quoted
from scoreboard.metrics.model import Metric

NAMES = ("key", "week", "begins", "metric", "branch", "counts", "part", "whole", "n", "median", "nine_of_ten", "state", "exact")
NO_WEEK = "no such week in Data"


def named(column: str) -> str:
    """The name of a column of Data."""
    return f"data_{column}"


def row_of(called: str, metric: Metric, week_cell: str) -> str:
    """The row of Data in which a metric's week stands."""
    return f"IFERROR(MATCH({quoted(f'{called}|{metric.key}|')}&{week_cell},{named('key')},0),{quoted(NO_WEEK)})"


def at_row(column: str, row_cell: str) -> str:
    """What a column of Data says in a row; nothing where there is none."""
    return f'IF(ISNUMBER({row_cell}),{_index(column, row_cell)},"")'


def _index(column: str, row_cell: str) -> str:
    return f"INDEX({named(column)},{row_cell})"


def value(metric: Metric, row_cell: str, part_cell: str, whole_cell: str) -> str:
    """The figure of a week; where there is none, the word for why."""
    state, median = _index("state", row_cell), _index("median", row_cell)
    found = f'IF({median}="",{state},{median})' if metric.is_duration else (
        f"IF({whole_cell}=0,{state},{ratio(metric, part_cell, whole_cell)})")
    return f"IF(ISNUMBER({row_cell}),{found},{row_cell})"


def ratio(metric: Metric, part: str, whole: str) -> str:
    """Part and whole as the figure they make (see `values.value`)."""
    if metric.unit in ("money", "count"):
        return part
    return f"{'100*' if metric.unit in ('per 100', 'score') else ''}{part}/{whole}"


def over(column: str, called: str, metric: Metric, week_cells: str) -> str:
    """A column of Data over some weeks, as a list that SUMPRODUCT takes."""
    return f"SUMIFS({named(column)},{named('key')},{quoted(f'{called}|{metric.key}|')}&{week_cells})"
