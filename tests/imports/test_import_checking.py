"""`check` as a whole: what comes of a file, whoever wrote it."""

from __future__ import annotations

import csv
import io
import tempfile
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Boolean, Date, DateTime, Double

from scoreboard.errors import Refused
from scoreboard.imports.checking import BranchSpan, Known, check

LINES = """branch,order_no,line_no,ordered_at,qty_ordered,shipped_at
EAST,SO1,1,2026-11-02 07:30:00,5,2026-11-03 11:00:00
EAST,SO1,2,2026-11-02 07:30:00,2.5,
WEST,SO2,1,2026-11-04,1,2026-11-05
"""


def test_good_rows_come_back_typed_in_the_order_of_the_file(take):
    taken = take(LINES)
    assert taken.checked.source.name == "order_lines"
    assert taken.rows[0] == {"branch": "EAST", "order_no": "SO1", "line_no": "1", "qty_ordered": 5.0,
                             "ordered_at": datetime(2026, 11, 2, 7, 30), "shipped_at": datetime(2026, 11, 3, 11)}
    assert taken.column("line_no") == ["1", "2", "1"]
    assert taken.checked.problems == [] and taken.checked.problems_path is None


def test_the_parquet_types_are_those_of_the_source(take):
    text = ("branch,rma_no,rma_line,kind,received_at,supplier_deadline_on,warranty_eligible,value\n"
            "EAST,R1,1,core,2026-11-02,2026-12-01,yes,3\n")
    checked = take(text).checked
    names = {Boolean: "BOOLEAN", Date: "DATE", DateTime: "TIMESTAMP", Double: "DOUBLE"}
    found = {name: kind for name, kind, *_ in duckdb.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(checked.rows)]).fetchall()}
    for column in checked.columns:
        assert found[column] == names.get(type(checked.source.table.c[column].type), "VARCHAR"), column


def test_spans_and_through_come_from_the_good_rows(take):
    checked = take(LINES + "EAST,SO9,1,not a date,1,2026-11-08\n").checked
    assert checked.branches == (BranchSpan("EAST", date(2026, 11, 2), date(2026, 11, 2), 2),
                                BranchSpan("WEST", date(2026, 11, 4), date(2026, 11, 4), 1))
    assert checked.through == datetime(2026, 11, 5)
    assert (checked.read, checked.rejected) == (4, 1)


def test_a_declared_through_wins(take):
    assert take(LINES, through=datetime(2026, 11, 8, 18)).checked.through == datetime(2026, 11, 8, 18)


def test_a_promise_is_never_how_far_a_file_reaches(take):
    text = "branch,order_no,line_no,ordered_at,qty_ordered,promised_for\nEAST,1,1,2026-11-02,1,2026-12-24\n"
    assert take(text).checked.through == datetime(2026, 11, 2)


def test_a_file_of_keys_and_one_column_completes_known_rows(take):
    checked = take("branch,order_no,line_no,delivered_at\nEAST,SO1,1,2026-11-05\n", source="order_lines").checked
    assert checked.columns == ("branch", "order_no", "line_no", "delivered_at")
    assert checked.branches == (BranchSpan("EAST", None, None, 1),)


def test_a_row_without_its_record_date_waits_when_it_has_a_key(take):
    taken = take("branch,order_no,line_no,ordered_at,qty_ordered\nEAST,SO1,1,,5\n")
    assert taken.column("ordered_at") == [None] and taken.codes == []


def test_a_row_without_its_record_date_is_rejected_when_it_has_no_key(take):
    taken = take("branch,ordered_at,qty_ordered\nEAST,,5\nEAST,2026-11-02,6\n")
    assert taken.checked.keyless and taken.codes == [(2, "ordered_at", "missing_value")]


def test_rows_without_a_key_may_be_alike(take):
    taken = take("branch,ordered_at,qty_ordered\nEAST,2026-11-02,6\nEAST,2026-11-02,6\n")
    assert len(taken.rows) == 2 and taken.checked.repeated == 0


def test_an_impossible_order_is_one_warning_with_its_count(take):
    text = "branch,order_no,line_no,ordered_at,qty_ordered,delivered_at\n" + "".join(
        f"EAST,{n},1,2026-11-05 10:00,1,{when}\n" for n, when in enumerate(["2026-11-04", "2026-11-05", "2026-11-06", "2026-11-05 09:00"]))
    taken = take(text)
    assert len(taken.rows) == 4
    assert [(p.code, p.value, p.rejects) for p in taken.checked.problems] == [("impossible_order", "2", False)]
    assert taken.checked.problem_counts == {"impossible_order": 2}


