"""What judges a figure: kept usual ranges, new levels, accepted misses, a branch's own choice; shared notes; root causes."""

from __future__ import annotations

from alembic import op
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Double,
    ForeignKeyConstraint,
    Integer,
    PrimaryKeyConstraint,
    String,
    Text,
    false,
)

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "usual_ranges",
        Column("scope_kind", String(10), nullable=False),
        Column("scope", String(200), nullable=False),
        Column("metric", String(64), nullable=False),
        Column("since", Date, nullable=False),
        Column("until", Date, nullable=False),
        Column("mean", Double), Column("lower", Double), Column("upper", Double),
        Column("constant", Boolean, nullable=False),
        Column("definition", String(16), nullable=False),
        PrimaryKeyConstraint("scope_kind", "scope", "metric", "since", name="pk_usual_ranges"),
    )
    op.create_table(
        "levels",
        Column("id", Integer, nullable=False, autoincrement=True),
        Column("scope_kind", String(10), nullable=False),
        Column("scope", String(200), nullable=False),
        Column("metric", String(64), nullable=False),
        Column("from_week", Date, nullable=False),
        Column("reason", Text, nullable=False),
        Column("who", String(200), nullable=False),
        Column("set_at", DateTime, nullable=False),
        Column("removed_at", DateTime),
        PrimaryKeyConstraint("id", name="pk_levels"),
    )
    op.create_index("ix_levels_scope_kind_scope_metric", "levels", ["scope_kind", "scope", "metric"])
    op.create_table(
        "board_choices",
        Column("branch", String(64), nullable=False),
        Column("metrics", JSON, nullable=False),
        Column("who", String(200), nullable=False),
        Column("changed_at", DateTime, nullable=False),
        PrimaryKeyConstraint("branch", name="pk_board_choices"),
        ForeignKeyConstraint(["branch"], ["branches.code"], name="fk_board_choices_branch", ondelete="CASCADE"),
    )
    op.create_table(
        "root_causes",
        Column("id", Integer, nullable=False, autoincrement=True),
        Column("branch", String(64), nullable=False),
        Column("grouped_by", String(64), nullable=False),
        Column("subject", String(300), nullable=False),
        Column("cause", String(300), nullable=False),
        Column("who", String(200), nullable=False),
        Column("at", DateTime, nullable=False),
        Column("removed_at", DateTime),
        PrimaryKeyConstraint("id", name="pk_root_causes"),
    )
    op.create_index("ix_root_causes_branch", "root_causes", ["branch"])
    op.add_column("notes", Column("shared", Boolean, nullable=False, server_default=false()))
    op.add_column("targets", Column("until_on", Date))


def downgrade() -> None:
    op.drop_column("targets", "until_on")
    op.drop_column("notes", "shared")
    op.drop_table("root_causes")
    op.drop_table("board_choices")
    op.drop_table("levels")
    op.drop_table("usual_ranges")
