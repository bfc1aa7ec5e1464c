"""What was said when something was due: to whom by rung and name, when, and what stood in the way. Never an address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, select

from scoreboard.cases.sending import OVER
from scoreboard.cases.telling import NEVER
from scoreboard.state.schema import messages
from scoreboard.state.viewers import Viewer


@dataclass(frozen=True)
class Message:
    """A message as it stands; `about` is its first line. Instants in UTC."""

    branch: str
    case_no: str
    step: str
    due_at: datetime
    role: str
    name: str
    channel: str
    about: str
    made_at: datetime
    not_before: datetime | None
    sent_at: datetime | None
    tries: int
    trouble: str

    @property
    def outcome(self) -> str:
        """"sent", "waits", "tries again", "not needed" (it was over), "nobody to tell" or "failed"."""
        if self.sent_at:
            return "sent"
        if self.not_before:
            return "tries again" if self.tries else "waits"
        if self.trouble == OVER:
            return "not needed"
        return "failed" if self.tries else "nobody to tell"


def listing(conn: Connection, viewer: Viewer, branch: str | None = None, case_no: str | None = None, limit: int = 50) -> list[Message]:
    """The latest messages of a branch, or of all the viewer sees, newest first. NotAllowed for another's branch."""
    m = messages.c
    statement = select(messages).order_by(m.id.desc()).limit(limit)
    if branch is not None:
        viewer.require_branch(branch)
        statement = statement.where(m.branch == branch)
    elif viewer.branches is not None:
        statement = statement.where(m.branch.in_(viewer.branches))
    if case_no is not None:
        statement = statement.where(m.case_no == case_no)
    return [_message(row) for row in conn.execute(statement).mappings()]


def _message(row: RowMapping) -> Message:
    kept = {name: row[name] for name in Message.__dataclass_fields__ if name != "about"}
    moment = None if row["not_before"] >= NEVER else row["not_before"]
    return Message(**{**kept, "not_before": moment, "about": row["text"].partition("\n")[0]})
