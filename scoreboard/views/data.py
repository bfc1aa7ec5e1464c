"""The questions a page may ask. Each answer is plain data, cached by the data version and by what the viewer sees.

The convention: `_…` functions are the cached ones; their first argument is the cache key of who asks, and nothing they
return depends on anything else than their arguments. Streamlit leaves arguments with an underscore out of the key.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import streamlit as st
from sqlalchemy import Connection, func, select

from scoreboard import weeks
from scoreboard.imports import history
from scoreboard.metrics import board as boards
from scoreboard.metrics import company as companies
from scoreboard.metrics import locating
from scoreboard.metrics.board import Tile
from scoreboard.metrics.scopes import Scope, scope_for
from scoreboard.state.database import reading
from scoreboard.state.schema import weekly_results
from scoreboard.views import told
from scoreboard.views.asking import Asked
from scoreboard.weeks import WEEK

TERRITORY, COMPANY = "territory:", "company"


def scopes(asked: Asked) -> dict[str, str]:
    """What the viewer may look at, as {word in the address: name on screen}: branches, territories, the company."""
    return _scopes(asked.cache_key, asked)


@st.cache_data(max_entries=500, show_spinner=False)
def _scopes(key: tuple[object, ...], _asked: Asked) -> dict[str, str]:
    viewer = _asked.viewer
    with reading(_asked.engine) as conn:
        company = company_of(_asked, conn)
    found = {code: b.name for code, b in sorted(company.branches.items(), key=lambda one: one[1].name) if viewer.sees(code)}
    names = sorted({name for _, name, _, end in company.memberships if end is None})
    theirs = [n for n in names if all(viewer.sees(code) for code, name, _, end in company.memberships if name == n and end is None)]
    found |= {TERRITORY + name: f"{name} (territory)" for name in theirs}
    return found | ({COMPANY: "Company"} if viewer.branches is None and len(company.branches) > 1 else {})


def week_choices(asked: Asked, of: str) -> tuple[list[date], date]:
    """The weeks of a scope, newest first (the running one included), and the one to begin with."""
    return _weeks(asked.cache_key, of, asked)


@st.cache_data(max_entries=5000, show_spinner=False)
def _weeks(key: tuple[object, ...], of: str, _asked: Asked) -> tuple[list[date], date]:
    with reading(_asked.engine) as conn:
        company = company_of(_asked, conn)
        scope = scope_of(company, _asked, of)
        default = boards.default_week(conn, company, scope)
        first = conn.scalar(select(func.min(weekly_results.c.week)).where(
            weekly_results.c.scope_kind == scope.kind, weekly_results.c.scope == scope.name, weekly_results.c.to_version.is_(None)))
    running = max(weeks.week_of(scope.today(company).date(), company.first_day), default)
    first = max(min(first or default, default), scope.since)
    return [running - i * WEEK for i in range((running - first) // WEEK + 1)], default


def company_of(asked: Asked, conn: Connection) -> companies.Company:
    """The company as kept now; read once for all pages of a minute."""
    return _company(asked.stamp, asked.settings.now.replace(second=0, microsecond=0), conn)


@st.cache_resource(max_entries=20, show_spinner=False)
def _company(stamp: tuple[object, ...], now: datetime, _conn: Connection) -> companies.Company:
    return companies.read(_conn, now)


def scope_of(company: companies.Company, asked: Asked, of: str) -> Scope:
    """The scope a word of the address names. Refused or NotAllowed as `scope_for` says."""
    if of == COMPANY:
        return scope_for(company, asked.viewer, whole=True)
    if of.startswith(TERRITORY):
        return scope_for(company, asked.viewer, territory=of.removeprefix(TERRITORY))
    return scope_for(company, asked.viewer, branch=of)


def kind_of(of: str) -> str:
    """Whether a word of the address names a branch, a territory or the company."""
    return "company" if of == COMPANY else "territory" if of.startswith(TERRITORY) else "branch"


def anything_loaded(asked: Asked) -> bool:
    """Whether any load is live."""
    with reading(asked.engine) as conn:
        return history.anything_loaded(conn)


def board(asked: Asked, of: str, week: date, *, as_reported: bool = False) -> dict[str, Any]:
    """The board of a scope and week as JSON (see `told.board`); as it was reported only where that differs."""
    return _board(asked.cache_key, of, week, as_reported, asked)


@st.cache_data(max_entries=2000, show_spinner=False)
def _board(key: tuple[object, ...], of: str, week: date, as_reported: bool, _asked: Asked) -> dict[str, Any]:
    def clause(tile: Tile) -> str:
        return _clause(_asked.data_key, of, tile.metric.key, tile.shown.week, tile.shown.row and tile.shown.row[2:], tile, _asked)

    with reading(_asked.engine) as conn:
        company = company_of(_asked, conn)
        return told.board(conn, _asked.settings, _asked.viewer, company, scope_of(company, _asked, of), week, as_reported=as_reported,
                          clause=clause)


@st.cache_data(max_entries=5000, show_spinner=False)
def _clause(key: tuple[object, ...], of: str, metric: str, week: date, figures: tuple[Any, ...] | None, _tile: Tile, _asked: Asked) -> str:
    """Where the misses of a judged week are. Its rows are read again only when they, or its figures, have changed."""
    with reading(_asked.engine) as conn:
        company = company_of(_asked, conn)
        return locating.clause(conn, _asked.settings, company, scope_of(company, _asked, of), _tile)
