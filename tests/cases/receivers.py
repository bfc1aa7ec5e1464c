"""Receivers that messages really go to: an HTTP one and a mail one, each on a free port of this machine.

`received` is what arrived, in order: (title, body). `answers` is asked before each answer and gives the status; it may wait.
"""

from __future__ import annotations

import asyncio
import email
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Receiver:
    """What arrived, and where to send: `address` is a URL as Apprise reads it, with a secret in it."""

    address: str = ""
    received: list[tuple[str, str]] = field(default_factory=list)
    answers: Callable[[], int] = lambda: 200


@contextmanager
def http_receiver() -> Iterator[Receiver]:
    """A receiver of JSON."""
    found = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status = found.answers()
            if status == 200:
                found.received.append((said["title"], said["message"]))
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    found.address = f"json://user:s3cret@127.0.0.1:{server.server_port}/hook"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def mail_receiver() -> Iterator[Receiver]:
    """A mail server that takes everything."""
    found, started, loop = Receiver(), threading.Event(), asyncio.new_event_loop()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 here\r\n")
        while line := (await reader.readline()).strip().upper():
            if line == b"DATA":
                writer.write(b"354 go on\r\n")
                mail = email.message_from_bytes(await reader.readuntil(b"\r\n.\r\n"), policy=default)
                part = mail.get_body(("plain", "html"))
                found.received.append((str(mail["Subject"]), part.get_content() if part else ""))
            writer.write(b"221 bye\r\n" if line == b"QUIT" else b"250 fine\r\n")
            if line == b"QUIT":
                break
        writer.close()

    servers: list[asyncio.Server] = []

    async def serve() -> None:
        servers.append(await asyncio.start_server(talk, "127.0.0.1", 0))
        started.set()

    def run() -> None:  # a loop of its own in a thread of its own: that of a browser may run in this one
        loop.run_until_complete(serve())
        loop.run_forever()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    started.wait()
    port = servers[0].sockets[0].getsockname()[1]
    found.address = f"mailto://127.0.0.1:{port}?from=board@example.com&to=kim@example.com&mode=insecure"
    try:
        yield found
    finally:
        loop.call_soon_threadsafe(servers[0].close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
