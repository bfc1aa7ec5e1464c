"""What is kept of a branch itself — name, territory, clock, opening hours, holidays — in words, and how it is changed.

The convention: these have no date. A change holds for the past as well, so every week is worked out anew with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import streamlit as st

from scoreboard.calendars import holidays_between, wall_clock
from scoreboard.imports.reroll import change
from scoreboard.metrics import words
from scoreboard.metrics.catalogue import CATALOGUE
from scoreboard.state import branches, changes
from scoreboard.state.branches import ALWAYS, Branch
from scoreboard.state.changes import Change
from scoreboard.state.database import reading
from scoreboard.views import data
from scoreboard.views.asking import Asked

DAYS = {"1": "Monday", "2": "Tuesday", "3": "Wednesday", "4": "Thursday", "5": "Friday", "6": "Saturday", "7": "Sunday"}
AHEAD = timedelta(weeks=13)
_LOGGED = ("branch added", "branch changed", "branch moved")
_FIELDS = {"name": "Name", "time_zone": "Time zone", "country": "Holidays of", "open_days": "Open on", "opens": "Opens", "closes": "Closes",
           "territory": "Territory", "from_on": "from"}


@dataclass(frozen=True)
class Facts:
    """A branch as kept now. `holidays` are those of the coming quarter, `territories` all names in use."""

    branch: Branch
    territory: str
    territories: tuple[str, ...]
    holidays: tuple[tuple[str, str], ...]
    history: tuple[dict[str, str], ...]


def read(asked: Asked, of: str) -> Facts:
    """What is kept of a branch, for whoever sees it."""
    return _read(asked.cache_key, of, asked)


@st.cache_data(max_entries=200, show_spinner=False)
def _read(key: tuple[object, ...], of: str, _asked: Asked) -> Facts:
    with reading(_asked.engine) as conn:
        company = data.company_of(_asked, conn)
        code = data.scope_of(company, _asked, of).name
        past = changes.about(conn, f"branch {code}", _LOGGED)
        known = branches.territories(conn) if _asked.viewer.branches is None else []
    branch, today = company.branches[code], company.local_now(code).date()
    days = tuple((f"{day:%A}, {words.day(day)}", name) for day, name in holidays_between(branch.country, today, today + AHEAD))
    return Facts(branch, company.territory(code, today) or "", tuple(known), days, tuple(_row(c, branch.time_zone) for c in past))


def keep(asked: Asked, of: str, wanted: dict[str, str]) -> int:
    """Changes what is given, and works out the weeks anew: how many weekly results moved. Refused as `branches add` is."""
    asked.viewer.require_change("branches")
    return change(asked.settings, asked.engine, asked.viewer.who, "branch", lambda conn: branches.add(
        conn, of, **wanted, now=asked.settings.now, who=asked.viewer.who))  # type: ignore[arg-type]


# ---- words -----------------------------------------------------------------------------------------------
def open_on(days: str) -> str:
    """`12345` as `Monday to Friday`; days that do not follow each other are listed."""
    if len(days) > 2 and days in "1234567":
        return f"{DAYS[days[0]]} to {DAYS[days[-1]]}"
    return words.listed([DAYS[day] for day in days])


def in_working_time() -> str:
    """The figures that are counted in opening hours."""
    found = [words.title(m)[0] for m in CATALOGUE if getattr(m.whole, "clock", "") == "working" or getattr(m.whole, "within", None)]
    return words.listed(found)


def _row(found: Change, zone: str) -> dict[str, str]:
    at, old, new = wall_clock(found.at, zone), found.old or {}, found.new or {}
    moved = "; ".join(f"{label}: {_became(field, old.get(field), new[field])}" for field, label in _FIELDS.items() if field in new)
    return {"When": words.day_and_time(at), "What": moved, "By": found.who}


def _became(field: str, old: Any, new: Any) -> str:
    return f"{_told(field, old)} → {_told(field, new)}" if old not in (None, "") else _told(field, new)


def _told(field: str, value: Any) -> str:
    if field == "open_days":
        return open_on(value)
    if field == "from_on":
        return "the beginning" if value == ALWAYS.isoformat() else str(value)
    return str(value) or "nowhere"
