"""Every figure of a workbook is computed by a spreadsheet program, and is what the board says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openxml_audit import OpenXmlValidator, ValidationSeverity
from pytest import approx

from scoreboard.metrics.catalogue import BY_KEY
from tests.command_line import Store
from tests.exports.conftest import NASTY, WORKBOOKS
from tests.exports.office import Opened, opened

Books = dict[str, Opened]
TO_THE_LAST = {"rel": 1e-9, "abs": 1e-9}
ERRORS = ("#", "Err:")


@pytest.mark.parametrize("name", [name for name, *_ in WORKBOOKS])
def test_every_formula_gives_a_figure_or_a_word_and_none_an_error(books: Books, name: str) -> None:
    found = list(books[name].formulas())
    assert found
    assert [one for one in found if one[3] is None or str(one[3]).startswith(ERRORS)] == []


@pytest.mark.parametrize("name", [name for name, *_ in WORKBOOKS if name != "many"])  # as valley, with so many cells that it takes long
def test_a_workbook_gives_excel_nothing_to_repair(books: Books, name: str) -> None:
    """By the rules of Microsoft's Open XML SDK. It asks for the parts of a font in one order; the standard (ISO/IEC 29500-1, CT_Font) and
    Excel take them in any, and so openpyxl writes them in its own."""
    found = OpenXmlValidator().validate(str(books[name].file)).errors
    assert [str(one) for one in found if one.severity is ValidationSeverity.ERROR and "/fonts[1]/font[" not in str(one)] == []


@pytest.mark.parametrize("name", [name for name, *_ in WORKBOOKS])
def test_a_text_of_people_or_files_is_never_a_formula(books: Books, name: str) -> None:
    functions = {word for *_, said, _ in books[name].formulas() for word in re.findall(r"([A-Z]{2,})\(", said)}
    assert functions <= {"IF", "INDEX", "MATCH", "SUM", "SUMIFS", "SUMPRODUCT", "COUNTIF", "COUNTIFS", "COUNT", "AVERAGE", "AVERAGEIFS",
                         "MAX", "MIN", "LN", "OR", "AND", "NOT", "ISNUMBER", "ABS", "IFERROR"}
    assert all(not text.startswith(("=", "+", "-", "@", "\t")) or re.fullmatch(r"-+", text) for _, _, text in books[name].texts())


def test_what_looks_like_a_formula_or_an_error_stands_there_as_text(books: Books) -> None:
    row = next(row for row in books["riverside"].table("Exceptions", "No.") if row["Customer"] == f"'{NASTY}")
    assert (row["Order"], row["Part"]) == ("#N/A", "'@SUM(1)")
    assert books["empty"].computed["About"]["A1"].value == "'=1+1"


# ---- the board -----------------------------------------------------------------------------------------
def tiles(store: Store, *scope: str) -> list[dict[str, Any]]:
    return [m for m in store.json("board", *scope)["metrics"] if m["on_board"]]


def check(row: dict[str, Any], tile: dict[str, Any]) -> None:
    """A row of the workbook against a tile of the board."""
    assert (row["Metric"], row["Week"]) == (tile["name"], tile["week"])
    if tile["value"] is None:
        assert isinstance(row["Figure"], str) and row["Figure"]
        return
    assert row["Figure"] == approx(tile["value"], **TO_THE_LAST)
    assert row["n"] == tile["n"]
    aimed = tile["target"] is not None and BY_KEY[tile["key"]].direction
    assert row["Target"] == (approx(tile["target"], **TO_THE_LAST) if aimed else None)
    if not BY_KEY[tile["key"]].is_duration:
        assert (row["Part"], row["Whole"]) == (approx(tile["part"], **TO_THE_LAST), approx(tile["whole"], **TO_THE_LAST))


@pytest.mark.parametrize(("name", "asked"), [("riverside", ()), ("early", ("--week", "2026-W30"))])
def test_the_scoreboard_of_a_branch_is_its_board(books: Books, made: Store, name: str, asked: tuple[str, ...]) -> None:
    rows, board = books[name].table("Scoreboard", "Metric"), tiles(made, "--branch", "RIV", *asked)
    assert len(rows) == len(board) == 8
    for row, tile in zip(rows, board, strict=True):
        check(row, tile)


@pytest.mark.parametrize(("name", "territory"), [("valley", "River Valley"), ("coast", "Coast")])
def test_the_figures_of_a_territory_are_its_board_and_those_of_its_branches(books: Books, made: Store, name: str, territory: str) -> None:
    rows = books[name].table("Figures", "Branch")
    codes = {"Riverside": "RIV", "Harbor": "HAR", "Millbrook": "MIL", f"{territory} (territory)": ""}
    assert {row["Branch"] for row in rows} == {"Millbrook", f"{territory} (territory)", "Riverside" if name == "valley" else "Harbor"}
    for branch in dict.fromkeys(row["Branch"] for row in rows):
        scope = ("--branch", codes[branch]) if codes[branch] else ("--territory", territory)
        theirs = [row for row in rows if row["Branch"] == branch]
        board = tiles(made, *scope)
        assert len(theirs) == len(board)
        for row, tile in zip(theirs, board, strict=True):
            check(row, tile)


def test_trends_are_the_weeks_of_the_series(books: Books, made: Store) -> None:
    sheet = [list(row) for row in books["riverside"].computed["Trends"].iter_rows(values_only=True)]
    begins = [at for at, row in enumerate(sheet) if row[0] == "Week"]
    series = {key: made.json("series", "--branch", "RIV", "--metric", key)["points"]
              for key in (tile["key"] for tile in tiles(made, "--branch", "RIV"))}
    known = {key: {p["week"]: p for p in points if p["week"] <= "2026-W45"} for key, points in series.items() if points}
    assert len(begins) == len(known) > 5
    for begin, (key, points) in zip(begins, known.items(), strict=True):
        rows = {row[0]: row for row in sheet[begin + 1:begin + 27] if row[0] and re.fullmatch(r"\d{4}-W\d\d", str(row[0]))}
        assert rows and set(rows) == set(list(points)[-26:])
        for week, row in rows.items():
            expected = points[week]["value"]
            assert row[5] == (approx(expected, **TO_THE_LAST) if expected is not None else None), (key, week)


@pytest.mark.parametrize(("name", "scope"), [("riverside", ("--branch", "RIV")), ("valley", ("--territory", "River Valley")),
                                             ("coast", ("--territory", "Coast"))])
def test_the_triangle_is_computed_as_the_board_computes_it(books: Books, made: Store, name: str, scope: tuple[str, ...]) -> None:
    board, rows = made.json("board", *scope), books[name].table("Triangle", "Corner")
    for corner, row in zip(board["corners"], rows, strict=False):
        assert (row["Corner"], row["State"], row["Speak"], row["Of"]) == (corner["name"], corner["state"], corner["speak"], corner["of"])
        assert row["Score"] == ("no score" if corner["score"] is None else approx(corner["score"], **TO_THE_LAST))
    for row, expected in zip(rows[3:], (board["score"], board["balance"]), strict=True):
        assert row["Score"] == ("no score" if expected is None else approx(expected, **TO_THE_LAST))


def test_where_misses_are_rare_four_weeks_are_held_against_the_range_of_four_weeks(books: Books) -> None:
    sheet = [list(row) for row in books["years"].computed["Trends"].iter_rows(values_only=True)]
    begins = [at for at, row in enumerate(sheet) if row[0] == "Week" and row[12] == "Four weeks together"]
    titles = [next(row[0] for row in reversed(sheet[:at]) if row[0]) for at in begins]
    assert begins and all("Four weeks together are usually" in title for title in titles)
    for begin in begins:
        rows = [row for row in sheet[begin + 1:begin + 27] if row[12] is not None]
        assert len(rows) % 4 == 0 and len(rows) >= 12
        for at in range(0, len(rows), 4):
            four = rows[at:at + 4]
            counted = [row for row in four if "too few" not in row[10]]
            whole = sum(row[3] for row in counted)
            assert [row[12] for row in four] == [approx(sum(row[2] for row in counted) / whole, **TO_THE_LAST)] * 4
            assert len({row[6] for row in four}) == 1 and four[0][6] is not None
            out = not four[0][6] - 1e-12 <= four[0][12] <= four[0][8] + 1e-12
            assert len({"than usual" in row[10] for row in four}) == 1 and (not out or "four weeks" in four[0][10])


def test_a_week_that_data_does_not_have_gives_a_word_and_no_error(made: Store, tmp_path: Path) -> None:
    made.json("export", "branch", "RIV", "-o", tmp_path / "made.xlsx")
    book = openpyxl.load_workbook(tmp_path / "made.xlsx")
    begin = next(cell.row for cell in book["Triangle"]["A"] if cell.value == "Metric")
    for sheet, cells in (("Scoreboard", "C6:C13"), ("Triangle", f"C{begin + 1}:F{begin + 7}"), ("Trends", "A24:A30")):
        for row in book[sheet][cells]:
            for cell in row:
                cell.value = "2031-W01"
    book.save(tmp_path / "pasted.xlsx")
    found = opened([tmp_path / "pasted.xlsx"], tmp_path)["pasted"]
    assert [one for one in found.formulas() if str(one[3]).startswith(ERRORS)] == []
    assert {row["Figure"] for row in found.table("Scoreboard", "Metric")} == {"no such week in Data"}
    assert {row["Score"] for row in found.table("Triangle", "Metric")} == {"does not speak"}


def test_exceptions_have_their_year_and_clocks_in_hours_beside_the_standard(books: Books, made: Store) -> None:
    rows = {row["No."]: row for row in books["riverside"].table("Exceptions", "No.")}
    standards = made.json("options", "list")["options"]
    agreed = {name.casefold(): float(minutes) for name, minutes in next(
        one["value"] for one in standards if one["key"] == "exception_standards").items()}
    assert rows and any(isinstance(row["Standard, working hours"], int | float) for row in rows.values())
    for row in rows.values():
        assert isinstance(row["Our clock, working hours (value)"], int | float), "a number, to be sorted"
        minutes = agreed.get(row["What"].casefold())
        assert row["Standard, working hours"] == (approx(minutes / 60, **TO_THE_LAST) if minutes else "not agreed")
    sheet = books["riverside"].written["Exceptions"]
    formats = {cell.value: sheet.cell(7, cell.column).number_format for cell in sheet[6]}
    assert "yyyy" in formats["Opened"] and formats["Our clock, working hours (value)"].endswith('" h"')


# ---- a territory ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["valley", "coast", "many"])
def test_the_sum_of_the_branches_that_count_is_the_territory(books: Books, name: str) -> None:
    rows = books[name].table("Adding up", "Metric")
    assert rows and {row["Agree?"] for row in rows} == {"yes"}


def test_a_branch_counts_where_it_belonged_in_that_week(books: Books) -> None:
    said = {name: {row["Week"]: row["Counts here"] for row in books[name].table("Data", "Key") if row["Branch"] == "Millbrook"}
            for name in ("valley", "coast")}
    for week in said["valley"]:
        assert said["valley"][week] == ("yes" if week < "2026-W41" else "no")
        assert said["coast"][week] == ("no" if week < "2026-W41" else "yes")


def test_the_sum_over_data_is_the_territorys_in_every_week(books: Books) -> None:
    """Σ over Σ, added up a second time from the rows of Data alone."""
    for name in ("valley", "coast"):
        rows = books[name].table("Data", "Key")
        own = {(row["Metric"], row["Week"]): row for row in rows if row["Counts here"] == "total"}
        for (metric, week), total in own.items():
            if BY_KEY[metric].is_duration or BY_KEY[metric].minimum or total["Whole"] is None:
                continue
            theirs = [row for row in rows if (row["Metric"], row["Week"], row["Counts here"]) == (metric, week, "yes")]
            for column in ("Part", "Whole"):
                assert sum(row[column] or 0 for row in theirs) == approx(total[column], **TO_THE_LAST), (name, metric, week)


def test_a_territory_has_one_row_for_each_branch_by_name(books: Books) -> None:
    rows = [row["Branch"] for row in books["many"].table("Scoreboard", "Branch")]
    assert rows[:61] == ["Many", *(f"B{n:02d}" for n in range(60))]
    assert rows[61:] == [f"Branches: {said}" for said in ("worse than usual", "better than usual", "reliably misses")]


# ---- what is odd says something true -------------------------------------------------------------------
def test_a_branch_without_data_says_so_in_every_sheet(books: Books) -> None:
    book = books["empty"]
    assert {row["Figure"] for row in book.table("Scoreboard", "Metric")} == {"not available"}
    assert all("Needs: " in row["Is it changing?"] for row in book.table("Scoreboard", "Metric"))
    assert "Nothing is loaded" in " ".join(text for sheet, _, text in book.texts() if sheet == "About")
    assert [row["Score"] for row in book.table("Triangle", "Corner")] == ["no score"] * 5
    assert any(text == "No exception is open." for sheet, _, text in book.texts() if sheet == "Exceptions")


def test_one_week_of_data_has_its_figure_and_no_usual_range(books: Books) -> None:
    row = next(row for row in books["one"].table("Scoreboard", "Metric") if row["Metric"].startswith("On time"))
    assert (row["Part"], row["Whole"]) == (8, 12) and row["Figure"] == approx(8 / 12, **TO_THE_LAST)
    assert "1 so far" in row["Usual range"] and row["Will it hit the target?"] == "no target agreed"


def test_planned_stands_beside_done(books: Books, made: Store) -> None:
    said = {one["branch"]: one for one in made.json("rollout", "show", "--company")["branches"]}
    names = {"RIV": "Riverside", "HAR": "Harbor", "MIL": "Millbrook"}
    begun = {names[code]: (one["done"], one["planned"]) for code, one in said.items()}
    rows = {row["Branch"]: (row["Done"], row["Planned by today (value)"]) for name in ("valley", "coast")
            for row in books[name].table("Rollout", "Branch")}
    assert rows == begun and any(planned for _, planned in rows.values())
    assert books["riverside"].computed["Rollout"]["A3"].value == (
        f"{said['RIV']['done']} of 13 items done, {said['RIV']['planned']} planned by 9 November 2026")


def test_without_a_start_day_the_rollout_says_that_nothing_is_due(books: Books) -> None:
    assert "No start day is set" in books["one"].computed["Rollout"]["A2"].value
    assert {row["Begun on"] for row in books["many"].table("Rollout", "Branch")} == {"not set"}


# ---- what never stands in it ---------------------------------------------------------------------------
@pytest.mark.parametrize("name", [name for name, *_ in WORKBOOKS])
def test_no_private_note_stands_in_any_sheet(books: Books, name: str) -> None:
    assert not [one for one in books[name].texts() if "a private word" in one[2]]


def test_a_person_stands_only_beside_what_is_open_or_what_they_answer_for(books: Books) -> None:
    owners = {row["Owner"].removesuffix(" (has not said yes)") for row in books["riverside"].table("Exceptions", "No.")} - {"nobody yet"}
    assert owners
    for sheet, cell, text in books["riverside"].texts():
        if any(owner in text for owner in owners):
            head = books["riverside"].computed[sheet]
            assert sheet in ("Exceptions", "Handoffs and repeats", "Rollout"), (sheet, cell, text)
            assert not isinstance(head[cell].offset(0, 1).value, int | float), (sheet, cell)


def test_every_sheet_prints_on_one_page_of_width_with_its_heads(books: Books) -> None:
    for book in books.values():
        for sheet in book.written:
            assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage) == (1, 0, True)
            assert bool(sheet.print_title_rows) == bool(sheet.freeze_panes and re.search(r"[2-9]$", sheet.freeze_panes))
