"""A company for trap data: three branches with clocks, hours and holidays of their own, one of which changes its
territory in mid-period; files go in through the real pipeline, figures come out as the oracle names them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import holidays
from sqlalchemy import Engine

from scoreboard.facts import engine as facts_engine
from scoreboard.imports.commit import draft
from scoreboard.imports.load_report import LoadReport
from scoreboard.imports.loading import Wish, load
from scoreboard.metrics import company as companies
from scoreboard.metrics import reach as reaches
from scoreboard.metrics import results
from scoreboard.metrics.catalogue import BY_KEY, CATALOGUE
from scoreboard.metrics.open_cases import cases_for
from scoreboard.metrics.reach import Reach
from scoreboard.metrics.rollup import Run, roll_up
from scoreboard.settings import Settings
from scoreboard.state import branches
from scoreboard.state import options as option_store
from scoreboard.state.database import open_database, reading, writing
from scoreboard.state.viewers import EVERYONE
from tests.oracle import Cell, OracleBranch, pooled
from tests.trap_data import Row, write_csv

NOW = datetime(2027, 9, 1, 12)
MOVES_ON = date(2027, 1, 4)  # B2 belongs to North from this week on, before it to South
TERRITORIES = ({"B1": "North", "B2": "South", "B3": "South"}, {"B1": "North", "B2": "North", "B3": "South"})
BRANCHES = {
    "B1": {"time_zone": "America/New_York", "country": "US", "opens": "07:30", "closes": "17:00"},
    "B2": {"time_zone": "Europe/Berlin", "country": "DE", "open_days": "123456", "opens": "08:00", "closes": "18:30"},
    "B3": {"time_zone": "UTC", "opens": "06:00", "closes": "24:00", "open_days": "1234567"},
}
SCOPES = (*(("branch", code) for code in BRANCHES), ("territory", "North"), ("territory", "South"), ("company", ""))
OPTIONS = {"quote_standard_minutes": "240", "exception_standards": '{"late delivery": 480, "Wrong Part": 960}'}
_NUMBERS = count()


@dataclass(frozen=True)
class TrapCompany:
    """A data folder and its database, with branches and options set and nothing loaded."""

    settings: Settings
    engine: Engine

    def load(self, *files: Mapping[str, Sequence[Row]], through: datetime | None = None, source: str | None = None) -> LoadReport:
        """One load of CSV files, one for each source in each of `files`; every row is taken."""
        paths = []
        for rows in files:
            folder = self.settings.data.parent / f"export-{next(_NUMBERS)}"
            folder.mkdir()
            paths += write_csv(rows, folder).values()
        report = load(self.settings, self.engine, EVERYONE, paths, Wish(through=through, source=source))
        turned_back = {f.name: f.problems[:3] for f in report.files if f.rejected}
        assert not turned_back, turned_back
        return report

    def reach(self) -> Reach:
        with reading(self.engine) as conn:
            return reaches.fold(reaches.pieces(conn), companies.read(conn, self.settings.now))

    def cells(self, kind: str, scope: str, version: int | None = None) -> dict[tuple[str, date], Cell]:
        """The weekly results of a scope, as the oracle writes them: the current ones, or those of a version."""
        with reading(self.engine) as conn:
            found = results.at(conn, kind, scope, version=version)
        return {(metric, week): Cell(**{field: getattr(row, field) for field in Cell.__dataclass_fields__}) 
                for metric, rows in found.items() for week, row in rows.items()}


def found(folder: Path, options: Mapping[str, str] = {}, database_url: str = "") -> TrapCompany:
    """A new company below a folder; `options` as a person would type them. Its database lies there too, unless another is named."""
    data = folder / "data"
    data.mkdir(parents=True)
    settings = Settings(data, database_url or f"sqlite:///{data / 'scoreboard.sqlite'}", NOW)
    engine = open_database(settings.database_url)
    with writing(engine) as conn:
        for code, fields in BRANCHES.items():
            branches.add(conn, code, territory=TERRITORIES[0][code], now=NOW, who="", **fields)
        branches.move(conn, "B2", "North", MOVES_ON, now=NOW, who="")
        for key, text in {**OPTIONS, **options}.items():
            option_store.set_option(conn, key, text, why="", who="", now=NOW, metrics=BY_KEY)
    return TrapCompany(settings, engine)


def unlike_from_scratch(company: TrapCompany) -> list[str]:
    """Current weekly results that a roll-up of every metric and week would change, with what they would be."""
    wanted = {metric.key: None for metric in CATALOGUE}
    with facts_engine.connect(company.settings.scratch) as con, reading(company.engine) as conn:
        work = draft(company.settings, company.engine, con)
        run = Run(con, company.settings.data, work.files, cases_for(conn, work.company, wanted), work.company, work.before)
        pairs = results.difference(conn, roll_up(run, wanted), wanted, work.before).pairs
    return [_said(old._asdict() if old else None, new) for old, new in pairs]


def _said(old: dict[str, Any] | None, new: dict[str, Any] | None) -> str:
    one = old or new or {}
    figures = [c for c in one if c not in ("scope_kind", "scope", "week", "metric", "from_version", "to_version", "definition")]
    unlike = [f"{c} {old and old[c]} should be {new and new[c]}" for c in figures if not old or not new or old[c] != new[c]]
    return f"{one['metric']} of {one['scope_kind']} {one['scope']} in {one['week']}: {', '.join(unlike)}"


def expected(company: TrapCompany, rows: Mapping[str, Sequence[Row]]) -> dict[tuple[str, str], dict[tuple[str, date], Cell]]:
    """The oracle's cells of every branch, territory and the company by (kind, scope)."""
    reach = company.reach()

    def cells(groups: Mapping[str, str]) -> dict[tuple[str, str, date], Cell]:
        return pooled(rows, oracle_branches(), reach.company.options, lambda metric, branch: reach.as_of(BY_KEY[metric], branch), groups)

    found: dict[tuple[str, str], dict[tuple[str, date], Cell]] = {}
    for kind, given in (("branch", cells({b: b for b in BRANCHES})), ("company", cells(dict.fromkeys(BRANCHES, "")))):
        for (metric, scope, week), cell in given.items():
            found.setdefault((kind, scope), {})[metric, week] = cell
    for groups, is_then in zip(TERRITORIES, (lambda week: week < _moves(reach), lambda week: week >= _moves(reach)), strict=True):
        for (metric, scope, week), cell in cells(groups).items():
            if is_then(week):
                found.setdefault(("territory", scope), {})[metric, week] = cell
    return found


