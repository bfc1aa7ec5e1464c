"""Survey answers, stock, and the team."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from tests.oracle.world import DAY, Thing, World

YEAR = 364 * DAY  # 52 whole weeks


def answers(world: World) -> Iterator[Thing]:
    """nps: promoters less detractors."""
    for row in world.of("surveys"):
        score = row["score"]
        if score is not None:
            yield Thing("nps", row["branch"], row["at"], float(score >= 9) - float(score <= 6), 1.0)


def stock(world: World) -> Iterator[Thing]:
    """inventory_turnover: a year of cost by the average stock, at the end of every twelfth period and later."""
    periods = list(world.of("inventory"))
    for row in periods:
        year = [other for other in periods if other["branch"] == row["branch"]
                and row["period_end"] - YEAR < other["period_end"] <= row["period_end"]]
        average = sum(other["inventory_value"] for other in year) / len(year)
        if len(year) >= 12 and average > 0:
            yield Thing("inventory_turnover", row["branch"], row["period_end"],
                        sum(other["cost_of_goods_sold"] for other in year), average)


def team(world: World) -> Iterator[Thing]:
    """team_leavers, team_coverage."""
    left = [(row["branch"], row["on"]) for row in world.of("team_changes") if row["event"] == "left"]
    for row in world.of("shifts"):
        week, branch = world.week(row["week"]), row["branch"]
        headcount, scheduled, covered = row.get("headcount"), row["scheduled_hours"], row["covered_hours"]
        if headcount is not None and headcount >= world.options["team_minimum"]:
            last = week + 6 * DAY
            leavers = sum(where == branch and last - YEAR < on <= last for where, on in left)
            yield Thing("team_leavers", branch, week, float(leavers), headcount)
        enough = headcount is not None and headcount >= world.options["team_minimum"]
        if enough and scheduled is not None and scheduled > 0 and covered is not None:
            yield Thing("team_coverage", branch, week, min(covered, scheduled), scheduled)


def proficient(world: World) -> Iterator[Thing]:
    """time_to_proficiency: from a person's start to the first proficient day before they start again."""
    people = defaultdict(list)
    for row in world.of("team_changes"):
        people[row["branch"], row["person_key"]].append((row["on"], row["event"] != "started", row["event"]))
    for (branch, _), events in people.items():
        started = None
        for on, _, event in sorted(events):
            if event == "started":
                started = on
            elif event == "proficient" and started is not None:
                yield from world.lasted("time_to_proficiency", branch, on, started, on)
                started = None
