"""Exceptions in a browser: raised in twelve keystrokes, worked without a mouse until the customer knows, clocks that tick alone."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.serving import LAPTOP, PHONE, RIVERSIDE, Served, Windows, settled

SIZES = pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=lambda size: f"{size[0]}x{size[1]}")
MOST = 12  # keystrokes besides text


class Keys:
    """A keyboard that counts what is pressed; text is typed as a person does, and not counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.pressed = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text, delay=20)

    def pick(self, text: str) -> None:
        """Types an option of a picker and takes it."""
        self.type(text)
        expect(self.page.get_by_role("option").first).to_be_visible()
        self.press("Enter")
        expect(self.page.get_by_role("option")).to_have_count(0)


def focused(page: Page, label: str):
    return expect(page.get_by_label(label, exact=True).first).to_be_focused()


def first(page: Page):
    """The one button of what comes next."""
    return page.locator(".st-key-case-first button")


def press_first(page: Page, keys: Keys, words: str) -> None:
    expect(first(page)).to_contain_text(words)
    settled(page)
    keys.press("a")


def heading(page: Page, words: str) -> None:
    expect(page.locator(".st-key-case-next").get_by_role("heading", name=words)).to_be_visible()


@SIZES
def test_from_raised_to_closed_without_a_mouse(own: Served, windows: Windows, size: tuple[int, int]) -> None:
    page = windows(size, of=own).open(f"exceptions{RIVERSIDE}")
    expect(page.locator(".cases .row").first).to_be_visible()
    keys = Keys(page)
    keys.press("n")
    focused(page, "What went wrong")
    keys.pick("wrong")
    keys.press("Tab")
    keys.type("Acme Trucks")
    keys.press("Tab")
    keys.type("4711")
    keys.press("Tab", "Tab")
    keys.type("today by 15:00")
    keys.press("Enter")
    expect(page).to_have_url(re.compile(r"case=RIV(/|%2F)X\d+(&|$)"))
    expect(page.get_by_role("heading", name="Wrong part, Acme Trucks")).to_be_visible()
    assert keys.pressed <= MOST
    heading(page, "inside sales 1 accepts it")  # whom the branch has agreed for this type
    press_first(page, keys, "inside sales 1 accepts")
    press_first(page, keys, "Tell how it stands")
    focused(page, "Who at the customer was told")
    keys.type("Sam")
    keys.press("Tab")
    keys.pick("phone")
    keys.press("Tab", "Tab", "Tab", "Tab")
    if page.get_by_label("Note, if there is more to know").first.evaluate("it => it !== document.activeElement"):
        keys.press("Tab")
    keys.press("Enter")
    press_first(page, keys, "Resolve")
    focused(page, "Why it happened, if that is known")
    keys.type("two bins look alike")
    keys.press("Enter")
    heading(page, "Tell the customer the outcome")
    press_first(page, keys, "Tell the outcome")
    focused(page, "Who at the customer was told")
    keys.type("Sam")
    keys.press("Tab")
    keys.pick("e-mail")
    page.keyboard.press("Shift+Tab")
    keys.press("Enter")
    expect(page.get_by_text("Closed: resolved, and the customer knows.")).to_be_visible()
    assert page.locator("[data-testid=stMain]").evaluate("it => it.scrollWidth - it.clientWidth") == 0


def test_a_row_opens_by_keyboard_and_back_returns_to_its_list(windows: Windows) -> None:
    page = windows().open(f"exceptions{RIVERSIDE}&list=past")
    rows = page.locator(".cases .row")
    rows.first.focus()
    page.keyboard.press("ArrowDown")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"case=RIV"))
    expect(page.locator(".clocks .face")).to_have_count(3)
    settled(page)
    page.go_back()
    expect(page.locator(".cases .lists [aria-current]")).to_contain_text("Past standard")
    expect(page).not_to_have_url(re.compile(r"case="))


def test_a_tap_on_an_owner_shows_what_they_have_open_and_a_second_one_everything(own: Served, windows: Windows) -> None:
    page = windows(of=own).open(f"exceptions{RIVERSIDE}")
    page.keyboard.press("n")
    focused(page, "What went wrong")
    keys = Keys(page)
    keys.pick("eta not")
    keys.press("Tab", "Enter")
    heading(page, "Name an owner")
    page.get_by_role("button", name="All exceptions").click()
    for name, rows in (("Nobody", 1), ("driver 2", 3)):
        page.locator(".cases .owners a", has_text=name).click()
        expect(page.locator(".cases .owners [aria-current]")).to_contain_text(name)
        expect(page.locator(".cases .row")).to_have_count(rows)
        page.reload()
        expect(page.locator(".cases .row")).to_have_count(rows)
    page.locator(".cases .owners a", has_text="driver 2").click()
    expect(page.locator(".cases .lists [aria-current]")).to_contain_text("All open")


def test_clocks_tick_in_the_browser_and_the_server_is_not_asked(windows: Windows) -> None:
    window = windows()
    page = window.context.new_page()
    page.clock.install()
    page.goto(f"{window.address}/exceptions{RIVERSIDE}&case=RIV/E40703")  # Monday 07:00 there; the branch opens at 07:30
    mine, theirs = page.locator(".clocks .value").first, page.locator(".clocks .value").nth(1)
    page.clock.run_for(5_000)
    expect(mine).to_have_text("31 h 21 min")
    asked: list[str] = []
    page.on("websocket", lambda _: asked.append("another connection"))
    page.on("request", lambda request: asked.append(request.url))
    page.clock.fast_forward("29:00")
    page.clock.run_for(10_000)
    expect(mine).to_have_text("31 h 21 min")
    page.clock.fast_forward("01:01:00")
    page.clock.run_for(10_000)
    expect(mine).to_have_text("32 h 21 min")
    expect(theirs).to_have_text("5 d 18 h")
    assert asked == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", [f"exceptions{RIVERSIDE}", f"exceptions{RIVERSIDE}&case=RIV/E40703"])
@SIZES
def test_axe_finds_nothing_wrong_with_a_form_open(windows: Windows, path: str, scheme: str, size: tuple[int, int]) -> None:
    page = windows((size[0], 4000), scheme).open(path)
    page.keyboard.press("a" if "case=" in path else "n")
    expect(page.locator(".st-key-case-form, .st-key-raise").first).to_be_visible()
    settled(page)
    found = Axe().run(page).response["violations"]
    assert [f"{rule['id']}: {node['html'][:200]} {node['failureSummary']}" for rule in found for node in rule["nodes"]] == []


def test_the_boards_line_about_exceptions_opens_their_list(windows: Windows) -> None:
    page = windows().open()
    page.locator(".board .talk a", has_text="Not told").click()
    expect(page.locator(".cases .lists [aria-current]")).to_contain_text("Not told")
    expect(page).to_have_url(re.compile(r"/exceptions\?(?=.*list=not_told)(?=.*branch=RIV)"))
