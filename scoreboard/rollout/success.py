"""SUCCESS: what the playbook calls success, each line with the figures that tell it and what they were before the start.

The convention: a branch is compared with itself alone. Before are its last judged weeks that ended before the start day, 13 to 26 of
them; since are the judged weeks that began on the start day or later. Better and worse are said only by the rules of `signals`, held
against the range that the weeks before the start make. What those rules cannot judge is shown and left unjudged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from statistics import median
from typing import Literal

from sqlalchemy import Connection

from scoreboard.metrics import board as boards
from scoreboard.metrics import reach as reaches
from scoreboard.metrics.catalogue import BY_KEY, CATALOGUE
from scoreboard.metrics.company import Company
from scoreboard.metrics.model import Metric
from scoreboard.metrics.reach import Reach
from scoreboard.metrics.scopes import Scope, scope_for
from scoreboard.metrics.signals import BASELINE, COLLECTING, FIRM
from scoreboard.metrics.states import Point
from scoreboard.metrics.usual import BLOCK, Judged, judge, limits
from scoreboard.metrics.values import pooled, value
from scoreboard.rollout import again
from scoreboard.settings import Settings
from scoreboard.state.viewers import Viewer
from scoreboard.weeks import WEEK, week_of

LEAST, MOST = COLLECTING, FIRM  # judged weeks before the start: fewer say nothing, more are not needed
Verdict = Literal["better", "worse", "higher", "lower", "same", ""]
# why nothing is judged: a column or option is lacking; too few judged weeks before the start; no judged week since, or none lately; too
# few of them in a row before it; events too rare even for four weeks together; no rule judges such a figure
Why = Literal["", "lacks", "few before", "none since", "not lately", "not in a row", "rare", "no rule"]
What = Literal["figure", "steps", "count"]
_VERDICTS: dict[str, Verdict] = {"improvement": "better", "concern": "worse", "neutral_high": "higher", "neutral_low": "lower",
                                 "common": "same"}
_UNJUDGED: dict[str, Why] = {"no_recent_data": "not lately"}


@dataclass(frozen=True)
class Line:
    """One line of success in the playbook's words, the last day of its stage, and what tells it: figures of the catalogue (and `again`),
    how far `steps` lie apart from week to week, and whether the chain's stays and misses are told beside it (see `success_chain`)."""

    key: str
    stage: int
    words: str
    figures: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    chain: bool = False


SUCCESS: tuple[Line, ...] = (
    Line("surprises", 30, "fewer surprises", ("exceptions_per_100_orders", "told_first")),
    Line("mistakes", 30, "fewer repeated mistakes", (again.METRIC.key,)),
    Line("accountability", 30, "clearer accountability", ("time_to_accept",)),
    Line("consistency", 60, "better consistency", steps=("otif",)),
    Line("escalations", 60, "fewer escalations", ("escalations",)),
    Line("handoffs", 60, "smoother handoffs", ("order_cycle_time",), chain=True),
    Line("reliability", 90, "improved reliability", ("otif",)),
    Line("retention", 90, "better retention", ("team_leavers",)),
    Line("calm", 90, "calmer operations", ("promises_moved",)),
)


KNOWN = BY_KEY | {again.METRIC.key: again.METRIC}


@dataclass(frozen=True)
class Side:
    """A figure on one side of the start, from so many weeks (or steps between them) and rows. Shares are sums divided by sums, a time
    is that of the middle week; in the metric's unit."""

    figure: float | None
    weeks: int
    n: int


@dataclass(frozen=True)
class Compared:
    """Before and since; `began` is the first week of what is better or worse, `from_on` the earliest day that can say more."""

    what: What
    metric: Metric
    before: Side
    since: Side
    verdict: Verdict = ""
    began: date | None = None
    why: Why = ""
    lacks: tuple[str, ...] = ()
    from_on: date | None = None


def read(conn: Connection, settings: Settings, viewer: Viewer, company: Company, branch: str, start_on: date) -> dict[str, list[Compared]]:
    """What tells each line of SUCCESS, by its key, of a branch the viewer may see. NotAllowed and Refused as `scope_for`."""
    scope = scope_for(company, viewer, branch=branch)
    reach = reaches.fold(reaches.pieces(conn, branches=[scope.name]), company)
    had = {key: _had(KNOWN[key], reach, scope.name) for line in SUCCESS for key in (*line.figures, *line.steps)}
    series = boards.histories(conn, settings, scope, [again.OF, *(set(had.values()) - {again.METRIC})], company=company)
    series[again.METRIC.key] = again.series(settings, conn, company, scope, series[again.OF.key])
    found: dict[str, list[Compared]] = {}
    for line in SUCCESS:
        told = [_figure(had[key], series[had[key].key], start_on, reach, scope) for key in line.figures]
        told += [_steps(had[key], series[had[key].key], start_on, reach, scope) for key in line.steps]
        found[line.key] = told
    return found


def first_since(start_on: date, company: Company) -> date:
    """The first week that began on the start day or later."""
    week = week_of(start_on, company.first_day)
    return week if week == start_on else week + WEEK


