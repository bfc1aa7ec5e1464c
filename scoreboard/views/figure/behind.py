"""The rows behind a number, on screen and as files: who passed, who failed, and why.

The convention: what a row says for the figure comes first (result, why), then what it is called, of whom and of what it is, and
what its definition reads, and what misses are grouped by; a wide table scrolls to the rest. Texts come from other people's files:
they are shown as text and written as text, never as a formula.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

import pandas as pd

from scoreboard.exports import table as files
from scoreboard.metrics import reasons
from scoreboard.metrics.model import Metric
from scoreboard.metrics.values import as_text

FIRST = ("result", "why", "value")
KEYS = ("quote_no", "credit_no", "rma_no", "rma_line", "case_no", "contact_no", "order_no", "line_no")
OF = ("customer", "part_no")
# columns that only the computation needs, the branch (it stands in the title), and what names a person
LEFT_OUT = ("branch", "unit", "open", "owner", "person_key", "comment", "decided_at", "fill_due_at", "fill_at", "unshipped",
            "dated_by_issue", "adds_to_part", "adds_to_whole", "next_at", "cleared_at", "deadline_near_at", "last_alike_at", "due_at")
NAMES = {"why": "Why", "counts_in": "Counts in", "order_no": "Order", "line_no": "Line", "part_no": "Part", "quote_no": "Quote",
         "credit_no": "Credit", "rma_no": "RMA", "case_no": "Exception", "promise_at": "First promised"}
RESULTS = {"passed": "✓ passed", "failed": "✗ missed", "undecided": "○ not due yet", "open": "○ still open",
           "counted": "· counted", "outside": "– not counted"}
CLOSED = "✓ closed"  # a duration has no better word for its rows: none of them passes or misses


def columns(metric: Metric, rows: Sequence[dict[str, Any]]) -> list[str]:
    """The columns worth showing, those that any row has, what matters most first."""
    there = dict.fromkeys(name for row in rows for name, value in row.items() if value not in ("", None, []) and name not in LEFT_OUT)
    if all(row.get("counts_in") == ["whole"] for row in rows):
        there.pop("counts_in", None)  # every row counts alike: nothing to tell
    first = FIRST if metric.is_duration else FIRST[:2]  # else a value is money, a column of the row's own
    read = read_by(metric)
    order = dict.fromkeys([*first, *KEYS, *OF, *(name for name in there if name in read), "counts_in", *reasons.COLUMNS, *there])
    return [name for name in order if name in there]


def read_by(metric: Metric) -> set[str]:
    """The columns its definition names: of its weeks, and those that its files must have."""
    needed = (one.partition(".")[2] for need in metric.needs for one in need.split("|"))
    return {*needed, *(counted.week for _, counted in metric.sides)}


def known(rows: Sequence[dict[str, Any]], wanted: Sequence[str]) -> list[str]:
    """Those of the wanted columns that say something in these rows."""
    return [name for name in wanted if any(row.get(name) not in ("", None) for row in rows)]


def title(column: str) -> str:
    """A column as a person reads it: `first_shipped_at` is `First shipped`."""
    return NAMES.get(column) or column.removesuffix("_at").removesuffix("_on").replace("_", " ").capitalize()


def text(column: str, value: Any, metric: Metric) -> Any:
    """A cell as a person reads it."""
    if column == "value" and metric.is_duration and value is not None:  # else it is money, a column of the row's own
        return as_text(metric, value)
    if column == "result":
        return CLOSED if metric.is_duration and value == "passed" else RESULTS.get(value, value)
    if isinstance(value, list):
        return " and ".join(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if column.endswith("_at") and isinstance(value, str):
        return f"{datetime.fromisoformat(value):%Y-%m-%d %H:%M}".removesuffix(" 00:00")  # a day without a time of day
    return value


def table(metric: Metric, rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """The rows as a table for the screen: failed first, then undecided, then passed, last what does not count."""
    order = {"failed": 0, "open": 1, "undecided": 2, "passed": 3, "outside": 5}
    shown = columns(metric, rows)
    ordered = sorted(rows, key=lambda row: order.get(str(row.get("result")), 4))
    return pd.DataFrame({title(name): [text(name, row.get(name), metric) for row in ordered] for name in shown})


def examples(metric: Metric, rows: Sequence[dict[str, Any]], most: int = 3) -> pd.DataFrame:
    """A few that passed and a few that missed, so that a definition can be seen at work."""
    picked = [row for result in ("failed", "passed", "counted", "open") for row in [r for r in rows if r.get("result") == result][:most]]
    said = {*FIRST, *KEYS, *read_by(metric)}
    shown = [name for name in columns(metric, picked) if name in said]
    return pd.DataFrame({title(name): [text(name, row.get(name), metric) for row in picked] for name in shown})


def as_csv(metric: Metric, rows: Sequence[dict[str, Any]], about: Sequence[tuple[str, str]] = ()) -> bytes:
    """The rows as CSV; see `exports.table`."""
    return files.csv(*_typed_table(metric, rows), about)


def as_workbook(metric: Metric, rows: Sequence[dict[str, Any]], about: Sequence[tuple[str, str]]) -> bytes:
    """The rows as a workbook: a sheet of rows, and one that says what they are."""
    return files.workbook(*_typed_table(metric, rows), about)


def _typed_table(metric: Metric, rows: Sequence[dict[str, Any]]) -> tuple[list[str], list[list[Any]]]:
    shown = columns(metric, rows)
    return [_heading(metric, name) for name in shown], [[_typed(name, row.get(name), metric) for name in shown] for row in rows]


def _heading(metric: Metric, column: str) -> str:
    """The title of a column in a file, where a duration is a number and needs its unit."""
    return f"{title(column)} ({metric.unit})" if column == "value" and metric.is_duration else title(column)


def _typed(column: str, value: Any, metric: Metric) -> Any:
    """A cell as a file reckons with it: instants and days as such, a duration as its number."""
    if isinstance(value, str) and column.endswith("_at"):
        at = datetime.fromisoformat(value)
        return at.date() if at.time() == time() else at  # a day without a time of day
    if isinstance(value, str) and column.endswith("_on"):
        return date.fromisoformat(value[:10])
    return value if column == "value" else text(column, value, metric)
