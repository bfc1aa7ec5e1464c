"""What holds for every page there is: it fits its screen, can be used by everybody, asks nothing elsewhere, can be taken along.

A page is opened once and looked at in every size and both colour schemes; it follows both as they change.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Page, Route

from scoreboard.views.frame import PAGES
from tests.browser.axe import WHOLE, violations
from tests.browser.serving import LAPTOP, PHONE, RIVERSIDE, WALL, Served, seen, window

MORE = [f"definitions{RIVERSIDE}&see=agree", "metric?branch=company&week=2026-W45&metric=quote_response", "?branch=NOPE"]


@dataclass
class Shown:
    """A page that was opened, and what it asked of other machines while it was."""

    page: Page
    elsewhere: list[str] = field(default_factory=list)


@pytest.fixture(scope="module", params=[*(page.address + RIVERSIDE for page in PAGES), *MORE])
def shown(request: pytest.FixtureRequest, browser: Browser, served: Served) -> Iterator[Shown]:
    """Each page in turn."""
    opened, elsewhere = window(browser, served), list[str]()

    def watch(route: Route) -> None:
        if not route.request.url.startswith((served.address, "data:", "blob:")):
            elsewhere.append(route.request.url)
        route.continue_()
    opened.context.route("**/*", watch)
    yield Shown(opened.open(request.param), elsewhere)
    opened.context.close()
    assert opened.complaints == []


@pytest.mark.parametrize("size", [PHONE, LAPTOP, WALL], ids=lambda size: f"{size[0]}x{size[1]}")
def test_no_page_is_wider_than_its_screen(shown: Shown, size: tuple[int, int]) -> None:
    page = seen(shown.page, size)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= size[0]
    assert page.locator("[data-testid=stMain]").evaluate("it => it.scrollWidth - it.clientWidth") == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_wrong(shown: Shown, scheme: str) -> None:
    assert violations(seen(shown.page, WHOLE, scheme)) == ""


def test_it_asks_nothing_of_another_machine(shown: Shown) -> None:
    assert shown.elsewhere == []


def test_every_table_and_chart_can_be_taken_along(shown: Shown) -> None:
    page = seen(shown.page, LAPTOP)
    things = page.locator(".rows:visible").count() + page.locator(".js-plotly-plot:visible").count()
    assert page.get_by_role("button", name="Take along").count() >= things
