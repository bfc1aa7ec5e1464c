"""Three sets of real data that nobody here wrote, through the whole pipeline, with the figures their owners publish."""

from __future__ import annotations

import csv
import re
import shlex
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import duckdb
import openpyxl
import pytest

from tests.command_line import Store, once

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "data"
NORTHWIND, ADVENTURE_WORKS, ANSWERS = (SHARED / name for name in ("northwind", "adventureworks", "prepbench-nps"))
PAGE = (ROOT / "docs" / "northwind.md").read_text(encoding="utf-8")

needs_northwind = pytest.mark.skipif(not NORTHWIND.exists(), reason="the Northwind tables are not here")
needs_adventure_works = pytest.mark.skipif(not ADVENTURE_WORKS.exists(), reason="the AdventureWorks tables are not here")
needs_answers = pytest.mark.skipif(not ANSWERS.exists(), reason="the survey answers are not here")


def totals(store: Store, metric: str, *scope: str) -> tuple[float, float, int, int]:
    """Part, whole, undecided and open of a metric over all its weeks."""
    points = store.json("series", *scope, "--metric", metric)["points"]
    return (sum(p["part"] or 0 for p in points), sum(p["whole"] or 0 for p in points),
            sum(p["undecided"] for p in points), sum(p["open"] for p in points))


# ---- Northwind: orders, lines and regions lie in separate tables -------------------------------------
@pytest.fixture(scope="module")
def northwind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    def build(folder: Path) -> Store:
        export = _northwind_export(folder)
        store = Store(folder / "data", "1998-05-07T12:00")
        report = store.json("load", export, "--map", folder / "northwind.toml", "--create-branches")
        assert [(f["read"], f["new"], f["rejected"], f["problems"]) for f in report["files"]] == [(2155, 2155, 0, [])]
        return store
    yield from once(tmp_path_factory.mktemp("northwind"), build)


def _northwind_export(folder: Path) -> Path:
    """Joins the tables with the SQL of the page and writes its map beside the export."""
    sql = _block("sql").replace("'northwind/", f"'{NORTHWIND}/").replace("'northwind.csv'", f"'{folder / 'northwind.csv'}'")
    duckdb.connect().execute(sql)
    (folder / "northwind.toml").write_text(_block("toml"))
    return folder / "northwind.csv"


def _block(kind: str) -> str:
    return re.findall(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL)[0]


@needs_northwind
@pytest.mark.parametrize(("scope", "part", "whole", "undecided"), [
    (["--branch", "Eastern"], 389, 406, 11), (["--branch", "Northern"], 134, 142, 5), (["--branch", "Southern"], 122, 127, 0),
    (["--branch", "Western"], 127, 134, 5), (["--company"], 772, 809, 21)])
def test_northwind_shipped_772_of_809_orders_on_time_and_21_are_open(northwind, scope, part, whole, undecided):
    assert totals(northwind, "on_time_shipped", *scope) == (part, whole, undecided, undecided)


@needs_northwind
def test_northwind_has_no_delivery_and_no_shipped_quantity_so_nothing_is_said_of_them(northwind):
    board = northwind.board_of("Eastern", "1998-W17")
    assert board["otif"]["needs"] == ["order_lines: delivered_at or shipments: delivered_at",
                                      "order_lines: qty_delivered or shipments: qty"]
    assert board["fill_rate"]["needs"] == ["order_lines: qty_first_shipment or shipments: qty"]
    for key in ("otif", "fill_rate"):
        assert (board[key]["state"], board[key]["value"], board[key]["n"]) == ("not_available", None, 0)
    said = northwind("board", "--branch", "Eastern", "--week", "1998-W17").out
    assert "not available: needs order_lines: qty_first_shipment or shipments: qty" in said
    assert "On-time shipped (orders, first promise)" in said and "On time, in full" not in said


