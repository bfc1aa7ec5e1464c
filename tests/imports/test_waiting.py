"""Rows that wait for their record are counted, listed, and gone from the list when it arrives."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command_line import Store

POD = "branch,order_no,line_no,qty_delivered,delivered_at\nEAST,E1,1,2,2026-10-28\nEAST,E1,2,1,2026-10-28\n"
SHIPMENTS = "branch,shipment_no,order_no,shipped_at\nWEST,S1,W9,2026-10-27\n"
CASES = "branch,case_no,resolved_at\nWEST,X1,2026-10-28 10:00\n"
ORDER = "branch,order_no,line_no,ordered_at,qty_ordered\nEAST,E1,1,2026-10-26 09:00,2\nEAST,E1,2,2026-10-26 09:00,1\n"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "data", "2026-11-09T13:00")


def bring(store: Store, folder: Path, text: str, source: str) -> str:
    (folder / f"{source}.csv").write_text(text)
    return store("load", folder / f"{source}.csv", "--source", source, "--create-branches").out


def listed(store: Store) -> list[tuple[str, str, dict[str, str | None], str]]:
    return [(w["source"], w["branch"], w["key"], w["waits_for"]) for w in store.json("waiting")["waiting"]]


def test_what_waits_is_listed_with_what_it_waits_for_until_that_comes(store, tmp_path):
    assert listed(store) == [] and store("waiting").out == "No row waits for its record.\n"
    assert "2 rows wait for their record: see the command waiting." in bring(store, tmp_path, POD, "order_lines")
    bring(store, tmp_path, SHIPMENTS, "shipments")
    bring(store, tmp_path, CASES, "exceptions")
    assert listed(store) == [
        ("order_lines", "EAST", {"order_no": "E1", "line_no": "1"}, "its ordered_at"),
        ("order_lines", "EAST", {"order_no": "E1", "line_no": "2"}, "its ordered_at"),
        ("shipments", "WEST", {"shipment_no": "S1", "order_no": "W9", "line_no": None}, "its order"),
        ("exceptions", "WEST", {"case_no": "X1"}, "its type and opened_at")]
    said = store("waiting").out
    assert said.startswith("4 rows wait for their record") and "shipment_no S1, order_no W9" in said
    bring(store, tmp_path, ORDER, "order_lines")
    assert [source for source, *_ in listed(store)] == ["shipments", "exceptions"]


def test_only_rows_of_the_viewers_branches_are_listed_and_none_of_an_undone_load(store, tmp_path):
    bring(store, tmp_path, POD, "order_lines")
    bring(store, tmp_path, CASES, "exceptions")
    store.json("people", "add", "boss@example.com", "--name", "Boss", "--role", "administrator")
    boss = store.seen_by("boss@example.com")
    boss.json("people", "add", "wes@example.com", "--name", "Wes", "--role", "viewer", "--branch", "WEST")
    assert {branch for _, branch, _, _ in listed(store.seen_by("wes@example.com"))} == {"WEST"}
    boss.json("undo", 2)
    assert {branch for _, branch, _, _ in listed(boss)} == {"EAST"}
