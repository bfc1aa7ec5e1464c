"""The Exceptions page of a large store: in a real Chromium, and with many people who only look at it.

The convention: a rerun begins with the choice of another branch, and ends when its first exception is drawn.
"""

from __future__ import annotations

import asyncio
import os
import statistics
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.bench import sessions, web
from tests.browser.serving import FLAGS, Served, chromium

Add = Callable[[str, str, str], None]
_BRANCHES = sessions.BRANCHES[3:15]


def measure(add: Add, store: Path, now: str) -> None:
    """`store` is the one that `worked_cases` makes: 500 branches."""
    server = Served(store, now=now)
    try:
        add("Exceptions page, another branch in Chromium", _reruns(server.address), "≤ 300 ms")
        share = asyncio.run(sessions.stay(server.address, "exceptions", people=200, seconds=120, used=lambda: _used(server.pid)))
        add("200 people look at Exceptions and do nothing", f"{share * 100:.2f} % of a core", "≤ 2 %")
    finally:
        server.end()


def _reruns(address: str) -> str:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(playwright), args=FLAGS)
        page = web.opened(browser, f"{address}/exceptions?branch=B000", "exceptions", "B000")
        took = sorted(web.change(page, "exceptions", "Branch", branch) for branch in _BRANCHES)
        browser.close()
    return f"{statistics.median(took):.0f} ms, at most {took[-1]:.0f} ms"


def _used(process: int) -> float:
    """Seconds of processor time a process has used."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
