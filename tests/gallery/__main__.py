"""Takes the pictures of the docs: `make pictures`. Every state in both themes, the pages on the sample company, a workbook on paper.

The workbook is drawn by LibreOffice (`soffice`) and turned into pictures by `pdftoppm`.
"""

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
# address, name of the picture, size, theme
SHOWN = (
    ("?branch=RIV&week=2026-W45", "board", "laptop", "light"), ("?branch=RIV&week=2026-W45", "board", "wall", "dark"),
    ("?branch=RIV&week=2026-W45", "board", "phone", "light"),
    ("metric?branch=RIV&week=2026-W45&metric=otif", "metric", "laptop", "light"),
    ("exceptions?branch=RIV", "exceptions", "laptop", "light"), ("exceptions?branch=RIV", "exceptions", "phone", "dark"),
    ("handoffs?branch=RIV&week=2026-W45", "handoffs", "laptop", "light"),
    ("branches?week=2026-W45", "branches", "laptop", "light"), ("branches?week=2026-W45", "branches", "wall", "dark"),
    ("branches?week=2026-W45", "branches", "phone", "light"),
    ("rollout?branch=RIV", "rollout", "laptop", "light"), ("rollout?branch=RIV", "rollout", "phone", "dark"),
    ("rollout?branch=company", "rollout-company", "wall", "dark"),
)
READY = ".board h1, .js-plotly-plot, .cases .row, .matrix, .chain, [data-testid=stHtml] table"
SHEETS = {"scoreboard": "Scoreboard", "trends": "Trends"}  # of the workbook: name of the picture, and the sheet


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as place, sync_playwright() as play:
        data = Path(place) / "data"
        settings = settings_module.read(str(data), NOW)
        sampling.load_sample(settings, open_database(settings.database_url), EVERYONE)
        browser = play.chromium.launch(executable_path=_chromium(), args=FLAGS)
        with _served("tests/gallery/app.py", data) as address:
            for theme in ("light", "dark"):
                for show in ("tiles", "more-tiles", "charts"):
                    _shot(browser, f"{address}/?show={show}", PICTURES / f"{show}-{theme}.png", (1366, 768), theme)
        with _served("app.py", data) as address:
            for path, name, size, theme in SHOWN:
                _shot(browser, f"{address}/{path}", PICTURES / f"{name}-{size}-{theme}.png", SIZES[size], theme)
        _taken_along(browser, data, Path(place))


def _taken_along(browser: Browser, data: Path, place: Path) -> None:
    """The sheet for the wall, and pages of the workbook as they are printed."""
    of = ("--data", str(data), "--now", NOW, "export")
    for words in (("print", "--branch", "RIV", "--out", place / "print.html"), ("branch", "RIV", "--out", place / "RIV.xlsx")):
        subprocess.run([sys.executable, "-m", "scoreboard", *of, *map(str, words)], check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    page = browser.new_page(viewport={"width": 794, "height": 1123})  # A4 at 96 dots to the inch
    page.goto((place / "print.html").as_uri())
    page.emulate_media(media="print")
    page.screenshot(path=PICTURES / "print.png")
    page.close()
    subprocess.run(["soffice", "--headless", "--convert-to", "pdf", "--outdir", place, place / "RIV.xlsx"], check=True,
                   stdout=subprocess.DEVNULL)
    for picture, sheet in SHEETS.items():
        number = _page_of(place / "RIV.pdf", sheet)
        subprocess.run(["pdftoppm", "-png", "-r", "110", "-f", str(number), "-l", str(number), "-singlefile", place / "RIV.pdf",
                        PICTURES / f"workbook-{picture}"], check=True)


def _page_of(pdf: Path, sheet: str) -> int:
    """The first page whose foot names a sheet."""
    pages = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, text=True).stdout.split("\f")
    return next(n for n, text in enumerate(pages, start=1) if any(sheet in line for line in text.strip().splitlines()[-2:]))


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
    page.wait_for_selector(READY)
    page.goto(url)  # the first deep link of a fresh process shows a notice
    page.wait_for_selector(READY)
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
