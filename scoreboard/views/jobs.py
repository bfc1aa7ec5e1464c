"""Work that takes longer than a click: begun once, in a thread of its own, watched by whoever waits for it.

The convention: a second click, a reload or a closed tab ends a run of the page, never a job. Whoever begins one puts it
where the next run finds it, and looks there before beginning another.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from streamlit.delta_generator import DeltaGenerator

from scoreboard.views import parts

Result = TypeVar("Result")
Tell = Callable[[str], None]
TICK_SECONDS = 0.25
WORTH_COUNTING = 5  # seconds after which the time is shown beside the words


class GivenUp(Exception):
    """Raised inside a job that nobody waits for any more."""


class Job(Generic[Result]):
    """One piece of work. `words` is the step it is at; `result` gives what it gave, or raises what it raised."""

    def __init__(self, words: str, work: Callable[[Tell], Result], done: Callable[[], object] = lambda: None) -> None:
        self.words, self._begun_at = words, time.monotonic()
        self._ended, self._given_up = threading.Event(), False
        self._found: list[Result] = []
        self._error: BaseException | None = None
        threading.Thread(target=self._run, args=(work, done), daemon=True).start()

    def _run(self, work: Callable[[Tell], Result], done: Callable[[], object]) -> None:
        try:
            self._found.append(work(self._tell))
        except BaseException as error:
            self._error = error
        finally:
            done()
            self._ended.set()

    def _tell(self, step: str) -> None:
        if self._given_up:
            raise GivenUp
        self.words = step

    @property
    def running(self) -> bool:
        return not self._ended.is_set()

    @property
    def said(self) -> str:
        """The step it is at, with the seconds once they are many."""
        seconds = int(time.monotonic() - self._begun_at)
        return f"{self.words} …" + (f" {seconds} s" if seconds >= WORTH_COUNTING else "")

    def wait(self, seconds: float) -> bool:
        """Whether it has ended, after at most so many seconds."""
        return self._ended.wait(seconds)

    def give_up(self) -> None:
        """Nobody waits for it any more: it ends at its next step. Only for work that keeps nothing."""
        self._given_up = True

    def result(self) -> Result:
        """What it gave, once it has ended; waits for that."""
        self._ended.wait()
        if self._error is not None:
            raise self._error
        return self._found[0]


def watch(job: Job[Result], place: DeltaGenerator) -> None:
    """Shows in `place` (an `st.empty`) how far a job is, until it has ended."""
    if job.wait(TICK_SECONDS):
        return
    shown = place.status(parts.plain(job.said))
    while not job.wait(TICK_SECONDS):
        shown.update(label=parts.plain(job.said))
    place.empty()
