"""The team and the stock: leavers at the edge of 52 weeks, people who come back, years with too few periods."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tests.trap_data.chance import DAY, YEAR_END, Chance

Row = dict[str, Any]


def changes(chance: Chance, size: int) -> list[Row]:
    """Starts, proficiency and leaving; some people leave without a start, or are proficient before it."""
    found: dict[tuple[str, str, date], Row] = {}
    for number in range(min(size, 40)):
        person, started = f"P{number % 30}", (YEAR_END - chance.random.randint(-20, 420) * DAY).date()
        if chance.often(0.1):
            started = (YEAR_END + 6 * DAY).date() - timedelta(days=chance.one((363, 364, 365)))
        events = (("started", 0, 0.8), ("proficient", chance.random.randint(-5, 90), 0.6),
                  ("left", chance.one((0, 30, 200)), 0.5))
        for event, after, share in events:
            on = started + timedelta(days=after)
            if chance.often(share):
                found[person, event, on] = {"person_key": person, "event": event, "on": on,
                                            "voluntary": chance.one((None, True, False))}
    return list(found.values())


def shifts(chance: Chance) -> list[Row]:
    """Weeks with more hours covered than scheduled, none scheduled, an unknown or empty team; some dated Friday."""
    first = chance.first.date()
    return [{"week": first + timedelta(days=day + chance.one((0, 0, 0, 4))),
             "scheduled_hours": chance.one((0.0, 160.0, 200.0)),
             "covered_hours": chance.one((0.0, 150.0, 200.0, 220.5)), "headcount": chance.one((None, 0.0, 4.0, 11.0))}
            for day in range(0, chance.days, 7)]


def inventory(chance: Chance) -> list[Row]:
    """Month ends of 15 months, one of them missing now and then; stock may be nothing."""
    months = [date(2025 + month // 12, month % 12 + 1, 1) - timedelta(days=1) for month in range(11, 26)]
    empty = chance.often(0.2)
    return [{"period_end": end, "inventory_value": 0.0 if empty else float(chance.random.randint(900, 1100)),
             "cost_of_goods_sold": float(chance.random.randint(0, 500))} for end in months if chance.often(0.95)]
