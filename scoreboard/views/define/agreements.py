"""What was agreed about each metric, as a branch, a territory or the company sees it: what holds now, and the history.

The convention: *agreed* is said only of what people agreed here. What ships with a source is *sourced*, and a metric
with neither is *its own baseline*. A viewer reads the company's, their branches' and those branches' territories'.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import streamlit as st
from sqlalchemy import Connection

from scoreboard.calendars import wall_clock
from scoreboard.errors import NotAllowed
from scoreboard.metrics import words
from scoreboard.metrics.catalogue import BY_KEY, CATALOGUE
from scoreboard.metrics.company import Company
from scoreboard.metrics.model import Metric
from scoreboard.metrics.scopes import Scope
from scoreboard.metrics.values import in_unit, require_sensible
from scoreboard.state import targets as target_store
from scoreboard.state.database import reading, writing
from scoreboard.state.targets import Target
from scoreboard.views import data
from scoreboard.views.asking import Asked
from scoreboard.views.define import misses, typed

FOR = {"branch": "this branch", "territory": "its territory", "company": "the whole company"}


@dataclass(frozen=True)
class Place:
    """Where something can be agreed; `name` was typed by people."""

    kind: str
    scope: str
    name: str


@dataclass(frozen=True)
class Agreement:
    """One metric: target and floor that hold now, in its unit, where they come from, and every row of its history.

    `basis` is agreed, sourced, none or informs. `held` are the kinds of places with an agreement in force of their own.
    An accepted miss changes none of them: `accepted` says what is accepted now, `short` in few words, and `own` are those
    of the place itself that hold or will.
    """

    key: str
    basis: str
    target: float | None
    floor: float | None
    origin: str
    why: str
    held: tuple[str, ...]
    history: tuple[dict[str, Any], ...]
    accepted: tuple[str, ...] = ()
    short: str = ""
    own: tuple[Target, ...] = ()

    @property
    def figures(self) -> str:
        """`95 %, floor 80 %`."""
        metric = BY_KEY[self.key]
        return f"{typed.exact(metric, self.target)}, floor {typed.exact(metric, self.floor)}"


@dataclass(frozen=True)
class Book:
    """All agreements by metric. `places`: the nearest first; `mine` are those where the viewer may agree."""

    agreements: dict[str, Agreement]
    places: tuple[Place, ...]
    mine: tuple[Place, ...]
    today: date
    first_day: int


def read(asked: Asked, of: str | None) -> Book:
    """What the viewer may read about a branch, territory or the company; without one, what holds for the company."""
    return _read(asked.cache_key, of, asked)


@st.cache_data(max_entries=500, show_spinner=False)
def _read(key: tuple[object, ...], of: str | None, _asked: Asked) -> Book:
    with reading(_asked.engine) as conn:
        company = data.company_of(_asked, conn)
        scope = Scope("company", "") if of is None else data.scope_of(company, _asked, of)
        found, agreed = target_store.listing(conn, _asked.viewer), target_store.book(conn)
        places = _places(company, scope)
        mine = tuple(p for p in places if of is not None and _may(conn, _asked, p))
    kept = [t for t in found if (t.scope_kind, t.scope) in {(p.kind, p.scope) for p in places}]
    zone = company.zones.get(scope.name, company.options["company_time_zone"])
    today = scope.today(company).date()
    territory = next((p.scope for p in places if p.kind == "territory"), None)
    here = target_store.in_force(agreed, scope.kind, scope.name, territory, today)
    looked = _Looked(agreed, here, places, today, zone)
    return Book({m.key: _with_misses(m, _agreement(m, [t for t in kept if t.metric == m.key], looked), looked) for m in CATALOGUE},
                places, mine, today, company.first_day)


@dataclass(frozen=True)
class _Looked:
    """From where and when one looks: all that is agreed, what of it holds here today, the places, and the time zone."""

    book: target_store.Book
    here: dict[str, Target]
    places: tuple[Place, ...]
    today: date
    zone: str


def _places(company: Company, scope: Scope) -> tuple[Place, ...]:
    """The place itself and the wider ones, whose agreements hold where it has none."""
    found = [Place("company", "", "Whole company")]
    territory = company.territory(scope.name, company.today.date()) if scope.kind == "branch" else scope.name
    if territory:
        found.append(Place("territory", territory, f"{territory} (territory)"))
    if scope.kind == "branch":
        found.append(Place("branch", scope.name, f"{company.branches[scope.name].name} (branch)"))
    return tuple(reversed(found))


def _may(conn: Connection, asked: Asked, place: Place) -> bool:
    try:
        target_store.require_scope(conn, asked.viewer, place.kind, place.scope)
    except NotAllowed:
        return False
    return True


# ---- one metric ------------------------------------------------------------------------------------------
def _agreement(metric: Metric, rows: Sequence[Target], looked: _Looked) -> Agreement:
    places, today, zone = looked.places, looked.today, looked.zone
    regular = [t for t in rows if t.until_on is None]
    latest = {p.kind: _latest([t for t in regular if t.scope_kind == p.kind], today) for p in places}  # the nearest place first
    held = tuple(kind for kind, row in latest.items() if row and not row.ends)
    row = latest[held[0]] if held else None
    newest = sorted(rows, key=lambda t: (t.from_on, t.set_at))[::-1]  # of two set at once, the one set last comes first
    history = tuple(_row(metric, t, _standing(t, regular, latest, row, looked), looked, len(regular) < len(rows)) for t in newest)
    if row:
        origin = f"Agreed for {_for(row, places)}; holds from {words.day(row.from_on)}."
        why = f"Why: {row.reason}\nBy: {row.who}, {words.day(wall_clock(row.set_at, zone).date())}"
        return Agreement(metric.key, "agreed", row.target, row.floor, origin, why, held, history)
    target, floor = in_unit(metric, metric.target), in_unit(metric, metric.floor)
    if target is not None or floor is not None:
        return Agreement(metric.key, "sourced", target, floor, f"From a source, not agreed here: {metric.source}.", "", held, history)
    if metric.direction == 0:
        return Agreement(metric.key, "informs", None, None, "No target: this figure only informs.", "", held, history)
    return Agreement(metric.key, "none", None, None, "Nothing agreed: measured against its own last 13 judged weeks, without colour.",
                     "", held, history)


def _latest(rows: Sequence[Target], today: date) -> Target | None:
    begun = [t for t in rows if t.from_on <= today]
    return begun[-1] if begun else None


def _with_misses(metric: Metric, agreement: Agreement, looked: _Looked) -> Agreement:
    """The same, with what is accepted for a while."""
    nearest = looked.places[0]
    own = misses.to_come(looked.book, nearest.kind, nearest.scope, metric.key, looked.today)
    row = looked.here.get(metric.key)
    if row is None or row.until_on is None:
        return replace(agreement, own=own)
    said = (f"A miss is accepted for {_for(row, looked.places)}: {misses.figure(metric, row)}.",
            f"Why: {row.reason}\nBy: {row.who}, {words.day(wall_clock(row.set_at, looked.zone).date())}")
    return replace(agreement, own=own, accepted=said, short=f"{typed.exact(metric, row.target)} until {words.short_day(row.until_on)}")


def _for(row: Target, places: Sequence[Place]) -> str:
    nearest = places[0].kind
    return {"company": "the whole company", "territory": "this territory" if nearest == "territory" else "its territory",
            "branch": "this branch"}[row.scope_kind]


def _standing(row: Target, rows: Sequence[Target], latest: dict[str, Target | None], held: Target | None, looked: _Looked) -> str:
    """What has become of one row."""
    today, here = looked.today, looked.here.get(row.metric)
    if row.until_on:
        return misses.standing(row, looked.book, today, here)
    same = [t for t in rows if (t.scope_kind, t.from_on) == (row.scope_kind, row.from_on)]
    if same[-1] is not row or (row.from_on <= today and latest[row.scope_kind] is not row):
        return "replaced"
    if row.from_on > today:
        return "ends it then" if row.ends else "holds from then"
    if row.ends:
        return "ended it"
    if row is held and here and here.until_on:
        return "holds again later"
    return "holds now" if row is held else f"not here: {FOR[held.scope_kind] if held else ''} has its own"


def _row(metric: Metric, t: Target, standing: str, looked: _Looked, misses_too: bool) -> dict[str, Any]:
    name = next(p.name for p in looked.places if p.kind == t.scope_kind)
    until = {"Until": words.day(t.until_on) if t.until_on else ""} if misses_too else {}
    target, floor = ("ended", "ended") if t.ends else (typed.exact(metric, t.target), typed.exact(metric, t.floor))
    return {"Now": standing, "From": t.from_on, **until, "Target": target, "Floor": floor, "For": name, "Why": t.reason, "By": t.who,
            "Set": wall_clock(t.set_at, looked.zone)}


# ---- agreeing --------------------------------------------------------------------------------------------
def agree(asked: Asked, key: str, place: Place, target: float | None, floor: float | None, from_on: date, reason: str) -> None:
    """Agrees target and floor in a place from a day on; with neither, what was agreed there ends. Refused with a sentence."""
    require_sensible(BY_KEY[key], target, floor)
    with writing(asked.engine) as conn:
        target_store.require_scope(conn, asked.viewer, place.kind, place.scope)
        target_store.set_target(conn, metric=key, scope_kind=place.kind, scope=place.scope, target=target, floor=floor, from_on=from_on,
                                reason=reason, who=asked.viewer.who, now=asked.settings.now, metrics=BY_KEY)
