"""The chain on the wall, on the phone and by keyboard."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.serving import PHONE, RIVERSIDE, WALL, Windows, settled

PAGE = f"handoffs{RIVERSIDE}"


def test_the_wall_shows_the_whole_chain_and_its_figures_from_three_metres(windows: Windows) -> None:
    page = windows(WALL).open(PAGE)
    expect(page.locator(".chain .station")).to_have_count(6)
    sizes = page.locator(".chain .value").evaluate_all("all => all.map(it => parseFloat(getComputedStyle(it).fontSize))")
    assert min(sizes) >= 68  # the tiles of the board have 72
    for box in (one.bounding_box() for one in page.locator(".chain .station, .chain .handoff").all()):
        assert box and box["y"] + box["height"] <= WALL[1] and box["x"] + box["width"] <= WALL[0]


def test_a_phone_shows_the_chain_downwards_in_the_order_of_the_work(windows: Windows) -> None:
    page = windows(PHONE).open(PAGE)
    expect(page.locator(".chain .flow > li")).to_have_count(11)
    tops = [one.bounding_box()["y"] for one in page.locator(".chain .flow > li").all()]
    assert len(tops) == 11 and tops == sorted(tops)


def test_the_keyboard_opens_a_handoff_and_the_address_says_so(windows: Windows) -> None:
    page = windows().open(PAGE)
    page.locator(".chain .handoff a").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What broke at Quote → Pick")).to_be_visible()
    assert "see=Quote" in settled(page).url
    page.reload()
    expect(page.get_by_role("heading", name="What broke at Quote → Pick")).to_be_visible()


def test_a_tile_of_promises_opens_its_metric(windows: Windows) -> None:
    page = windows().open(f"promises{RIVERSIDE}")
    page.locator(".board .tile[data-key=promise_kept]").click()
    expect(page.get_by_role("heading", name="Promises kept", exact=True)).to_be_visible()
