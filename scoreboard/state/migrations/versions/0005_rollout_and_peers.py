"""The first 90 days of a branch, what people say of their items, and branches of a kind; a smaller index of what rules opened."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Date, DateTime, ForeignKeyConstraint, Integer, PrimaryKeyConstraint, String, UniqueConstraint, text

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None
_CAUSED = text("cause_key IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "peer_groups",
        Column("id", Integer, nullable=False, autoincrement=True),
        Column("branch", String(64), nullable=False),
        Column("peer_group", String(100), nullable=False),
        Column("from_on", Date, nullable=False),
        PrimaryKeyConstraint("id", name="pk_peer_groups"),
        ForeignKeyConstraint(["branch"], ["branches.code"], name="fk_peer_groups_branch", ondelete="CASCADE"),
        UniqueConstraint("branch", "from_on", name="uq_peer_groups_branch_from_on"),
    )
    op.create_table(
        "rollouts",
        Column("branch", String(64), nullable=False),
        Column("start_on", Date, nullable=False),
        Column("who", String(200), nullable=False),
        Column("changed_at", DateTime, nullable=False),
        PrimaryKeyConstraint("branch", name="pk_rollouts"),
        ForeignKeyConstraint(["branch"], ["branches.code"], name="fk_rollouts_branch", ondelete="CASCADE"),
    )
    op.create_table(
        "rollout_entries",
        Column("id", Integer, nullable=False, autoincrement=True),
        Column("branch", String(64), nullable=False),
        Column("item", String(64), nullable=False),
        Column("kind", String(10), nullable=False),
        Column("text", String(300), nullable=False),
        Column("done_by", String(200)), Column("done_on", Date),
        Column("link", String(500)),
        Column("who", String(200), nullable=False),
        Column("at", DateTime, nullable=False),
        Column("removed_at", DateTime),
        PrimaryKeyConstraint("id", name="pk_rollout_entries"),
    )
    op.create_index("ix_rollout_entries_branch_item", "rollout_entries", ["branch", "item"])
    op.drop_index("ix_cases_branch_cause_key", "cases")
    op.create_index("ix_cases_branch_cause_key", "cases", ["branch", "cause_key"], unique=True,
                    sqlite_where=_CAUSED, postgresql_where=_CAUSED)


def downgrade() -> None:
    op.drop_index("ix_cases_branch_cause_key", "cases")
    op.create_index("ix_cases_branch_cause_key", "cases", ["branch", "cause_key"], unique=True)
    op.drop_table("rollout_entries")
    op.drop_table("rollouts")
    op.drop_table("peer_groups")
