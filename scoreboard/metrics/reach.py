"""How far the data reaches: which columns a branch's live loads have, and up to when.

A metric's as-of for a branch is the least, over the columns it reads, of the latest *through* among live
loads that have the column. Cases live here, so they reach to now. The past is what lies before the as-of.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select

from scoreboard.metrics.company import Company
from scoreboard.metrics.model import Metric
from scoreboard.state.schema import load_branches, load_files, loads

Columns = dict[str, datetime]  # column → the latest through among live loads that have it


@dataclass(frozen=True)
class Piece:
    """What one file says about one branch: its columns, the span of its record dates, its through."""

    branch: str
    source: str
    columns: tuple[str, ...]
    first_on: date | None
    last_on: date | None
    through: datetime | None


@dataclass(frozen=True)
class Reach:
    """All pieces of live loads, folded: columns by (branch, source), and the spans they cover."""

    columns: Mapping[tuple[str, str], Columns]
    spans: Mapping[tuple[str, str], tuple[tuple[date, date], ...]]
    company: Company

    def as_of(self, metric: Metric, branch: str) -> datetime | None:
        """The metric's as-of, from detail rows, else from typed totals; None when a branch has neither."""
        return self.detail_as_of(metric, branch) or self.totals_as_of(metric, branch)

    def totals_as_of(self, metric: Metric, branch: str) -> datetime | None:
        """The end of the last week for which the metric's totals were brought."""
        last = self._column(branch, f"weekly_totals.{metric.key}")
        return None if last is None else last + timedelta(days=6)

    def detail_as_of(self, metric: Metric, branch: str) -> datetime | None:
        """The metric's as-of from rows, on the branch's wall clock; None when a column it needs is missing."""
        return self.known_until(branch, metric.needs, metric.also)

    def known_until(self, branch: str, needs: Iterable[str], also: Iterable[str] = ()) -> datetime | None:
        """How far rows with all these columns reach, on the branch's wall clock; None when one is missing. `needs` as of a metric."""
        found = []
        for need in needs:
            if need.startswith("option."):
                if not self.company.options.get(need.removeprefix("option.")):
                    return None
                continue
            have = [at for one in need.split("|") if (at := self._column(branch, one))]
            if not have:
                return None
            found.append(max(have))
        found += [at for one in also if (at := self._column(branch, one))]
        return min(found)

    def missing(self, metric: Metric, branch: str) -> list[str]:
        """The needs of a metric that the branch's loads do not meet, as a person reads them."""
        return [] if self.totals_as_of(metric, branch) else self.unmet(branch, metric.needs)

    def unmet(self, branch: str, needs: Iterable[str]) -> list[str]:
        """Those of some needs that the branch's loads and the company's options do not meet, as a person reads them."""
        gaps: list[str] = []
        for need in needs:
            if need.startswith("option."):
                if not self.company.options.get(need.removeprefix("option.")):
                    gaps.append("an agreed standard (" + need.removeprefix("option.") + ")")
            elif not any(self._column(branch, one) for one in need.split("|")):
                gaps.append(" or ".join(one.replace(".", ": ") for one in need.split("|")))
        return gaps

    def covers(self, branch: str, source: str, week: date, end: date) -> bool:
        """Whether a load holds record dates on both sides of, or inside, `[week, end)`."""
        if source == "exceptions":
            return (branch, source) in self.columns
        return any(first < end and last >= week for first, last in self.spans.get((branch, source), ()))

    def began(self, branch: str) -> date | None:
        """The first record date of a branch: from then on it is expected to report."""
        return self._began.get(branch)

    @cached_property
    def _began(self) -> dict[str, date]:
        found: dict[str, date] = {}
        for (code, _), spans in self.spans.items():
            found[code] = min(found.get(code, date.max), *(first for first, _ in spans))
        return found

    def _column(self, branch: str, name: str) -> datetime | None:
        source, _, column = name.partition(".")
        at = self.columns.get((branch, source), {}).get(column)
        if at is not None and source == "exceptions":
            return self.company.local_now(branch)
        return at


def fold(pieces: Iterable[Piece], company: Company) -> Reach:
    """Pieces of live loads as one reach."""
    columns: dict[tuple[str, str], Columns] = defaultdict(dict)
    spans: dict[tuple[str, str], list[tuple[date, date]]] = defaultdict(list)
    for piece in pieces:
        if piece.branch not in company.branches:
            continue
        key, through = (piece.branch, piece.source), piece.through or datetime.min
        known = columns[key]
        for column in piece.columns:
            if known.get(column, datetime.min) <= through:
                known[column] = through
        if piece.first_on:
            spans[key].append((piece.first_on, max(through.date(), piece.last_on or piece.first_on)))
    return Reach({key: _reaching(known) for key, known in columns.items()}, {key: tuple(found) for key, found in spans.items()}, company)


def _reaching(columns: Columns) -> Columns:
    """A file without any event does not say how far it reaches: its columns reach as far as the source's others do."""
    furthest = max(columns.values(), default=datetime.min)
    return {} if furthest == datetime.min else {c: furthest if at == datetime.min else at for c, at in columns.items()}


def pieces(conn: Connection, *, branches: Iterable[str] | None = None, version: int | None = None,
           without_load: int | None = None) -> list[Piece]:
    """The pieces of loads live at a version (now when not given), one per branch, source and set of columns…

    …and span: spans are kept apart, because a gap between two loads is missing data.
    """
    rows = load_branches.join(load_files, load_files.c.id == load_branches.c.load_file_id).join(
        loads, loads.c.id == load_files.c.load_id)
    live: list[Any] = [loads.c.undone_version.is_(None)] if version is None else [
        loads.c.version <= version, or_(loads.c.undone_version.is_(None), loads.c.undone_version > version)]
    if without_load is not None:
        live.append(loads.c.id != without_load)
    if branches is not None:
        live.append(load_branches.c.branch.in_(list(branches)))
    group: tuple[Any, ...] = (load_branches.c.branch, load_files.c.source, load_files.c.columns,
                              load_branches.c.first_on, load_branches.c.last_on)
    found = conn.execute(select(*group, func.max(load_branches.c.through)).select_from(rows).where(and_(*live))
                         .group_by(*group)).all()
    return [Piece(row[0], row[1], _split(row[2]), row[3], row[4], row[5]) for row in found]


def _split(columns: str, cache: dict[str, tuple[str, ...]] = {}) -> tuple[str, ...]:  # noqa: B006 - a memo on purpose
    if columns not in cache:
        cache[columns] = tuple(columns.split(","))
    return cache[columns]
