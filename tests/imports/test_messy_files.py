"""Hostile files, each with what a good importer must do, through the command line.

The manifest beside the files states decision, counts and lines. Two policies of ours are named where they differ
from its counts: rows that are no data (totals, footers) are skipped and reported, not rejected; of rows with one
key and two contents none is taken.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from scoreboard.facts.files import snapshot
from scoreboard.state.database import open_database, reading
from tests.command_line import Store, once

MESSY = Path(__file__).resolve().parents[3] / "shared" / "data" / "messy"
MANIFEST = json.loads((MESSY / "manifest.json").read_text(encoding="utf-8")) if MESSY.exists() else {"files": []}
FILES = {Path(entry["file"]).name[:2]: entry for entry in MANIFEST["files"]}
MAP = """
source = "order_lines"
[columns]
order_date = "ordered_at"
promised_date = "first_promised_for"
shipped_date = "shipped_at"
unit_price = "value"
"""
NOT_DATA = {"05": [67], "10": [32, 64, 65]}                     # skipped and reported, never rows

pytestmark = pytest.mark.skipif(not MESSY.exists(), reason="the messy files are not here")


@pytest.fixture(scope="module")
def four_branches(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """An empty store that knows the four branches, at a time when every honest date has come."""
    def build(folder: Path) -> Store:
        store = Store(folder / "data", "2027-01-04T12:00")
        for code in MANIFEST["known_branches"]:
            store.json("branches", "add", code)
        return store
    yield from once(tmp_path_factory.mktemp("branches"), build)


@pytest.fixture
def store(four_branches: Store, tmp_path: Path) -> Store:
    (tmp_path / "map.toml").write_text(MAP)
    return four_branches.copied_to(tmp_path / "data")


@pytest.fixture(scope="module")
def baseline(four_branches: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[tuple[str, str], dict[str, Any]]]:
    """The rows of the clean file by their key."""
    folder = tmp_path_factory.mktemp("baseline")
    (folder / "map.toml").write_text(MAP)
    clean = four_branches.copied_to(folder / "data")
    load(clean, "01")
    yield rows(clean)


def load(store: Store, number: str, code: int = 0) -> dict[str, Any]:
    """Loads a file and holds what came of it against the manifest; the JSON of the load."""
    expected = FILES[number]["expected"]
    said = store("--json", "load", MESSY / FILES[number]["file"], "--map", store.data.parent / "map.toml")
    told: dict[str, Any] = said.document
    assert "Traceback" not in said.out + said.err and "not foreseen" not in said.err
    assert said.code == code == (2 if expected["decision"] == "refuse" else 1 if told["files"][0]["rejected"] else 0)
    if expected["decision"] == "refuse":
        assert (store.json("loads")["loads"], rows(store)) == ([], {})
        assert told["error"] and told["remedy"] and said.err == f"{told['error']} {told['remedy']}\n"
        return told
    report = told["files"][0]
    assert lines(report, "skipped_line") == NOT_DATA.get(number, [])
    assert len(lines(report)) == report["rejected"] == report["read"] - report["new"] - report["changed"] - report["same"]
    if expected["rows_loaded"] is not None:
        assert report["new"] + report["changed"] == expected["rows_loaded"]
        assert report["rejected"] == (0 if number in NOT_DATA else expected["rows_rejected"])
    return told


def rows(store: Store) -> dict[tuple[str, str], dict[str, Any]]:
    """Every order line the store holds, by order and line; fails when a key is there twice."""
    engine = open_database(f"sqlite:///{store.data / 'scoreboard.sqlite'}")
    with reading(engine) as conn:
        files = [str(store.data / f.path) for f in snapshot(conn).files if f.source == "order_lines"]
    engine.dispose()
    if not files:
        return {}
    columns = "branch, order_no, line_no, ordered_at, first_promised_for, shipped_at, customer, carrier, qty_ordered, qty_shipped, value"
    found = duckdb.connect().execute(f"SELECT {columns} FROM read_parquet(?)", [files]).fetchall()
    by_key = {(row[1], row[2]): dict(zip(columns.split(", "), row, strict=True)) for row in found}
    assert len(by_key) == len(found)
    return by_key


def lines(report: dict[str, Any], *codes: str) -> list[int]:
    return sorted({p["row"] for p in report["problems"] if p["code"] in codes or (not codes and p["rejects"])})


def test_every_file_of_the_manifest_has_a_test_here():
    source = Path(__file__).read_text(encoding="utf-8")
    assert [number for number in FILES if f'"{number}"' not in source] == []


@pytest.mark.parametrize("number", ["02", "03", "05", "06", "08", "10", "11", "17"])
def test_every_way_to_write_the_clean_file_gives_the_clean_rows(store, baseline, number):
    said = [p["message"] for p in load(store, number)["files"][0]["problems"] if p["code"] == "date_order_inferred"]
    assert rows(store) == baseline
    assert len(said) == (3 if number == "08" else 0) and all("month first" in sentence for sentence in said)


def test_thousands_points_and_day_first_dates_are_read_as_meant(store, baseline):
    load(store, "04")
    assert rows(store) == {key: {**row, "value": row["value"] * 1000} for key, row in baseline.items()}


def test_customers_keep_their_letters(baseline):
    assert baseline["10249", "1"]["customer"] == "Toms Spezialitäten"


def test_formulas_in_cells_stay_text(store):
    load(store, "13")
    customers = {row["customer"] for row in rows(store).values()}
    assert "=cmd|' /C calc'!A0" in customers and "+1+cmd|' /C notepad'!A1" in customers


@pytest.mark.parametrize(("number", "words"), [
    ("09", ["qty_shipped", "7", "14"]), ("15", ["damaged or incomplete"]), ("16", ["would inflate to"]),
    ("18", ["password-protected"]), ("19", ["is empty"]), ("21", ["order_no", "line_no", "branch"]), ("35", ["document type"])])
def test_a_refusal_says_what_is_the_matter(store, number, words):
    error = load(store, number, code=2)["error"]
    assert [word for word in words if word not in error] == []
    # Nothing of the employee list of file 21 stays, not even in what is left of the attempt.
    assert [p for p in store.data.rglob("*") if p.is_file() and (b"12/08/1948" in p.read_bytes() or b"Davolio" in p.read_bytes())] == []


def test_a_line_end_inside_quotation_marks_ends_no_row(store):
    load(store, "14")
    assert len(rows(store)) == 6


def test_a_file_with_a_header_only_says_0_rows_and_shows_no_figure(store):
    assert load(store, "20")["files"][0]["read"] == 0
    assert {m["value"] for m in store.json("board", "--branch", "EAST")["metrics"]} == {None}


def test_repeats_are_collapsed_and_conflicts_name_both_lines(store):
    report = load(store, "22", code=1)["files"][0]
    told = FILES["22"]["expected"]["rejects"]
    assert lines(report, "repeated_row") == told["exact_duplicates"]
    conflicts = {p["row"]: p["message"] for p in report["problems"] if p["code"] == "conflicting_key"}
    assert sorted(conflicts) == [9, *told["conflicting_key"]]
    assert "Row 9 and row 24" in conflicts[9] and "Row 24 and row 9" in conflicts[24]
    assert (len(rows(store)), report["same"]) == (19, 2)       # the twentieth key waits for the right row


def test_placeholder_dates_are_missing_and_no_week_lies_in_the_future(store):
    report = load(store, "24", code=1)
    assert lines(report["files"][0], "date_out_of_range") == [3, 5]
    told = FILES["24"]["expected"]["rejects"]["lines"]
    shipped = sorted(rows(store).values(), key=lambda row: (row["order_no"], int(row["line_no"])))
    assert sum(row["shipped_at"] is None for row in shipped) == len(told) - 2
    assert report["weeks"] and max(report["weeks"]) < "1997"
    points = [p for b in MANIFEST["known_branches"] for p in
              store.json("series", "--branch", b, "--metric", "on_time_shipped")["points"]]
    assert points and max(p["week"] for p in points if p["n"]) < "1997"


def test_week_53_stands_between_52_and_1(store):
    assert load(store, "26")["weeks"] == ["2020-W53", "2021-W01", "2025-W01", "2026-W53"]


def test_unknown_branches_come_back_in_a_workbook_with_the_code_seen(store):
    report = load(store, "27", code=1)["files"][0]
    assert lines(report) == FILES["27"]["expected"]["rejects"]["lines"]
    seen = {p["row"]: (p["code"], p["value"], p["message"]) for p in report["problems"]}
    assert seen[7][:2] == ("unknown_branch", "XX99") and seen[8][0] == "missing_value"
    assert 'Did you mean "EAST"?' in seen[5][2] and "cyrillic" in seen[11][2]
    assert {b["code"] for b in store.json("branches", "list")["branches"]} == set(MANIFEST["known_branches"])
    sheet = openpyxl.load_workbook(report["report"]).active
    header, *back = [list(row) for row in sheet.values]
    assert header[-2:] == ["Row", "Problem"] and [int(row[-2]) for row in back] == [5, 7, 8, 9, 10, 11]


def test_the_same_bytes_twice_change_nothing_and_say_so(store, baseline):
    load(store, "01")
    before = store.visible()
    again = load(store, "41")
    assert again["load_id"] is None and again["files"][0]["already"].startswith("already loaded on 2027-01-04 12:00 UTC")
    assert (rows(store), store.visible()) == (baseline, before)


def test_a_restated_export_takes_the_place_of_the_first_and_the_first_can_still_be_read(store):
    load(store, "01")
    first = store.board_of("EAST", "1996-W32")["on_time_shipped"]
    weeks = load(store, "42")["weeks"]
    now, reported = (store.board_of("EAST", "1996-W32", *words)["on_time_shipped"] for words in ((), ("--as-reported",)))
    assert len(rows(store)) == 60 and "1996-W32" in weeks
    assert (now["part"], now["whole"]) != (first["part"], first["whole"]) == (reported["part"], reported["whole"])
    assert now["whole"] == first["whole"] and now["part"] < first["part"]
