"""Event notes of a branch: its own and those its sister branches share, as the chart and the page need them.

The convention: a sister's note begins with the name of its branch and has no author; only own notes can be taken off.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy import Connection

from scoreboard.metrics.company import Company
from scoreboard.metrics.scopes import Scope
from scoreboard.state import notes
from scoreboard.state.database import writing
from scoreboard.state.notes import Note
from scoreboard.state.viewers import MAY_CHANGE
from scoreboard.views.asking import Asked

READY = ("New route", "People ill", "Stock count", "Supplier late", "Weather", "New system")  # noted in one tap


def noted(conn: Connection, company: Company, asked: Asked, scope: Scope) -> tuple[Note, ...]:
    """The notes on the charts of a branch, in the order of their weeks; none for a territory or the company."""
    if scope.kind != "branch":
        return ()
    own = notes.of_branch(conn, asked.viewer, scope.name)
    sisters = [replace(n, text=f"{company.branches[n.branch].name}: {n.text}") for n in notes.of_sisters(conn, asked.viewer, scope.name)]
    return tuple(sorted([*own, *sisters], key=lambda n: n.week))


def may_note(asked: Asked) -> bool:
    """Whether the viewer's role writes notes."""
    return "notes" in MAY_CHANGE[asked.viewer.role]


def add(asked: Asked, of: str, week: date, text: str, shared: bool) -> None:
    """Keeps a note. Raises as `notes.add` says."""
    with writing(asked.engine) as conn:
        notes.add(conn, asked.viewer, branch=of, week=week, text=text, now=asked.settings.now, shared=shared)


def remove(asked: Asked, note_id: int) -> None:
    """Takes a note off. Raises as `notes.remove` says."""
    with writing(asked.engine) as conn:
        notes.remove(conn, asked.viewer, note_id, asked.settings.now)
