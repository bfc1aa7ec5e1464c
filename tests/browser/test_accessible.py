"""Every page can be used by those who do not see colours, do not use a mouse, or hear the screen read to them.

Axe checks what a program can check; ALLOWED is what Streamlit draws and no page of ours can change, each with its reason.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from scoreboard.views.frame import PAGES
from tests.browser.serving import PHONE, RIVERSIDE, Served, Windows

pytestmark = pytest.mark.xdist_group("browser")
ALLOWED = {  # (rule, beginning of the element): reason
    ("presentation-role-conflict", '<section role="presentation" tabindex="-1" data-testid="stFileUploaderDropzone"'):
        "Streamlit labels the area files are dropped on; the button inside it is what is reached and read",
}
WHOLE = (1366, 4000)  # what has to be scrolled to is not checked for contrast
MORE = [f"definitions{RIVERSIDE}&see=agree", "metric?branch=company&week=2026-W45&metric=quote_response", "?branch=NOPE"]
MOST_STEPS = 60


def violations(page: Page) -> str:
    """What Axe finds wrong, one line for each element, without what is allowed."""
    found = Axe().run(page).response["violations"]
    lines = [(rule["id"], node["html"], node["failureSummary"]) for rule in found for node in rule["nodes"]]
    return "\n".join(f"{rule}: {html[:300]} {' '.join(why.split())}" for rule, html, why in lines
                     if not any(rule == known and html.startswith(begin) for known, begin in ALLOWED))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", [*(page.address + RIVERSIDE for page in PAGES), *MORE])
def test_axe_finds_nothing_wrong(windows: Windows, address: str, scheme: str) -> None:
    page = windows(WHOLE, scheme).open(address)
    assert violations(page) == ""


def test_axe_finds_nothing_wrong_before_anything_is_loaded(windows: Windows, tmp_path: Path) -> None:
    empty = Served(tmp_path / "data")
    window = windows(WHOLE, of=empty)
    assert violations(window.open("")) == ""
    window.context.close()
    empty.end()


def test_axe_finds_nothing_wrong_on_a_phone(windows: Windows) -> None:
    assert violations(windows((PHONE[0], WHOLE[1])).open()) == ""


def test_tab_reaches_every_tile_in_order_and_shows_where_it_is(windows: Windows) -> None:
    page = windows().open()
    expected = page.locator(".board .tile").evaluate_all("all => all.map(it => it.dataset.key)")
    reached = []
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        found = page.evaluate("""() => {
            let it = document.activeElement
            while (it?.shadowRoot?.activeElement) it = it.shadowRoot.activeElement
            return it?.matches('.tile') ? [it.dataset.key, parseFloat(getComputedStyle(it).outlineWidth)] : null
        }""")
        if found:
            assert found[1] >= 2, f"{found[0]} does not show that it is reached"
            reached.append(found[0])
    assert reached[:8] == expected


def test_the_board_can_be_told_without_colours(windows: Windows) -> None:
    page = windows().open()
    for state in page.locator(".board .tile .state").all():
        assert state.locator("svg.shape").count() == 1
        assert state.inner_text().strip()
