"""The pages in a real Chromium, against an ordinary page (`stock_page.py`), and the server under many people.

The convention: a time ends when the words asked for are drawn. A cold time begins with the navigation, in a browser that has
never seen the server; a change begins with the click on the option. All pages are measured in turns.
"""

from __future__ import annotations

import asyncio
import os
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, sync_playwright
from streamlit.testing.v1 import AppTest

from tests.bench import sessions
from tests.browser.serving import FLAGS, NOW, PATIENCE, RIVERSIDE, ROOT, Served, chromium

Add = Callable[[str, str, str], None]
BRANCHES = ("Harbor", "Lakeside", "Millbrook", "Summit", "Cedar Hollow", "Riverside")
WEEKS = tuple(f"Week {number}" for number in range(44, 35, -1))
# What shows that a page is there: the words, drawn. Charts and tables count when they are painted.
SHOWN = {
    "board": "words => all(document, '.board .where')[0]?.textContent.includes(words) && all(document, '.board .tile').length === 8",
    "stock": "words => [...document.querySelectorAll('.js-plotly-plot .gtitle')].filter(it => it.textContent.includes(words)).length === 8",
    "exceptions": "words => all(document, '.cases .row')[0]?.dataset.key.startsWith(words)",
    # The matrix is found once, because looking for it in every frame would be measured too.
    "branches": """words => {
      const found = window.found?.isConnected ? window.found : window.found = all(document, '.matrix')[0]
      return found?.querySelector('.where')?.textContent.endsWith(words) && found.querySelectorAll('.rows .cell').length > 40 }""",
    "rollout": "words => document.querySelector('h1')?.textContent.includes(words) && document.querySelector('.rollouts tbody td')",
    "exceptions page": "() => document.querySelector('[data-testid=stTextInput] input')",
    "metric": "() => document.querySelector('.js-plotly-plot .main-svg') && tables().length === 3 && tables().every(drawn)",
}
# A board is drawn behind a shadow root, which a selector of the page does not enter.
WATCH = """
window.all = (root, selector) => [...root.querySelectorAll('*')].flatMap(
  host => host.shadowRoot ? [...host.shadowRoot.querySelectorAll(selector)] : [])
window.tables = () => [...document.querySelectorAll('[data-testid=stHtml] table')]
window.drawn = table => table.querySelector('td')
window.watch = (shown, words) => new Promise(done => {
  const look = () => shown(words) ? requestAnimationFrame(() => done(performance.now())) : requestAnimationFrame(look)
  look()
})
"""


def measure(add: Add, place: Path, store: Path, repeats: int) -> None:
    """Everything; `store` is a data folder with 500 branches and 260 weeks."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(playwright), args=FLAGS)
        with _sample(place) as ours, _stock() as stock:
            _pages(add, browser, ours, stock, repeats)
        browser.close()
    _script(add, store)
    with _served(store) as address:
        _people(add, address)


# ---- in the browser ----------------------------------------------------------------------------------
def _pages(add: Add, browser: Browser, ours: str, stock: str, repeats: int) -> None:
    pages = {"board": (f"{ours}/{RIVERSIDE}", "Riverside · Week 45"), "stock": (stock, "Riverside · Week 45"),
             "metric": (f"{ours}/metric{RIVERSIDE}&metric=otif", "")}
    times: dict[str, list[float]] = {name: [] for name in pages}
    for number in range(repeats + 1):
        for name, (address, words) in pages.items():
            found = cold(browser, address, name, words)
            times[name] += [found] if number else []  # the first round warms the servers
    _ratio(add, "Board, first load", times["board"], times["stock"], "≤ 0.6 ×")
    _ratio(add, "Metric page, first load", times["metric"], times["stock"], "≤ 1 ×")
    for label, options in (("Week", WEEKS), ("Branch", BRANCHES)):
        shown = {name: opened(browser, pages[name][0], name) for name in ("board", "stock")}
        changes: dict[str, list[float]] = {name: [] for name in shown}
        for option in options:
            for name, page in shown.items():
                changes[name].append(change(page, name, label, option))
        _ratio(add, f"Board, change of {label.lower()}", changes["board"], changes["stock"], "≤ 0.4 ×")
        for page in shown.values():
            page.context.close()


def cold(browser: Browser, address: str, name: str, words: str) -> float:
    """Milliseconds from the navigation until the page is there."""
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.add_init_script(f"{WATCH}; window.there = watch({SHOWN[name]}, '{words}')")
    page.goto(address, wait_until="commit")
    found: float = page.evaluate("() => window.there")
    context.close()
    return found


def opened(browser: Browser, address: str, name: str, words: str = "Riverside · Week 45") -> Page:
    """A page in a browser of its own, drawn."""
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto(address)
    page.evaluate(f"() => watch({SHOWN[name]}, '{words}')")
    return page


def change(page: Page, name: str, label: str, option: str, words: str = "") -> float:
    """Milliseconds from the click on an option of a picker until it is drawn, or the words that only it shows."""
    page.get_by_role("combobox", name=label).fill(option)
    chosen = page.get_by_role("option", name=option).first
    chosen.wait_for()
    return _clicked(page, chosen, name, words or option)


def turn(page: Page, name: str, title: str, words: str) -> float:
    """Milliseconds from the click on a page's name in the menu until that page is drawn."""
    return _clicked(page, page.get_by_role("link", name=title, exact=True).first, name, words)


