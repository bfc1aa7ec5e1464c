"""The trap data holds what it promises: every trap often enough to be met, whatever the seed."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable
from datetime import datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from scoreboard.facts.sources import SOURCES
from tests.trap_data import Rows, generate, write_csv

Row = dict[str, Any]
MIDNIGHT, WEEK = time(), timedelta(days=7)


@pytest.fixture(scope="module")
def rows() -> Rows:
    return generate(1)


TRAPS: dict[str, tuple[str, Callable[[Row], bool]]] = {
    "an acknowledgement": ("quotes", lambda r: r["responded_at"] and r["eta_given"] is False),
    "a request after hours": ("quotes", lambda r: r["requested_at"] and r["requested_at"].hour >= 18),
    "a revision": ("quotes", lambda r: r["quote_group"] not in (None, r["quote_no"])),
    "a phone quote without request time": ("quotes", lambda r: r["requested_at"] is None),
    "answered before asked": ("quotes", lambda r: _before(r["responded_at"], r["requested_at"])),
    "cancelled for stock-out": ("order_lines", lambda r: r["cancelled_at"] and "stock" in (r["cancel_reason"] or "")),
    "cancelled without a reason": ("order_lines", lambda r: r["cancelled_at"] and not r["cancel_reason"]),
    "a substitute": ("order_lines", lambda r: r["substituted"]),
    "a transfer": ("order_lines", lambda r: r["transfer"]),
    "not stocked": ("order_lines", lambda r: r["stocked"] is False),
    "a core charge": ("order_lines", lambda r: (r["part_family"] or "").casefold().startswith("core charge")),
    "re-dated by us": ("order_lines", lambda r: r["promise_moved_by"] == "us"),
    "re-dated by the customer": ("order_lines", lambda r: r["promise_moved_by"] == "customer"),
    "a promise without a time": ("order_lines", lambda r: _midnight(r["first_promised_for"])),
    "a promise for a Sunday": ("order_lines", lambda r: _weekday(r["first_promised_for"]) == 6),
    "will-call": ("order_lines", lambda r: r["will_call"]),
    "delivered more than ordered": ("order_lines", lambda r: (r["qty_delivered"] or 0) > r["qty_ordered"]),
    "nothing ordered": ("order_lines", lambda r: r["qty_ordered"] == 0),
    "a line that waits": ("order_lines", lambda r: r["ordered_at"] is None),
    "delivered before ordered": ("order_lines", lambda r: _before(r["delivered_at"], r["ordered_at"])),
    "ordered in week 53": ("order_lines", lambda r: (r["ordered_at"] or datetime.min).isocalendar()[:2] == (2026, 53)),
    "a clock-change Sunday": ("contacts", lambda r: (r["at"].month, r["at"].day) in ((10, 25), (11, 1))),
    "a shipment of the whole order": ("shipments", lambda r: r["line_no"] is None),
    "a shipment not delivered": ("shipments", lambda r: r["shipped_at"] and not r["delivered_at"]),
    "a credit for a price": ("credits", lambda r: r["reason"] == "price"),
    "a credit without an order": ("credits", lambda r: r["order_no"] is None),
    "caught before the customer": ("credits", lambda r: r["caught_before_customer"]),
    "never received": ("returns", lambda r: r["received_at"] is None),
    "told, not credited": ("returns", lambda r: r["customer_told_at"] and not r["credited_at"]),
    "told before resolved": ("exceptions", lambda r: _before(r["told_at"], r["resolved_at"])),
    "resolved, not told": ("exceptions", lambda r: r["resolved_at"] and not r["told_at"]),
    "no hours scheduled": ("shifts", lambda r: r["scheduled_hours"] == 0),
}


@pytest.mark.parametrize("trap", TRAPS)
def test_every_trap_is_met_in_the_rows(rows: Rows, trap: str) -> None:
    source, met = TRAPS[trap]
    assert sum(bool(met(row)) for row in rows[source]) >= 2


def test_orders_are_split_and_some_are_keyed_over_two_weeks(rows: Rows) -> None:
    pieces = Counter((r["branch"], r["order_no"], r["line_no"]) for r in rows["shipments"])
    assert sum(count > 1 for count in pieces.values()) > 10
    dated = [line for line in rows["order_lines"] if line["ordered_at"]]
    same_order = [pair for pair in pairwise(dated) if pair[0]["order_no"] == pair[1]["order_no"]]
    assert sum(later["ordered_at"] - first["ordered_at"] == WEEK for first, later in same_order) > 5


def test_lines_are_credited_twice(rows: Rows) -> None:
    credited = Counter((r["branch"], r["order_no"], r["order_line"]) for r in rows["credits"] if r["order_line"])
    assert sum(count > 1 for count in credited.values()) > 5


def test_contacts_and_orders_lie_exactly_on_the_edge_of_their_window(rows: Rows) -> None:
    times = {(r["branch"], r["customer"], r["part_no"], r["at"]) for r in rows["contacts"]}
    assert sum((*who, at + WEEK) in times for *who, at in times) > 2
    ordered = {(r["branch"], r["order_no"], r["ordered_at"]) for r in rows["order_lines"]}
    asked = [r for r in rows["quotes"] if r["requested_at"]]
    assert sum((r["branch"], r["order_no"], r["requested_at"] + timedelta(days=30)) in ordered for r in asked) > 2


def test_every_optional_column_that_is_filled_is_also_missing_somewhere(rows: Rows) -> None:
    for source in SOURCES:
        needed = {"branch", *source.key, *source.required, *source.record} - set(source.optional_key)
        for column in set(source.columns) - needed:
            filled = {row[column] is not None for row in rows[source.name]}
            assert filled != {True}, f"{source.name}.{column}"


def test_keys_are_unique_and_times_whole_minutes(rows: Rows) -> None:
    for source in SOURCES:
        keys = Counter(tuple(row[c] for c in ("branch", *source.key)) for row in rows[source.name])
        assert all(count == 1 for count in keys.values()), source.name
        times = [v for row in rows[source.name] for v in row.values() if isinstance(v, datetime)]
        assert all((at.second, at.microsecond) == (0, 0) for at in times)


def test_the_same_seed_gives_the_same_rows_and_another_gives_others(rows: Rows) -> None:
    assert generate(1) == rows
    assert generate(2) != rows


def test_csv_files_hold_every_row_and_blank_for_missing(rows: Rows, tmp_path: Path) -> None:
    paths = write_csv(rows, tmp_path)
    assert set(paths) == {source for source, found in rows.items() if found}
    with paths["order_lines"].open(encoding="utf-8", newline="") as file:
        read = list(csv.DictReader(file))
    assert len(read) == len(rows["order_lines"])
    for text, row in zip(read, rows["order_lines"], strict=True):
        assert text["order_no"] == row["order_no"]
        assert text["ordered_at"] == ("" if row["ordered_at"] is None else f"{row['ordered_at']:%Y-%m-%dT%H:%M}")
        assert text["will_call"] == {None: "", True: "true", False: "false"}[row["will_call"]]


def _midnight(at: datetime | None) -> bool:
    return at is not None and at.time() == MIDNIGHT


def _weekday(at: datetime | None) -> int | None:
    return at.weekday() if at else None


def _before(one: datetime | None, other: datetime | None) -> bool:
    return one is not None and other is not None and one < other
