"""Misses by group and what came back, a second time in plain Python over the rows as they were typed."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from scoreboard.metrics import company as companies
from scoreboard.metrics import reasons, repeated
from scoreboard.metrics import rows as row_reader
from scoreboard.metrics.catalogue import BY_KEY, CATALOGUE
from scoreboard.metrics.scopes import Scope
from scoreboard.state.database import reading
from scoreboard.state.viewers import EVERYONE
from tests.metrics import trap_company
from tests.metrics.trap_company import TrapCompany
from tests.oracle import after_metrics
from tests.oracle.orders import orders
from tests.oracle.world import World
from tests.trap_data import Rows, generate

BRANCH = "B1"
FIRST, LAST = date(2026, 10, 12), date(2027, 1, 4)  # the first and the last of thirteen weeks
END = LAST + timedelta(days=7)
MISSABLE = [m.key for m in CATALOGUE if reasons.has_misses(m)]


@dataclass(frozen=True)
class Loaded:
    """Trap data as typed, and the company they were loaded into, while some of it is undecided."""

    typed: Rows
    company: TrapCompany

    def rows(self, key: str) -> list[dict[str, Any]]:
        with reading(self.company.engine) as conn:
            return row_reader.over(self.company.settings, conn, Scope("branch", BRANCH), BY_KEY[key], FIRST, END, reasons.COLUMNS)

    def misses(self, key: str, by: str) -> Counter[str | None]:
        found = reasons.pareto(self.rows(key), by, most=10_000)
        return Counter({group.value: group.misses for group in found.groups})

    def world(self) -> World:
        reach = self.company.reach()
        return World(self.typed, {BRANCH: trap_company.oracle_branches()[BRANCH]}, reach.company.options,
                     lambda metric, branch: reach.as_of(BY_KEY[metric], branch))


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    typed, company = generate(6, size=20), trap_company.found(tmp_path_factory.mktemp("loaded"))
    company.load(typed, through=datetime(2027, 1, 9, 14))
    return Loaded(typed, company)


def inside(at: date) -> bool:
    return FIRST <= (at.date() if isinstance(at, datetime) else at) < END


def test_orders_not_on_time_in_full_by_customer(loaded: Loaded) -> None:
    world, found = loaded.world(), Counter[str | None]()
    as_of = world.now("otif", BRANCH)
    for order in orders(world):
        lines = order.promised
        if not lines or not inside(max(line.promise for line in lines)):
            continue
        is_open = any(not line.full for line in lines if line.cancelled_at is None)
        if not (is_open and max(line.due for line in lines) >= as_of) and not all(line.full_on_time for line in lines):
            found[min((line.customer for line in order.lines if line.customer), default=None)] += 1
    assert found.total() > 30 and found == loaded.misses("otif", "customer")


def test_credits_for_our_own_errors_by_reason(loaded: Loaded) -> None:
    world, found = loaded.world(), Counter[str | None]()
    by_line = {(line.order_no, line.line_no): line for order in orders(world) for line in order.lines}
    by_order = {order.order_no: order for order in orders(world)}
    for (_, order_no, order_line, *_), credits in after_metrics._credited(world).items():
        if inside(after_metrics._shipped(by_line.get((order_no, order_line)), by_order.get(order_no), credits)):
            found[min(credit["reason"] for credit in credits)] += 1
    assert found.total() > 20 and found == loaded.misses("error_rate", "reason")


def repeated_exceptions(loaded: Loaded) -> list[dict[str, Any]]:
    """Exceptions of the thirteen weeks that had one of the same type and part, customer, route or reason in 90 days before."""
    every = [row for row in loaded.typed["exceptions"] if row["branch"] == BRANCH and row["type"] and row["opened_at"]]

    def alike(row: dict[str, Any], other: dict[str, Any]) -> bool:
        before = (other["opened_at"], other["case_no"]) < (row["opened_at"], row["case_no"])
        recent = other["opened_at"] >= row["opened_at"] - timedelta(days=90)
        return before and recent and row["type"] == other["type"] and any(
            row[column] and row[column] == other[column] for column in ("part_no", "customer", "route", "root_cause"))
    return [row for row in every if inside(row["opened_at"]) and any(alike(row, other) for other in every)]


def test_exceptions_that_came_back(loaded: Loaded) -> None:
    days: dict[tuple[str, str], list[date]] = defaultdict(list)
    for row in repeated_exceptions(loaded):
        for grouped_by, column in (("part_no", "part_no"), ("customer", "customer"), ("route", "route"), ("reason", "root_cause")):
            if row[column]:
                days[grouped_by, row[column]].append(row["opened_at"].date())
    wanted = {group: (len(on), len({day - timedelta(days=day.weekday()) for day in on}), max(on))
              for group, on in days.items() if len(on) > 1}
    with reading(loaded.company.engine) as conn:
        known = companies.read(conn, loaded.company.settings.now)
        found = repeated.of_branch(loaded.company.settings, conn, EVERYONE, Scope("branch", BRANCH), known, LAST, BY_KEY["repeat_share"])[0]
    got = {(f.repeat.grouped_by, f.repeat.subject): (f.repeat.misses, f.repeat.weeks, f.repeat.last_on) for f in found}
    assert len(wanted) > 5 and got == wanted


def test_a_branch_s_errors_are_those_of_its_three_metrics_the_most_frequent_first(loaded: Loaded) -> None:
    with reading(loaded.company.engine) as conn:
        known = companies.read(conn, loaded.company.settings.now)
        asked = (loaded.company.settings, conn, EVERYONE, Scope("branch", BRANCH), known, LAST)
        every = repeated.of_branch(*asked)[0]
        single = [f for key in repeated.ERRORS for f in repeated.of_branch(*asked, BY_KEY[key])[0]]
    assert {f.metric.key for f in every} == set(repeated.ERRORS)
    assert sorted(map(str, every)) == sorted(map(str, single))
    assert [f.repeat.misses for f in every] == sorted((f.repeat.misses for f in every), reverse=True)


@pytest.mark.parametrize("key", MISSABLE)
def test_the_groups_of_every_column_add_up_to_the_misses_and_these_to_the_weekly_results(loaded: Loaded, key: str) -> None:
    metric, found = BY_KEY[key], loaded.rows(key)
    misses = len(reasons.missed(found))
    for by in reasons.COLUMNS:
        pareto = reasons.pareto(found, by)
        assert sum(group.misses for group in pareto.groups) == pareto.misses == misses
        assert sum(sum(reasons.in_group(row, pareto, group) for row in reasons.missed(found)) for group in pareto.groups) == misses
        assert pareto.shared or sum(group.of for group in (*pareto.groups, *pareto.spared)) == pareto.of
        assert not any(group.misses for group in pareto.spared) and not (pareto.shared and pareto.spared)
    if getattr(metric.whole, "amount", None) is None:
        cells = [cell for (name, week), cell in loaded.company.cells("branch", BRANCH).items() if name == key and inside(week)]
        assert misses == sum(cell.part if metric.direction < 0 else cell.whole - cell.part for cell in cells)


@pytest.mark.parametrize("key", [m.key for m in CATALOGUE])
def test_thirteen_weeks_hold_the_rows_of_each_of_them(loaded: Loaded, key: str) -> None:
    def told(row: dict[str, Any]) -> str:
        return str(sorted((name, value) for name, value in row.items() if name != "counted_on"))

    with reading(loaded.company.engine) as conn:
        asked = (loaded.company.settings, conn, Scope("branch", BRANCH), BY_KEY[key])
        week = [row for row in row_reader.rows(*asked, date(2026, 12, 14)) if row["result"] != "outside"]
        span = [row for row in row_reader.over(*asked, FIRST, END) if "2026-12-14" <= row["counted_on"] < "2026-12-21"]
    assert sorted(map(told, span)) == sorted(map(told, week))
