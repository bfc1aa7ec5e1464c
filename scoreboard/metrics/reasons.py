"""Reasons: into which groups the misses of a metric fall, which group stands out and how a sentence names it, which errors came back.

A miss is a row that failed (see `rows`). Everything here is counted from rows that `rows.over` gave, so groups always add up to
the misses. Durations and figures that only inform have no misses: a median's target says nothing about a single row.
A miss may belong to one group of each column; groups of different columns overlap and are never summed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import exp, lgamma, log, log1p
from typing import Any

from scoreboard.metrics.model import Metric
from scoreboard.state.root_causes import GROUPED_BY
from scoreboard.weeks import WEEK, week_of

Row = dict[str, Any]
# columns that misses are grouped by, in the order they are offered; never one that names a person
COLUMNS = ("why", "reason", "root_cause", "handoff", "type", "part_class", "part_family", "carrier", "route", "provider", "service_type",
           "priority", "channel", "kind", "supplier", "disposition", "promise_made_by", "promise_moved_by", "customer", "part_no")
# how a sentence names a group; a column that may name a person or a customer stands in no sentence
IN_A_SENTENCE = {
    "route": "on route", "carrier": "with carrier", "provider": "with provider", "service_type": "in", "part_class": "of part class",
    "part_family": "of part family", "priority": "with priority", "channel": "by", "kind": "of kind", "type": "of type", "handoff": "at",
    "supplier": "from supplier", "disposition": "with disposition", "root_cause": "for"}
MOST = 0.5       # of the misses of a week: what a group holds that a sentence names
WEEKS = 13
SHOWN = 10       # groups that are named
FEW = 5          # under so many misses no group stands out
BY_CHANCE = 0.01  # how rarely chance alone may give what is said to stand out
SEVERAL = "mixed"  # what stands for several values in one row (see `relations.common.one_or_mixed`)


@dataclass(frozen=True)
class Group:
    """`misses` with one value of a column, of `of` rows that count: those with that value, or where only misses have the
    column, all. `value` None: not given. `pooled`: how many values this one stands for."""

    value: str | None
    misses: int
    of: int
    pooled: int = 0


@dataclass(frozen=True)
class Pareto:
    """The misses by one column: named groups with the most misses first, then the others, then those not given.

    `of`: all rows that count; `values`: how many values they have; `shared`: only misses have the column; `spared`: the groups without
    a miss, those with the most rows first (where only misses have the column there are none)."""

    by: str
    misses: int
    of: int
    values: int
    shared: bool
    groups: tuple[Group, ...]
    spared: tuple[Group, ...] = ()


@dataclass(frozen=True)
class Repeat:
    """Misses with one thing in common that came at least twice: how often, in how many weeks, on which day last."""

    grouped_by: str
    subject: str
    misses: int
    weeks: int
    last_on: date


def has_misses(metric: Metric) -> bool:
    """Whether its rows pass or fail one by one."""
    return not metric.is_duration and metric.direction != 0


def misses_of(metric: Metric, result: Any) -> int | None:
    """The misses among the rows that a weekly result counts; None where it does not count rows that pass or miss one by one."""
    weighed = metric.kind != "share" or getattr(metric.whole, "amount", None) is not None
    if result is None or result.part is None or weighed or not has_misses(metric):
        return None
    return round(float(result.part if metric.direction < 0 else (result.whole or 0) - result.part))


def missed(rows: Sequence[Row]) -> list[Row]:
    """The misses among rows."""
    return [row for row in rows if row["result"] == "failed"]


def value_of(row: Row, by: str) -> str | None:
    """What a row says in a column; None where nothing is given."""
    found = row.get(by)
    return None if found in (None, "") else str(found)


def percent(part: int, whole: int) -> int:
    """A whole percentage, half away from zero."""
    return (200 * part + whole) // (2 * whole)


def first_week(last: date, number: int = WEEKS) -> date:
    """The first of so many weeks up to the last one."""
    return last - (number - 1) * WEEK


# ---- groups of one column --------------------------------------------------------------------------------
def pareto(rows: Sequence[Row], by: str, most: int = SHOWN) -> Pareto:
    """The misses by the values of a column; groups beyond the first `most` are pooled."""
    misses = Counter(value_of(row, by) for row in missed(rows))
    whole = [row for row in rows if "whole" in row["counts_in"] and row["result"] != "undecided"]
    shared = _only_misses_have(whole, by)
    of = Counter(value_of(row, by) for row in whole)
    groups = [Group(value, n, len(whole) if shared else of[value]) for value, n in misses.items()]
    named = sorted((g for g in groups if g.value is not None), key=lambda g: (-g.misses, str(g.value)))
    rest = named[most:]
    others = [Group(None, sum(g.misses for g in rest), len(whole) if shared else sum(g.of for g in rest), len(rest))] if rest else []
    not_given = [g for g in groups if g.value is None]
    spared = [] if shared else sorted((Group(value, 0, n) for value, n in of.items() if value not in misses),
                                      key=lambda g: (-g.of, str(g.value)))
    return Pareto(by, misses.total(), len(whole), len(of), shared, (*named[:most], *others, *not_given), tuple(spared))


def _only_misses_have(whole: Sequence[Row], by: str) -> bool:
    """A reason is given of what went wrong: then a group has no rows of its own that went well, and is held against all rows."""
    return all(value_of(row, by) is None for row in whole if row["result"] != "failed")


def telling(rows: Sequence[Row]) -> list[str]:
    """The columns that say something of the misses: two misses share a value that others do not have."""
    return [by for by in COLUMNS if _tells(rows, by)]


def _tells(rows: Sequence[Row], by: str) -> bool:
    found = pareto(rows, by, len(rows))
    most = max((g.misses for g in found.groups if g.value is not None), default=0)
    return most > 1 and (len(found.groups) if found.shared else found.values) > 1


def first_choice(rows: Sequence[Row], columns: Sequence[str]) -> str:
    """The column opened first: that of the group that stands out; where none does, the reason that was given, else the first."""
    found = stands_out(rows, columns)
    return found[0] if found else next(by for by in ("reason", "root_cause", *columns) if by in columns)


def stands_out(rows: Sequence[Row], columns: Sequence[str], least: float = 0.0) -> tuple[str, Group] | None:
    """The group, of any of the columns, with the most misses above its share of all rows, if that is clearly more than chance
    and at least the share `least` of all misses. None where no group is."""
    return _standing_out((pareto(rows, by) for by in columns), least)


def _standing_out(paretos: Iterable[Pareto], least: float) -> tuple[str, Group] | None:
    found = [(_above(p, g), p.by, g) for p in paretos for g in p.groups if g.misses >= least * p.misses and _clear(p, g)]
    _, by, group = max(found, key=lambda one: one[0], default=(0.0, "", None))
    return (by, group) if group is not None else None


def _above(found: Pareto, group: Group) -> float:
    """Misses of a group beyond its share of all rows."""
    return group.misses - found.misses * group.of / found.of


def _clear(found: Pareto, group: Group) -> bool:
    """Whether misses spread by chance over all rows would give any of the column's values so many less than once in a hundred times.
    (Never where only misses have the column: there is no share of all rows.)"""
    if found.misses < FEW or found.shared or group.value in (None, SEVERAL) or group.of >= found.of or _above(found, group) <= 0:
        return False
    return found.values * _at_least(group.misses, found.misses, group.of / found.of) <= BY_CHANCE


def _at_least(n: int, of: int, share: float) -> float:
    """The chance of `n` or more, of so many, each with the chance `share` (binomial)."""
    if share <= 0:
        return 0.0
    total = 0.0
    for k in range(n, of + 1):
        one = exp(lgamma(of + 1) - lgamma(k + 1) - lgamma(of - k + 1) + k * log(share) + (of - k) * log1p(-share))
        total += one
        if one < 1e-12 and k > of * share:
            break  # what is still to come is smaller yet
    return total


def in_group(row: Row, found: Pareto, group: Group) -> bool:
    """Whether a row is in a group of a Pareto; the others are those with a value that is not named."""
    value = value_of(row, found.by)
    if not group.pooled:
        return value == group.value
    return value is not None and value not in {g.value for g in found.groups}


# ---- in a sentence on the misses of one week -------------------------------------------------------------
def clause(rows: Sequence[Row]) -> str:
    """What to add to a sentence on the misses of one week, of all its rows: `, 9 of them on route 4`. Empty unless one group holds
    at least half of at least five misses and clearly more than its share of all rows (see `stands_out`)."""
    found = stands_out([row for row in rows if row["result"] != "outside"], list(IN_A_SENTENCE), least=MOST)
    if found is None:
        return ""
    by, group = found
    before, value = IN_A_SENTENCE[by], str(group.value)
    if " " in before and value.casefold().startswith(before.split()[-1]):  # "on route 4", not "on route Route 4"
        before = before.rpartition(" ")[0]
    return f", {group.misses} of them {before} {value}"


def clause_of_branches(counts: Mapping[str, tuple[int, int]]) -> str:
    """The same by branch, of each one's misses and all it counts: `, 9 of them at Riverside`."""
    misses, of = (sum(one[at] for one in counts.values()) for at in (0, 1))
    groups = tuple(Group(name, *count) for name, count in counts.items() if count[0])
    found = _standing_out([Pareto("branch", misses, of, len(counts), False, groups)], MOST)
    return f", {found[1].misses} of them at {found[1].value}" if found else ""


