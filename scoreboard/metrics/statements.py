"""From declarations to statements: what a row counts for, and the sums of a week at every level.

A row's state: 1 passes, 0 does not, -1 undecided, NULL does not count (or its branch lacks the columns).
`as_of` here is the wide table of a run: branch, calendar, closes, one column per metric key, and `known_from`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    Column,
    Date,
    DateTime,
    Double,
    Interval,
    MetaData,
    Select,
    String,
    Table,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    tuple_,
)
from sqlalchemy.sql.selectable import FromClause
from sqlalchemy.sql.visitors import iterate

from scoreboard.calendars import CALENDAR_DAYS, sql_minutes_at
from scoreboard.metrics.catalogue import CATALOGUE
from scoreboard.metrics.model import Count, Duration, Expression, Metric, Relation
from scoreboard.metrics.stages import OWN
from scoreboard.weeks import WEEKDAYS

_RUN = MetaData()
KNOWN_SOURCES = sorted({counted.known_by for metric in CATALOGUE for _, counted in metric.sides
                        if isinstance(counted, Count) and counted.known_by})


def known_from(source: str) -> str:
    """The column of `as_of` for the week of a branch's first record of a source."""
    return f"{source}_from"


AS_OF = Table("as_of", _RUN, Column("branch", String), Column("calendar", String), Column("closes", Double),
              *(Column(metric.key, DateTime) for metric in (*CATALOGUE, *OWN)),
              *(Column(known_from(s), DateTime) for s in KNOWN_SOURCES))
MEMBERSHIPS = Table("memberships", _RUN, Column("branch", String), Column("territory", String),
                    Column("from_week", Date), Column("to_week", Date))
WEEKS = Table("wanted_weeks", _RUN, Column("week", Date))
ENDLESS = 1e15  # minutes an open row counts as, beside its present age


@dataclass(frozen=True, eq=False)
class Side:
    """One side of a metric: `whole`, or `part` where the two come from different relations."""

    metric: Metric
    name: str
    counted: Count | Duration

    @property
    def group(self) -> tuple[str, str, str]:
        """Counts of one relation and week are summed in one scan; durations and working clocks stand alone."""
        alone = isinstance(self.counted, Duration) or self.counted.within is not None
        return (self.counted.relation.name, self.counted.week, self.metric.key if alone else "")


SIDES: tuple[Side, ...] = tuple(Side(m, name, counted) for m in CATALOGUE for name, counted in m.sides)


class Frame:
    """The joins one statement needs: relation, as-of, and a calendar day per instant that is clocked."""

    def __init__(self, relation: Relation) -> None:
        self.relation = relation.table
        self.source: FromClause = relation.table.join(AS_OF, AS_OF.c.branch == relation.table.c.branch)
        self._clocks = 0

    def clock(self, instant: Expression) -> Expression:
        """The reading of the branch's working clock at an instant."""
        self._clocks += 1
        day = CALENDAR_DAYS.alias(f"day_{self._clocks}")
        self.source = self.source.outerjoin(day, and_(day.c.calendar == AS_OF.c.calendar, day.c.day == cast(instant, Date)))
        return sql_minutes_at(day, instant)


def state(frame: Frame, side: Side) -> Expression:
    """The state of a row for a share, a rate or an amount."""
    counted, as_of = side.counted, AS_OF.c[side.metric.key]
    assert isinstance(counted, Count)
    if counted.within is not None:
        start, end, limit = counted.within
        used = frame.clock(func.coalesce(end, as_of)) - frame.clock(start)
        passed = and_(end.is_not(None), used <= limit)
        undecided: Expression = and_(end.is_(None), used <= limit)
    else:
        passed = and_(literal(True), *(func.coalesce(check, literal(False)) for _, check in counted.checks))
        undecided = literal(False)
        if counted.due is not None:
            waits: Any = literal(True) if counted.cohort else counted.open
            undecided = and_(waits, counted.due >= as_of)
    counts = counted.counted
    if counted.known_by:
        counts = and_(counts, frame.relation.c[counted.week] >= AS_OF.c[known_from(counted.known_by)])
    return case((or_(~func.coalesce(counts, literal(False)), as_of.is_(None)), null()),
                (undecided, literal_column("-1")), (passed, literal_column("1")), else_=literal_column("0"))


def open_row(side: Side) -> Expression:
    """Whether a row has no end yet."""
    counted = side.counted
    if isinstance(counted, Duration):
        return counted.end.is_(None)
    if counted.within is not None:
        return counted.within[1].is_(None)
    return literal(False) if counted.open is None else func.coalesce(counted.open, literal(False))


