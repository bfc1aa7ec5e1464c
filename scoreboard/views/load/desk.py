"""What one person at one screen is busy with on the Load page: files looked at, a load, a load taken back.

The convention: it is changed by setting its fields, never by putting it back into the session, because Streamlit may end
a run of the page at any access to the session and a load that has begun must not be forgotten.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

from scoreboard.errors import ScoreboardError
from scoreboard.views.asking import Asked
from scoreboard.views.jobs import Job
from scoreboard.views.load import bringing
from scoreboard.views.load.bringing import Brought, Outcome

Person = tuple[str, str]
# Loads on their way, by person: a reloaded page finds its own again.
_ON_THE_WAY: dict[Person, Job[Outcome]] = {}


@dataclass
class Desk:
    """`zone` numbers the drop zone (a new number empties it); `kept` is a load on its way or the last one that ended;
    `wanted_back` is the load somebody said yes to take back, `told` what became of it."""

    person: Person
    zone: int = 0
    looked_at: tuple[object, ...] | None = None
    look: Job[Outcome] | None = None
    kept: Job[Outcome] | None = None
    failed: ScoreboardError | None = None
    wanted_back: dict[str, Any] | None = None
    taking_back: Job[str] | None = None
    told: str = ""

    @property
    def loading(self) -> bool:
        return self.kept is not None and self.kept.running

    def look_at(self, asked: Asked, brought: Brought | None) -> None:
        """Begins to look at what was dropped, unless it is looked at already."""
        wanted = brought.identity if brought else None
        if wanted == self.looked_at:
            return
        if self.look:
            self.look.give_up()
        self.looked_at, self.failed = wanted, None
        self.look = Job("Putting the files aside", lambda tell: bringing.load(asked, brought, tell, dry_run=True)) if brought else None

    def keep(self, asked: Asked, brought: Brought) -> None:
        """Begins to load what was dropped; a second click finds the first one's load."""
        if self.loading:
            return
        self.failed, self.told = None, ""
        self.kept = Job("Putting the files aside", lambda tell: bringing.load(asked, brought, tell, dry_run=False),
                        done=lambda: _ON_THE_WAY.pop(self.person, None))
        if self.kept.running:
            _ON_THE_WAY[self.person] = self.kept

    def clear(self) -> None:
        """Empties the drop zone."""
        self.zone += 1
        self.look_again()

    def look_again(self) -> None:
        """What was looked at is no longer true."""
        self.looked_at = self.look = None


def of(asked: Asked) -> Desk:
    """The desk of who asks. Another person at the same screen gets one of their own."""
    person = (asked.settings.database_url, asked.viewer.email)
    found: Desk | None = st.session_state.get("desk")
    if found is None or found.person != person:
        theirs = _ON_THE_WAY.get(person)
        found = st.session_state["desk"] = Desk(person, kept=theirs if theirs and theirs.running else None)
    return found
