"""What stands in front of every request: who may call, and the headers every answer carries.

A page of another site can make a browser call this machine. Such a call names a host that is not ours (a name that was
pointed here) or an origin that is not the host: it is refused before any page, file or connection answers.
"""

from __future__ import annotations

import hashlib
import ipaddress
import re
from base64 import b64encode
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
Header = tuple[bytes, bytes]


class Guard:
    """An application behind the guard, which is told the names this machine is called by."""

    def __init__(self, app: Application, names: Iterable[str], headers: dict[str, str]) -> None:
        self._app = app
        self._names = frozenset(name.lower().rstrip(".") for name in names)
        self._headers = [(name.lower().encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return await self._app(scope, receive, send)
        given = {name: value.decode("latin-1") for name, value in scope["headers"]}
        reason = self._refusal(given.get(b"host", ""), given.get(b"origin"))
        if reason is None:
            return await self._app(scope, receive, self._with_headers(send))
        await _refuse(scope, self._with_headers(send), reason)

    def _refusal(self, host: str, origin: str | None) -> str | None:
        name = _name(f"//{host}")
        if not (name in self._names or _is_number(name)):  # a name can be pointed at this machine from outside, a number cannot
            return f'This scoreboard is not called "{name}". Start it with --name {name} if it should be.'
        if origin is not None and urlsplit(origin).netloc.lower() != host.lower():
            return "Another site asked for this. Open the scoreboard itself."
        return None

    def _with_headers(self, send: Send) -> Send:
        ours = {name for name, _ in self._headers}

        async def sent(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                theirs: list[Header] = [pair for pair in message.get("headers", []) if pair[0].lower() not in ours]
                message["headers"] = [*theirs, *self._headers]
            await send(message)
        return sent


async def _refuse(scope: Scope, send: Send, reason: str) -> None:
    if scope["type"] == "websocket":
        return await send({"type": "websocket.close", "code": 1008, "reason": reason})
    await send({"type": "http.response.start", "status": 403, "headers": [(b"content-type", b"text/plain; charset=utf-8")]})
    await send({"type": "http.response.body", "body": reason.encode()})


def _name(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:  # half an IPv6 address
        return ""


def _is_number(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def security_headers(page: str) -> dict[str, str]:
    """The headers of every answer; scripts written into the page itself are allowed one by one, by their hash."""
    return {
        "Content-Security-Policy": "; ".join((
            "default-src 'none'",
            f"script-src 'self' blob: {' '.join(_hashes(page))}",  # blob: a component's own script
            "style-src 'self' 'unsafe-inline'",  # Streamlit writes its styles into the page
            "img-src 'self' data: blob:", "font-src 'self' data:", "media-src 'self' blob:", "connect-src 'self'",
            "worker-src 'self' blob:", "manifest-src 'self'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'")),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }


def _hashes(page: str) -> list[str]:
    inline = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    return [f"'sha256-{b64encode(hashlib.sha256(one.encode()).digest()).decode()}'" for one in inline]