@needs_northwind
def test_northwind_as_the_page_walks_through_it(tmp_path, monkeypatch):
    _northwind_export(tmp_path)
    monkeypatch.chdir(tmp_path)
    store = Store(tmp_path / "data", "2026-11-09T12:00")
    for told in re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL):
        for command, printed in re.findall(r"^\$ python -m scoreboard (.*)\n((?:(?!\$ ).*\n)*)", told, re.MULTILINE):
            said = store(*shlex.split(command))
            assert (said.out, said.err) == (printed, ""), command
    assert (tmp_path / "northwind.csv").read_text().startswith(_block("csv"))


# ---- AdventureWorks: tables without headers, a vendor stands for a branch ---------------------------
@pytest.fixture(scope="module")
def purchases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    def build(folder: Path) -> Store:
        (folder / "map.toml").write_text(PURCHASES_MAP)
        with (folder / "purchases.txt").open("w", newline="") as file:
            csv.writer(file, delimiter="\t").writerows(_purchase_lines())
        store = Store(folder / "data", "2026-01-07T12:00")
        store.json("load", folder / "purchases.txt", "--map", folder / "map.toml", "--create-branches")
        return store
    yield from once(tmp_path_factory.mktemp("purchases"), build)


PURCHASES_MAP = """
source = "order_lines"
headers = false
delimiter = "tab"
[columns]
"1" = "branch"
"2" = "order_no"
"3" = "line_no"
"4" = "ordered_at"
"5" = "first_promised_for"
"6" = "shipped_at"
"7" = "part_no"
"8" = "qty_ordered"
"9" = "qty_first_shipment"
"""


def _purchase_lines() -> Iterator[list[str]]:
    vendors = {row[0]: row[1] for row in _table("Vendor")}
    orders = {row[0]: row for row in _table("PurchaseOrderHeader")}
    for order, line, due, ordered, product, _, _, received, *_ in _table("PurchaseOrderDetail"):
        _, _, _, _, vendor, _, order_date, ship_date, *_ = orders[order]
        yield [vendors[vendor], order, line, order_date, due, ship_date, product, ordered, received]


