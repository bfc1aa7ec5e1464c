"""Takes the pictures of the docs: `make pictures`. Every state in both themes, and the pages on the sample company."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from scoreboard import settings as settings_module
from scoreboard.imports import sampling
from scoreboard.state.database import open_database
from scoreboard.state.viewers import EVERYONE

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs" / "pictures"
NOW = "2026-11-09T13:00"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]
SIZES = {"laptop": (1366, 768), "wall": (1920, 1080), "phone": (390, 844)}


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as play:
        data = Path(name) / "data"
        settings = settings_module.read(str(data), NOW)
        sampling.load_sample(settings, open_database(settings.database_url), EVERYONE)
        browser = play.chromium.launch(executable_path=_chromium(), args=FLAGS)
        with _served("tests/gallery/app.py", data) as address:
            for theme in ("light", "dark"):
                for show in ("tiles", "more-tiles", "charts"):
                    _shot(browser, f"{address}/?show={show}", PICTURES / f"{show}-{theme}.png", (1366, 768), theme)
        with _served("app.py", data) as address:
            for theme, size in (("light", "laptop"), ("dark", "wall"), ("light", "phone")):
                _shot(browser, f"{address}/?branch=RIV&week=2026-W45", PICTURES / f"board-{size}-{theme}.png", SIZES[size], theme)
            _shot(browser, f"{address}/metric?branch=RIV&week=2026-W45&metric=otif", PICTURES / "metric-light.png", (1366, 1000), "light")
            for theme, size in (("light", "laptop"), ("dark", "phone")):
                _shot(browser, f"{address}/exceptions?branch=RIV", PICTURES / f"exceptions-{size}-{theme}.png", SIZES[size], theme)


@contextmanager
def _served(script: str, data: Path) -> Iterator[str]:
    """A Streamlit server of a script; its address once it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = {**os.environ, "SCOREBOARD_DATA": str(data), "SCOREBOARD_NOW": NOW}
    process = subprocess.Popen([sys.executable, "-m", "streamlit", "run", script, "--server.port", str(port)], cwd=ROOT, env=env,
                               stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(200):
            try:
                urllib.request.urlopen(f"{address}/_stcore/health")
                break
            except OSError:
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait()


def _shot(browser: Browser, url: str, path: Path, size: tuple[int, int], theme: str) -> None:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme=theme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(url)
    page.wait_for_selector(".board h1, .js-plotly-plot, .cases .row")
    page.goto(url)  # the first deep link of a fresh process shows a notice
    page.wait_for_selector(".board h1, .js-plotly-plot, .cases .row")
    page.wait_for_selector("[data-testid=stStatusWidget]", state="detached")
    page.evaluate("document.fonts.ready")
    if "charts" in url:
        height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
        page.set_viewport_size({"width": size[0], "height": height})
    page.wait_for_timeout(500)
    page.screenshot(path=path)
    context.close()


def _chromium() -> str:
    return os.environ.get("SCOREBOARD_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome") or "chromium"


if __name__ == "__main__":
    main()
