"""Where a figure comes from: its misses by group, what keeps coming back with its root cause, and the rows of a group.

The convention: everything is of the thirteen weeks up to the week shown, counted in one reading of its rows. A figure without
misses (a median, or one that only informs) is split instead: its value group by group.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import streamlit as st

from scoreboard import weeks
from scoreboard.metrics import reasons, words
from scoreboard.metrics import rows as row_reader
from scoreboard.metrics.catalogue import BY_KEY
from scoreboard.metrics.model import Metric
from scoreboard.metrics.reasons import Group, Pareto, Repeat
from scoreboard.state import root_causes
from scoreboard.state.database import reading, writing
from scoreboard.state.root_causes import RootCause
from scoreboard.views.asking import Asked
from scoreboard.views.data import company_of, scope_of
from scoreboard.views.figure import behind
from scoreboard.weeks import WEEK, week_of

Row = dict[str, Any]
NOT_GIVEN = "not given"


@dataclass(frozen=True)
class Sources:
    """What the thirteen weeks say. `judges`: rows pass or miss one by one; `columns`: those worth choosing, `first` opened first;
    `paretos` by column, or for a figure without misses `splits`; `repeats` None where no row names a part, customer, route or reason."""

    judges: bool
    columns: tuple[str, ...]
    first: str
    misses: int
    of: int
    paretos: dict[str, Pareto] = field(default_factory=dict)
    splits: dict[str, list[Row]] = field(default_factory=dict)
    repeats: tuple[Repeat, ...] | None = None
    first_day: int = 0


@dataclass(frozen=True)
class Picked:
    """The group whose rows are shown: a value of a column; of a Pareto also the others, or those not given (both without value)."""

    by: str
    value: str | None
    pooled: int = 0
    repeat: bool = False


def sources(asked: Asked, of: str, week: date, key: str) -> Sources:
    """Where a branch's figure comes from, over the thirteen weeks up to `week`."""
    return _sources(asked.cache_key, of, week, key, asked)


@st.cache_data(max_entries=200, show_spinner=False)
def _sources(cached: tuple[object, ...], of: str, week: date, key: str, _asked: Asked) -> Sources:
    metric = BY_KEY[key]
    found, first_day = _read(_asked, of, week, metric, reasons.COLUMNS)
    if not reasons.has_misses(metric):
        columns = [by for by in reasons.COLUMNS if len({reasons.value_of(row, by) for row in found}) > 1]
        splits = {by: sorted(row_reader.grouped(metric, found, by), key=lambda group: -group["n"]) for by in columns if by != "why"}
        return Sources(False, tuple(splits), next(iter(splits), ""), 0, len(found), splits=splits)
    columns = reasons.telling(found)
    paretos = {by: reasons.pareto(found, by) for by in columns}
    names_any = any(reasons.common_value(row, by) for row in found for by in root_causes.GROUPED_BY)
    whole = reasons.pareto(found, "why")
    return Sources(True, tuple(columns), reasons.first_choice(found, columns) if columns else "", whole.misses, whole.of, paretos,
                   repeats=tuple(reasons.repeats(found, first_day)) if names_any else None, first_day=first_day)


def _read(asked: Asked, of: str, week: date, metric: Metric, only: Sequence[str] | None) -> tuple[list[Row], int]:
    with reading(asked.engine) as conn:
        company = company_of(asked, conn)
        scope = scope_of(company, asked, of)
        return row_reader.over(asked.settings, conn, scope, metric, reasons.first_week(week), week + WEEK, only), company.first_day


# ---- the rows of a group ---------------------------------------------------------------------------------
def rows_of(asked: Asked, of: str, week: date, key: str, picked: Picked) -> list[Row]:
    """The misses of one group, over the same thirteen weeks."""
    misses = _misses(asked.cache_key, of, week, key, asked)
    if picked.repeat:
        return [row for row in misses if reasons.common_value(row, picked.by) == picked.value]
    pareto, group = sources(asked, of, week, key).paretos[picked.by], Group(picked.value, 0, 0, picked.pooled)
    return [row for row in misses if reasons.in_group(row, pareto, group)]


@st.cache_data(max_entries=50, show_spinner=False)
def _misses(cached: tuple[object, ...], of: str, week: date, key: str, _asked: Asked) -> list[Row]:
    """The misses with everything their rows say; read when the first group is opened."""
    found, _ = _read(_asked, of, week, BY_KEY[key], None)
    return [{name: value for name, value in row.items() if name != "counted_on"} for row in reasons.missed(found)]


# ---- words -----------------------------------------------------------------------------------------------
def name(group: Group | Picked) -> str:
    """A group as it is called: its value, `3 others`, or `not given`."""
    if group.pooled:
        return f"{group.pooled} other{'s' if group.pooled > 1 else ''}"
    return NOT_GIVEN if group.value is None else group.value


