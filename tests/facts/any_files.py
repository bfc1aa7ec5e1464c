"""Any files the store may be given: few branches, keys and dates, so that they meet in every way."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from scoreboard.facts.sources import BY_NAME
from tests.facts.fact_model import File

MONDAY = datetime(2026, 12, 14)
TIMES = [MONDAY + timedelta(days=d, hours=h) for d, h in ((-1, 23), (0, 0), (2, 9), (7, 0), (13, 23), (14, 8), (40, 12))]
BRANCHES, ORDERS = st.sampled_from(["B1", "B2"]), st.sampled_from(["1", "2", "3"])
VALUES: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "order_lines": {"order_no": ORDERS, "line_no": st.sampled_from(["1", "2"]), "ordered_at": st.sampled_from(TIMES),
                    "qty_ordered": st.sampled_from([1.0, 2.0]), "delivered_at": st.sampled_from(TIMES), "route": st.sampled_from("ab")},
    "shipments": {"shipment_no": st.sampled_from(["S1", "S2"]), "order_no": ORDERS, "line_no": st.sampled_from(["1", None]),
                  "qty": st.sampled_from([1.0, 2.0]), "shipped_at": st.sampled_from(TIMES)},
    "credits": {"credit_no": st.sampled_from(["C1", "C2"]), "credit_line": st.sampled_from(["1", None]), "order_no": ORDERS,
                "issued_at": st.sampled_from(TIMES), "reason": st.sampled_from(["short", "over"])},
    "quotes": {"quote_no": st.sampled_from(["Q1", "Q2", "Q3"]), "quote_group": st.sampled_from(["Q1", "G", None]),
               "requested_at": st.sampled_from(TIMES), "outcome": st.sampled_from(["won", "lost"])},
    "returns": {"rma_no": st.sampled_from(["M1", "M2"]), "rma_line": st.sampled_from(["1", None]), "kind": st.sampled_from(["core"]),
                "opened_at": st.sampled_from(TIMES), "received_at": st.sampled_from(TIMES)},
}
KEYLESS_WITH = {"order_lines": ("order_no",), "credits": ("order_no",), "quotes": ("quote_group",), "returns": ()}


@st.composite
def files(draw: st.DrawFn, names: tuple[str, ...] = tuple(VALUES), may_be_keyless: bool = True) -> File:
    """A file of a few rows with some of a source's columns: keyed, or keyless with a record date in each row."""
    name = draw(st.sampled_from(names))
    source, values = BY_NAME[name], VALUES[name]
    keyless = may_be_keyless and source.keyless and draw(st.integers(0, 3)) == 0
    always = (source.record[0],) if keyless else tuple(c for c in source.key if c not in source.optional_key)
    barred = set(source.key) - set(KEYLESS_WITH.get(name, ())) if keyless else set()
    columns = [c for c in values if c in always or (c not in barred and draw(st.integers(0, 2)) > 0)]
    cells = {c: values[c] if c in always or (c in source.key and not keyless) else st.one_of(values[c], st.none()) for c in columns}
    one = st.fixed_dictionaries({"branch": BRANCHES, **cells})
    by = None if keyless else lambda row: tuple(row.get(c) for c in ("branch", *source.key))
    rows = draw(st.lists(one, min_size=1, max_size=5, unique_by=by))
    return File(name, ("branch", *columns), tuple(rows), keyless)


LOADS = st.lists(files(), min_size=1, max_size=2)
STEPS = st.lists(st.one_of(LOADS, LOADS, st.integers(0, 9)), min_size=2, max_size=7)


@st.composite
def apart(draw: st.DrawFn) -> tuple[File, File]:
    """Two keyed files of one source that share no (key, column): other keys, or other columns."""
    one = draw(files(may_be_keyless=False))
    other = draw(files((one.source,), may_be_keyless=False))
    source = BY_NAME[one.source]
    key = ("branch", *source.key)
    if draw(st.booleans()):
        taken = {tuple(row.get(c) for c in key) for row in one.rows}
        return one, replace(other, rows=tuple(row for row in other.rows if tuple(row.get(c) for c in key) not in taken))
    columns = tuple(c for c in other.columns if c in key or c not in one.columns)
    return one, replace(other, columns=columns, rows=tuple({c: v for c, v in row.items() if c in columns} for row in other.rows))