def _clicked(page: Page, link: Locator, name: str, words: str) -> float:
    page.evaluate(f"""() => {{
        window.begun = null
        document.addEventListener('pointerup', () => window.begun = performance.now(), {{ capture: true, once: true }})
        window.there = watch({SHOWN[name]}, '{words}')
    }}""")
    link.click()
    return float(page.evaluate("() => window.there.then(at => at - window.begun)"))


def _ratio(add: Add, what: str, ours: list[float], stock: list[float], goal: str) -> None:
    mine, theirs = statistics.median(ours), statistics.median(stock)
    add(what, f"{mine / theirs:.2f} × an ordinary page with eight Plotly charts ({mine:.0f} ms against {theirs:.0f} ms)", goal)


# ---- many people -------------------------------------------------------------------------------------
def _script(add: Add, store: Path) -> None:
    """A whole run of the board's script, without a browser: one shown again, and those nobody has asked for before."""
    os.environ |= {"SCOREBOARD_DATA": str(store), "SCOREBOARD_NOW": NOW}
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params["week"] = sessions.WEEK
    times: dict[str, list[float]] = {"again": [], "other": []}
    for number in range(30):
        for kind, branch in (("other", sessions.BRANCHES[-1 - number]), ("again", sessions.BRANCHES[0])):
            app.query_params["branch"] = branch
            begun = time.perf_counter()
            app.run()
            times[kind].append((time.perf_counter() - begun) * 1000)
    again, other = (statistics.median(times[kind][5:]) for kind in ("again", "other"))
    add("Script of the board, 500 branches × 260 weeks", f"{again:.0f} ms again, {other:.0f} ms for a branch nobody asked for", "≤ 30 ms")


def _people(add: Add, address: str) -> None:
    spread = asyncio.run(sessions.spread(address, people=100, every=10, seconds=60))
    add("100 people, each another branch every 10 s", f"95 % within {spread:.0f} ms", "≤ 200 ms")
    at_once = asyncio.run(sessions.at_once(address, people=50))
    add("50 people at the same instant", f"95 % within {at_once:.0f} ms", "≤ 1,500 ms")


# ---- servers -----------------------------------------------------------------------------------------
@contextmanager
def _sample(place: Path) -> Iterator[str]:
    with _served(place / "web", "--sample") as address:
        yield address


@contextmanager
def _served(data: Path, *options: str) -> Iterator[str]:
    server = Served(data, *options)
    try:
        yield server.address
    finally:
        server.end()


@contextmanager
def _stock() -> Iterator[str]:
    """The ordinary page, with those of our settings that make a page faster than the defaults do."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = {"server.port": port, "server.address": "127.0.0.1", "server.headless": "true", "server.fileWatcherType": "none",
                "browser.gatherUsageStats": "false", "runner.postScriptGC": "false"}
    program = [sys.executable, "-m", "streamlit", "run", Path(__file__).with_name("stock_page.py")]
    process = subprocess.Popen([*program, *(f"--{name}={value}" for name, value in settings.items())],
                               cwd=Path(__file__).parent, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(f"http://127.0.0.1:{port}/_stcore/health")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def _wait_for(address: str) -> Any:
    for _ in range(600):
        try:
            return urllib.request.urlopen(address)
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"{address} does not answer")
