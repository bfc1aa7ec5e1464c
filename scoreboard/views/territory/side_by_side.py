"""Branches side by side as JSON with every word already written: what the matrix draws, and what the filters ask.

The convention: texts that many cells share are written once, and cells name them by number: six thousand cells stay small. Everything
is cached for the whole choice of branches; filters only leave rows out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

import streamlit as st
from sqlalchemy import func, select

from scoreboard import weeks
from scoreboard.metrics import bright, compare, icons, words
from scoreboard.metrics.company import Company
from scoreboard.metrics.compare import Matrix, Row
from scoreboard.metrics.compare_cells import Cell, Kept
from scoreboard.metrics.compare_shown import NEEDS, fresh, headline
from scoreboard.metrics.model import Metric
from scoreboard.state.database import reading
from scoreboard.state.schema import weekly_results
from scoreboard.views import data, tiles
from scoreboard.views.asking import Asked
from scoreboard.weeks import WEEK

WAITING = {"half": "Half-filled circle", "ring": "Dotted ring"}  # shapes of a week that waits, in words
ALL = "all"  # in the address: no territory, every peer group, every signal
SIGNALS = {ALL: "Every signal", "worse": "Worse than usual", "misses": "Reliably misses its target", "better": "Better than usual"}


def places(asked: Asked) -> dict[str, str]:
    """What can be looked at: all branches, then each territory with a branch of the viewer's, as {word in the address: name}."""
    with reading(asked.engine) as conn:
        company = data.company_of(asked, conn)
    mine = sorted({name for code, name, _, _ in company.memberships if asked.viewer.sees(code)})
    return {ALL: "All branches" if asked.viewer.branches is None else "All your branches", **{name: name for name in mine}}


def week_choices(asked: Asked, place: str) -> tuple[list[date], date]:
    """The weeks with figures of these branches, newest first (the running one included), and the one to begin with."""
    return _weeks(asked.cache_key, place, asked)


