"""The board can be used by those who do not see colours, do not use a mouse, or hear the screen read to them. (`test_every_page`
holds what Axe finds on each page.)"""

from __future__ import annotations

from pathlib import Path

from tests.browser.axe import WHOLE, violations
from tests.browser.serving import PHONE, Served, Windows

MOST_STEPS = 60


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
