"""The board fits its screen: the laptop of the huddle, the wall it is thrown on, the phone in the warehouse."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.serving import LAPTOP, PHONE, WALL, WEEK, Served, Windows, seen, window

SCOPES = ["RIV", "HAR", "MIL", "LAK", "CED", "SUM", "territory:Coast", "company"]
TABLET = (820, 1180)
LARGE_ENOUGH_AT_THREE_METRES = 72  # pixels


def boxes(page: Page, selector: str) -> list[dict[str, float]]:
    """Where elements lie."""
    return [one.bounding_box() for one in page.locator(selector).all()]


def test_the_wall_reads_every_figure_from_three_metres(windows: Windows) -> None:
    page = windows(WALL).open()
    sizes = page.locator(".board .tile .value:not(.words)").evaluate_all("all => all.map(it => parseFloat(getComputedStyle(it).fontSize))")
    assert len(sizes) >= 6
    assert min(sizes) >= LARGE_ENOUGH_AT_THREE_METRES


@pytest.fixture(scope="module", params=SCOPES)
def board(request: pytest.FixtureRequest, browser: Browser, served: Served) -> Iterator[Page]:
    """The board of each scope in turn."""
    opened = window(browser, served, WALL)
    yield opened.open(f"?branch={request.param}&week={WEEK}")
    opened.context.close()
    assert opened.complaints == []


def test_no_words_of_a_tile_are_cut_off_on_the_wall(board: Page) -> None:
    page = seen(board, WALL)
    cut = page.locator(".board .tile, .board .tile :is(div, span, b, h3)").evaluate_all(
        "all => all.filter(it => it.scrollWidth > it.clientWidth && getComputedStyle(it).display !== 'inline')"
        ".map(it => `${it.closest('.tile').dataset.key}: ${it.className} ${it.innerText}`)")
    assert cut == []


def test_headline_and_eight_tiles_lie_inside_a_laptop(board: Page) -> None:
    page = seen(board, LAPTOP)
    tiles = boxes(page, ".board .tile")
    assert len(tiles) == 8
    for box in [*boxes(page, ".board h1"), *tiles]:
        assert box["y"] >= 0 and box["y"] + box["height"] <= LAPTOP[1]
        assert box["x"] >= 0 and box["x"] + box["width"] <= LAPTOP[0]


@pytest.mark.parametrize("size", [WALL, LAPTOP, TABLET, PHONE], ids=lambda size: f"{size[0]}x{size[1]}")
def test_six_seven_and_eight_tiles_leave_no_hole(windows: Windows, size: tuple[int, int]) -> None:
    page = windows(size).open()
    for number in (8, 7, 6):
        page.locator(".board .tile").evaluate_all("(all, number) => all.slice(number).forEach(it => it.remove())", number)
        rows: dict[int, list[dict[str, float]]] = {}
        for box in boxes(page, ".board .tile"):
            rows.setdefault(round(box["y"]), []).append(box)
        edges = [max(box["x"] + box["width"] for box in row) for row in rows.values()]
        assert sum(map(len, rows.values())) == number and max(edges) - min(edges) < 1
        assert all(max(box["width"] for box in row) - min(box["width"] for box in row) < 1 for row in rows.values())


def test_a_phone_shows_headline_and_first_tile_without_scrolling(windows: Windows) -> None:
    page = windows(PHONE).open()
    assert 0 <= boxes(page, ".board h1")[0]["y"] < boxes(page, ".board .tile")[0]["y"] < PHONE[1]