def test_when_most_rows_run_backwards_the_date_format_is_suspected(take):
    text = "branch,quote_no,requested_at,responded_at\nEAST,1,2026-11-05,2026-11-04\n"
    assert "date format" in take(text).checked.problems[0].message


def test_an_unknown_code_becomes_a_branch_only_when_asked(take):
    text = "branch,response_no,at,score\nEAST,1,2026-11-02,9\n Lakeside ,2,2026-11-02,10\n"
    assert take(text).codes == [(3, "branch", "unknown_branch")]
    taken = take(text, create=True)
    assert taken.checked.new_branches == ("Lakeside",) and taken.column("branch") == ["EAST", "Lakeside"]


def test_a_new_branch_deep_in_the_file_is_found_too(take):
    text = "branch,response_no,at,score\n" + "".join(f"EAST,{n},2026-11-02,9\n" for n in range(6000)) + "LAKE,x,2026-11-02,9\n"
    assert take(text, create=True).checked.new_branches == ("LAKE",)


def test_a_look_alike_never_becomes_a_branch(take):
    taken = take("branch,response_no,at,score\n\u0415AST,1,2026-11-02,9\n", create=True)
    assert taken.codes == [(2, "branch", "unknown_branch")]
    assert "cyrillic" in taken.checked.problems[0].message


def test_who_may_load_for_one_branch_learns_nothing_of_the_others(take):
    text = "branch,response_no,at,score\nEAST,1,2026-11-02,9\nWEST,2,2026-11-02,9\nWESTT,3,2026-11-02,9\n"
    for create in (False, True):
        taken = take(text, allowed=frozenset({"EAST"}), create=create)
        assert taken.codes == [(3, "branch", "not_allowed_branch"), (4, "branch", "not_allowed_branch")]
        west, westt = (p.message for p in taken.checked.problems)
        assert west.replace("WEST", "…") == westt.replace("WESTT", "…")
        assert taken.checked.new_branches == ()


def test_a_branch_given_for_the_whole_file_must_be_one(take):
    text = "response_no,at,score\n1,2026-11-02,9\n"
    assert take(text, branch="east").column("branch") == ["EAST"]
    with pytest.raises(Refused, match='Did you mean "EAST"'):
        take(text, branch="EASTT")
    with pytest.raises(Refused, match="may load for"):
        take(text, branch="WEST", allowed=frozenset({"EAST"}))


def test_nothing_but_rows_and_problems_is_left_in_scratch(take, tmp_path):
    take(LINES + "XX,SO9,1,2026-11-02,1,\n")
    assert {path.name for path in (tmp_path / "scratch").iterdir()} == {"rows.parquet", "problems.xlsx"}


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cells=st.lists(CELL, min_size=1, max_size=6), delimiter=st.sampled_from(",;\t|"), end=st.sampled_from(["\n", "\r\n"]),
       encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]), everything=st.booleans())
def test_no_text_is_lost_or_changed_however_the_file_is_written(cells, delimiter, end, encoding, everything):
    if not everything:  # a lone CR outside quotation marks ends a line, whoever writes it
        cells = [cell.replace("\r", "\n") for cell in cells]
    out = io.StringIO()
    quoting = csv.QUOTE_ALL if everything else csv.QUOTE_MINIMAL
    csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(
        [["branch", "response_no", "at", "score", "comment"],
         *(["EAST", f"N{i}", "2026-11-02", "9", cell] for i, cell in enumerate(cells))])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answers.csv"
        path.write_bytes(out.getvalue().encode(encoding))
        checked = check(path, known=Known({"EAST": "UTC"}, None, False), now=datetime(2026, 11, 9), scratch=Path(folder) / "s")
        found = duckdb.execute("SELECT comment FROM read_parquet(?)", [str(checked.rows)]).fetchall()
    assert [_plain(text) for text, in found] == [_plain(cell) for cell in cells]


def _plain(text: str | None) -> str:
    """Line ends may be normalised, outer blanks go, words for nothing are nothing, a formula's apostrophe comes off."""
    kept = (text or "").replace("\r\n", "\n").replace("\r", "\n").strip(" \t\n\u00a0\u2007\u202f\u200b\ufeff")
    kept = kept[1:] if kept[:1] == "'" and kept[1:2] in tuple("=+-@\t\r") else kept
    return "" if kept.lower() in ("-", "--", "n/a", "#n/a", "null", "nat") else kept.strip(" ")
