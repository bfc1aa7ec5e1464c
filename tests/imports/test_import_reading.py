"""Files as they come: encodings, delimiters, titles, blank lines, workbooks, and what is refused."""

from __future__ import annotations

import zipfile
from datetime import datetime, time

import openpyxl
import pytest

from scoreboard.errors import Refused

HEADER = "branch,response_no,at,score,comment"
ROW = "EAST,{0},2026-11-02,9,{1}"


def test_encodings_are_found_out(take):
    text = f"{HEADER}\n{ROW.format(1, 'Zoë – früh')}\n"
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
        assert take(text.encode(encoding)).column("comment") == ["Zoë – früh"], encoding


def test_a_letter_cut_by_a_block_of_reading_is_still_utf_8(take):
    block = 1 << 20   # the file is scanned by the megabyte; é is two bytes, one on each side
    rows = "".join(f"{ROW.format(n, 'y' * 1000)}\n" for n in range(1100))
    text = f"{HEADER}\n{rows}"
    cut = text.rindex("y", 0, block)
    text = text[:cut] + "y" * (block - 1 - cut) + "é" + text[cut:]
    assert text.encode()[block - 1:block + 1] == "é".encode()
    assert sum("é" in comment for comment in take(text).column("comment")) == 1


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_found_out(take, delimiter):
    text = "\n".join(line.replace(",", delimiter) for line in (HEADER, ROW.format(1, "fine")))
    assert take(text).column("comment") == ["fine"]


def test_a_sep_line_is_obeyed_and_counted(take):
    taken = take(f"sep=;\n{HEADER}\n{ROW.format(1, 'ok')}\nXX,2,2026-11-02,9,\n".replace(",", ";"))
    assert taken.column("comment") == ["ok"] and taken.codes == [(4, "branch", "unknown_branch")]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_make_no_difference(take, end):
    taken = take(end.join([HEADER, ROW.format(1, "a"), "XX,2,2026-11-02,9,b", ROW.format(3, "c"), ""]))
    assert taken.column("comment") == ["a", "c"] and taken.codes == [(3, "branch", "unknown_branch")]


def test_mixed_line_ends_lose_nothing(take):
    taken = take(f"{HEADER}\r\n{ROW.format(1, 'a')}\n{ROW.format(2, 'b')}\r{ROW.format(3, 'c')}\r\n")
    assert taken.column("comment") == ["a", "b", "c"]


def test_titles_and_blank_lines_are_passed_over_and_lines_keep_their_numbers(take):
    taken = take(f"Survey answers\nprinted 2026-11-09\n\n{HEADER}\n{ROW.format(1, 'a')}\n\n   \n,,,,\nXX,2,2026-11-02,9,\n")
    assert taken.column("comment") == ["a"] and taken.codes == [(9, "branch", "unknown_branch")]
    assert taken.checked.read == 2


def test_a_line_end_inside_a_cell_shifts_no_number(take):
    taken = take(f'{HEADER}\n{ROW.format(1, chr(34) + "two" + chr(10) + "lines" + chr(34))}\nXX,2,2026-11-02,9,\n')
    assert taken.column("comment") == ["two\nlines"] and taken.codes == [(4, "branch", "unknown_branch")]


def test_totals_and_footers_are_left_out_and_told(take):
    taken = take(f"{HEADER}\n{ROW.format(1, 'a')}\nSubtotal,,,9,\n{ROW.format(2, 'b')}\nGrand total,,,18,\nPage 1 of 1\n")
    assert taken.column("comment") == ["a", "b"]
    assert taken.codes == [(3, None, "skipped_line"), (5, None, "skipped_line"), (6, None, "skipped_line")]
    assert (taken.checked.read, taken.checked.rejected, taken.checked.problems_path) == (2, 0, None)


def test_a_row_of_another_length_is_rejected_whole(take):
    taken = take(f"{HEADER}\n{ROW.format(1, 'one, two')}\nEAST,2,2026-11-02\n{ROW.format(3, 'c')},,\n")
    assert taken.column("comment") == ["c"]
    assert taken.codes == [(2, None, "ragged_row"), (3, None, "ragged_row")]
    assert taken.checked.problems[0].value == " two"


def test_only_a_header_is_a_file_of_no_rows(take):
    checked = take(HEADER + "\n").checked
    assert (checked.read, checked.branches, checked.through) == (0, (), None)


