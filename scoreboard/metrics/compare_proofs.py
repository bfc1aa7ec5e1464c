"""Tiles of many branches that can be told from little: of a normal week, and of a figure that a branch cannot have.

The convention: the tile is exactly the one of the branch's board, or there is none. A week is proved to be judged and normal by kept
limits, the seven weeks before it and the sizes of thirteen more; weeks after it only wait. A proved tile has no weeks but those.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection

from scoreboard.metrics import many_results, open_cases
from scoreboard.metrics.board import Aim, Saying, Tile
from scoreboard.metrics.many_results import Counted, Few, Pair
from scoreboard.metrics.model import Metric
from scoreboard.metrics.reach import Reach
from scoreboard.metrics.states import Outlook, Point, basic_state, least_n, points
from scoreboard.metrics.touched import CASE_METRICS
from scoreboard.metrics.usual import AWAITED, Judged, judge, surely_normal
from scoreboard.metrics.values import value
from scoreboard.weeks import WEEK

BEFORE = 7  # weeks a run looks back to
RECENT = 1 + BEFORE + 13  # weeks looked at: from each of those there are fourteen of its 26, whose largest n is at least the median
LONGEST_WAIT = 8  # weeks that wait until they are judged; where more do, nothing is proved
Proved = tuple[Pair, Tile, str | None]  # the series, its tile, the definition its figure was computed under


@dataclass(frozen=True)
class Known:
    """What holds for a week whatever is proved or read: how far data reaches, what judges each series, what it aims for."""

    reach: Reach
    week: date
    views: Mapping[Pair, Outlook]
    said: Mapping[Pair, Saying]
    aims: Mapping[str, Mapping[str, Aim]]
    boards: Mapping[str, frozenset[str]]

    def tile(self, branch: str, shown: Point, picked: Point, judged: Judged, needs: Sequence[str] = ()) -> Tile:
        """A tile that was proved."""
        metric = picked.metric
        return Tile(metric, shown, picked, self.aims[branch][metric.key], list(needs), [picked], metric.key in self.boards[branch], judged)


def proved(conn: Connection, known: Known, branches: Sequence[str], metrics: Sequence[Metric]) -> Iterator[Proved]:
    """The tiles of those series of which it can be told."""
    edited = open_cases.edited_weeks(conn, known.reach.company, branches)
    yield from _not_available(conn, known, branches, metrics, edited)
    together: dict[date, list[Metric]] = defaultdict(list)
    for metric in metrics:
        if not (metric.minimum or metric.rolling) and (week := _last_judged(known, metric, branches)):
            together[week].append(metric)
    for week, these in together.items():
        yield from _normal_in(conn, known, branches, these, week, edited)


# ---- a figure that cannot be had -----------------------------------------------------------------------
def _not_available(conn: Connection, known: Known, branches: Sequence[str], metrics: Sequence[Metric],
                   edited: Mapping[str, Any]) -> Iterator[Proved]:
    """Of a branch whose files lack a column no week is judged: the picked one says all."""
    lacking = [(branch, metric) for metric in metrics for branch in branches if not known.views[branch, metric.key].available]
    if not lacking:
        return
    rows = many_results.of_weeks(conn, {branch for branch, _ in lacking}, {metric.key for _, metric in lacking}, known.week, known.week)
    for branch, metric in lacking:
        row = rows.get((branch, metric.key), {}).get(known.week)
        if metric.key in CASE_METRICS and (row is not None or branch in edited):
            continue
        kept, view = {known.week: many_results.sums(row)} if row else {}, known.views[branch, metric.key]
        (point,) = points(view, kept, known.week, known.week, known.reach.company.local_now(branch))
        judged = judge(metric, [point], known.aims[branch][metric.key].target)
        yield ((branch, metric.key), known.tile(branch, point, point, judged, known.reach.missing(metric, branch)),
               row.definition if row else None)


# ---- a normal week -------------------------------------------------------------------------------------
def _last_judged(known: Known, metric: Metric, branches: Sequence[str]) -> date | None:
    """The week that most branches are judged by: the picked one, or the last one before it that has matured; None where that is far."""
    maturity = known.reach.company.options[metric.maturity] if metric.maturity else 0
    reached = max((view.as_ofs[0][0].date() for b in branches if (view := known.views[b, metric.key]).available), default=None)
    if reached is None or not maturity:
        return known.week if reached else None
    matured = reached - timedelta(days=maturity) - WEEK  # a week that begins by then
    return next((week for back in range(LONGEST_WAIT) if (week := known.week - back * WEEK) <= matured), None)


def _normal_in(conn: Connection, known: Known, branches: Sequence[str], metrics: Sequence[Metric], week: date,
               edited: Mapping[str, Any]) -> Iterator[Proved]:
    """The tiles of which the last judged week is surely this one, and surely normal."""
    keys, begin = [m.key for m in metrics], week - BEFORE * WEEK
    latest = many_results.of_weeks(conn, branches, keys, week, known.week)
    before = many_results.few(conn, branches, keys, first=begin, end=week)
    counted = many_results.counted(conn, branches, keys, first=week - (RECENT - 1) * WEEK, end=begin)
    for metric in metrics:
        least = least_n(metric)
        for branch in branches:
            pair = (branch, metric.key)
            rows, few, earlier = latest.get(pair), before.get(pair, ()), counted.get(pair)
            if rows is None or week not in rows or (metric.key in CASE_METRICS and _may_move(metric, rows, few, earlier, branch in edited)):
                continue
            most = _most(rows, few, earlier) if least else 0
            if most is not None and (found := _normal(known, metric, branch, rows, few, week, max(least, 0.5 * most))):
                yield pair, known.tile(branch, *found), rows[week].definition


def _may_move(metric: Metric, rows: Mapping[date, Any], few: Sequence[Few], earlier: Counted | None, edited: bool) -> bool:
    """Whether the clock, or an edit since the last commit, may have moved one of these weeks of exceptions."""
    if metric.key not in open_cases.OF_CASES:
        return edited
    return edited or earlier is None or bool(earlier.unsure) or any(one.undecided or one.open for one in (*rows.values(), *few))


def _most(rows: Mapping[date, Any], few: Sequence[Few], earlier: Counted | None) -> int | None:
    """The largest n of these weeks, at least the median that any of them is held against; None where too few of them counted anything."""
    if earlier is None or len(few) + earlier.weeks < RECENT - 1 or not earlier.least or not all(one.n for one in few):
        return None
    most: int = max(earlier.most, *(one.n for one in few), *(row.n for row in rows.values()))
    return most


def _normal(known: Known, metric: Metric, branch: str, rows: Mapping[date, Any], few: Sequence[Few], week: date,
            least: float) -> tuple[Point, Point, Judged] | None:
    """The judged point, the picked one and what is said; None where that is not proved. A week with `least` rows is surely not thin."""
    row, view, kept = rows[week], known.views[branch, metric.key], known.said[branch, metric.key].kept
    figure = value(metric, row)
    if kept is None or figure is None or not row.n or row.n < least or row.undecided:
        return None
    today = known.reach.company.local_now(branch)
    if basic_state(view, row, week, today) != "value":
        return None
    figures = [was for one in few if one.n and one.n >= least and not one.undecided and (was := value(metric, one)) is not None]
    point = Point(metric, week, many_results.sums(row), figure, "value")
    judged = surely_normal(metric, point, figures, known.aims[branch][metric.key].target, kept)
    if judged is None or week == known.week:
        return (point, point, judged) if judged else None
    coming = {at: many_results.sums(one) for at, one in rows.items() if at > week}
    waiting = points(view, coming, week + WEEK, known.week, today)
    sure = all(one.state in AWAITED for one in waiting) and all(not one.n or one.n >= least for one in coming.values())
    return (point, waiting[-1], judged) if sure else None