@st.cache_data(max_entries=500, show_spinner=False)
def _weeks(key: tuple[object, ...], place: str, _asked: Asked) -> tuple[list[date], date]:
    with reading(_asked.engine) as conn:
        company = data.company_of(_asked, conn)
        default = compare.default_week(conn, company, _asked.viewer, _territory(place))
        first = conn.scalar(select(func.min(weekly_results.c.week)).where(
            weekly_results.c.scope_kind == "branch", weekly_results.c.to_version.is_(None),
            weekly_results.c.scope.in_([code for code in company.branches if _asked.viewer.sees(code)])))
    running = max(weeks.week_of(company.today.date(), company.first_day), default)
    return [running - i * WEEK for i in range((running - min(first or default, default)) // WEEK + 1)], default


def matrix(asked: Asked, place: str, week: date) -> dict[str, Any]:
    """Every branch of a place in a week."""
    return _matrix(asked.cache_key, place, week, asked)


@st.cache_data(max_entries=50, show_spinner=False)
def _matrix(key: tuple[object, ...], place: str, week: date, _asked: Asked) -> dict[str, Any]:
    with reading(_asked.engine) as conn:
        company = data.company_of(_asked, conn)
        found = compare.read(conn, _asked.settings, company, _asked.viewer, _territory(place), week,
                             kept=_kept(_asked.stamp, company.days, week))
        spots = bright.read(conn, _asked.viewer, company, found)
    shared = _Shared()
    name = found.territory or ("The company" if _asked.viewer.branches is None else "Your branches")
    together = {m.key: shared.cell(Cell(found.total[m.key], True, False, True)) for m in found.metrics} if found.total else None
    rows, reported = [_row(row, found, company, shared) for row in found.rows], found.coverage
    return {"name": name, "place": place, "week": weeks.label(week), "span": words.week_span(week), "week_name": words.week_name(week),
            "columns": [_column(m, *reported[m.key]) for m in found.metrics], "rows": rows, "bright": spots,
            "together": {"cells": [together[m.key] for m in found.metrics], "of": f"{data.TERRITORY}{found.territory}" if found.territory
                         else data.COMPANY} if together else None,
            "states": list(shared.states), "aims": list(shared.aims)}


def keep(asked: Asked) -> bool:
    """Reads the cells of every branch in the week that people begin with, before anybody waits for them; whether there was need to."""
    _, week = week_choices(asked, ALL)
    with reading(asked.engine) as conn:
        company = data.company_of(asked, conn)
        kept = _kept(asked.stamp, company.days, week)
        if kept.cells or not company.branches:
            return False
        compare.read(conn, asked.settings, company, asked.viewer, None, week, kept=kept)
    return True


@st.cache_resource(max_entries=12, show_spinner=False)
def _kept(stamp: tuple[object, ...], days: tuple[object, ...], week: date) -> Kept:
    """Where the cells of a week stay, whoever asked for them: whose they are is asked before anything is read."""
    return Kept()


def _territory(place: str) -> str | None:
    return None if place == ALL else place


def _column(metric: Metric, n: int, of: int) -> dict[str, Any]:
    name, about = words.title(metric)
    return {"key": metric.key, "name": name, "about": about, "corner": metric.corner,
            "reported": f"{n} of {of} reported" if of else "not begun yet"}


def _row(row: Row, found: Matrix, company: Company, shared: _Shared) -> dict[str, Any]:
    cells = [row.cells[m.key] for m in found.metrics]
    reaches, late = fresh(row, found.week, company)
    return {"code": row.code, "name": row.name, "group": row.peer_group, "need": row.need, "fresh": reaches, "late": late,
            "worse": row.need == "worse", "better": any(c.tile.judged and c.tile.judged.variation == "improvement" for c in cells),
            "misses": any(c.tile.judged and c.tile.judged.assurance == "reliably_misses" for c in cells),
            "cells": [shared.cell(c) for c in cells], "values": [_exact(c) for c in cells]}


def _exact(cell: Cell) -> float | None:
    """The figure as a number, whole, in the unit that the cell names."""
    figure = cell.tile.shown.value
    return 100 * figure if figure is not None and cell.tile.metric.unit == "share" else figure


class _Shared:
    """Cells as lists: number, unit, what is behind it, its week where it is an earlier one, state and target by number, a remark."""

    def __init__(self) -> None:
        self.states: dict[tuple[str, str, str], int] = {}
        self.aims: dict[tuple[str, str, str], int] = {}

    def cell(self, cell: Cell) -> list[Any]:
        tile = cell.tile
        number, unit = words.figure(tile.metric, tile.shown.value, short=True) if tile.shown.value is not None else ("", "")
        more = "> " if tile.shown.row is not None and tile.shown.row.at_least else ""
        state, aim = icons.state(tile), icons.aim(tile)
        at = words.week_name(tile.shown.week) if tile.shown is not tile.picked else ""
        return [more + number, unit, short_behind(tiles.behind(tile.shown)), at,
                self._number(self.states, state["shape"], short_state(state["words"]), state["tone"]),
                self._number(self.aims, aim["shape"], short_aim(aim["words"]), aim["tone"]), remark(cell), int(tile.shown.judged)]

    def _number(self, known: dict[tuple[str, str, str], int], *one: str) -> int:
        return known.setdefault((one[0], one[1], one[2]), len(known))


def short_state(said: str) -> str:
    """A state in the room of a cell: `Worse since week 41`, `Week 45 may change`."""
    for long, short in ((" than usual since ", " since "), (" is not complete yet", " not complete"), (" may still change", " may change")):
        said = said.replace(long, short)
    return said


def short_aim(said: str) -> str:
    """A target in the room of a cell: `Reliably misses 95.0 %`; of a figure on the move, which may reach it or not, the target alone."""
    begin, _, rest = said.partition("target ")
    if begin == icons.MOVING[1]:
        return f"Target {rest}"
    return f"{begin.replace(': ', ' ')}{rest}" if begin and rest != "agreed" else said


def short_behind(said: str) -> str:
    """What is behind a figure in the room of a cell: `13 of 16`; the heads of the columns say of what."""
    counted = said.split(" ")
    return " ".join(counted[:3]) if len(counted) > 3 and counted[1] in ("of", "in") else said


def remark(cell: Cell) -> str:
    """What keeps a figure from being held against the others of its column; mostly nothing."""
    if not cell.alike:
        return "Not comparable: counted by an earlier definition"
    return "Typed in, not counted from rows" if cell.typed and cell.tile.shown.value is not None else ""


# ---- what the filters leave ----------------------------------------------------------------------------
def groups(found: dict[str, Any]) -> dict[str, str]:
    """The peer groups among these branches, for a picker; empty where there are none."""
    names = sorted({row["group"] for row in found["rows"] if row["group"]})
    return {ALL: "Every peer group", **{name: name for name in names}} if names else {}


def filtered(found: dict[str, Any], group: str, signal: str) -> dict[str, Any]:
    """The matrix with the rows that pass, and what is true of all of them: coverage and sentence. The sums over all branches
    stay only where all branches do."""
    rows = [row for row in found["rows"] if group in (ALL, row["group"]) and (signal == ALL or row[signal])]
    return {**found, "rows": rows, "together": found["together"] if len(rows) == len(found["rows"]) else None,
            "headline": headline([row["need"] for row in found["rows"]]), "of": len(found["rows"]), "needs": NEEDS}


def drawn(shown: dict[str, Any]) -> dict[str, Any]:
    """What the browser is given: without what only the filters ask. What many cells would say of the week is said once above them, and
    they keep its shape."""
    rows = [{name: row[name] for name in ("code", "name", "group", "need", "fresh", "late", "cells")} for row in shown["rows"]]
    states = [list(state) for state in shown["states"]]
    often = said_often(Counter(cell[4] for row in shown["rows"] for cell in row["cells"]), lambda number: states[number][0])
    fewer = f"Shown: {len(rows)} of {shown['of']} branches; the sentence above is of all of them." if len(rows) < shown["of"] else ""
    notes = [["", fewer]] if fewer else []
    if often is not None:
        shape, words_, _ = states[often]
        notes.append([shape, f"{words_}: where this stands, the figure is of the latest week that can be judged, which is named."])
        states[often][1] = ""
    return {**{name: value for name, value in shown.items() if name not in ("bright", "place")}, "rows": rows, "states": states,
            "notes": notes}


def said_often(found: Counter[Any], shape: Callable[[Any], str]) -> Any | None:
    """Of states counted under any name, that of the week (it may change, it is not complete) which more than a third have; None where
    few do. `shape` is that of a state."""
    return next((one for one, n in found.items() if 3 * n > found.total() and shape(one) in WAITING), None)


def as_table(shown: dict[str, Any]) -> list[dict[str, Any]]:
    """The branches as rows for a file: of each figure its value, what is behind it, its week where it is an earlier one, both signs."""
    units = [next((row["cells"][at][1] for row in shown["rows"] if row["cells"][at][1]), "") for at in range(len(shown["columns"]))]
    names = [column["name"] + (f", {unit}" if unit else "") for column, unit in zip(shown["columns"], units, strict=True)]
    return [{"Branch": row["name"], "Code": row["code"], "Peer group": row["group"], "Files": row["fresh"], **{
        head: said for name, value, cell in zip(names, row["values"], row["cells"], strict=True)
        for head, said in _in_file(name, value, cell, shown)}} for row in shown["rows"]]


def _in_file(name: str, value: float | None, cell: list[Any], shown: dict[str, Any]) -> list[tuple[str, Any]]:
    number, _, behind, at, state, aim, remark = cell[:7]
    changing = "; ".join(filter(None, (shown["states"][state][1], remark)))
    behind = f"more than; {behind}" if number.startswith(">") else behind
    return [(name, value), (f"{name}: of", behind), (f"{name}: week", at or shown["week_name"]),
            (f"{name}: is it changing?", changing), (f"{name}: will it hit the target?", shown["aims"][aim][1])]


def remarks(shown: dict[str, Any]) -> list[str]:
    """What has to be said below a matrix, in sentences."""
    aims = [shown["aims"][cell[5]] for row in shown["rows"] for cell in row["cells"]]
    told = []
    if len(shown["rows"]) == 1 == shown["of"]:
        told.append("There is one branch here, so nothing stands beside it yet; its Scoreboard says the same.")
    if all(words_ in ("no target agreed", "only informs") for _, words_, _ in aims):
        told.append("No figure here has a target yet: the page Definitions leads through agreeing them.")
    if shown["together"] is None and shown["of"] == len(shown["rows"]) > 1:
        told.append("All of them together are not shown, because some of the branches there are not yours.")
    return [*told, "Signals come first, then targets that are reliably missed, then the others; each by name."] if shown["of"] > 1 else told
