"""How the triangle moved, in a browser: opened below the board, told in words, and a week in it leads to its board."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.serving import LAPTOP, PHONE, RIVERSIDE, Window, Windows, settled


def opened(window: Window, path: str = RIVERSIDE) -> Page:
    page = window.open(path)
    page.get_by_text("How the triangle moved").click()
    expect(page.locator(".moved .week")).to_have_count(26)
    return settled(page)


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("branch", ["RIV", "SUM", "LAK"])  # long stretches, stretches of one week, a warning
def test_every_stretch_has_its_shape_and_its_whole_word(windows: Windows, branch: str, size: tuple[int, int]) -> None:
    page = opened(windows(size), f"?branch={branch}&week=2026-W45")
    runs = page.locator(".moved .run")
    assert runs.locator("svg").count() == runs.count() >= 3
    cut = runs.evaluate_all("all => all.filter(it => it.scrollWidth > it.clientWidth || it.scrollHeight > it.clientHeight)"
                            ".map(it => it.innerText)")
    assert cut == []
    main = page.locator("[data-testid=stMain]")
    assert main.evaluate("it => it.scrollWidth - it.clientWidth") == 0


def test_a_week_leads_to_its_board_by_mouse_and_by_keyboard_and_the_strip_stays(windows: Windows) -> None:
    page = opened(windows())
    page.locator(".moved .week[data-week='2026-W40']").click()
    expect(page.locator(".board .where")).to_contain_text("Week 40,")
    expect(page.locator(".moved .week[aria-current]")).to_have_attribute("data-week", "2026-W40")
    assert "week=2026-W40" in page.url
    page.locator(".moved .week[data-week='2026-W38']").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".board .where")).to_contain_text("Week 38,")
    expect(page.locator(".moved .week")).to_have_count(26)
    assert "week=2026-W38" in page.url
