"""Series, rows and splits as lines for a person."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from scoreboard.cli.text import counted, table
from scoreboard.metrics.model import Metric
from scoreboard.metrics.values import as_text

_IDS = ("order_no", "line_no", "quote_no", "case_no", "rma_no", "rma_line", "credit_no", "credit_line", "contact_no", "response_no")
_RESULTS = ("passed", "failed", "counted", "undecided", "open", "outside")
_QUIET = ("missing", "no_events", "not_available")
FEW = 3  # so many weeks alike without a figure are listed, more are said in one line


def series_lines(points: Sequence[dict[str, Any]]) -> list[str]:
    """One line a week; a long stretch of weeks without a figure is one line."""
    lines = []
    for quiet, found in groupby(points, key=lambda p: p["state"] if p["state"] in _QUIET else ""):
        weeks = list(found)
        if quiet and len(weeks) > FEW:
            lines.append(f"{weeks[0]['week']} to {weeks[-1]['week']}: {len(weeks)} weeks {_words(quiet)}")
        else:
            lines += [f"{p['week']}  {p['text']:>14}  n {p['n']:>5}  {_words(p['state'])}" for p in weeks]
    return lines or ["No figures yet."]


def _words(state: str) -> str:
    return state.replace("_", " ")


def row_lines(metric: Metric, rows: Sequence[dict[str, Any]]) -> list[str]:
    """The rows under a head, and how many of each result."""
    if not rows:
        return ["No rows."]
    ids = [name for name in _IDS if any(row.get(name) for row in rows)] or [metric.whole.week]
    head = ["result", "counts in", *(name.replace("_", " ") for name in ids), "adds", "time", "why"]
    found = [_row(metric, row, ids) for row in rows]
    sums = [f"{n} {result}" for result in _RESULTS if (n := sum(row["result"] == result for row in rows))]
    return [*table(found, head=head, right=(len(head) - 2,)), f"{counted(len(rows), 'row')}: {', '.join(sums)}."]


def _row(metric: Metric, row: dict[str, Any], ids: Sequence[str]) -> list[str]:
    """Cells of one row. Where both sides are rows of one kind, the result says what it counts in."""
    places = " and ".join(row["counts_in"]) or "neither" if metric.part is not None else ""
    adds = f"{row['adds_to_part']:g} of {row['adds_to_whole']:g}" if row.get("adds_to_whole") is not None else ""
    time = as_text(metric, row["value"]) if metric.is_duration and row.get("value") is not None else ""
    why = f"{row['why']} ({row['reason']})" if row["why"] and row.get("reason") else row["why"]
    return [row["result"], places, *(str(row.get(name) or "").removesuffix("T00:00:00") for name in ids), adds, time, why]


def split_lines(metric: Metric, by: str, groups: Sequence[dict[str, Any]]) -> list[str]:
    """One line for each value of the column."""
    if not groups:
        return ["No rows."]
    names = [name for name in ("part", "whole", "n", "open") if name in groups[0]]
    found = [["(none)" if g[by] is None else str(g[by]), *(f"{g[name]:g}" for name in names), as_text(metric, g["value"])] for g in groups]
    return table(found, head=[by.replace("_", " "), *names, "figure"], right=range(1, len(names) + 2))
