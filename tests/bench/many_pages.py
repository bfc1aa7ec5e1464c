"""The pages of a company of 500 branches in a real Chromium: Branches with twelve figures each, and Rollout.

The convention: as in `web`: a time begins with the click, and ends when the words asked for are drawn with the rows of a screen. A first
load is that of a browser that has never seen the server; most people come from another page, by the menu.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.bench import many_branches, web
from tests.browser.serving import FLAGS, Served, chromium

Add = Callable[[str, str, str], None]
_ALL = "The company · 2–8 November 2026"
_BRANCHES = "branches?territory=all&week=2026-W45"
_ROLLOUT = "rollout?branch=company"


def measure(add: Add, place: Path, repeats: int) -> None:
    """Both pages, on a store that `many_branches` makes."""
    server = Served(many_branches.store(place, 500).data, now=many_branches.NOW)
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(playwright), args=FLAGS)
            _branches(add, browser, server.address, repeats)
            _rollout(add, browser, server.address, repeats)
            browser.close()
    finally:
        server.end()


def _branches(add: Add, browser: Browser, address: str, repeats: int) -> None:
    page = f"{address}/{_BRANCHES}"
    first = web.cold(browser, page, "branches", _ALL)
    add("Page Branches, 500 branches × 12 figures, while a server that has just begun still reads ahead", f"{first:.0f} ms", "")
    _add(add, "… first load in Chromium", [web.cold(browser, page, "branches", _ALL) for _ in range(repeats)], "≤ 1,000 ms")
    shown = web.opened(browser, page, "branches", _ALL)
    _by_the_menu(add, shown, "branches", "Branches", _ALL, repeats)
    for what, label, steps in (
            ("… change of territory", "Territory", (("T1", "T1 · 2–8 November 2026"), ("All branches", _ALL))),
            ("… change of week", "Week", (("Week 44", "26 October – 1 November 2026"), ("Week 45", _ALL)))):
        times = [web.change(shown, "branches", label, *step) for _ in range(repeats + 1) for step in steps]
        _add(add, what, times[2:], "≤ 1,000 ms")
    shown.context.close()


def _rollout(add: Add, browser: Browser, address: str, repeats: int) -> None:
    times = [web.cold(browser, f"{address}/{_ROLLOUT}", "rollout", "of 500 branches") for _ in range(repeats + 1)]
    _add(add, "Page Rollout, 500 branches, first load in Chromium", times[1:], "≤ 1,000 ms")
    shown = web.opened(browser, f"{address}/{_ROLLOUT}", "rollout", "of 500 branches")
    _by_the_menu(add, shown, "rollout", "Rollout", "of 500 branches", repeats)
    steps = (("T1 (territory)", "of 100 branches"), ("Company", "of 500 branches"))
    changes = [web.change(shown, "rollout", "Branch", *step) for _ in range(repeats + 1) for step in steps]
    _add(add, "… change from a territory to the company and back", changes[2:], "≤ 1,000 ms")
    shown.context.close()


def _by_the_menu(add: Add, shown: Page, name: str, title: str, words: str, repeats: int) -> None:
    times = []
    for _ in range(repeats + 1):
        web.turn(shown, "exceptions page", "Exceptions", "")
        times.append(web.turn(shown, name, title, words))
    _add(add, "… opened from another page by the menu", times[1:], "≤ 1,000 ms")


def _add(add: Add, what: str, times: Sequence[float], goal: str) -> None:
    add(what, f"{statistics.median(times):.0f} ms, at most {max(times):.0f} ms", goal)
