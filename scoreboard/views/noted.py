"""Event notes around a branch: its own and those its sister branches share.

The convention: a sister's note begins with the name of its branch and has no author; only own notes can be taken off.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from scoreboard.metrics.company import Company
from scoreboard.metrics.scopes import Scope
from scoreboard.state import notes
from scoreboard.state.notes import Note
from scoreboard.state.viewers import Viewer


def around(conn: Connection, company: Company, viewer: Viewer, scope: Scope) -> tuple[Note, ...]:
    """The notes on the charts of a branch, in the order of their weeks; none for a territory or the company."""
    if scope.kind != "branch":
        return ()
    own = notes.of_branch(conn, viewer, scope.name)
    sisters = [replace(n, text=f"{company.branches[n.branch].name}: {n.text}") for n in notes.of_sisters(conn, viewer, scope.name)]
    return tuple(sorted([*own, *sisters], key=lambda n: n.week))