def title(by: str, called: str) -> str:
    """`Route: North loop`."""
    return f"{behind.title(by)}: {called}"


def span(last: date) -> str:
    """`the thirteen weeks 28 to 40`: the weeks in which misses are counted."""
    return f"the thirteen weeks {words.from_to(reasons.first_week(last), last)}"


def spared(metric: Metric, found: Pareto, most: int = 50) -> str:
    """The groups without a miss, a line each: `South loop: 0 of 40 orders`."""
    lines = [f"{name(group)}: {own_rate(metric, group)}" for group in found.spared[:most]]
    more = len(found.spared) - most
    return "\n".join([*lines, *([f"and {more:,} more with fewer rows"] if more > 0 else [])])


def share_of_misses(found: Pareto, group: Group) -> str:
    """`31 of 58 misses, 53 %`."""
    return f"{group.misses:,} of {counted(found.misses)}, {percent(group.misses, found.misses)}"


def own_rate(metric: Metric, group: Group) -> str:
    """`31 of 120 orders, 26 %`: how the group itself does. Where misses are rows of another kind, such as credits, `9 on 120 lines`."""
    if not group.of:
        return ""
    rows = f"{group.of:,} {words.noun(metric, group.of)}"
    if metric.part is not None:
        return f"{group.misses:,} on {rows}" + (f", {percent(group.misses, group.of)}" if group.misses <= group.of else "")
    return f"{group.misses:,} of {rows}" + (f", {percent(group.misses, group.of)}" if group.misses else "")


def counted(misses: int) -> str:
    """`1 miss`, `58 misses`."""
    return f"{misses:,} {'miss' if misses == 1 else 'misses'}"


def percent(part: int, whole: int) -> str:
    """`53 %`, which never parts at the end of a line."""
    return f"{reasons.percent(part, whole)}\u00a0%"


def often(group: Repeat, first_day: int) -> str:
    """`5 misses in 3 weeks, last in week 44`."""
    weeks = f"{group.weeks} week{'s' if group.weeks > 1 else ''}"
    return f"{counted(group.misses)} in {weeks}, last in {words.week_name(week_of(group.last_on, first_day)).lower()}"


def columns_of(group: Repeat, causes: Mapping[tuple[str, str], RootCause], first_day: int) -> Row:
    """A group for a file, a column for each thing that is said of it."""
    cause = causes.get((group.grouped_by, group.subject))
    return {"By": behind.title(group.grouped_by), "What": group.subject, "Misses": group.misses, "Weeks": group.weeks,
            "Last on": group.last_on.isoformat(), "Last week": weeks.label(week_of(group.last_on, first_day)),
            "Root cause": cause.cause if cause else "", "Standard": cause.standard if cause else ""}


def missed(key: str, rows: Sequence[Row]) -> str:
    """The misses of one week in a sentence, if one group stands out: `14 misses, 9 of them on route 4.`"""
    metric = BY_KEY[key]
    added = reasons.clause(rows) if reasons.has_misses(metric) else ""
    return f"{counted(len(reasons.missed(rows)))}{added}." if added else ""


# ---- root causes -----------------------------------------------------------------------------------------
def causes(asked: Asked, of: str) -> dict[tuple[str, str], RootCause]:
    """What is known of why errors come back in a branch, by (grouped_by, subject)."""
    return _causes(asked.cache_key, of, asked)


@st.cache_data(max_entries=200, show_spinner=False)
def _causes(cached: tuple[object, ...], of: str, _asked: Asked) -> dict[tuple[str, str], RootCause]:
    with reading(_asked.engine) as conn:
        return root_causes.of_branch(conn, _asked.viewer, of)


def cause_of(known: dict[tuple[str, str], RootCause], by: str, value: str | None) -> str:
    """The root cause of a group of any column; that of a reason holds wherever the reason stands."""
    found = known.get(("reason" if by == "root_cause" else by, value or ""))
    return found.cause if found else ""


def write_cause(asked: Asked, of: str, group: Repeat, cause: str, standard: str) -> None:
    """Keeps a root cause and the standard that answers it. Raises as `root_causes.write` says."""
    with writing(asked.engine) as conn:
        root_causes.write(conn, asked.viewer, branch=of, grouped_by=group.grouped_by, subject=group.subject, cause=cause,
                          standard=standard, now=asked.settings.now)


def take_off_cause(asked: Asked, of: str, group: Repeat) -> None:
    """Takes a root cause off. Raises as `root_causes.take_off` says."""
    with writing(asked.engine) as conn:
        root_causes.take_off(conn, asked.viewer, branch=of, grouped_by=group.grouped_by, subject=group.subject, now=asked.settings.now)
