"""One server on the sample company and one Chromium in each test process; each test gets windows of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.serving import FLAGS, LAPTOP, Served, Window, Windows, chromium, window
from tests.command_line import copied


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        program = chromium(playwright)
        if program is None:
            pytest.skip("no Chromium: install one, or name it in SCOREBOARD_CHROMIUM")
        opened = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def served(sample_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The server most tests share: they only read."""
    server = Served(copied(sample_folder, tmp_path_factory.mktemp("served") / "data"), "--sample")  # there already: not loaded again
    yield server
    server.end()
    assert server.said.read_text() == ""


@pytest.fixture
def own(sample_folder: Path, tmp_path: Path) -> Iterator[Served]:
    """A fresh server of this test's own, which is also called scoreboard.example."""
    server = Served(copied(sample_folder, tmp_path / "data"), "--name", "scoreboard.example")
    yield server
    server.end()


@pytest.fixture
def windows(browser: Browser, served: Served) -> Iterator[Windows]:
    """Opens windows, and holds at the end that no page of theirs complained in the console."""
    opened: list[Window] = []

    def one(size: tuple[int, int] = LAPTOP, scheme: str = "light", of: Served = served) -> Window:
        opened.append(window(browser, of, size, scheme))
        return opened[-1]
    yield one
    for each in opened:
        each.context.close()
    assert [complaint for each in opened for complaint in each.complaints] == []
