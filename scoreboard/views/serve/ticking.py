"""The clock of the server: a round of what came due in exceptions, once a minute, in a thread of its own.

The convention: it lives as long as the server. Whatever goes wrong in a round is said on stderr and the next round comes all the
same; no address or name can be in what it says.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine

from scoreboard import settings as settings_module
from scoreboard.errors import ScoreboardError
from scoreboard.imports import rounds
from scoreboard.state.database import open_database

EVERY_SECONDS = 60
_SECONDS_TO_END = 3  # a message on its way is not waited for: it is known to have been begun, and sent again


@contextmanager
def ticking() -> Iterator[None]:
    """Rounds from now on, the first one at once, until it is left."""
    ended = threading.Event()
    thread = threading.Thread(target=_run, args=(ended,), name="rounds", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(_SECONDS_TO_END)


def _run(ended: threading.Event) -> None:
    engine: Engine | None = None
    while True:
        try:
            settings = settings_module.read()
            engine = engine or open_database(settings.database_url)
            rounds.once(settings, engine)
        except Exception as error:  # the next round may go well
            said = str(error) if isinstance(error, ScoreboardError) else f"Not foreseen: {type(error).__name__}."
            sys.stderr.write(f"A round of what came due could not be finished; the next comes in {EVERY_SECONDS} s. {said}\n")
        if ended.wait(EVERY_SECONDS):
            break
    if engine:
        engine.dispose()
