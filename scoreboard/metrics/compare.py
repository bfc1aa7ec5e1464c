"""Branches side by side: for every branch what its own board says of each metric, read for all of them at once.

The convention: a cell is the tile of the branch's board, figure for figure and word for word; nothing is made anew here but the
order. Branches stand by need and then by name, never by a figure: there is no first and no last.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from sqlalchemy import Connection

from scoreboard.errors import NotAllowed, Refused, did_you_mean
from scoreboard.facts.files import latest_version
from scoreboard.metrics import board as boards
from scoreboard.metrics import compare_cells, many_results
from scoreboard.metrics.board import Tile
from scoreboard.metrics.catalogue import BY_KEY, CATALOGUE
from scoreboard.metrics.company import Company
from scoreboard.metrics.compare_cells import Cell, Kept
from scoreboard.metrics.model import Metric
from scoreboard.metrics.reach import Reach
from scoreboard.metrics.scopes import Scope, scope_for
from scoreboard.settings import Settings
from scoreboard.state import peer_groups
from scoreboard.state.viewers import Viewer
from scoreboard.weeks import WEEK, week_of

Need = Literal["worse", "misses", ""]
NEEDS: tuple[Need, ...] = ("worse", "misses", "")  # the order of the branches


@dataclass(frozen=True)
class Row:
    """One branch in the week looked at. `through`: how far each of its sources reaches, on its own clock; `began`: its first record."""

    code: str
    name: str
    territory: str | None
    peer_group: str
    cells: Mapping[str, Cell]
    through: Mapping[str, datetime]
    began: date | None

    @property
    def need(self) -> Need:
        """What brings it to the top: a figure worse than usual, else one that reliably misses its target."""
        said = [cell.tile.judged for cell in self.cells.values() if cell.tile.judged]
        if any(one.variation == "concern" for one in said):
            return "worse"
        return "misses" if any(one.assurance == "reliably_misses" for one in said) else ""


@dataclass(frozen=True)
class Matrix:
    """Branches by need, then name. `total`: the tiles of the territory or the company by metric, from rows summed over its branches;
    None where the viewer does not see all of them (see `whole`)."""

    territory: str | None
    week: date
    version: int
    metrics: tuple[Metric, ...]
    rows: tuple[Row, ...]
    total: Mapping[str, Tile] | None

    @property
    def coverage(self) -> dict[str, tuple[int, int]]:
        """Of each metric how many of these branches reported the week, of how many that had begun by then."""
        begun = [row for row in self.rows if row.began and row.began < self.week + WEEK]
        return {m.key: (sum(row.cells[m.key].reported for row in begun), len(begun)) for m in self.metrics}

    @property
    def improved(self) -> list[tuple[Row, Cell]]:
        """The bright spots: every figure better than usual in a judged week, branch by branch."""
        return [(row, cell) for row in self.rows for cell in row.cells.values()
                if cell.tile.shown.judged and cell.tile.judged and cell.tile.judged.variation == "improvement"]


def read(conn: Connection, settings: Settings, company: Company, viewer: Viewer, territory: str | None, week: date,
         metrics: Sequence[Metric] | None = None, kept: Kept | None = None) -> Matrix:
    """The branches of a territory (None: all) that the viewer sees, as they belonged in that week; without `metrics` those of
    `columns`. Refused or NotAllowed as `territory_of` says. The number of statements does not depend on that of branches. `kept`:
    what was read before (see `compare_cells.Kept`)."""
    territory = territory_of(company, viewer, territory)
    codes, together = members(company, viewer, territory, week), whole(company, viewer, territory, week)
    ever = {code for code, name, _, _ in company.memberships if name == territory} if together else ()
    reach = compare_cells.reach_or_kept(conn, company, {*codes, *ever}, kept)
    chosen = tuple(metrics) if metrics is not None else columns(company, reach, codes)
    cells = compare_cells.read_or_kept(conn, settings, reach, codes, week, chosen, kept or Kept())
    homes, groups, through = company.territories_in(week), peer_groups.in_week(conn, week, company.first_day), _through(reach)
    rows = [Row(code, company.branches[code].name, homes.get(code), groups.get(code, ""), cells[code], through.get(code, {}),
                reach.began(code)) for code in codes]
    keys = [m.key for m in chosen]
    shown = boards.read(conn, settings, together, week, company=company, also=keys, reach=reach) if together and rows else None
    return Matrix(territory, week, latest_version(conn), chosen, tuple(by_need(rows)),
                  {t.metric.key: t for t in shown.tiles} if shown else None)


def _through(reach: Reach) -> dict[str, dict[str, datetime]]:
    """How far each source of each branch reaches; exceptions, which live here, are left out."""
    found: dict[str, dict[str, datetime]] = defaultdict(dict)
    for (branch, source), columns in sorted(reach.columns.items()):
        if source != "exceptions" and columns:
            found[branch][source] = max(columns.values())
    return found


def only(found: Matrix, keep: Callable[[Row], bool]) -> Matrix:
    """Some of the branches; the sums over all of them say nothing of these and are left out."""
    rows = tuple(row for row in found.rows if keep(row))
    return found if len(rows) == len(found.rows) else replace(found, rows=rows, total=None)


def by_need(rows: Iterable[Row]) -> list[Row]:
    """In the order people look at them: worse than usual, reliably missing, the others; each by name."""
    return sorted(rows, key=lambda row: (NEEDS.index(row.need), row.name, row.code))


# ---- which branches ------------------------------------------------------------------------------------
def territory_of(company: Company, viewer: Viewer, territory: str | None) -> str | None:
    """A territory as it is spelt. NotAllowed when none of its branches are the viewer's, whether it exists or not; Refused when it
    does not and they see everything."""
    if territory is None:
        return None
    mine = {name for code, name, _, _ in company.memberships if viewer.sees(code)}
    found = next((name for name in sorted(mine) if name.casefold() == territory.strip().casefold()), None)
    if found is None and viewer.branches is not None:
        raise NotAllowed(f'"{territory}" is not a territory with branches of yours.', "Ask an administrator.")
    if found is None:
        raise Refused(f'There is no territory "{territory}".',
                      f"Known: {', '.join(sorted(mine)) or 'none'}.{did_you_mean(territory, mine)}")
    return found


def members(company: Company, viewer: Viewer, territory: str | None, week: date) -> list[str]:
    """The branches that belonged there in that week and that the viewer sees, in the order of their codes."""
    there = company.branches if territory is None else company.members(territory, week)
    return [code for code in company.branches if code in there and viewer.sees(code)]


def whole(company: Company, viewer: Viewer, territory: str | None, week: date) -> Scope | None:
    """The scope of all these branches together, where the viewer may see it in that week; else None."""
    try:
        scope = scope_for(company, viewer, territory=territory, whole=territory is None)
    except NotAllowed:
        return None
    return scope if week >= scope.since else None


def default_week(conn: Connection, company: Company, viewer: Viewer, territory: str | None) -> date:
    """The last week that ended, or the latest one with figures at any of the branches where data ends earlier."""
    ended = week_of(company.today.date(), company.first_day) - WEEK
    return many_results.latest_week_of_any(conn, members(company, viewer, territory, ended), ended) or ended


# ---- which columns -------------------------------------------------------------------------------------
def columns(company: Company, reach: Reach, codes: Sequence[str]) -> tuple[Metric, ...]:
    """The company's choice of figures. Where a branch can only have the weaker substitute of one, that stands in a column of its own
    beside it: unlike figures never share one."""
    found: list[Metric] = []
    for key in company.board_of(None):
        having = {code for code in codes if reach.as_of(BY_KEY[key], code)}
        lacking = [code for code in codes if code not in having]
        instead = {next((m for m in CATALOGUE if m.instead_of == key and reach.as_of(m, code)), None) for code in lacking}
        weaker = [m for m in CATALOGUE if m in instead]
        found += [m for m in ([BY_KEY[key]] if having or not weaker else []) + weaker if m not in found]
    return tuple(found)
