"""The rollout on a laptop and on a phone, by keyboard, and from the table of branches to one of them."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.serving import LAPTOP, PHONE, RIVERSIDE, Windows, settled

PAGE = f"rollout{RIVERSIDE}"
STAGES = ("First 30 days", "Days 31–60", "Days 61–90")


def places(page: Page) -> list[tuple[float, float]]:
    """Where the three stages begin."""
    found = [page.get_by_role("heading", name=name).bounding_box() for name in STAGES]
    return [(box["x"], box["y"]) for box in found if box]


def test_stages_stand_beside_each_other_on_a_laptop_and_one_below_the_other_on_a_phone(windows: Windows) -> None:
    wide, narrow = places(windows(LAPTOP).open(PAGE)), places(windows(PHONE).open(PAGE))
    assert len({y for _, y in wide}) == 1 and [x for x, _ in wide] == sorted({x for x, _ in wide})
    assert len({x for x, _ in narrow}) == 1 and [y for _, y in narrow] == sorted({y for _, y in narrow})


def test_the_keyboard_opens_the_form_of_an_item_and_the_address_says_which(windows: Windows) -> None:
    page = windows().open(PAGE)
    page.get_by_role("button", name="Add evidence").nth(3).focus()  # standards, training, huddles, practice
    page.keyboard.press("Enter")
    expect(page.get_by_label("What was done")).to_be_visible()
    assert "see=practice" in settled(page).url
    page.reload()
    expect(page.get_by_label("What was done")).to_be_visible()


def test_a_branch_opens_from_the_table_of_all(windows: Windows) -> None:
    page = windows().open("rollout?branch=company")
    page.get_by_role("link", name="Riverside").click()
    expect(page.get_by_role("heading", name="What success looks like")).to_be_visible()
    assert "branch=RIV" in page.url
