"""The rows behind a figure: what each is, what it counts in, and why a row near the definition is left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command_line import Store

WEEK = ("--branch", "EAST", "--week", "2026-W44")
LINES = """\
branch,order_no,line_no,ordered_at,qty_ordered,qty_shipped,shipped_at
EAST,E1,1,2026-10-26 09:00,2,2,2026-10-27
EAST,E1,2,2026-10-26 09:00,1,1,2026-10-27
EAST,E2,1,2026-10-27 09:00,1,1,2026-10-28
"""
CREDITS = """\
branch,credit_no,credit_line,order_no,order_line,issued_at,reason,customer_error,caught_before_customer
EAST,C1,1,E1,1,2026-10-29,mis-pick,no,no
EAST,C2,1,E1,2,2026-10-29,mis-pick,no,yes
EAST,C3,1,E2,1,2026-10-30,wrong part quoted,yes,no
EAST,C4,1,,,2026-10-30,goodwill,no,no
"""
RETURNS = """\
branch,rma_no,kind,opened_at,received_at,dispositioned_at
EAST,R1,return,2026-10-26,2026-10-27,2026-10-30
EAST,R2,return,2026-10-26,2026-10-28,2026-10-20
EAST,R3,return,2026-10-26,2026-10-29,
"""


@pytest.fixture
def store(empty: Store, tmp_path: Path) -> Store:
    for name, text in (("order_lines", LINES), ("credits", CREDITS), ("returns", RETURNS)):
        (tmp_path / f"{name}.csv").write_text(text)
    empty.json("load", *(tmp_path / f"{name}.csv" for name in ("order_lines", "credits", "returns")), "--create-branches")
    return empty


def test_of_a_figure_from_two_kinds_of_rows_each_says_what_it_is_and_what_it_counts_in(store):
    found = store.json("rows", *WEEK, "--metric", "error_rate")["rows"]
    assert [(r["order_no"], r["line_no"], r["result"], r["counts_in"]) for r in found if "line_no" in r] == [
        ("E1", "1", "counted", ["whole"]), ("E1", "2", "counted", ["whole"]), ("E2", "1", "counted", ["whole"])]
    assert sorted((r["credit_no"], r["result"], r["counts_in"], r["why"]) for r in found if "line_no" not in r) == [
        ("C1", "failed", ["part"], "credited for our own error"),
        ("C2", "outside", [], "caught before the customer noticed"),
        ("C3", "outside", [], "the customer's own error"),
        ("C4", "outside", [], "its reason is no error of ours")]
    point = next(p for p in store.json("series", "--branch", "EAST", "--metric", "error_rate")["points"] if p["week"] == "2026-W44")
    assert (point["part"], point["whole"]) == (1, 3)


def test_a_duration_that_ends_before_it_starts_is_shown_outside(store):
    found = store.json("rows", *WEEK, "--metric", "rma_turnaround")["rows"]
    assert [(r["rma_no"], r["result"], r["counts_in"], r.get("value"), r["why"]) for r in found] == [
        ("R1", "passed", ["whole"], 3.0, ""), ("R3", "open", ["whole"], pytest.approx(1.0), "no end yet"),
        ("R2", "outside", [], None, "ends before it starts")]


def test_rows_outside_count_in_no_split(store):
    groups = store.json("split", "--branch", "EAST", "--metric", "error_rate", "--by", "reason")["groups"]
    assert [(g["reason"], g["part"], g["whole"]) for g in groups] == [("mis-pick", 1, 3)]
    assert store.json("split", "--branch", "EAST", "--metric", "rma_turnaround", "--by", "kind")["groups"][0]["n"] == 2
