"""The server: Streamlit as an ASGI application, guarded, warmed up, in one process.

The convention: nobody is served by a cold process. A first visitor would wait for every import, and a link to any page but
the first would be told "Page not found", because Streamlit learns the pages by running the script.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import os
import pkgutil
import socket
import sys
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

import anyio.to_thread
import streamlit as st
import uvicorn
from streamlit import runtime
from streamlit.web import bootstrap

from scoreboard import views
from scoreboard.errors import Refused
from scoreboard.views.serve import shell
from scoreboard.views.serve.guard import Guard, security_headers
from scoreboard.views.serve.shell import Shell
from scoreboard.views.serve.ticking import ticking

APP = Path(__file__).resolve().parents[3] / "app.py"
_HEAVY = ("duckdb", "holidays", "numpy", "openpyxl", "pandas", "plotly.io", "pyarrow", "python_calamine")  # imported late where used
_SECONDS_TO_END = 3  # an open page holds its connection for as long as it is let


class _Server(uvicorn.Server):
    """A server that says when it answers."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()


def run(listening: socket.socket, names: Iterable[str], ready: Callable[[], None]) -> None:
    """Serves on a bound socket until it is told to end; calls `ready` once pages are answered at full speed."""
    app = Guard(Shell(_application(*listening.getsockname()[:2]), _addresses), names, security_headers(shell.page("")))
    config = uvicorn.Config(app, ws="websockets-sansio", ws_ping_interval=30, ws_ping_timeout=30, log_level="warning", access_log=False,
                            server_header=False, lifespan="on", timeout_graceful_shutdown=_SECONDS_TO_END)
    server = _Server(config, ready)
    # Connections inherit it. Without it an answer's body waits 40 ms for the other side to confirm its head.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        server.run(sockets=[listening])
    except (KeyboardInterrupt, SystemExit):
        pass  # it was told to end, and has
    else:
        if not server.started:
            raise Refused("The scoreboard could not be started.", "What went wrong stands above.")
    atexit.register(_leave)


def _application(host: str, port: int) -> st.App:
    """Streamlit with our pages and the settings of .streamlit/config.toml beside them, wherever the command was started."""
    app = st.App(APP, lifespan=_warmed)
    bootstrap.load_config_options({"server.address": host, "server.port": port, "logger.level": "warning", "server.allowedHosts": ["*"]})
    return app


@asynccontextmanager
async def _warmed(_app: st.App) -> AsyncIterator[None]:
    await anyio.to_thread.run_sync(_import_all)
    await runtime.get_instance().does_script_run_without_error()
    gc.collect()
    gc.freeze()  # what is imported lives as long as the process: no collection need look at it again
    try:
        with ticking():
            yield
    finally:
        gc.unfreeze()


def _leave() -> None:
    """Ends the program as a kill would, which everything survives: a library that a round or the script of an open page is inside of
    would complain while it is taken down."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def _addresses() -> list[str]:
    from scoreboard.views.frame import PAGES

    return [page.address for page in PAGES]


def _import_all() -> None:
    for name in _HEAVY:
        importlib.import_module(name)
    for module in pkgutil.walk_packages(views.__path__, f"{views.__name__}."):
        importlib.import_module(module.name)
