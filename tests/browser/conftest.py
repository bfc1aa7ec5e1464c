"""One server on the sample company and one Chromium for all browser tests; each test gets windows of its own.

With several test processes all of them run in one (the group "browser"), so that the sample is loaded once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from command_line import Store
from playwright.sync_api import Browser, sync_playwright
from serving import FLAGS, LAPTOP, NOW, Served, Window, chromium, window

Windows = Callable[..., Window]


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The sample company, loaded once; only copies of it are served."""
    store = Store(tmp_path_factory.mktemp("sample") / "data", NOW)
    store.json("load", "--sample")
    return store


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
def served(sample: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The server most tests share: they only read."""
    server = Served(sample.copied_to(tmp_path_factory.mktemp("served") / "data").data)
    yield server
    server.end()
    assert server.said.read_text() == ""


@pytest.fixture
def own(sample: Store, tmp_path: Path) -> Iterator[Served]:
    """A fresh server of this test's own."""
    server = Served(sample.copied_to(tmp_path / "data").data)
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
