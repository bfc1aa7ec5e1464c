"""The page Exports: what there is for a branch, a territory and the company, and what stands on every page to take along."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from scoreboard.exports.catalogue import EXPORTS
from scoreboard.views import parts
from scoreboard.views.frame import PAGES
from tests.views.conftest import Open
from tests.views.reading import tables, words

PAGE, WEEK = "pages/data/exports.py", "2026-W45"


def downloads(page: AppTest) -> list[str]:
    return [one.label for one in page.get("download_button")]


@pytest.mark.parametrize("of, kind", [("RIV", "branch"), ("territory:River Valley", "territory"), ("company", "company")])
def test_each_kind_of_scope_is_offered_what_there_is_of_it(opened: Open, sample_folder: Path, of: str, kind: str) -> None:
    page = opened(sample_folder, PAGE, branch=of, week=WEEK)
    said, books = words(page), [one for one in EXPORTS if one.of == kind]
    assert downloads(page) == ["Keep as a file", *(["Make the file"] * len(books))]
    assert "The board on one sheet" in said and all(one.title in said and parts.plain(one.purpose) in said for one in books)
    assert ("choose one above" in said) == (not books)


def test_before_anything_is_loaded_the_page_says_how_to_begin(opened: Open, tmp_path: Path) -> None:
    page = opened(tmp_path / "empty", PAGE)
    assert downloads(page) == [] and "Nothing is loaded yet" in words(page)


@pytest.mark.parametrize("page", [page for page in PAGES if page.address], ids=lambda page: page.title)
def test_every_table_has_both_files(opened: Open, sample_folder: Path, page: object) -> None:
    shown = opened(sample_folder, page.file, branch="RIV", week=WEEK)  # type: ignore[attr-defined]
    for label in ("CSV", "Excel"):
        assert downloads(shown).count(label) >= len(tables(shown)) - page.file.count("load.py"), label  # type: ignore[attr-defined]
