"""From things to cells: sums of what is decided, and medians that count an open row at its age and as endless."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import floor, inf

from tests.oracle.world import Thing


@dataclass(frozen=True)
class Cell:
    """One figure of one week. A duration has p50 and p90 (minutes), no part, and its n as whole."""

    part: float | None = None
    whole: float | None = None
    n: int = 0
    undecided: int = 0
    open: int = 0
    p50: float | None = None
    p90: float | None = None
    at_least: bool = False
    p90_at_least: bool = False


Key = tuple[str, str, date]


def gather(things: Iterable[Thing], key: Callable[[Thing], Key]) -> dict[Key, Cell]:
    """The cell of every key that something was counted for, or may still be."""
    found: dict[Key, list[Thing]] = defaultdict(list)
    for thing in things:
        found[key(thing)].append(thing)
    return {key: _lasting(group) if group[0].minutes is not None else _counted(group) for key, group in found.items()}


def _counted(things: Sequence[Thing]) -> Cell:
    decided = [thing for thing in things if not thing.undecided]
    return Cell(part=sum(t.part for t in decided), whole=sum(t.whole for t in decided), n=sum(t.n for t in decided),
                undecided=len(things) - len(decided), open=sum(t.open for t in things))


def _lasting(things: Sequence[Thing]) -> Cell:
    present = [float(t.minutes or 0) for t in things]
    endless = [inf if t.open else float(t.minutes or 0) for t in things]
    p50, p90 = quantile(present, 0.5), quantile(present, 0.9)
    moves = p50 != quantile(endless, 0.5)
    open_rows = sum(t.open for t in things)
    return Cell(whole=float(len(things)), n=len(things), undecided=open_rows if moves else 0, open=open_rows,
                p50=p50, p90=p90, at_least=moves, p90_at_least=p90 != quantile(endless, 0.9))


def quantile(values: Sequence[float], share: float) -> float:
    """Between the two nearest values in order, by straight line (type 7)."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * share
    below = floor(place)
    if place == below:
        return ordered[below]
    low, high = ordered[below], ordered[below + 1]
    return high if high == inf else low + (high - low) * (place - below)
