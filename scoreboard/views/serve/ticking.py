"""What the server does by itself, each in a thread of its own: a round of what came due in exceptions, once a minute; and reading what
every visitor of Branches would wait for, soon after anything has changed.

The convention: they live as long as the server. Whatever goes wrong is said on stderr and the next turn comes all the same; no
address or name can be in what is said.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from scoreboard.errors import ScoreboardError
from scoreboard.imports import rounds
from scoreboard.views import asking

EVERY_SECONDS = 60
_LOOKS_EVERY = 5  # seconds: whether anything has changed
_SECONDS_TO_END = 3  # a message on its way is not waited for: it is known to have been begun, and sent again


@contextmanager
def ticking() -> Iterator[None]:
    """Both from now on, the first time at once, until it is left."""
    ended = threading.Event()
    rounds_thread, ahead = (threading.Thread(target=_run, args=(ended, what, turn), name=turn.__name__, daemon=True) for what, turn in (
        ("A round of what came due", _round), ("Reading ahead for Branches", _keep)))
    rounds_thread.start()
    ahead.start()
    try:
        yield
    finally:
        ended.set()
        rounds_thread.join(_SECONDS_TO_END)  # who only reads may be left alone at any time


def _round() -> float:
    asked = asking.ask_of_all()
    rounds.once(asked.settings, asked.engine)
    return EVERY_SECONDS


def _keep() -> float:
    """Seldom while people change things all the time: then each change would have everything read again."""
    from scoreboard.views.territory import side_by_side  # its caches want the server to be there

    return EVERY_SECONDS / 2 if side_by_side.keep(asking.ask_of_all()) else _LOOKS_EVERY


def _run(ended: threading.Event, what: str, turn: Callable[[], float]) -> None:
    while not ended.is_set():
        try:
            seconds = turn()
        except Exception as error:  # the next one may go well
            seconds = EVERY_SECONDS
            said = str(error) if isinstance(error, ScoreboardError) else f"Not foreseen: {type(error).__name__}."
            sys.stderr.write(f"{what} could not be finished; the next time is in {EVERY_SECONDS} s. {said}\n")
        ended.wait(seconds)
