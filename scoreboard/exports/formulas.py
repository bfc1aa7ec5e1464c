"""The formulas of a workbook: every figure is computed from the sheet Data, which says which row it stands in.

The convention: a figure has its row of Data in a cell of its own (MATCH of the key), and part, whole and value are read there, so
that clicking a cell shows where it comes from. Sorting Data changes nothing. A whole of zero gives the word of the week's state.
"""

from __future__ import annotations

from scoreboard.exports.pages import quoted
from scoreboard.metrics.model import Metric

NAMES = ("key", "week", "begins", "metric", "branch", "counts", "part", "whole", "n", "median", "nine_of_ten", "state", "exact")


def named(column: str) -> str:
    """The name of a column of Data."""
    return f"data_{column}"


def row_of(called: str, metric: Metric, week_cell: str) -> str:
    """The row of Data in which a metric's week stands."""
    return f"MATCH({quoted(f'{called}|{metric.key}|')}&{week_cell},{named('key')},0)"


def at_row(column: str, row_cell: str) -> str:
    """What a column of Data says in a row."""
    return f"INDEX({named(column)},{row_cell})"


def value(metric: Metric, row_cell: str, part_cell: str, whole_cell: str) -> str:
    """The figure of a week; where there is none, the word for why."""
    state = at_row("state", row_cell)
    if metric.is_duration:
        median = at_row("median", row_cell)
        return f'IF({median}="",{state},{median})'
    return f"IF({whole_cell}=0,{state},{ratio(metric, part_cell, whole_cell)})"


def ratio(metric: Metric, part: str, whole: str) -> str:
    """Part and whole as the figure they make (see `values.value`)."""
    if metric.unit in ("money", "count"):
        return part
    return f"{'100*' if metric.unit in ('per 100', 'score') else ''}{part}/{whole}"


def over(column: str, called: str, metric: Metric, week_cells: str) -> str:
    """A column of Data over some weeks, as a list that SUMPRODUCT takes."""
    return f"SUMIFS({named(column)},{named('key')},{quoted(f'{called}|{metric.key}|')}&{week_cells})"
