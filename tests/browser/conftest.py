"""One server on the sample company and one Chromium for all browser tests; each test gets windows of its own.

With several test processes all of them run in one (the group "browser"), so that the sample is loaded once.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.serving import FLAGS, LAPTOP, Served, Window, Windows, chromium, window


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the sample company, loaded once by the server itself; only copies of it are served."""
    server = Served(tmp_path_factory.mktemp("sample") / "data", "--sample")
    assert server.end() == 0
    assert server.said.read_text() == f"A new data folder: {server.data}\nLoading the sample company, about half a minute …\n"
    return server.data


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
def served(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The server most tests share: they only read."""
    server = Served(shutil.copytree(sample, tmp_path_factory.mktemp("served") / "data"), "--sample")  # there already: not loaded again
    yield server
    server.end()
    assert server.said.read_text() == ""


@pytest.fixture
def own(sample: Path, tmp_path: Path) -> Iterator[Served]:
    """A fresh server of this test's own, which is also called scoreboard.example."""
    server = Served(shutil.copytree(sample, tmp_path / "data"), "--name", "scoreboard.example")
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
