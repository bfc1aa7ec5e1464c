"""The chain in words: what a stay is, on which clock, how long, what it lacks; what broke at a handoff."""

from __future__ import annotations

from collections.abc import Sequence

from scoreboard.metrics import words
from scoreboard.metrics.chain import Misses, Stay
from scoreboard.metrics.model import Duration, Metric

_CLOCKS = {"working": "working time", "calendar": "by the calendar"}
_STAYS = {"quote_response_time": "From request to complete answer", "return_cycle_time": "Returns, from received to credited and told",
          "resolved_to_told": "Exceptions, from resolved to told"}


def spent(minutes: float) -> tuple[str, str]:
    """Number and unit of a time as a person says it: `47 min`, `4.6 h`, `7.9 d`."""
    if minutes < 59.5:
        return f"{minutes:.0f}", "min"
    if minutes < 72 * 60:
        return f"{minutes / 60:.1f}", "h"
    return f"{minutes / 1440:.1f}", "d"


def time_text(minutes: float, more: bool = False) -> str:
    """`more than 4.6 h`; number and unit never part at the end of a line."""
    number, unit = spent(minutes)
    return f"{'more than ' if more else ''}{number}\u00a0{unit}"


def what(metric: Metric) -> str:
    """What a stay is: `From ordered to picked`."""
    return _STAYS.get(metric.key, metric.name)


def clock(metric: Metric) -> str:
    """On which clock it is counted."""
    assert isinstance(metric.whole, Duration)
    return _CLOCKS[metric.whole.clock]


def lacking(stay: Stay) -> str:
    """Why a stage has no figure; empty where it has one."""
    if stay.needs:
        return f"Would show with: {'; '.join(words.called(need.replace(': ', '.', 1)) for need in _first(stay.needs))}"
    return "" if stay.n else "Nothing came in these weeks."


def _first(needs: Sequence[str]) -> list[str]:
    """Of columns that would do alike, the first."""
    return [need.split(" or ")[0] for need in needs]


def counted(one: Misses) -> str:
    """`22 credits, 81 exceptions`."""
    each = ((one.credits, "credit"), (one.exceptions, "exception"))
    parts = [f"{n:,} {name}{'' if n == 1 else 's'}" for n, name in each if n is not None]
    return ", ".join(parts) or "no file says"
