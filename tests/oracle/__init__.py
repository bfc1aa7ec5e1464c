"""The oracle: every metric a second time, in plain Python over rows, from the written definitions alone.

It shares no code with what it checks, and would rather be slow than clever.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from tests.oracle import after_metrics, case_metrics, order_metrics, people_metrics, quote_metrics
from tests.oracle.cells import Cell, gather
from tests.oracle.world import OracleBranch, Row, Thing, World

__all__ = ["Cell", "OracleBranch", "pooled", "weekly"]

COUNTED = (
    quote_metrics.answered, quote_metrics.contacts, order_metrics.fill_by_order, order_metrics.fill_by_line,
    order_metrics.by_promise, order_metrics.kept, order_metrics.cycle, after_metrics.errors, after_metrics.returned,
    case_metrics.exceptions, people_metrics.answers, people_metrics.stock, people_metrics.team,
    people_metrics.proficient,
)


def weekly(rows: Mapping[str, Sequence[Row]], branches: Mapping[str, OracleBranch], options: Mapping[str, Any],
           as_of: Callable[[str, str], datetime | None]) -> dict[tuple[str, str, date], Cell]:
    """The cell of every (metric, branch, first day of the week) that has one.

    `options` as `scoreboard.state.options` names them; `as_of(metric, branch)` in the branch's wall clock, None
    where the branch has no such metric.
    """
    return pooled(rows, branches, options, as_of, {branch: branch for branch in branches})


def pooled(rows: Mapping[str, Sequence[Row]], branches: Mapping[str, OracleBranch], options: Mapping[str, Any],
           as_of: Callable[[str, str], datetime | None], groups: Mapping[str, str],
           ) -> dict[tuple[str, str, date], Cell]:
    """The same for groups of branches (branch → group): sums over their rows, medians over all rows together."""
    world = World(rows, branches, options, as_of)
    return gather(_things(world, groups), lambda thing: (thing.metric, groups[thing.branch], world.week(thing.at)))


def _things(world: World, groups: Mapping[str, str]) -> Iterator[Thing]:
    for count in COUNTED:
        for thing in count(world):
            if thing.branch in groups and world.as_of(thing.metric, thing.branch) is not None:
                yield thing
