"""Files nobody here wrote: the hostile set with what each must get, and exports of other systems."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from scoreboard.errors import Refused

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
FILES = SHARED / "messy" / "files"
MAP = ('source = "order_lines"\n[columns]\norder_date = "ordered_at"\npromised_date = "first_promised_for"\n'
       'shipped_date = "shipped_at"\nunit_price = "value"\n')
pytestmark = pytest.mark.skipif(not FILES.is_dir(), reason="the shared data is not here")

# file: what its refusal must say
REFUSED = {"09_duplicate_headers.csv": "qty_shipped.*7 and 14", "15_truncated.xlsx": "damaged or incomplete",
           "16_zipbomb_200MB.xlsx": "would inflate", "18_password_protected.xlsx": "password-protected", "19_empty.csv": "is empty",
           "21_wrong_entity.csv": "no column for branch", "35_xml_entities.xlsx": "document type"}
SAME_AS_BASELINE = ("02_utf16le_bom_tab.txt", "03_windows1252_accents.csv", "05_title_rows_merged.xlsx",
                    "06_dates_serial_and_text.xlsx", "08_mixed_date_formats.csv", "10_totals_rows.csv", "11_blank_rows.csv",
                    "17_legacy_biff8.xls", "41_same_file_again.csv")


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_nobody_can_load_is_refused_by_what_it_is(take, name):
    with pytest.raises(Refused, match=REFUSED[name]):
        take(FILES / name, map=MAP)


@pytest.mark.parametrize("name", SAME_AS_BASELINE)
def test_the_same_rows_are_the_same_however_they_come(take, name):
    baseline = take(FILES / "01_baseline.csv", map=MAP).rows
    taken = take(FILES / name, map=MAP)
    assert len(baseline) == 60 and taken.rows == baseline and taken.checked.rejected == 0


def test_a_european_export_keeps_its_thousands_and_its_months(take):
    baseline = take(FILES / "01_baseline.csv", map=MAP)
    taken = take(FILES / "04_semicolon_decimal_comma.csv", map=MAP)
    assert taken.column("value") == [pytest.approx(value * 1000) for value in baseline.column("value")]
    assert taken.column("ordered_at") == baseline.column("ordered_at")


@pytest.mark.parametrize(("name", "rows", "lines"), [
    ("13_formula_injection.csv", 8, []), ("14_embedded_newlines_quotes.csv", 6, []), ("20_header_only.csv", 0, []),
    ("22_duplicate_keys.csv", 19, [9, 24]), ("24_future_and_sentinel_dates.csv", 6, [3, 5]),
    ("26_iso_week53.csv", 8, []), ("27_unknown_branch_codes.csv", 4, [5, 7, 8, 9, 10, 11]), ("42_restated_export.csv", 60, []),
])
def test_good_rows_load_and_bad_ones_are_listed_by_line(take, name, rows, lines):
    taken = take(FILES / name, map=MAP, now=datetime(2027, 2, 1))
    assert len(taken.rows) == rows
    assert [p.row for p in taken.checked.problems if p.rejects] == lines


def test_no_file_of_the_set_is_forgotten():
    told = {Path(file["file"]).name for file in json.loads((FILES.parent / "manifest.json").read_text())["files"]}
    tested = {"01_baseline.csv", "04_semicolon_decimal_comma.csv", *REFUSED, *SAME_AS_BASELINE, "13_formula_injection.csv",
              "14_embedded_newlines_quotes.csv", "20_header_only.csv", "22_duplicate_keys.csv", "24_future_and_sentinel_dates.csv",
              "26_iso_week53.csv", "27_unknown_branch_codes.csv", "42_restated_export.csv"}
    assert told == tested


def test_purchase_order_lines_without_headers_load_by_position(take):
    told = ('source = "order_lines"\nheaders = false\ndelimiter = "tab"\n[columns]\n1 = "order_no"\n2 = "line_no"\n'
            '3 = "first_promised_for"\n'
            '4 = "qty_ordered"\n8 = "qty_delivered"\n11 = "ordered_at"\n[constants]\nbranch = "EAST"\n')
    taken = take(SHARED / "adventureworks" / "PurchaseOrderDetail.csv", map=told)
    assert len(taken.rows) == 8845 and taken.checked.rejected == 0
    units = duckdb.execute("SELECT sum(least(qty_delivered, qty_ordered)) / sum(qty_ordered), "
                           "count(*) FILTER (qty_delivered < qty_ordered) FROM read_parquet(?)", [str(taken.checked.rows)]).fetchall()[0]
    assert units == (pytest.approx(0.990915, abs=1e-6), 380)


def test_survey_answers_with_long_headers_load_with_a_map(take):
    told = ('source = "surveys"\n[columns]\nAirline = "branch"\nCustomerID = "response_no"\n'
            '"How likely are you to recommend this airline?" = "score"\n[constants]\nat = "2026-11-02"\n')
    taken = take(SHARED / "prepbench-nps" / "case122_input_02.csv", map=told, create=True)
    assert taken.checked.new_branches == ("Prep Air",) and len(taken.rows) == 184
    scores = taken.column("score")
    assert 100 * (sum(s >= 9 for s in scores) - sum(s <= 6 for s in scores)) / 184 == pytest.approx(21.1957, abs=1e-4)