# ---- what came back --------------------------------------------------------------------------------------
def common_value(row: Row, grouped_by: str) -> str | None:
    """What a miss has of one of GROUPED_BY; the reason of an exception stands in its root cause. Several values are nothing in common."""
    found = value_of(row, grouped_by) or (value_of(row, "root_cause") if grouped_by == "reason" else None)
    return None if found == SEVERAL else found


def repeats(rows: Sequence[Row], first_day: int) -> list[Repeat]:
    """The misses that came back, the most frequent first: two or more with the same part, customer, route or reason.

    Where everything that counts is of one kind, such as one route, that is nothing in common."""
    found = missed(rows)
    kinds = {by: {common_value(row, by) for row in rows} for by in GROUPED_BY}
    days: dict[tuple[str, str], list[date]] = {}
    for row in found:
        for by in GROUPED_BY:
            subject = common_value(row, by)
            if subject is not None and len(kinds[by]) > 1:
                days.setdefault((by, subject), []).append(date.fromisoformat(row["counted_on"]))
    groups = [Repeat(by, subject, len(on), len({week_of(day, first_day) for day in on}), max(on))
              for (by, subject), on in days.items() if len(on) > 1]
    return sorted(groups, key=lambda g: (-g.misses, -g.weeks, -g.last_on.toordinal(), g.grouped_by, g.subject))
