"""The way through: a link opens a board, a tile opens its metric, back returns, and the address always says what is shown."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from scoreboard.metrics.catalogue import BY_KEY
from tests.browser.serving import RIVERSIDE, WEEK, Served, Windows, pick, settled

OTIF = BY_KEY["otif"].name.partition(" (")[0]


def tile(page: Page, key: str = "otif"):
    return page.locator(f".board .tile[data-key={key}]")


def shown(page: Page) -> str:
    """Everything the board says."""
    return page.locator(".board").inner_text()


def address(*parts: str) -> re.Pattern[str]:
    """An address that has all these parts, in any order."""
    return re.compile("".join(f"(?=.*[/?&]{re.escape(part)}(&|$))" for part in parts))


def test_the_first_page_a_fresh_server_shows_may_be_any(own: Served, windows: Windows) -> None:
    page = windows(of=own).open(f"metric{RIVERSIDE}&metric=otif")
    expect(page.get_by_text("Page not found")).to_have_count(0)
    expect(page).to_have_url(address("metric=otif", "branch=RIV"))
    assert own.said.read_text() == ""


def test_a_link_opens_the_board_it_names(windows: Windows) -> None:
    page = windows().open("?branch=HAR&week=2026-W40")
    expect(page.locator(".board .where")).to_have_text(re.compile("Harbor · Week 40"))
    assert page.locator(".board .tile").count() == 8


@pytest.mark.parametrize("how", ["click", "Enter"])
def test_a_tile_opens_its_metric_and_back_returns(windows: Windows, how: str) -> None:
    page = windows().open()
    board = shown(page)
    if how == "click":
        tile(page).click()
    else:
        tile(page).focus()
        page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/metric\?"))
    expect(page).to_have_url(address("metric=otif", "branch=RIV", f"week={WEEK}"))
    settled(page)
    page.go_back()
    expect(page).to_have_url(re.compile(r":\d+/\?"))
    expect(page).to_have_url(address("branch=RIV", f"week={WEEK}"))
    assert shown(settled(page)) == board
    expect(tile(page)).to_be_focused()


def test_a_group_opens_its_rows_in_sight_and_the_way_back_leads_to_its_name(windows: Windows) -> None:
    page = windows().open(f"metric?branch=HAR&week={WEEK}&metric=otif")
    group, rows = page.locator(".st-key-bar-0 button"), page.locator("#rows")
    group.click()
    expect(rows).to_be_focused()
    expect(rows).to_be_in_viewport()
    expect(rows).to_contain_text("Route: North loop, 76 misses in the thirteen weeks 33 to 45")
    page.get_by_role("button", name="Back to the groups").click()
    expect(group).to_be_focused()
    expect(group).to_be_in_viewport()
    page.get_by_role("button", name="Show all rows of week 45").click()
    expect(rows).to_contain_text("The rows behind week 45")
    expect(rows).to_be_focused()


@pytest.mark.parametrize(("name", "begins"), [("Metric", "metric"), ("Load", "load")])
def test_back_leaves_a_page_of_the_navigation_at_once(windows: Windows, name: str, begins: str) -> None:
    page = windows().open()
    page.get_by_role("link", name=name, exact=True).click()
    expect(page).to_have_url(re.compile(rf"/{begins}\?"))
    expect(page).to_have_url(address("branch=RIV", f"week={WEEK}"))
    settled(page)
    page.go_back()
    expect(page).to_have_url(re.compile(r":\d+/\?"))
    expect(page.locator(".board .where")).to_contain_text("Riverside · Week 45")


def test_a_tile_opened_in_a_new_tab_is_its_metric(windows: Windows) -> None:
    window = windows()
    page = window.open()
    with window.context.expect_page() as opened:
        tile(page).click(modifiers=["ControlOrMeta"])
    expect(opened.value).to_have_url(address("metric=otif", "branch=RIV", f"week={WEEK}"))
    settled(opened.value)
    expect(page).to_have_url(re.compile(r":\d+/\?"))


def test_the_pickers_change_the_address(windows: Windows) -> None:
    page = windows().open()
    pick(page, "Branch", "Harbor")
    expect(page.locator(".board .where")).to_contain_text("Harbor · Week 45")
    expect(page).to_have_url(address("branch=HAR", f"week={WEEK}"))
    pick(page, "Week", "Week 41")
    expect(page.locator(".board .where")).to_contain_text("Harbor · Week 41")
    expect(page).to_have_url(address("branch=HAR", "week=2026-W41"))


def test_a_reload_and_a_second_tab_show_the_same(windows: Windows) -> None:
    window = windows()
    page = window.open()
    pick(page, "Branch", "Harbor")
    pick(page, "Week", "Week 41")
    expect(page.locator(".board .where")).to_contain_text("Harbor · Week 41")
    expect(page).to_have_url(address("branch=HAR", "week=2026-W41"))
    board, where = shown(page), page.url
    page.reload()
    assert shown(settled(page)) == board
    assert shown(window.open(where.partition("/?")[0] and "?" + where.partition("/?")[2])) == board


def test_a_branch_nobody_knows_is_said_and_another_is_shown(windows: Windows) -> None:
    page = windows().open("?branch=NOPE")
    expect(page.get_by_text('"NOPE" is not a branch you can look at.')).to_be_visible()
    expect(page.locator(".board .tile")).to_have_count(8)
