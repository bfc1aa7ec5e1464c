"""A scoreboard that is served as people run it, and a Chromium that opens its pages.

The convention: a page is waited for by what it shows, never by time. `settled` means that the script has ended and nothing is
still to be drawn.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, expect

ROOT = Path(__file__).resolve().parents[2]
NOW = "2026-11-09T13:00"
WEEK = "2026-W45"
RIVERSIDE = f"?branch=RIV&week={WEEK}"
LAPTOP, WALL, PHONE = (1366, 768), (1920, 1080), (390, 844)
PATIENCE = 20_000  # milliseconds; other tests run beside these
# Chromium would otherwise call home, which a test must not wait for.
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]
_INK = {"light": "rgb(22, 32, 42)", "dark": "rgb(238, 242, 245)"}  # of words in charts
_STILL_DRAWING = "[data-testid=stSkeleton], [data-testid=stAppSkeleton]"
expect.set_options(timeout=PATIENCE)


def chromium(playwright: Playwright) -> str | None:
    """The browser's program: the one named, one on the path, else Playwright's own; None if there is none."""
    named = os.environ.get("SCOREBOARD_CHROMIUM")
    found = next(filter(None, map(shutil.which, filter(None, (named, "chromium", "chromium-browser", "google-chrome")))), None)
    own = playwright.chromium.executable_path
    return found or (own if Path(own).exists() else None)


class Served:
    """`python -m scoreboard serve` on a data folder; keeps its port, so that it can be ended and begun again."""

    def __init__(self, data: Path, *options: str, now: str = NOW) -> None:
        self.data, self.now, self.said, self.address = data, now, data.with_name(f"{data.name}.stderr"), ""
        self._options, self._port, self._process = options, 0, None
        self.begin()

    def begin(self) -> None:
        """Starts it, and returns when it says that it is ready."""
        with self.said.open("a") as said:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "scoreboard", "--data", self.data, "--now", self.now, "serve", *self._options,
                 "--port", str(self._port)],
                stdout=subprocess.PIPE, stderr=said, text=True, cwd=self.data.parent, env={**os.environ, "PYTHONPATH": str(ROOT)})
        line = self._process.stdout.readline()
        assert line.startswith("Scoreboard is ready: http://127.0.0.1:"), (line, self.said.read_text())
        self.address = line.split()[-1]
        self._port = urlsplit(self.address).port

    @property
    def pid(self) -> int:
        """The process that serves."""
        return int(self._process.pid)

    def end(self, by: signal.Signals = signal.SIGTERM) -> int:
        """Ends it; its exit code."""
        self._process.send_signal(by)
        code = self._process.wait(20)
        self._process.stdout.close()
        return code


@dataclass
class Window:
    """A person's browser: its pages share an address, a size and a colour scheme; what it complained of is kept."""

    context: BrowserContext
    address: str
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str = RIVERSIDE) -> Page:
        """A new tab on a path of the scoreboard, settled."""
        page = self.context.new_page()
        page.goto(f"{self.address}/{path}")
        return settled(page)


Windows = Callable[..., Window]


def window(browser: Browser, served: Served, size: tuple[int, int] = LAPTOP, scheme: str = "light") -> Window:
    """A window of a size and colour scheme."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    opened = Window(context, served.address)
    context.on("console", lambda message: _complaint(opened, message))
    context.on("weberror", lambda error: opened.complaints.append(str(error.error)))
    return opened


def _complaint(opened: Window, message: ConsoleMessage) -> None:
    if message.type == "error":
        opened.complaints.append(f"{message.text} ({message.location['url']})")


def settled(page: Page) -> Page:
    """The page once its script has ended and everything is drawn."""
    expect(page.locator("[data-testid=stApp][data-test-script-state=notRunning][data-test-connection-state=CONNECTED]")).to_be_visible()
    expect(page.locator(_STILL_DRAWING)).to_have_count(0)
    if urlsplit(page.url).path == "/":
        expect(page.locator(".board .tile").first.or_(page.get_by_text("Nothing is loaded yet"))).to_be_visible()
    return page


def seen(page: Page, size: tuple[int, int], scheme: str = "light") -> Page:
    """An open page in another size and colour scheme: it follows both as they change, and its charts do."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    expect(page.locator("[data-testid=stApp]")).to_have_css("color-scheme", scheme)
    words = settled(page).locator(".js-plotly-plot .xtick text")
    if words.count():
        expect(words.first).to_have_css("fill", _INK[scheme])
    return settled(page)


def pick(page: Page, label: str, option: str) -> None:
    """Chooses an option of a picker by the words a person reads."""
    page.get_by_role("combobox", name=label).click()
    page.get_by_role("option", name=option).first.click()