def _had(metric: Metric, reach: Reach, branch: str) -> Metric:
    """The metric, or what takes its place where the branch's files are too weak for it."""
    if reach.as_of(metric, branch) is not None:
        return metric
    return next((m for m in CATALOGUE if m.instead_of == metric.key and reach.as_of(m, branch) is not None), metric)


def split(series: Sequence[Point], start_on: date) -> tuple[list[Point], list[Point]]:
    """The weeks up to the start day, and those that began on it or later; the week it falls into is in neither."""
    return [p for p in series if p.week + WEEK <= start_on], [p for p in series if p.week >= start_on]


def _figure(metric: Metric, series: Sequence[Point], start_on: date, reach: Reach, scope: Scope) -> Compared:
    """A figure of the catalogue, judged against the range of the weeks before the start."""
    before, since = split(series, start_on)
    if metric.rolling:
        return _count(metric, before, since, start_on, reach, scope)
    base, after = [p for p in before if p.judged][-MOST:], [p for p in since if p.judged]
    found = Compared("figure", metric, _side(metric, base), _side(metric, after))
    if (lack := _lacking(found, start_on, reach, scope, LEAST)) is not None:
        return lack
    verdict, began, why = judged(metric, before, since)
    return replace(found, verdict=verdict, began=began, why=why)


def judged(metric: Metric, before: Sequence[Point], since: Sequence[Point]) -> tuple[Verdict, date | None, Why]:
    """What the rules say of the weeks since the start, against the range of the judged weeks before it (at least `LEAST`), and since
    which week; or why they say nothing."""
    base = [p for p in before if p.judged][-MOST:]
    usual = limits(metric, [p for p in before if p.week >= base[0].week])
    if usual.upper is None and not usual.rare:
        return "", None, "not in a row"
    found = _as_on_the_board(metric, before, since) if usual.rare else judge(metric, since, None, kept=usual)
    if found.since is not None and found.since < since[0].week:  # it stood out before, and does so still
        return "same", None, ""
    verdict = _VERDICTS.get(found.variation, "")
    return verdict, found.since, "" if verdict else _UNJUDGED.get(found.variation, "rare")


def _as_on_the_board(metric: Metric, before: Sequence[Point], since: Sequence[Point]) -> Judged:
    """Events too rare for single weeks: a year before the start and all weeks since as one series, in blocks that begin at the start."""
    year = before[-BASELINE:]
    return judge(metric, [*year[len(year) % BLOCK:], *since], None)


def _steps(metric: Metric, series: Sequence[Point], start_on: date, reach: Reach, scope: Scope) -> Compared:
    """How far neighbouring judged weeks lie apart, on average; no rule judges that."""
    before, since = split(series, start_on)
    base = [p for p in before if p.judged][-MOST:]
    found = Compared("steps", metric, _apart(base), _apart([p for p in since if p.judged]))
    return _lacking(found, start_on, reach, scope, LEAST - 1) or replace(found, why="no rule")


def _apart(weeks: Sequence[Point]) -> Side:
    apart = [abs((b.value or 0.0) - (a.value or 0.0)) for a, b in pairwise(weeks) if b.week - a.week == WEEK]
    return Side(sum(apart) / len(apart) if apart else None, len(apart), sum(p.row.n for p in weeks if p.row is not None))


def _count(metric: Metric, before: Sequence[Point], since: Sequence[Point], start_on: date, reach: Reach, scope: Scope) -> Compared:
    """A figure that covers many weeks before each: its last one before the start beside its latest; no rule judges it."""
    first, last = (_of_whole(next((p for p in reversed(weeks) if p.judged), None)) for weeks in (before, since))
    found = Compared("count", metric, first, last)
    return _lacking(found, start_on, reach, scope, 1) or replace(found, why="no rule")


def _of_whole(point: Point | None) -> Side:
    """One week's figure and what it is counted of."""
    return Side(None, 0, 0) if point is None or point.row is None else Side(point.value, 1, round(point.row.whole or 0))


def _side(metric: Metric, weeks: Sequence[Point]) -> Side:
    rows = [p.row for p in weeks if p.row is not None]
    figures = [p.value for p in weeks if p.value is not None]
    figure = (median(figures) if metric.is_duration else value(metric, pooled(rows))) if figures else None
    return Side(figure, len(weeks), sum(row.n for row in rows))


def _lacking(found: Compared, start_on: date, reach: Reach, scope: Scope, least: int) -> Compared | None:
    """Why it cannot be told, and from when it can; None where both sides speak."""
    metric = found.metric
    if reach.as_of(metric, scope.name) is None:
        return replace(found, why="lacks", lacks=tuple(reach.missing(metric, scope.name)))
    if found.before.weeks < least:
        return replace(found, why="few before")
    if found.since.weeks:
        return None
    waits = timedelta(days=reach.company.options[metric.maturity] if metric.maturity else 0)
    weeks = 2 if found.what == "steps" else 1  # a step needs two
    earliest = first_since(start_on, reach.company) + weeks * WEEK + waits
    return replace(found, why="none since", from_on=earliest if earliest > scope.today(reach.company).date() else None)
