"""How far the data reaches: which columns a branch's live loads have, and up to when.

A metric's as-of for a branch is the least, over the columns it reads, of the latest *through* among live
loads that have the column. Cases live here, so they reach to now; a branch that keeps its exceptions here has
every column of them, whatever files say. The past is what lies before the as-of.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select

from scoreboard.calendars import wall_clock
from scoreboard.facts.sources import BY_NAME
from scoreboard.metrics.company import Company
from scoreboard.metrics.model import Metric
from scoreboard.state.schema import branches as branch_rows
from scoreboard.state.schema import case_books, load_branches, load_files, loads, versions
from scoreboard.weeks import week_of

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
        asked = (self._kinds.get(branch), metric.key)
        if asked not in self._details:
            self._details[asked] = self.known_until(branch, metric.needs, metric.also)
        return self._details[asked]

    @cached_property
    def _details(self) -> dict[tuple[int | None, str], datetime | None]:
        return {}

    @cached_property
    def _kinds(self) -> dict[str, int]:
        """Branches with the same columns, each reaching as far, under one number: what is asked of one is then known of all."""
        have: dict[str, list[Any]] = defaultdict(list)
        for (branch, source), columns in self.columns.items():
            have[branch].append((source, tuple(columns), tuple(columns.values())))
        numbers: dict[Any, int] = {}
        zones = self.company.zones
        return {branch: numbers.setdefault((zones.get(branch), *sorted(these)), len(numbers)) for branch, these in have.items()}

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
        """Whether a load holds record dates on both sides of, or inside, `[week, end)`; cases reach to now from their first on."""
        return any(first < end and (last >= week or source == "exceptions") for first, last in self.spans.get((branch, source), ()))

    def known_from(self, branch: str, source: str) -> date | None:
        """The week of the first record of a source; None when a branch has none."""
        first = min((first for first, _ in self.spans.get((branch, source), ())), default=None)
        return None if first is None else week_of(first, self.company.first_day)

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
            until = company.local_now(piece.branch) if piece.source == "exceptions" else through
            spans[key].append((piece.first_on, max(until.date(), piece.last_on or piece.first_on)))
    return Reach({key: _reaching(known) for key, known in columns.items()}, {key: tuple(found) for key, found in spans.items()}, company)


def _reaching(columns: Columns) -> Columns:
    """A file without any event does not say how far it reaches: its columns reach as far as the source's others do."""
    furthest = max(columns.values(), default=datetime.min)
    return {} if furthest == datetime.min else {c: furthest if at == datetime.min else at for c, at in columns.items()}


def pieces(conn: Connection, *, branches: Iterable[str] | None = None, version: int | None = None,
           without_load: int | None = None) -> list[Piece]:
    """The pieces of loads live at a version (now when not given), one per branch, source and set of columns…

    …and span: spans are kept apart, because a gap between two loads is missing data. And those of `kept_here`.
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
    return [*(Piece(row[0], row[1], _split(row[2]), row[3], row[4], row[5]) for row in found),
            *kept_here(conn, branches=branches, version=version)]


def kept_here(conn: Connection, *, branches: Iterable[str] | None = None, version: int | None = None) -> list[Piece]:
    """A piece for each branch that keeps its exceptions here: every column, from the day it began."""
    book = case_books.c
    begun: list[Any] = [] if version is None else [
        book.began_at <= select(versions.c.at).where(versions.c.number == version).scalar_subquery()]
    if branches is not None:
        begun.append(book.branch.in_(list(branches)))
    rows = conn.execute(select(book.branch, book.began_at, branch_rows.c.time_zone).join(
        branch_rows, branch_rows.c.code == book.branch).where(*begun))
    return [Piece(branch, "exceptions", BY_NAME["exceptions"].columns, at.date(), None, at)
            for branch, began_at, zone in rows for at in [wall_clock(began_at, zone)]]


def _split(columns: str, cache: dict[str, tuple[str, ...]] = {}) -> tuple[str, ...]:  # noqa: B006 - a memo on purpose
    if columns not in cache:
        cache[columns] = tuple(columns.split(","))
    return cache[columns]