def minutes(frame: Frame, side: Side) -> Expression:
    """Minutes of a duration, open rows at their age at the as-of; NULL where the row does not count."""
    counted, as_of = side.counted, AS_OF.c[side.metric.key]
    assert isinstance(counted, Duration)
    end = func.coalesce(counted.end, as_of)
    if counted.clock == "working":
        length: Expression = func.greatest(frame.clock(end) - frame.clock(counted.start), 0.0)
    else:
        length = (func.extract("epoch", end) - func.extract("epoch", counted.start)) / literal(60.0, Double)
    counts = and_(counted.counted, as_of.is_not(None), ~_backwards(counted))
    return case((counts, func.greatest(cast(length, Double), literal(0.0, Double))))


def _backwards(counted: Duration) -> Expression:
    # An end without a time, on the day of the start, is not before it: it is that day.
    return func.coalesce(and_(counted.end < counted.start, counted.end != func.date_trunc("day", counted.start)), literal(False))


def outside(side: Side) -> Expression:
    """Why a row that does not count is left out; NULL for one that counts or is far from the definition."""
    counted = side.counted
    if isinstance(counted, Duration):
        return case((and_(counted.counted, _backwards(counted)), literal("ends before it starts")))
    if not counted.near:
        return null()
    left_out = ~func.coalesce(counted.counted, literal(False))
    return case(*((and_(left_out, func.coalesce(check, literal(False))), literal(reason)) for reason, check in counted.near))


def why(side: Side) -> Expression:
    """The reason of the first check that decides: what failed, or for a rate of bad events what happened."""
    counted = side.counted
    if isinstance(counted, Duration) or not counted.checks:
        return null()
    if counted.within is not None:
        return literal(counted.checks[0][0])
    if side.metric.direction < 0:
        return case(*((check, literal(reason)) for reason, check in counted.checks))
    return case(*((~func.coalesce(check, literal(False)), literal(reason)) for reason, check in counted.checks))


def week_start(instant: Expression, first_day: int) -> Expression:
    """The first day of the week of an instant."""
    shift = literal_column(f"INTERVAL '{first_day} day'", Interval)
    return cast(func.date_trunc(literal_column("'week'"), instant - shift) + shift, Date)


@cache  # building and compiling it takes longer than running it
def weekly(sides: tuple[Side, ...], first_day: int, *, limited: bool) -> Select[Any]:
    """Per level and week the sums of some sides of one relation and week.

    Columns: branch, territory, week, level (0 branch, 1 territory, 2 company), then per side i: `n{i}`,
    `u{i}` undecided, `o{i}` open, and `p{i}`, `w{i}` part and whole, or for a duration the quantiles
    `q{i}_50`, `q{i}_90`, and with open rows endless `q{i}_50e`, `q{i}_90e`.
    """
    relation, instant = sides[0].counted.relation, sides[0].counted.week
    frame = Frame(relation)
    columns = [column for i, side in enumerate(sides) for column in _row_columns(frame, side, i)]
    week = week_start(relation.table.c[instant], first_day).label("week")
    rows = select(relation.table.c.branch, week, *columns).select_from(frame.source).where(
        relation.table.c[instant].is_not(None)).subquery("r")
    wanted = [rows.c.week.in_(select(WEEKS.c.week))] if limited else []
    if isinstance(sides[0].counted, Duration):  # medians are taken from rows at every level
        return _levels(rows, [s for i, side in enumerate(sides) for s in _quantiles(rows.c, i)]).where(*wanted)
    sums = [s for i, side in enumerate(sides) for s in _sums(rows.c, side, i)]
    branch_weeks = select(rows.c.branch, rows.c.week, *sums).where(*wanted).group_by(rows.c.branch, rows.c.week).subquery("b")
    return _levels(branch_weeks, [func.sum(branch_weeks.c[s.name]).label(s.name) for s in sums])


def _levels(rows: Any, sums: Sequence[Any]) -> Select[Any]:
    """Sums of rows with branch and week, by branch, territory of that week, and company."""
    m = MEMBERSHIPS.c
    joined = rows.outerjoin(MEMBERSHIPS, and_(m.branch == rows.c.branch, m.from_week <= rows.c.week, rows.c.week < m.to_week))
    level = case((func.grouping(rows.c.branch) == 0, literal_column("0")),
                 (func.grouping(m.territory) == 0, literal_column("1")), else_=literal_column("2"))
    return select(rows.c.branch, m.territory, rows.c.week, level.label("level"), *sums).select_from(joined).group_by(
        func.grouping_sets(tuple_(rows.c.week, rows.c.branch), tuple_(rows.c.week, m.territory), tuple_(rows.c.week)))


