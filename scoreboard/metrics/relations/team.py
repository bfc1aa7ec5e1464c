"""Team and stock by period. Team figures are branch totals; a person is a pseudonym and never a row on a board."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Date, DateTime, Integer, Select, and_, cast, func, literal_column, select

from scoreboard.facts.sources import inventory, shifts, team_changes
from scoreboard.metrics.model import Relation, option

T, H, I = team_changes.c, shifts.c, inventory.c  # noqa: E741 - the letter of each source
YEAR: Any = literal_column("364")  # 52 weeks, in days


def _team_weeks() -> Select[Any]:
    since_first_day = (cast(H.week - cast(func.date_trunc("week", H.week), Date), Integer) + 7 - option("first_day")) % 7
    last = H.week - since_first_day + literal_column("6")
    leavers = select(func.count()).where(
        T.branch == H.branch, T.event == "left", T.on <= last, T.on > last - YEAR).scalar_subquery()
    return select(*shifts.columns, cast(H.week, DateTime).label("week_at"), func.coalesce(leavers, 0).label("leavers")).select_from(shifts)


team_weeks = Relation("team_weeks", _team_weeks(), ("shifts", "team_changes"), {"week_at": ("shifts.week",)}, back=364, ahead=364)


def _starters() -> Select[Any]:
    """Each start with the first proficient day after it; a person may start twice."""
    order: dict[str, Any] = {"partition_by": (T.branch, T.person_key), "order_by": (T.on, T.event.desc())}
    e = select(*team_changes.columns, func.lag(T.event).over(**order).label("was"), func.lag(T.on).over(**order).label("since")).where(
        T.event.in_(["started", "proficient"])).subquery("e").c
    return select(e.branch, e.person_key, cast(e.since, DateTime).label("started_at"), cast(e.on, DateTime).label("proficient_at"),
                  e.role).where(e.event == "proficient", e.was == "started")


starters = Relation("starters", _starters(), ("team_changes",), {"proficient_at": ("team_changes.on",)}, back=1100, ahead=1100)


def _stock_years() -> Select[Any]:
    year = inventory.alias("year")
    mine = (year.c.branch == I.branch, year.c.period_end <= I.period_end, year.c.period_end > I.period_end - YEAR)
    return select(I.branch, I.period_end, cast(I.period_end, DateTime).label("period_end_at"),
                  func.sum(year.c.cost_of_goods_sold).label("cost_of_goods_sold"),
                  func.avg(year.c.inventory_value).label("average_inventory"), func.count().label("periods"),
                  ).select_from(inventory).join(year, and_(*mine)).group_by(I.branch, I.period_end)


stock_years = Relation("stock_years", _stock_years(), ("inventory",), {"period_end_at": ("inventory.period_end",)},
                       back=366, ahead=366, grouped=True)
