"""What the good rows of a file say as a whole: per branch their span, how far they reach, what cannot be.

The convention: a time of 00:00 means that day with no time known, so it is before nothing on its own day.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import duckdb

from scoreboard.errors import Problem
from scoreboard.imports.mapping import Columns

# (source, what comes first, what cannot come before it)
ORDERS: tuple[tuple[str, str, str], ...] = (
    ("quotes", "requested_at", "responded_at"),
    ("order_lines", "ordered_at", "shipped_at"),
    ("order_lines", "ordered_at", "delivered_at"),
    ("order_lines", "shipped_at", "delivered_at"),
    ("shipments", "shipped_at", "delivered_at"),
    ("returns", "received_at", "dispositioned_at"),
    ("returns", "received_at", "credited_at"),
    ("exceptions", "opened_at", "accepted_at"),
    ("exceptions", "opened_at", "resolved_at"),
    ("exceptions", "opened_at", "told_at"),
)


REWRITTEN_SHARE, REWRITTEN_ROWS = 0.9, 20  # "promise = actual on more than 90 % of rows", of at least so many


def spans(con: duckdb.DuckDBPyConnection, rows: str, columns: Columns) -> tuple[
        list[tuple[str, date | None, date | None, int]], datetime | None]:
    """Per branch (code, first and last record date, rows), and the latest event of all; `rows` is a relation."""
    record = [f'"{c}"' for c in columns.source.record if c in columns.columns]
    day = f"coalesce({', '.join(record)})::DATE" if record else "NULL::DATE"
    events = [f'max("{c}")::TIMESTAMP' for c in columns.source.events if c in columns.columns]
    latest = f"greatest({', '.join(events)})" if events else "NULL::TIMESTAMP"
    found: list[tuple[Any, ...]] = con.execute(
        f"SELECT branch, min({day}), max({day}), count(*), {latest} FROM {rows} GROUP BY branch ORDER BY branch").fetchall()
    reached = [row[4] for row in found if row[4] is not None]
    return [row[:4] for row in found], max(reached, default=None)


def impossible_orders(con: duckdb.DuckDBPyConnection, rows: str, columns: Columns) -> list[tuple[Problem, int]]:
    """One warning with its count of rows for each two columns that contradict each other somewhere."""
    pairs = [(a, b) for source, a, b in ORDERS if source == columns.source.name and {a, b} <= set(columns.columns)]
    if not pairs:
        return []
    counts = ", ".join(f'count(*) FILTER ("{b}" < "{a}" AND ("{b}"::DATE < "{a}"::DATE OR "{b}" <> "{b}"::DATE)), '
                       f'count(*) FILTER ("{a}" IS NOT NULL AND "{b}" IS NOT NULL)' for a, b in pairs)
    found = con.execute(f"SELECT {counts} FROM {rows}").fetchall()[0]
    return [(_warning(a, b, found[2 * i], found[2 * i + 1]), found[2 * i]) for i, (a, b) in enumerate(pairs) if found[2 * i]]


def rewritten_promises(con: duckdb.DuckDBPyConnection, rows: str, columns: Columns) -> list[tuple[Problem, int]]:
    """A warning when first promises equal what happened on nearly every row: then they were written afterwards."""
    if columns.source.name != "order_lines" or not {"first_promised_for", "delivered_at"} <= set(columns.columns):
        return []
    same, both = con.execute(f"""SELECT count(*) FILTER (first_promised_for = delivered_at), count(*) FROM {rows}
        WHERE first_promised_for IS NOT NULL AND delivered_at IS NOT NULL""").fetchall()[0]
    if both < REWRITTEN_ROWS or same <= REWRITTEN_SHARE * both:
        return []
    said = (f"{same} of {both} rows have first_promised_for equal to delivered_at, to the minute. The promise was probably "
            "rewritten when the delivery was booked: ask for the promise as it was first given.")
    return [(Problem("promise_is_actual", said, column="first_promised_for", value=str(same), rejects=False), same)]


def _warning(first: str, then: str, count: int, both: int) -> Problem:
    said = f"{count} of {both} rows have {then} before {first}. They are loaded as they are; correct them in their system."
    if count * 2 > both:
        said += " That is most of them: the date format may be read the wrong way round. Declare it in a map."
    return Problem("impossible_order", said, column=then, value=str(count), rejects=False)

