"""Event notes as people write them: what is ready to be noted in one tap, and what the page does with them."""

from __future__ import annotations

from datetime import date

from scoreboard.state import notes
from scoreboard.state.database import writing
from scoreboard.state.viewers import MAY_CHANGE
from scoreboard.views.asking import Asked

READY = ("New route", "People ill", "Stock count", "Supplier late", "Weather", "New system")  # noted in one tap


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
