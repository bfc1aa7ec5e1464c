"""A branch whose exceptions come due: EAST works 08:00 to 17:00 UTC on weekdays, a wrong part should take ten working hours.

Half of it is used up at 13:00 of a day that began with the opening, four fifths at 16:00, all at 09:00 the day after.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from scoreboard.cases import contacts, said
from scoreboard.cases.actions import Desk
from scoreboard.cases.desk import act, raise_case
from scoreboard.cases.lifecycle import CaseState
from scoreboard.cases.said import Message
from scoreboard.imports import rounds
from scoreboard.imports.rounds import Round
from scoreboard.metrics import company
from scoreboard.metrics.catalogue import BY_KEY
from scoreboard.settings import Settings
from scoreboard.state import branches, options
from scoreboard.state.database import reading, writing
from scoreboard.state.viewers import EVERYONE

MONDAY = datetime(2026, 11, 2, 8)
STANDARD = 600


def at(clock: str, day: int = 2) -> datetime:
    """An instant in November 2026; the second is a Monday."""
    return datetime.fromisoformat(f"2026-11-{day:02} {clock}")


@dataclass(frozen=True)
class Place:
    """The branch EAST in a database."""

    engine: Engine
    folder: Path
    url: str = ""

    def option(self, key: str, text: str) -> None:
        with writing(self.engine) as conn:
            options.set_option(conn, key, text, why="", who="", now=MONDAY, metrics=BY_KEY)

    def contact(self, role: str, name: str, address: str = "", scope: str = "EAST", kind: str = "branch") -> None:
        with writing(self.engine) as conn:
            contacts.add(conn, EVERYONE, scope_kind=kind, scope=scope, role=role, name=name, address=address, now=MONDAY)

    def raised(self, now: datetime = MONDAY, **given: Any) -> CaseState:
        with writing(self.engine) as conn:
            return raise_case(self._desk(conn, now), "EAST", {"type": "wrong part", "customer": "Acme", "order_no": "4711", **given})

    def done(self, case: CaseState, what: str, now: datetime, **given: Any) -> CaseState:
        with writing(self.engine) as conn:
            return act(self._desk(conn, now), "EAST", case.case_no, what, given)

    def round(self, now: datetime) -> Round:
        return rounds.once(Settings(self.folder, "", now, self.url), self.engine)

    def messages(self) -> list[Message]:
        with reading(self.engine) as conn:
            return said.listing(conn, EVERYONE)[::-1]

    def heard(self) -> list[tuple[str, str, str]]:
        """Step, rung and name of what was written, in order."""
        return [(m.step, m.role, m.name) for m in self.messages()]

    def _desk(self, conn: Any, now: datetime) -> Desk:
        return Desk(conn, EVERYONE, company.read(conn, now).terms, now)


def made(engine: Engine, folder: Path, url: str = "") -> Place:
    """The branch with its standard and nobody on its ladder but Lee, who can own exceptions."""
    with writing(engine) as conn:
        branches.add(conn, "EAST", territory="North", now=MONDAY, who="")
    place = Place(engine, folder, url)
    place.option("exception_standards.wrong part", str(STANDARD))
    place.contact("owner", "Lee")
    return place
