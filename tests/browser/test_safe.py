"""What every answer carries, and whom nobody answers. (That no page complains in the console, every test here holds.)"""

from __future__ import annotations

import http.client
import re
from contextlib import closing
from dataclasses import dataclass
from email.message import Message
from urllib.parse import urlsplit

import pytest

from scoreboard.views.frame import PAGES
from tests.browser.serving import Served

OPENING = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "c2NvcmVib2FyZC1zY29yZQ=="}


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Message
    text: str


def asked(served: Served, path: str, **headers: str) -> Answer:
    """The answer to a request with these headers."""
    with closing(http.client.HTTPConnection(urlsplit(served.address).netloc, timeout=20)) as connection:
        connection.request("GET", path, headers={"Host": urlsplit(served.address).netloc, **headers})
        given = connection.getresponse()
        return Answer(given.status, given.headers, "" if given.status == 101 else given.read().decode(errors="replace"))


@pytest.mark.parametrize("path", ["/", "/metric", "/_stcore/health", "/app/static/icon.svg", "/nothing/here"])
def test_every_answer_carries_the_security_headers(served: Served, path: str) -> None:
    headers = asked(served, path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == policy["frame-ancestors"] == "'none'"
    assert policy["connect-src"] == "'self'"
    assert "unsafe" not in policy["script-src"] and "http" not in policy["script-src"]
    assert "server" not in headers


@pytest.mark.parametrize("address", [page.address for page in PAGES])
def test_the_page_an_address_begins_with_is_ours_and_names_only_what_is_there(served: Served, address: str) -> None:
    text = asked(served, f"/{address}").text
    assert "<title>Leadership Scoreboard</title>" in text and "SourceSans" not in text
    named = re.findall(r'<(?:link|script)[^>]* (?:href|src)="([^"]+)"', text)
    assert len(named) > 15
    assert [one for one in named if "openapi" not in one and asked(served, f"/{one.removeprefix('./')}").status != 200] == []


def test_another_site_is_refused(served: Served) -> None:
    assert asked(served, "/").status == 200
    assert asked(served, "/", Origin=served.address).status == 200
    assert asked(served, "/", Origin="http://elsewhere.example").status == 403
    assert asked(served, "/", Origin="http://localhost:3000").status == 403


def test_a_name_pointed_at_this_machine_is_refused(served: Served) -> None:
    assert asked(served, "/", Host="elsewhere.example").status == 403
    assert asked(served, "/", Host=f"localhost:{urlsplit(served.address).port}").status == 200


def test_a_name_it_was_given_is_answered(own: Served) -> None:
    assert asked(own, "/", Host="scoreboard.example").status == 200
    assert asked(own, "/_stcore/stream", **OPENING, Host="scoreboard.example", Origin="https://scoreboard.example").status == 101


def test_a_connection_from_another_site_is_refused(served: Served) -> None:
    assert asked(served, "/_stcore/stream", **OPENING, Origin=served.address).status == 101
    assert asked(served, "/_stcore/stream", **OPENING, Origin="http://elsewhere.example").status == 403
    assert asked(served, "/_stcore/stream", **OPENING, Host="elsewhere.example").status == 403
