"""A board printed on one sheet: whatever stands on it, A4 or US Letter, it is one page and nothing is cut."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from scoreboard.exports.page import Made, html
from tests.browser.serving import NOW
from tests.command_line import Store
from tests.gallery.made import board

MADE = Made("9 November 2026, 13:00", 1234, "0123456789ab")
OPEN = [("Not told", 1234), ("Not accepted", 1234), ("Past standard", 1234), ("Due within a day", 1234), ("All open", 12345)]
LONG = "Regional distribution and returns centre of the upper river valley, north-east"


def longest() -> dict[str, Any]:
    """The longest names, figures, sentences, and more to talk about than a sheet holds."""
    talk = [{"tone": "concern", "shape": "down", "tag": "Worse than usual", "metric": "otif", "what": LONG,
             "text": f"has been below its usual level in every judged week since week {number}: 81.3 % in week 45; 1,234 of 12,345 orders "
                     "missed, 987 of them on route North loop. Nobody has noted why yet."} for number in range(16)]
    return board("long") | {"name": LONG, "headline": f"Accuracy needs help: 50 of 100. {LONG}", "detail": f"{LONG}. " * 5,
                            "talk": talk, "nothing": "", "chance": "By chance alone, about one figure in a hundred stands out.",
                            "reported": "As it was reported on Mon 9 Nov, 12:00; 8 of its figures have changed since.", "sample": True,
                            "stale": [{"words": f"{LONG} end Fri 30 Oct 2026, 16:00"}] * 3}


def states(show: str) -> dict[str, Any]:
    """The gallery's board: every state a tile can have."""
    return board(show) | {"chance": "By chance alone, about one figure in a hundred stands out.", "reported": ""}


def pages(browser: Browser, made: str, size: str) -> int:
    """On how many pages Chromium prints it; nothing on it may be larger than its place."""
    page = browser.new_page()
    page.set_content(made)
    page.emulate_media(media="print")
    page.evaluate("document.fonts.ready")
    cut = page.evaluate("""() => [...document.querySelectorAll('main, .middle, article, .talk')]
        .filter(it => it.scrollHeight > it.clientHeight + 1 || it.scrollWidth > it.clientWidth + 1).map(it => it.outerHTML)""")
    printed = page.pdf(format=size)
    page.close()
    assert cut == []
    return len(re.findall(rb"/Type\s*/Page\b", printed))


@pytest.mark.parametrize("size", ["A4", "Letter"])
@pytest.mark.parametrize("made", [longest(), states(""), states("more-tiles")], ids=["longest", "states", "more states"])
def test_whatever_stands_on_it_a_board_is_one_sheet(browser: Browser, made: dict[str, Any], size: str) -> None:
    assert pages(browser, html(made, OPEN, MADE), size) == 1


@pytest.mark.parametrize("size", ["A4", "Letter"])
@pytest.mark.parametrize("of", [("--branch", "RIV"), ("--territory", "River Valley"), ("--company",)], ids=str)
def test_the_sample_is_one_sheet(browser: Browser, sample_folder: Path, tmp_path: Path, of: tuple[str, ...], size: str) -> None:
    Store(sample_folder, NOW).json("export", "print", *of, "-o", tmp_path / "page.html")
    assert pages(browser, (tmp_path / "page.html").read_text(encoding="utf-8"), size) == 1


def test_a_branch_without_data_is_one_sheet(browser: Browser, tmp_path: Path) -> None:
    store = Store(tmp_path / "data", NOW)
    store.json("branches", "add", "EAST", "--name", LONG, "--time-zone", "America/Chicago")
    store.json("export", "print", "--branch", "EAST", "-o", tmp_path / "page.html")
    assert pages(browser, (tmp_path / "page.html").read_text(encoding="utf-8"), "Letter") == 1