def _row_columns(frame: Frame, side: Side, i: int) -> list[Any]:
    if isinstance(side.counted, Duration):
        value = minutes(frame, side)
        return [value.label(f"v{i}"), case((open_row(side), literal(ENDLESS, Double)), else_=value).label(f"e{i}"),
                open_row(side).label(f"x{i}")]
    columns = [state(frame, side).label(f"s{i}"), open_row(side).label(f"x{i}")]
    if side.counted.amount is not None:
        columns += [cast(side.counted.amount, Double).label(f"a{i}"), cast(_passed(side.counted), Double).label(f"b{i}")]
    return columns


def _passed(counted: Count) -> Expression:
    return counted.amount if counted.passed is None else counted.passed  # type: ignore[return-value]


def _quantiles(c: Any, i: int) -> list[Any]:
    value, endless = c[f"v{i}"], case((c[f"v{i}"].is_not(None), c[f"e{i}"]))
    quantiles = [func.quantile_cont(v, literal_column(q)).label(f"q{i}_{name}") for v, q, name in (
        (value, "0.5", "50"), (value, "0.9", "90"), (endless, "0.5", "50e"), (endless, "0.9", "90e"))]
    return [func.count(value).label(f"n{i}"), func.count().filter(and_(value.is_not(None), c[f"x{i}"])).label(f"o{i}"), *quantiles]


def _sums(c: Any, side: Side, i: int) -> list[Any]:
    assert isinstance(side.counted, Count)
    s = c[f"s{i}"]
    decided = s >= literal_column("0")
    common = [func.count().filter(decided).label(f"n{i}"), func.count().filter(s == literal_column("-1")).label(f"u{i}"),
              func.count().filter(and_(s.is_not(None), c[f"x{i}"])).label(f"o{i}")]
    if side.counted.amount is None:
        return [*common, func.count().filter(s == literal_column("1")).label(f"p{i}")]
    part = c[f"b{i}"] if side.counted.passed is not None else case((s == literal_column("1"), c[f"a{i}"]), else_=0.0)
    return [*common, func.sum(part).filter(decided).label(f"p{i}"), func.sum(c[f"a{i}"]).filter(decided).label(f"w{i}")]


@cache  # building and compiling it takes longer than running it
def rows_behind(side: Side, columns: tuple[str, ...]) -> Select[Any]:
    """The rows behind one side: relation columns, `state`, `minutes`, `open`, `why`, `outside`; of the parameters
    `of_branch` and `[from_day, to_day)`."""
    frame, relation = Frame(side.counted.relation), side.counted.relation.table
    if isinstance(side.counted, Duration):
        figures = [minutes(frame, side).label("minutes"), null().label("state")]
    else:
        is_now = state(frame, side)
        figures = [null().label("minutes"), is_now.label("state")]
        if side.counted.amount is not None:
            part = side.counted.passed
            if part is None:
                part = case((is_now == literal_column("1"), side.counted.amount), else_=0.0)
            figures += [cast(part, Double).label("adds_to_part"), cast(side.counted.amount, Double).label("adds_to_whole")]
    week = relation.c[side.counted.week]
    return select(*(relation.c[c] for c in columns), *figures, open_row(side).label("open"),
                  cast(why(side), String).label("why"), cast(outside(side), String).label("outside")).select_from(frame.source).where(
        relation.c.branch == bindparam("of_branch"), week >= bindparam("from_day", type_=Date), week < bindparam("to_day", type_=Date))


def columns_used(side: Side) -> set[str]:
    """The columns of its relation that a side reads."""
    counted, table = side.counted, side.counted.relation.table
    parts: list[Any] = [counted.counted, *(check for _, check in counted.checks)]
    if isinstance(counted, Duration):
        parts += [counted.start, counted.end]
    else:
        parts += [counted.open, counted.due, counted.amount, counted.passed, *(counted.within or ())]
    found = {element.name for part in parts if part is not None for element in iterate(part)
             if isinstance(element, Column) and element.table is table}
    return found | {"branch", counted.week}


def options_as_parameters(options: Mapping[str, Any]) -> dict[str, Any]:
    """Company options as the parameters that expressions name."""
    hours, _, mins = str(options["priority_cutoff"]).partition(":")
    return {**{k: v for k, v in options.items() if isinstance(v, int | float | type(None))},
            "priority_cutoff_minutes": int(hours) * 60 + int(mins or 0), "first_day": WEEKDAYS.index(options["week_first_day"])}
