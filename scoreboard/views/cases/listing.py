"""The lists of exceptions as plain data: how many each holds, the rows of one, and who owns how many that are open.

The convention: an answer is cached until any case changes, or a minute is over; in between the browser's clocks tick by themselves.
A list of one owner is always that of all that is open: by person nothing else is ever gathered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import streamlit as st
from sqlalchemy import Connection

from scoreboard.calendars import wall_clock
from scoreboard.cases import finding, timers
from scoreboard.cases.finding import AT_MOST, BY_KEY, LISTS, Found
from scoreboard.cases.lifecycle import CaseState
from scoreboard.cases.next_steps import next_step
from scoreboard.metrics.company import Company
from scoreboard.metrics.scopes import Scope
from scoreboard.state.database import reading
from scoreboard.views import data
from scoreboard.views.asking import Asked
from scoreboard.views.cases import clocks

OPEN, CLOSED = "open", "closed"
SHORT = 60  # rows drawn at once, unless somebody asks for the rest; more are longer to draw than to read
IN_A_FILE = 5_000
ALL = "all"  # the word of the address that asks for as many rows as a list shows at all


@dataclass(frozen=True)
class Choice:
    """What is looked at: a list by its key (empty: the first that holds anything), an owner, words searched for, how many rows."""

    key: str = ""
    owner: str | None = None
    words: str = ""
    most: int = SHORT


def chosen(address: Mapping[str, str], words: str) -> Choice:
    """The choice that an address names; a word that no list is called by chooses none."""
    owner = address.get("owner")
    named = address["list"] if address.get("list") in BY_KEY else ""
    most = AT_MOST if address.get("rows") == ALL else SHORT
    return Choice(OPEN if owner is not None or (words.strip() and not named) else named, owner, words, most)


def read(asked: Asked, of: str, choice: Choice) -> dict[str, Any]:
    """The lists of a scope as JSON. Raises as `data.scope_of` says."""
    return _read(asked.cache_key, of, choice, asked)


@st.cache_data(max_entries=500, show_spinner=False)
def _read(key: tuple[object, ...], of: str, choice: Choice, _asked: Asked) -> dict[str, Any]:
    with reading(_asked.engine) as conn:
        company, scope, members = _of(conn, _asked, of)
        return _lists(conn, _asked, company, members, choice) | {"name": _name(company, scope.name, scope.title)}


def _of(conn: Connection, asked: Asked, of: str) -> tuple[Company, Scope, frozenset[str]]:
    company = data.company_of(asked, conn)
    scope = data.scope_of(company, asked, of)
    return company, scope, scope.members(company, scope.running_week(company))


def _lists(conn: Connection, asked: Asked, company: Company, members: frozenset[str], choice: Choice) -> dict[str, Any]:
    now = asked.settings.now
    held = finding.counts(conn, asked.viewer, members, now)
    key = choice.key or next((kind.key for kind in LISTS if held.get(kind.key)), OPEN)
    found = finding.listed(conn, asked.viewer, members, key, now, owner=choice.owner, words=choice.words, most=choice.most)
    shown = {one.state.branch for one in found}
    return {
        "lists": [{"key": kind.key, "name": kind.name, "n": held.get(kind.key)} for kind in LISTS],
        "key": key, "owner": choice.owner, "words": choice.words, "at": clocks.millis(now), "many": len(members) > 1,
        "owners": [{"owner": owner, "name": owner or "Nobody", "n": n} for owner, n in finding.by_owner(conn, asked.viewer, members)],
        "rows": [_row(one, company, now) for one in found if one.state.branch in company.zones],
        "hours": clocks.open_hours(shown, company.terms, now), "empty": _empty(key, choice),
        "more": _more(len(found), held.get(key), choice),
        "ever": bool(found) or any(held.values()) or finding.any_ever(conn, asked.viewer, members),
        "standards": bool(company.options["exception_standards"]),
    }


def _row(found: Found, company: Company, now: datetime) -> dict[str, Any]:
    state = found.state
    step = next_step(state, now)
    return {
        "case": f"{state.branch}/{state.case_no}", "no": state.case_no, "branch": company.branches[state.branch].name,
        "type": capital(state.type), "customer": state.customer or "", "about": list(about(state)), "handoff": state.handoff or "",
        "owner": state.owner or "", "critical": state.critical, "next": step.says,
        "update": clocks.millis(state.next_update_at if not state.closed_at else None),
        "clock": clocks.clock(state, company.terms, now),
    }


def as_table(asked: Asked, of: str, key: str, choice: Choice) -> list[dict[str, Any]]:
    """The rows of the list `key` as those of a file, times by the branch's clock. Raises as `data.scope_of` says."""
    with reading(asked.engine) as conn:
        company, _, members = _of(conn, asked, of)
        found = finding.listed(conn, asked.viewer, members, key, asked.settings.now, owner=choice.owner, words=choice.words, most=IN_A_FILE)
        return [_file_row(one, company, asked.settings.now) for one in found if one.state.branch in company.zones]


def _file_row(found: Found, company: Company, now: datetime) -> dict[str, Any]:
    state, zone = found.state, company.zones[found.state.branch]
    clocks = timers.times(state, company.terms, now)

    def at(moment: datetime | None) -> datetime | None:
        return None if moment is None else wall_clock(moment, zone).replace(fold=0)

    return {"Exception": state.case_no, "Branch": company.branches[state.branch].name, "Type": capital(state.type),
            "Mission-critical": "yes" if state.critical else "no", "Customer": state.customer or "", "Order": state.order_no or "",
            "Part": state.part_no or "", "Handoff": state.handoff or "", "Owner": state.owner or "",
            "What next": next_step(state, now).says,
            "Opened": at(state.opened_at), "Due": at(found.due_at), "Customer hears next": at(state.next_update_at),
            "Resolved": at(state.resolved_at), "Customer told": at(state.told_at),
            "Our clock, working minutes": round(clocks.ours), "Standard, working minutes": company.terms.standard(state.type),
            "Customer's clock, minutes": round(clocks.theirs)}


def about(state: CaseState) -> tuple[str, ...]:
    """`order 4711` and `part 90-22`, as far as they are known."""
    return tuple(f"{name} {value}" for name, value in (("order", state.order_no), ("part", state.part_no)) if value)


def capital(text: str) -> str:
    """A text that begins a line."""
    return text[:1].upper() + text[1:]


def _name(company: Company, name: str, title: str) -> str:
    return company.branches[name].name if name in company.branches else title


def _empty(key: str, choice: Choice) -> str:
    if choice.words.strip():
        return f'Nothing in this list has "{choice.words.strip()}" in its number, customer, order or part.'
    if choice.owner is not None:
        return f"{choice.owner or 'Nobody'} owns nothing that is open."
    return BY_KEY[key].empty


def _more(shown: int, held: int | None, choice: Choice) -> dict[str, str]:
    """What is said below a list that shows only its first rows, and the word that opens the rest, if more can be shown."""
    whole = held if not choice.words.strip() and choice.owner is None else None  # how many there are, where that was counted
    if shown < choice.most or shown == whole:
        return {}
    of = f" of {whole:,}" if whole else ""
    if choice.most < AT_MOST:
        return {"says": f"The first {shown}{of}.", "rest": f"Show {'all' if whole and whole <= AT_MOST else AT_MOST}"}
    return {"says": f"The first {shown}{of}. Search for the others."}
