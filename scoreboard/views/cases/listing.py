"""The lists of exceptions as plain data: how many each holds, the rows of one, and who owns how many that are open.

The convention: an answer is cached until any case changes, or a minute is over; in between the browser's clocks tick by themselves.
A list of one owner is always that of all that is open: by person nothing else is ever gathered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st
from sqlalchemy import Connection

from scoreboard.cases import finding
from scoreboard.cases.finding import AT_MOST, BY_KEY, LISTS, Found
from scoreboard.cases.lifecycle import CaseState
from scoreboard.cases.next_steps import next_step
from scoreboard.metrics.company import Company
from scoreboard.state.database import reading
from scoreboard.views import data
from scoreboard.views.asking import Asked
from scoreboard.views.cases import clocks

OPEN, CLOSED = "open", "closed"


@dataclass(frozen=True)
class Choice:
    """What is looked at: a list by its key (empty: the first that holds anything), an owner, words searched for."""

    key: str = ""
    owner: str | None = None
    words: str = ""


def chosen(address: Mapping[str, str], words: str) -> Choice:
    """The choice that an address names; a word that no list is called by chooses none."""
    owner = address.get("owner")
    named = address["list"] if address.get("list") in BY_KEY else ""
    return Choice(OPEN if owner is not None or (words.strip() and not named) else named, owner, words)


def read(asked: Asked, of: str, choice: Choice) -> dict[str, Any]:
    """The lists of a scope as JSON. Raises as `data.scope_of` says."""
    return _read(asked.cache_key, of, choice, asked)


@st.cache_data(max_entries=500, show_spinner=False)
def _read(key: tuple[object, ...], of: str, choice: Choice, _asked: Asked) -> dict[str, Any]:
    with reading(_asked.engine) as conn:
        company = data.company_of(_asked, conn)
        scope = data.scope_of(company, _asked, of)
        members = scope.members(company, scope.running_week(company))
        return _lists(conn, _asked, company, members, choice) | {"name": _name(company, scope.name, scope.title)}


def _lists(conn: Connection, asked: Asked, company: Company, members: frozenset[str], choice: Choice) -> dict[str, Any]:
    now = asked.settings.now
    held = finding.counts(conn, asked.viewer, members, now)
    key = choice.key or next((kind.key for kind in LISTS if held.get(kind.key)), OPEN)
    found = finding.listed(conn, asked.viewer, members, key, now, owner=choice.owner, words=choice.words)
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


def _row(found: Found, company: Company, now: Any) -> dict[str, Any]:
    state = found.state
    step = next_step(state, now)
    return {
        "case": f"{state.branch}/{state.case_no}", "no": state.case_no, "branch": company.branches[state.branch].name,
        "type": capital(state.type), "customer": state.customer or "", "about": list(about(state)), "handoff": state.handoff or "",
        "owner": state.owner or "", "critical": state.critical, "next": step.says,
        "update": clocks.millis(state.next_update_at if not state.closed_at else None),
        "clock": clocks.clock(state, company.terms, now),
    }


def as_table(lists: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of a list as those of a file; the standard and what is used of it in working minutes."""
    return [{"Exception": row["no"], "Branch": row["branch"], "Type": row["type"], "Customer": row["customer"],
             "About": ", ".join(row["about"]), "Handoff": row["handoff"], "Owner": row["owner"],
             "Mission-critical": "yes" if row["critical"] else "no", "What next": row["next"],
             "Working minutes": round(row["clock"]["ours"]), "Standard": row["clock"]["standard"]} for row in lists["rows"]]


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


def _more(shown: int, held: int | None, choice: Choice) -> str:
    if shown < AT_MOST:
        return ""
    of = f" of {held:,}" if held and not choice.words.strip() and choice.owner is None else ""
    return f"The first {AT_MOST}{of}. Search for the others."
