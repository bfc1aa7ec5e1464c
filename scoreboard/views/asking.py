"""Who is asking, of which data, at which moment: worked out once per run of the script, then passed along.

Locally a person picks their name once; it stays in the address. Without any people everyone is the administrator.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import streamlit as st
from sqlalchemy import Connection, Engine, func, select

from scoreboard import settings as settings_module
from scoreboard.errors import NotAllowed
from scoreboard.settings import Settings
from scoreboard.state import people
from scoreboard.state.database import open_database, reading
from scoreboard.state.schema import case_events, change_log, versions
from scoreboard.state.viewers import EVERYONE, Viewer

_KEPT = "asked"


@dataclass(frozen=True)
class Asked:
    """One run of a page: `stamp` changes whenever anything that is kept changes, and is part of every cache key; `entries`, the last
    one of the log of exceptions, with every edit of one."""

    settings: Settings
    engine: Engine
    viewer: Viewer
    stamp: tuple[str, int, int]
    entries: int = 0

    @property
    def data_key(self) -> tuple[object, ...]:
        """What rows depend on that time alone cannot change: the data, and what the viewer may see."""
        seen = None if self.viewer.branches is None else tuple(sorted(self.viewer.branches))
        return (*self.stamp, self.viewer.email, seen)

    @property
    def cache_key(self) -> tuple[object, ...]:
        """What a figure depends on beside its question: the data, what the viewer may see, and the minute."""
        return (*self.data_key, self.entries, self.settings.now.strftime("%Y-%m-%dT%H:%M"))

    def refusal(self, what: str) -> str:
        """Why the viewer may not change `what`, one of the words in MAY_CHANGE; empty when they may."""
        try:
            self.viewer.require_change(what)
        except NotAllowed as error:
            return str(error)
        return ""


def ask(email: str | None) -> Asked:
    """Who asks now. Raises NotAllowed when nobody of that name is known, or when a name is needed."""
    return _ask(lambda conn, now: people.viewer_for(conn, email or os.environ.get("SCOREBOARD_AS"), now))


def ask_of_all() -> Asked:
    """What the server asks for itself, of everything there is: to be kept for those who may see it."""
    return _ask(lambda conn, now: EVERYONE)


def _ask(who: Callable[[Connection, datetime], Viewer]) -> Asked:
    settings = settings_module.read()
    engine = _engine(settings.database_url)
    with reading(engine) as conn:
        viewer = who(conn, settings.now)
        latest = conn.execute(select(select(func.max(versions.c.number)).scalar_subquery(),
                                     select(func.max(change_log.c.id)).scalar_subquery(),
                                     select(func.max(case_events.c.id)).scalar_subquery())).one()
    return Asked(settings, engine, viewer, (settings.database_url, latest[0] or 0, latest[1] or 0), latest[2] or 0)


@st.cache_resource(show_spinner=False)
def _engine(url: str) -> Engine:
    return open_database(url)


def keep(asked: Asked) -> None:
    """Puts it where the page of this run finds it."""
    st.session_state[_KEPT] = asked


def asked() -> Asked:
    """Who asks in this run; `app.py` has worked it out before any page runs."""
    found: Asked = st.session_state[_KEPT]
    return found


def names() -> list[tuple[str, str]]:
    """Email and name of everyone who may pick themselves; empty while nobody is known."""
    settings = settings_module.read()
    with reading(_engine(settings.database_url)) as conn:
        return people.names(conn, settings.now)