@pytest.mark.parametrize(("file", "said"), [
    (b"", "is empty"), (b"\xef\xbb\xbf", "no table"), (b"\r\n\r\n", "is empty"), (b"%PDF-1.7 ...", "a PDF"),
    (b"<html><table><tr><td>branch</td></tr></table></html>", "web page"), (b"PK\x03\x04 cut off", "damaged or incomplete"),
    (b"\x1f\x8b\x08\x00abc", "gzip"), (b"branch,at\0\0\0\xff\n", "binary"), (b"just words\nand words\n", "no table"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 nothing more", "damaged or incomplete"),
    (b'branch,response_no,at,score\nEAST,"1,2026-11-02,9\n' + b"EAST,2,2026-11-02,9\n" * 9000, "quotation mark"),
])
def test_what_cannot_be_read_is_refused_by_name(take, file, said):
    with pytest.raises(Refused, match=said):
        take(file)


def test_a_quotation_that_is_never_closed_is_refused_with_its_line(take):
    with pytest.raises(Refused, match="from line 3 on"):
        take(f'{HEADER}\n{ROW.format(1, "a")}\n{ROW.format(2, chr(34) + "open")}\n{ROW.format(3, "c")}\n')
    assert take(f'{HEADER}\n{ROW.format(1, chr(34) + "closed" + chr(34))}').column("comment") == ["closed"]


def test_a_file_that_is_not_there_is_refused(take, tmp_path):
    with pytest.raises(Refused, match="no file"):
        take(tmp_path / "nothing.csv")


def workbook(path, rows, title=None, hidden=False):
    book = openpyxl.Workbook()
    if hidden:
        book.active.append(["branch", "response_no"])
        book.active.sheet_state = "hidden"
    sheet = book.create_sheet(title or "Answers") if hidden else book.active
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


def test_a_workbook_reads_like_a_clean_csv(take, tmp_path):
    rows = [["Answers of the week"], [], ["branch", "response_no", "at", "score", "comment"],
            ["EAST", 10248.0, datetime(2026, 11, 2, 7, 30), 9, "=1+1 is two"], ["EAST", "00123", 46328, "10", True],
            ["EAST", 3, "46329.5", 7.5, time(7, 30)], [], ["XX", 4, datetime(2026, 11, 2), 9, None], ["* as of today"]]
    rows[3][4] = "plain"
    taken = take(workbook(tmp_path / "answers.xlsx", rows, hidden=True))
    assert taken.column("response_no") == ["10248", "00123", "3"]
    assert taken.column("at") == [datetime(2026, 11, 2, 7, 30), datetime(2026, 11, 2), datetime(2026, 11, 3, 12)]
    assert taken.column("score") == [9, 10, 7.5] and taken.column("comment") == ["plain", "yes", "07:30:00"]
    assert taken.codes == [(8, "branch", "unknown_branch"), (9, None, "skipped_line")]


def test_a_table_away_from_the_corner_keeps_its_row_numbers(take, tmp_path):
    rows = [[], [], [None, None, "branch", "response_no", "at", "score"], [None, None, "XX", "1", "2026-11-02", 3]]
    assert take(workbook(tmp_path / "corner.xlsx", rows)).codes == [(4, "branch", "unknown_branch")]


def test_a_number_past_15_digits_has_been_rounded_and_is_no_identifier(take, tmp_path):
    rows = [["branch", "response_no", "at", "score"], ["EAST", 1234567890123456789, "2026-11-02", 3]]
    assert take(workbook(tmp_path / "long.xlsx", rows)).codes == [(2, "response_no", "mangled_identifier")]


def rewritten(path, part, change):
    """The workbook with one part changed."""
    out = path.with_name("changed.xlsx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return out


def test_the_1904_date_system_is_seen(take, tmp_path):
    rows = [["branch", "response_no", "at", "score"], ["EAST", "1", 44866, 3]]
    path = rewritten(workbook(tmp_path / "mac.xlsx", rows), "xl/workbook.xml",
                     lambda xml: xml.replace(b"<workbookPr", b'<workbookPr date1904="1"'))
    assert take(path).column("at") == [datetime(2026, 11, 2)]


def test_a_workbook_that_would_inflate_without_measure_is_refused_unread(take, tmp_path):
    path = rewritten(workbook(tmp_path / "bomb.xlsx", [["branch"]]), "xl/worksheets/sheet1.xml", lambda xml: xml + b" " * (64 << 20))
    with pytest.raises(Refused, match="would inflate to 64 MB"):
        take(path)


def test_a_workbook_with_a_document_type_is_refused(take, tmp_path):
    path = rewritten(workbook(tmp_path / "entity.xlsx", [["branch"]]), "xl/worksheets/sheet1.xml",
                     lambda xml: b'<!DOCTYPE x [<!ENTITY a "b">]>' + xml)
    with pytest.raises(Refused, match="document type"):
        take(path)


def test_a_zip_that_is_no_workbook_is_refused(take, tmp_path):
    with zipfile.ZipFile(tmp_path / "some.zip", "w") as archive:
        archive.writestr("export.csv", HEADER)
    with pytest.raises(Refused, match="zip archive"):
        take(tmp_path / "some.zip")
