"""Repeats and conflicts inside a file, and the rows that go back to be corrected."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from python_calamine import CalamineWorkbook

import scoreboard.imports
from scoreboard.imports.report import CODES, inert

HEADER = "branch,order_no,line_no,ordered_at,qty_ordered,customer"


def sheet(path):
    return CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()


def test_exact_repeats_count_once_and_are_told(take):
    taken = take(f"{HEADER}\nEAST,1,1,2026-11-02,5,a\nEAST,1,2,2026-11-02,5,a\neast,1,1,2026-11-02 00:00,5.0,a\n")
    assert taken.column("line_no") == ["1", "2"]
    assert (taken.checked.read, taken.checked.repeated, taken.checked.rejected) == (3, 1, 0)
    assert taken.codes == [(4, None, "repeated_row")] and "row 2" in taken.checked.problems[0].message


def test_rows_that_contradict_each_other_are_all_turned_back_naming_the_other(take):
    taken = take(f"{HEADER}\nEAST,1,1,2026-11-02,5,a\nEAST,1,2,2026-11-02,5,a\nEAST,1,1,2026-11-02,6,a\nEAST,1,1,2026-11-02,5,a\n")
    assert taken.column("line_no") == ["2"]
    assert taken.codes == [(2, "order_no", "conflicting_key"), (4, "order_no", "conflicting_key"), (5, "order_no", "conflicting_key")]
    assert "row 5" in taken.checked.problems[0].message and "row 2" in taken.checked.problems[1].message
    assert [row[4] for row in sheet(taken.checked.problems_path)[1:]] == ["5", "6", "5"]


def test_the_same_number_at_two_branches_is_two_keys(take):
    assert len(take(f"{HEADER}\nEAST,1,1,2026-11-02,5,a\nWEST,1,1,2026-11-02,6,a\n").rows) == 2


def test_a_blank_optional_part_of_a_key_is_part_of_it(take):
    taken = take("branch,credit_no,credit_line,issued_at,reason\nEAST,1,,2026-11-02,mis-pick\n"
                 "EAST,1,,2026-11-02,short\nEAST,1,2,2026-11-02,short\n")
    assert [code for *_, code in taken.codes] == ["conflicting_key"] * 2 and taken.column("credit_line") == ["2"]


def test_a_bad_row_contradicts_nothing(take):
    taken = take(f"{HEADER}\nEAST,1,1,2026-11-02,5,a\nEAST,1,1,2026-11-02,lots,a\n")
    assert len(taken.rows) == 1 and taken.codes == [(3, "qty_ordered", "bad_number")]


def test_rejected_rows_can_be_corrected_and_loaded_by_themselves(take, tmp_path):
    taken = take(f"{HEADER},note\nEAST,1,1,2026-11-02,lots,=1+1,kept\nEAST,2,1,2026-11-02,3,b,\nXX,3,1,2026-11-02,-5,-2+3,\n")
    head, *rows = sheet(taken.checked.problems_path)
    assert head == [*HEADER.split(","), "note", "Row", "Problem"]
    assert [row[:8] for row in rows] == [["EAST", "1", "1", "2026-11-02", "lots", "'=1+1", "kept", "2"],
                                         ["XX", "3", "1", "2026-11-02", "-5", "'-2+3", "", "4"]]
    assert "is not a branch" in rows[1][8] and "below zero" in rows[1][8]
    rows[0][4], rows[1][0], rows[1][4] = "4", "EAST", "5"
    corrected = tmp_path / "corrected.csv"
    with corrected.open("w", newline="") as file:
        csv.writer(file).writerows([head, *rows])
    again = take(corrected)
    assert again.codes == [] and again.column("customer") == ["=1+1", "-2+3"] and again.column("qty_ordered") == [4, 5]
    assert again.checked.ignored == ("note", "Row", "Problem")


def test_no_text_of_the_workbook_is_a_formula_and_no_number_is_spoiled():
    for text in ("=1", "+cmd", "-cmd|x", "@SUM(1)", "\t=1", "\r=1"):
        assert inert(text) == "'" + text
    for text in ("-5", "+4.5", "-1,234.50", "plain", "", "-", "a=b"):
        assert inert(text) == text


def test_with_very_many_bad_rows_the_report_is_a_csv_and_complete(take):
    count = 100_001
    taken = take("branch,response_no,at,score\n" + "".join(f"XX,{n},2026-11-02,9\n" for n in range(count)))
    assert taken.checked.problem_counts == {"unknown_branch": count} and taken.checked.rejected == count
    assert len(taken.checked.problems) == 10_000 and taken.checked.problems_path.suffix == ".csv"
    assert taken.checked.problems_path.read_text(encoding="utf-8-sig").count("\n") == count + 1


def test_a_file_without_headers_goes_back_without_headers(take):
    told = 'source = "surveys"\nheaders = false\n[columns]\n1 = "branch"\n2 = "response_no"\n3 = "at"\n4 = "score"\n'
    taken = take("EAST,1,2026-11-02,9\nEAST,2,2026-11-02,99\n", map=told)
    assert sheet(taken.checked.problems_path)[0][:5] == ["EAST", "2", "2026-11-02", "99", "2"]
    assert take(taken.checked.problems_path, map=told).codes == [(1, "4", "out_of_range")]


def test_every_code_in_use_is_explained_and_every_explained_code_is_in_use():
    folder = Path(scoreboard.imports.__file__).parent
    source = "".join((folder / f"{name}.py").read_text() for name in (
        "expressions", "staging", "mistakes", "repeats", "summary", "reasons"))
    for code, meaning in CODES.items():
        assert re.search(rf"['\"]{code}['\"]", source), code
        assert meaning.endswith(".")
    assert set(re.findall(r"THEN '([a-z_]+)'|Problem\(\"([a-z_]+)\"", source)) <= {
        pair for code in CODES for pair in ((code, ""), ("", code))}
