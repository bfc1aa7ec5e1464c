"""What is taken along really arrives: tables, pictures, the printed board, the workbook, each with what it is of."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest
from playwright.sync_api import Download, Locator, Page, expect

from tests.browser.serving import LAPTOP, NOW, PHONE, RIVERSIDE, WEEK, Served, Windows, seen, settled
from tests.command_line import Store

SVG = "{http://www.w3.org/2000/svg}"


def choice(page: Page, begins: str) -> Locator:
    """The word that opens the choice of a table or picture, by the beginning of its key."""
    return page.locator(f"[class*='st-key-take-{begins}'][class*='-place'] button").first


def kept(page: Page, label: str) -> Download:
    """What arrives when a button is pressed."""
    with page.expect_download() as arrived:
        page.get_by_role("button", name=label, exact=True).click()
    return arrived.value


def test_the_rows_behind_a_figure_arrive_with_what_they_are_of(windows: Windows) -> None:
    page = windows().open(f"metric{RIVERSIDE}&metric=otif")
    shown = page.get_by_role("region", name="Rows behind On time, in full").locator("tbody tr")
    choice(page, "On-time--in-full--the-rows").click()
    file = kept(page, "CSV")
    lines = list(csv.reader(io.StringIO(Path(file.path()).read_text(encoding="utf-8-sig"))))
    table, about = lines[:lines.index([])], dict(line for line in lines[lines.index([]) + 1:])
    assert file.suggested_filename.startswith("Riverside-2026-W45-On-time-in-full-the-rows-behind-Week-45")
    assert len(table) - 1 == shown.count()
    assert (about["Branch"], about["Week"], about["Made"]) == ("Riverside", WEEK, "2026-11-09 13:00 UTC")
    assert about["Data version"].isdigit() and len(about["Definitions"]) == 12
    book = openpyxl.load_workbook(io.BytesIO(Path(kept(page, "Excel").path()).read_bytes()))
    assert book.sheetnames == ["Rows", "About"] and book["Rows"].max_row == len(table)
    assert {row[0].value: row[1].value for row in book["About"].iter_rows()} == about


@pytest.mark.parametrize("address, key, says, legend", [
    ("metric", "trend", "Oct", "Band: usual range"), ("metric", "beside", "Oct", "Band: usual range"),
    ("handoffs", "chain", "Load holds things longest", "Bars: dark to the middle"),
    ("promises", "promises", "Promises kept", "Dashes: the target"), ("branches", "strips", "Harbor", "All on one scale")])
def test_a_picture_arrives_as_png_and_svg_in_either_scheme(windows: Windows, address: str, key: str, says: str, legend: str) -> None:
    page = windows().open(address + RIVERSIDE)
    choice(page, key).click()
    for scheme in ("light", "dark"):
        arrives(seen(page, LAPTOP, scheme), "All branches" if address == "branches" else "Riverside", says, legend)


def arrives(page: Page, whose: str, says: str, legend: str) -> None:
    png, svg = Path(kept(page, "PNG").path()).read_bytes(), ElementTree.parse(kept(page, "SVG").path()).getroot()
    assert svg.tag == f"{SVG}svg"
    width, height = (int(svg.get(side, "")) for side in ("width", "height"))
    assert png.startswith(b"\x89PNG") and [int.from_bytes(png[at:at + 4]) for at in (16, 20)] == [2 * width, 2 * height]
    said = " ".join(svg.itertext())
    assert says in said and legend in said and f"{whose} · {WEEK} · made 2026-11-09 13:00 UTC · data version" in said
    assert [node.tag for node in svg.iter() if node.tag.endswith("script")] == []


def test_how_the_triangle_moved_arrives_as_a_picture(windows: Windows) -> None:
    page = windows().open()
    page.get_by_text("How the triangle moved").click()
    expect(choice(page, "moved")).to_be_visible()
    page.wait_for_function("() => !document.getAnimations().length")  # the fold has unfolded: what it holds moves no more
    choice(page, "moved").click()
    svg = ElementTree.parse(kept(page, "SVG").path()).getroot()
    said = " ".join(svg.itertext())
    assert "Accuracy" in said and "Triangle down: needs help." in said


def test_print_opens_the_browsers_dialog_on_the_sheet_alone(windows: Windows) -> None:
    window = windows()
    window.context.add_init_script("window.print = () => top.document.body.setAttribute('data-printed', document.title)")
    page = window.open()
    page.get_by_role("button", name="Print").click()
    expect(page.locator("body[data-printed='Riverside · Week 45, 2–8 November 2026']")).to_be_attached()
    page.evaluate("document.body.removeAttribute('data-printed')")
    page.get_by_text("How the triangle moved").click()  # another run of the page does not print again
    settled(page)
    expect(page.locator("body[data-printed]")).to_have_count(0)


def test_a_phone_begins_with_the_board(windows: Windows) -> None:
    expect(windows(PHONE).open().get_by_role("button", name="Print")).to_be_hidden()


def test_the_page_exports_gives_the_page_and_the_workbook(windows: Windows, served: Served, tmp_path: Path) -> None:
    page = windows().open(f"exports{RIVERSIDE}")
    file = kept(page, "Keep as a file")
    Store(served.data, NOW).json("export", "print", "--branch", "RIV", "--week", WEEK, "-o", tmp_path / "page.html")
    assert file.suggested_filename == "Riverside-2026-W45-board.html"
    assert Path(file.path()).read_text(encoding="utf-8") == (tmp_path / "page.html").read_text(encoding="utf-8")
    page.get_by_role("button", name="Make the file").click()
    book = kept(page, "Save the file")
    assert book.suggested_filename == "Riverside-2026-W45-Workbook-of-a-branch.xlsx"
    assert "About" in openpyxl.load_workbook(io.BytesIO(Path(book.path()).read_bytes())).sheetnames
