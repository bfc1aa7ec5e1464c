"""PAGES is the whole list: every page has its file, reads like a table of contents, and holds on an empty store."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from scoreboard.views.frame import PAGES
from tests.views.conftest import ROOT, Open
from tests.views.reading import BANNED, words

LONGEST = 60
NOT_FOR_PAGES = {"sqlalchemy", "pandas", "duckdb", "plotly", "openpyxl"}
FILES = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "pages").rglob("*.py"))


def test_every_page_file_is_in_pages_and_the_other_way_round() -> None:
    assert sorted(page.file for page in PAGES) == FILES


def test_no_page_lies_where_streamlit_would_run_it_without_the_frame() -> None:
    assert not list((ROOT / "pages").glob("*.py"))


@pytest.mark.parametrize("file", FILES)
def test_a_page_is_short_and_leaves_data_to_the_views(file: str) -> None:
    source = (ROOT / file).read_text(encoding="utf-8")
    tree = ast.parse(source)
    assert ast.get_docstring(tree), "says what it is for"
    assert len(source.splitlines()) <= LONGEST
    imported = {name.name.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    imported |= {str(node.module).split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not imported & NOT_FOR_PAGES
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Try)], "errors become sentences in the frame"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.title)
def test_every_page_holds_on_an_empty_store(opened: Open, tmp_path: Path, page: object) -> None:
    shown = opened(tmp_path / "empty", "" if not page.address else page.file)  # type: ignore[attr-defined]
    assert not shown.exception and not shown.error
    assert BANNED.findall(words(shown)) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.title)
def test_every_page_holds_on_the_sample(opened: Open, sample_folder: Path, page: object) -> None:
    shown = opened(sample_folder, "" if not page.address else page.file, branch="RIV")  # type: ignore[attr-defined]
    assert not shown.exception and not shown.error
    assert BANNED.findall(words(shown)) == []
