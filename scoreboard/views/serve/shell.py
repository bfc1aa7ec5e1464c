"""The empty page every address begins with: Streamlit's own, told where its server is and what this page will need.

Left alone it looks for its server below the page's address, asks for each part of the page only when the part before it has
come, and loads a typeface that we do not use. Where Streamlit's page is not as expected, it is served as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import streamlit as st

from scoreboard.views.serve.guard import Application, Receive, Scope, Send

INDEX = Path(st.__file__).parent / "static" / "index.html"
TITLE = "Leadership Scoreboard"
_SCRIPTS = INDEX.parent / "static" / "js"
_OUR_TYPE = ("barlow-latin-400-normal", "barlow-latin-600-normal", "barlow-latin-700-normal", "barlow-semi-condensed-latin-600-normal")
# The parts of Streamlit a page is drawn with beside those of every page, in the order they are worth fetching.
_PARTS = {"": ("Selectbox", "BidiComponent"),
          "exceptions": ("Selectbox", "TextInput", "BidiComponent"), "metric": ("Selectbox", "Metric", "Radio", "DownloadButton"),
          "branches": ("Selectbox", "BidiComponent", "Html", "Button"), "rollout": ("Selectbox", "Html")}
_WHERE = "window.__streamlit = { BACKEND_BASE_URL: window.location.origin }"
# A page writes the branch and week it shows into an address that lacks them (Streamlit takes them off first). As long as no
# word of it changes, that is the same place, not a step to go back to. An exception is a place of its own: Back leads to its list.
_SAME_PLACE = """{
  const push = history.pushState.bind(history)
  history.pushState = (state, title, url) => {
    const next = new URL(url ?? location.href, location.href)
    const now = new URLSearchParams(location.search), there = next.searchParams
    const same = now.get("case") === there.get("case") && [...now].every(([name, value]) => (there.get(name) ?? value) === value)
    return next.pathname === location.pathname && same ? history.replaceState(state, title, url) : push(state, title, url)
  }
}"""


class Shell:
    """An application that answers the addresses of pages and Streamlit's scripts itself, and leaves the rest to Streamlit's."""

    def __init__(self, app: Application, addresses: Callable[[], Iterable[str]]) -> None:
        """`addresses` is asked when the first request comes: the pages are not to be imported before Streamlit runs."""
        self._app, self._addresses = app, cache(lambda: frozenset(addresses()))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        address = scope.get("path", "").strip("/")
        if scope["type"] == "http" and scope["method"] in ("GET", "HEAD"):
            if address in self._addresses():
                return await _answer(scope, send, page(address).encode(), b"text/html; charset=utf-8", b"no-cache")
            if address in _scripts():
                return await _answer(scope, send, _script(address), b"text/javascript", b"public, immutable, max-age=31536000")
        await self._app(scope, receive, send)


async def _answer(scope: Scope, send: Send, body: bytes, kind: bytes, keep: bytes) -> None:
    headers = [(b"content-type", kind), (b"cache-control", keep), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body if scope["method"] == "GET" else b""})


@cache
def _scripts() -> frozenset[str]:
    return frozenset(f"static/js/{path.name}" for path in _SCRIPTS.glob("*.js"))


@cache
def _script(address: str) -> bytes:
    """One of Streamlit's scripts, kept in memory: read from the disk in pieces it waits for every script of a page to pause."""
    return (_SCRIPTS / address.rpartition("/")[2]).read_bytes()


@cache
def page(address: str) -> str:
    """The page of an address."""
    text = INDEX.read_text(encoding="utf-8")
    text = re.sub(r'<link\s+rel="preload"[^>]*SourceSans[^>]*>', "", text)
    text = text.replace("<title>Streamlit</title>", f"<title>{TITLE}</title>").replace("./favicon.png", "app/static/icon.svg")
    early = [*(f'<link rel="modulepreload" crossorigin href="static/js/{name}">' for name in _early(address, text)),
             *(f'<link rel="preload" crossorigin as="font" type="font/woff2" href="app/static/{name}.woff2">' for name in _OUR_TYPE)]
    return text.replace("</head>", "\n".join((f"<script>{_WHERE}</script>", f"<script>{_SAME_PLACE}</script>", *early, "</head>")))


def _early(address: str, text: str) -> list[str]:
    """The scripts of a page's parts, and those they build on, that the page does not name already."""
    found: dict[str, None] = {}
    for part in _PARTS.get(address, ()):
        for path in _SCRIPTS.glob(f"{part}.*.js"):
            _collect(path.name, text, found)
    return list(found)


def _collect(name: str, text: str, found: dict[str, None]) -> None:
    if name in found or name in text:
        return
    found[name] = None
    for needed in re.findall(r'(?:from|import)"\./([^"]+\.js)"', (_SCRIPTS / name).read_text(encoding="utf-8")):
        _collect(needed, text, found)
