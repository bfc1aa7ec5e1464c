"""Event notes: what happened in a week of a branch, for whoever reads its charts later."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Date, DateTime, Integer, PrimaryKeyConstraint, String

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notes",
        Column("id", Integer, nullable=False, autoincrement=True),
        Column("branch", String(64), nullable=False),
        Column("week", Date, nullable=False),
        Column("text", String(300), nullable=False),
        Column("who", String(200), nullable=False),
        Column("at", DateTime, nullable=False),
        Column("removed_at", DateTime),
        PrimaryKeyConstraint("id", name="pk_notes"),
    )
    op.create_index("ix_notes_branch_week", "notes", ["branch", "week"])


def downgrade() -> None:
    op.drop_table("notes")
