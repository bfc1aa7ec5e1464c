"""The matrix of 500 branches with twelve figures each, inside the process; and how far each of 500 branches is in its rollout.

The convention: processor time, because the machine may be busy. First what nobody has asked for since the data was loaded, then what a
page reads again in every new minute: a change of filter in the same minute reads nothing.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

from scoreboard.metrics import company, compare
from scoreboard.metrics.compare_cells import Kept
from scoreboard.rollout import standing
from scoreboard.state.database import open_database, reading
from scoreboard.state.viewers import EVERYONE
from tests.bench import many_branches

Add = Callable[[str, str, str], None]


def measure(add: Add, place: Path) -> None:
    """On the store that `many_branches` makes."""
    settings = many_branches.store(place, 500)
    engine = open_database(settings.database_url)
    with reading(engine) as conn:
        known = company.read(conn, settings.now)
        kept = Kept()

        def read(territory: str | None, into: Kept | None) -> None:
            assert compare.read(conn, settings, known, EVERYONE, territory, many_branches.LAST, kept=into).rows

        first = _worked(lambda: read(None, None))
        read(None, kept)
        add("Matrix of 500 branches × 12 figures, never asked for before", f"{first:.0f} ms of the processor", "≤ 100 ms")
        add("… asked for again in another minute", f"{_worked(lambda: read(None, kept)):.0f} ms of the processor", "≤ 100 ms")
        add("… of 100 branches, never asked for before", f"{_worked(lambda: read('T1', None)):.0f} ms of the processor", "")
        far = _worked(lambda: standing.read(conn, EVERYONE, known, known.branches))
        add("How far 500 branches are in their rollout", f"{far:.0f} ms of the processor", "")
    engine.dispose()


def _worked(do: Callable[[], object], times: int = 5) -> float:
    """The median of its milliseconds of processor time."""
    took = []
    for _ in range(times):
        begun = time.process_time()
        do()
        took.append((time.process_time() - begun) * 1000)
    return statistics.median(took)