def _moves(reach: Reach) -> date:
    """The first day of the week from which B2 belongs to North."""
    return MOVES_ON - timedelta(days=(MOVES_ON.weekday() - reach.company.first_day) % 7)


def oracle_branches() -> dict[str, OracleBranch]:
    """The branches as the oracle knows them."""
    return {code: OracleBranch(fields["opens"], fields["closes"], fields.get("open_days", "12345"), _closed(fields.get("country")))
            for code, fields in BRANCHES.items()}


def _closed(country: str | None) -> set[date]:
    return set(holidays.country_holidays(country, years=range(2020, 2029))) if country else set()


def differences(got: Mapping[Any, Cell], wanted: Mapping[Any, Cell]) -> list[str]:
    """Cells that are not the same, one sentence each."""
    return [f"{metric} {week}: {got.get((metric, week))} instead of {wanted.get((metric, week))}"
            for metric, week in sorted({*got, *wanted}) if not _same(got.get((metric, week)), wanted.get((metric, week)))]


def _same(one: Cell | None, other: Cell | None) -> bool:
    if one is None or other is None:
        return one is other
    return all(_near(getattr(one, field), getattr(other, field)) for field in Cell.__dataclass_fields__)


def _near(one: Any, other: Any) -> bool:
    return one == other or (isinstance(one, float) and isinstance(other, float) and abs(one - other) < 1e-6 * max(1.0, abs(one)))


def all_differences(company: TrapCompany, rows: Mapping[str, Sequence[Row]]) -> list[str]:
    """How the current results differ from the oracle's, at every level."""
    return [f"{kind} {scope}: {said}" for (kind, scope), wanted in expected(company, rows).items()
            for said in differences(company.cells(kind, scope), wanted)]