def _table(name: str) -> Iterator[list[str]]:
    with (ADVENTURE_WORKS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.reader(file, delimiter="\t")


@needs_adventure_works
def test_adventure_works_received_990915_of_a_million_units_on_the_first_shipment(purchases):
    part, whole, *_ = totals(purchases, "fill_rate_units", "--company")
    assert round(part / whole, 6) == 0.990915


@needs_adventure_works
def test_adventure_works_has_380_of_8845_lines_short(purchases):
    part, whole, undecided, _ = totals(purchases, "fill_rate_lines", "--company")
    assert (whole - part, whole, undecided) == (380, 8845, 0)


@needs_adventure_works
def test_the_short_lines_of_a_vendor_are_those_received_short(purchases):
    short = Counter(row[0] for row in _purchase_lines() if float(row[8]) < float(row[7]))
    vendor, count = short.most_common(1)[0]
    weeks = [p["week"] for p in purchases.json("series", "--branch", vendor, "--metric", "fill_rate_lines")["points"]
             if p["part"] != p["whole"]]
    asked = ("rows", "--branch", vendor, "--metric", "fill_rate_lines", "--week")
    failed = [row for week in weeks[:4] for row in purchases.json(*asked, week)["rows"] if row["result"] == "failed"]
    assert failed and {row["why"] for row in failed} == {"short on the first shipment"}
    lines = {(row[1], row[2]): row for row in _purchase_lines()}
    assert all(float(lines[row["order_no"], row["line_no"]][8]) < float(lines[row["order_no"], row["line_no"]][7]) for row in failed)
    part, whole, *_ = totals(purchases, "fill_rate_lines", "--branch", vendor)
    assert whole - part == count


# ---- AdventureWorks: a list of people, brought as team changes ---------------------------------------
TEAM_MAP = """
source = "team_changes"
headers = false
delimiter = "tab"
[columns]
"1" = "person_key"
"6" = "role"
"10" = "on"
[constants]
branch = "HQ"
event = "started"
"""
PERSONAL = re.compile("295847284|1969-01-29|adventure-works.ken0|245797967|1971-08-01")


@needs_adventure_works
def test_birth_dates_and_national_ids_are_kept_nowhere_in_the_data_folder(tmp_path):
    people = (ADVENTURE_WORKS / "Employee.csv").read_text(encoding="utf-8")
    assert PERSONAL.search(people)
    export, told = tmp_path / "people.txt", tmp_path / "map.toml"
    export.write_text(people.replace("2008-01-31", "NotADate", 1), encoding="utf-8")  # one row goes back with its reason
    told.write_text(TEAM_MAP)
    store = Store(tmp_path / "data", "2026-01-14T12:00")
    report = store.json("load", export, "--map", told, "--create-branches", code=1)["files"][0]
    assert (report["new"], report["rejected"]) == (289, 1)
    assert _personal_files(store.data) == []
    assert "Vice President of Engineering" in _text_of(Path(report["report"]))


@needs_adventure_works
def test_rows_of_a_file_with_personal_columns_can_still_be_rebuilt(tmp_path):
    (tmp_path / "map.toml").write_text(TEAM_MAP)
    store = Store(tmp_path / "data", "2026-01-14T12:00")
    store.json("load", ADVENTURE_WORKS / "Employee.csv", "--map", tmp_path / "map.toml", "--create-branches")
    next(store.data.glob("loads/*/*/rows-*.parquet")).unlink()
    found = store.json("doctor")
    assert found["healthy"] and "from the original of Employee.csv" in found["rebuilt"][0]


@needs_northwind
def test_an_employee_list_offered_as_order_lines_leaves_nothing_behind(tmp_path):
    store = Store(tmp_path / "data", "2026-01-14T12:00")
    refused = store.json("load", NORTHWIND / "Employees.derived.csv", "--source", "order_lines", "--branch", "EAST",
                         "--create-branches", code=2)
    assert "it has no column for order_no and line_no" in refused["error"]
    assert [p for p in store.data.rglob("*") if p.is_file() and b"12/08/1948" in p.read_bytes()] == []


def _personal_files(folder: Path) -> list[Path]:
    """Files that hold personal data, also inside workbooks and compressed Parquet columns."""
    return [path for path in folder.rglob("*") if path.is_file() and PERSONAL.search(_text_of(path))]


def _text_of(path: Path) -> str:
    if path.suffix == ".parquet":
        return "\n".join(str(row) for row in duckdb.connect().execute("SELECT * FROM read_parquet(?)", [str(path)]).fetchall())
    if path.suffix == ".xlsx":
        return "\n".join(str(row) for sheet in openpyxl.load_workbook(path) for row in sheet.values)
    return path.read_bytes().decode("latin-1")


# ---- answers to "how likely are you to recommend us", an airline stands for a branch -----------------
ANSWERS_MAP = """
source = "surveys"
[columns]
"Airline" = "branch"
"CustomerID" = "response_no"
"How likely are you to recommend this airline?" = "score"
[constants]
at = "2026-01-05"
"""


@needs_answers
def test_prep_air_has_a_net_promoter_score_of_21_on_184_answers(tmp_path):
    (tmp_path / "map.toml").write_text(ANSWERS_MAP)
    store = Store(tmp_path / "data", "2026-01-14T12:00")
    report = store.json("load", ANSWERS / "case122_input_01.csv", ANSWERS / "case122_input_02.csv", "--map", tmp_path / "map.toml",
                        "--create-branches", "--through", "2026-01-11")
    assert [(f["source"], f["new"], f["rejected"]) for f in report["files"]] == [("surveys", 5723, 0), ("surveys", 184, 0)]
    nps = store.board_of("Prep Air", "2026-W02")["nps"]
    assert (round(nps["value"], 4), nps["n"], nps["whole"], nps["text"], nps["state"]) == (21.1957, 184, 184, "21", "value")
    scores = [row["score"] for row in store.json("rows", "--branch", "Prep Air", "--metric", "nps", "--week", "2026-W02")["rows"]]
    assert len(scores) == 184
    assert round(100 * (sum(s >= 9 for s in scores) - sum(s <= 6 for s in scores)) / 184, 4) == 21.1957
    six_answers = store.board_of("Mitchell Group", "2026-W02")["nps"]
    assert (six_answers["value"], six_answers["part"], six_answers["state"]) == (None, None, "too_few")
