"""A server that is started, ended and killed: a page goes on where it was, by itself."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.serving import Served, pick, window


def test_a_first_start_says_that_it_loads_the_sample(tmp_path: Path) -> None:
    server = Served(tmp_path / "data", "--sample")
    assert server.end() == 0
    assert server.said.read_text() == f"A new data folder: {server.data}\nLoading the sample company, about half a minute …\n"


def test_a_page_keeps_branch_and_week_when_its_server_is_killed_and_started_again(own: Served, browser: Browser) -> None:
    opened = window(browser, own)
    page = opened.open()
    pick(page, "Branch", "Harbor")
    pick(page, "Week", "Week 41")
    expect(page.locator(".board .where")).to_contain_text("Harbor · Week 41")
    own.end(signal.SIGKILL)
    app = page.locator("[data-testid=stApp]")
    expect(app).not_to_have_attribute("data-test-connection-state", "CONNECTED")
    own.begin()
    expect(app).to_have_attribute("data-test-connection-state", "CONNECTED", timeout=60_000)
    expect(page.locator(".board .where")).to_contain_text("Harbor · Week 41")
    assert "branch=HAR" in page.url and "week=2026-W41" in page.url
    pick(page, "Week", "Week 40")  # the page is alive, not a picture of what it was
    expect(page.locator(".board .where")).to_contain_text("Harbor · Week 40")
    opened.context.close()


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM], ids=lambda by: by.name)
def test_a_server_with_an_open_page_ends_quietly(own: Served, browser: Browser, by: signal.Signals) -> None:
    opened = window(browser, own)
    opened.open()
    assert own.end(by) == 0
    assert own.said.read_text() == ""
    opened.context.close()
    own.begin()
