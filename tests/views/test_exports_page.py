"""The page Exports: what there is for a branch, a territory and the company, and what stands on every page to take along."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

from scoreboard.exports.catalogue import EXPORTS
from scoreboard.views import exporting, parts
from scoreboard.views.frame import PAGES
from tests.views.conftest import Open
from tests.views.reading import tables, words

PAGE, WEEK = "pages/data/exports.py", "2026-W45"
PICTURE = Path(__file__).resolve().parents[2] / "docs/pictures/board-laptop-light.png"


def downloads(page: AppTest) -> list[str]:
    return [one.label for one in page.get("download_button")]


@pytest.mark.parametrize("of, kind", [("RIV", "branch"), ("territory:River Valley", "territory"), ("company", "company")])
def test_each_kind_of_scope_is_offered_what_there_is_of_it(opened: Open, sample_folder: Path, of: str, kind: str) -> None:
    page = opened(sample_folder, PAGE, branch=of, week=WEEK)
    said, books = words(page), [one for one in EXPORTS if one.of == kind]
    assert downloads(page) == ["Keep as a file"] and [b.label for b in page.button].count("Make the file") == len(books)
    assert "The board on one sheet" in said and all(one.title in said and parts.plain(one.purpose) in said for one in books)
    assert ("choose one above" in said) == (not books)


def make(page: AppTest) -> AppTest:
    next(b for b in page.button if b.label == "Make the file").click()
    return page.run()


def test_a_workbook_is_made_with_the_weeks_that_were_chosen_and_then_saved(opened: Open, sample_folder: Path) -> None:
    page = opened(sample_folder, PAGE, branch="RIV", week=WEEK)
    page.radio[0].set_value(13)
    page.run()
    make(page)
    assert not page.exception and downloads(page) == ["Keep as a file", "Save the file"]
    assert "13 weeks in its trends." in words(page).replace("\\", "")
    book = openpyxl.load_workbook(io.BytesIO(page.session_state[exporting._MADE][1].result()))
    assert "13, from 2026-W33 to 2026-W45" in [cell.value for cell in book["About"]["B"]]
    page.radio[0].set_value(52)
    assert "Save the file" not in downloads(page.run()), "a wish for another file: that one is to be made first"


@pytest.mark.parametrize("content, said", [
    (b"no picture", "This file is not a picture that can be read. Give a PNG or JPEG file, or leave the logo out."),
    (PICTURE.read_bytes() + bytes(1_000_000), "This file is too large for a logo: 1.2 MB. Save it smaller: a logo has at most 1 MB."),
    (b"GIF89a\x01\x00\x01\x00\x00\x00\x00;", "This file is not a picture that can be read.")], ids=["text", "large", "gif"])
def test_a_logo_that_is_none_is_refused_in_a_sentence_and_left_out(opened: Open, sample_folder: Path, content: bytes, said: str) -> None:
    page = opened(sample_folder, PAGE, branch="RIV", week=WEEK)
    page.file_uploader[0].set_value(("logo.png", content, "image/png"))
    page.run()
    assert said in page.error[0].value.replace("\\", "") and "made without it" in page.error[0].value
    assert "Make the file" in [b.label for b in page.button]


def test_before_anything_is_loaded_the_page_says_how_to_begin(opened: Open, tmp_path: Path) -> None:
    page = opened(tmp_path / "empty", PAGE)
    assert downloads(page) == [] and "Nothing is loaded yet" in words(page)


@pytest.mark.parametrize("page", [page for page in PAGES if page.address], ids=lambda page: page.title)
def test_every_table_has_both_files(opened: Open, sample_folder: Path, page: object) -> None:
    shown = opened(sample_folder, page.file, branch="RIV", week=WEEK)  # type: ignore[attr-defined]
    for label in ("CSV", "Excel"):
        assert downloads(shown).count(label) >= len(tables(shown)) - page.file.count("load.py"), label  # type: ignore[attr-defined]
