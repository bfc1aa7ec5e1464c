"""What no order tells: team, shifts, inventory, totals counted by hand, and what the company agreed on."""

from __future__ import annotations

import json
from datetime import date, timedelta
from random import Random
from typing import Iterator

from scoreboard.samples.places import Place
from scoreboard.samples.service import KINDS
from scoreboard.samples.shipping import Row
from scoreboard.samples.world import DAY, World, between, counted
from scoreboard.weeks import WEEK

_KICK_OFF = "agreed at the kick-off"
_TARGETS = (  # metric, target, floor; fill_rate keeps its sourced ones
    ("quote_response_time", 1.0, 4.0), ("otif", 0.95, 0.8), ("error_rate", 0.01, 0.03),
    ("return_cycle_time", 7.0, 14.0), ("exception_close_loop", 0.9, 0.6), ("quote_conversion", 0.4, 0.25))
_ROLES = ("counter", "inside sales", "warehouse", "driver")


def team_rows(world: World) -> Iterator[Row]:
    """Who left, who started in that place and when they were proficient, by day; names are numbers."""
    rows = [(day, key, event, extra) for day, key, event, extra in _team_events(world)
            if world.hours.seen(day * DAY) is not None]
    for day, key, event, extra in sorted(rows, key=lambda row: row[:3]):
        yield {"person_key": key, "event": event, "on": world.hours.days[day]} | extra


def _team_events(world: World) -> Iterator[tuple[int, str, str, Row]]:
    rng, people = world.chance("team"), world.place.people
    for number in range(1, people + 1):
        if rng.random() >= 0.3 * world.weeks / 60:
            continue
        role, left = _ROLES[number % len(_ROLES)], world.hours.reach(between(rng, 7, world.weeks * 7 - 1), 0)
        started = world.hours.reach(left + between(rng, 14, 45), 0)
        newcomer = f"{world.place.code}-{people + number:02d}"
        yield left, f"{world.place.code}-{number:02d}", "left", {
            "voluntary": "yes" if rng.random() < 0.8 else "no", "role": role}
        yield started, newcomer, "started", {"role": role}
        yield world.hours.reach(started + between(rng, 50, 110), 0), newcomer, "proficient", {"role": role}


def shift_rows(world: World, first: date) -> Iterator[Row]:
    """Hours scheduled and covered each week by the people there at its end."""
    rng, events = world.chance("shifts"), list(_team_events(world))
    for week in range(world.weeks):
        gone = [event for day, _, event, _ in events if day < week * 7 + 7]
        headcount = world.place.people - gone.count("left") + gone.count("started")
        open_days = sum(week * 7 <= day < week * 7 + 7 for day in world.hours.open_days)
        scheduled = world.place.people * 8 * min(open_days, 5)
        covered = scheduled * headcount // world.place.people * between(rng, 93, 100) // 100
        yield {"week": str(first + week * WEEK), "scheduled_hours": scheduled, "covered_hours": covered,
               "headcount": headcount}


def inventory_rows(world: World, first: date) -> Iterator[Row]:
    """Inventory at each month's end and the cost of what was sold in the month."""
    rng = world.chance("inventory")
    days = (first + timedelta(days=n) for n in range(world.weeks * 7))
    for month_end in (day for day in days if (day + timedelta(days=1)).day == 1):
        inventory = world.place.orders * between(rng, 27, 33) * 1000
        yield {"period_end": str(month_end), "inventory_value": inventory,
               "cost_of_goods_sold": inventory * between(rng, 31, 39) // 100}


def total_rows(world: World, first: date) -> Iterator[Row]:
    """First-call resolution of a branch that keeps tallies instead of contacts; the last week is not decided yet."""
    if not world.place.totals_only:
        return
    rng = world.chance("totals")
    for week in range(world.weeks - 1):
        contacts = max(counted(rng, world.place.contacts), 1)
        yield {"week": str(first + week * WEEK), "metric": "first_call_resolution",
               "part": _heads(rng, contacts, 0.85), "whole": contacts}


def _heads(rng: Random, tosses: int, share: float) -> int:
    return sum(rng.random() < share for _ in range(tosses))


def branch_rows(places: tuple[Place, ...]) -> Iterator[Row]:
    """The branches with their hours, for the set-up; all follow the holidays of the United States."""
    for place in places:
        yield {"code": place.code, "name": place.name, "territory": place.territory, "time_zone": place.time_zone,
               "country": "US", "open_days": place.open_days, "opens": place.opens, "closes": place.closes}


def target_rows(places: tuple[Place, ...], first: date, weeks: int) -> Iterator[Row]:
    """Targets from the first week on for the company, and one of a branch's own from a third of the way on."""
    for metric, target, floor in _TARGETS:
        yield {"scope_kind": "company", "scope": "", "metric": metric, "target": target, "floor": floor,
               "from_on": str(first), "reason": _KICK_OFF}
    if any(place.code == "CED" for place in places):
        yield {"scope_kind": "branch", "scope": "CED", "metric": "quote_response_time", "target": 2.0, "floor": 6.0,
               "from_on": str(first + weeks // 3 * WEEK), "reason": "only two people at the counter"}


def option_rows() -> Iterator[Row]:
    """Settings of the company; a value is JSON where it is a table."""
    standards = {kind.type: kind.standard_minutes for kind in KINDS}
    for key, value in (("company_time_zone", "America/Chicago"), ("quote_standard_minutes", "120"),
                       ("exception_standards", json.dumps(standards))):
        yield {"key": key, "value": value, "reason": _KICK_OFF}
