"""The first tables. Frozen: a later change of the schema is a migration of its own."""

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
    UniqueConstraint,
)

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "branches",
        Column("code", String(64), nullable=False),
        Column("name", String(200), nullable=False),
        Column("time_zone", String(64), nullable=False, server_default="UTC"),
        Column("country", String(64), nullable=False, server_default=""),
        Column("open_days", String(7), nullable=False, server_default="12345"),
        Column("opens", String(5), nullable=False, server_default="08:00"),
        Column("closes", String(5), nullable=False, server_default="17:00"),
        Column("sample", Boolean, nullable=False),
        Column("changed_at", DateTime, nullable=False),
        PrimaryKeyConstraint("code", name="pk_branches"),
    )
    op.create_table(
        "memberships",
        Column("id", Integer, nullable=False),
        Column("branch", String(64), nullable=False),
        Column("territory", String(200), nullable=False),
        Column("from_on", Date, nullable=False),
        PrimaryKeyConstraint("id", name="pk_memberships"),
        ForeignKeyConstraint(["branch"], ["branches.code"], name="fk_memberships_branch", ondelete="CASCADE"),
        UniqueConstraint("branch", "from_on", name="uq_memberships_branch_from_on"),
    )
    op.create_table(
        "options",
        Column("key", String(64), nullable=False),
        Column("value", JSON, nullable=False),
        Column("changed_at", DateTime, nullable=False),
        PrimaryKeyConstraint("key", name="pk_options"),
    )
    op.create_table(
        "targets",
        Column("id", Integer, nullable=False),
        Column("scope_kind", String(10), nullable=False),
        Column("scope", String(200), nullable=False),
        Column("metric", String(64), nullable=False),
        Column("target", Double),
        Column("floor", Double),
        Column("from_on", Date, nullable=False),
        Column("reason", Text, nullable=False),
        Column("who", String(200), nullable=False),
        Column("set_at", DateTime, nullable=False),
        PrimaryKeyConstraint("id", name="pk_targets"),
    )
    op.create_index(
        "ix_targets_metric_scope_kind_scope_from_on", "targets", ["metric", "scope_kind", "scope", "from_on"])
    op.create_table(
        "people",
        Column("email", String(200), nullable=False),
        Column("name", String(200), nullable=False),
        Column("added_at", DateTime, nullable=False),
        PrimaryKeyConstraint("email", name="pk_people"),
    )
    op.create_table(
        "roles",
        Column("id", Integer, nullable=False),
        Column("email", String(200), nullable=False),
        Column("role", String(40), nullable=False),
        Column("branches", JSON, nullable=False),
        Column("territories", JSON, nullable=False),
        Column("from_on", Date, nullable=False),
        PrimaryKeyConstraint("id", name="pk_roles"),
        ForeignKeyConstraint(["email"], ["people.email"], name="fk_roles_email", ondelete="CASCADE"),
        UniqueConstraint("email", "from_on", name="uq_roles_email_from_on"),
    )
    op.create_table(
        "change_log",
        Column("id", Integer, nullable=False),
        Column("at", DateTime, nullable=False),
        Column("who", String(200), nullable=False),
        Column("what", String(64), nullable=False),
        Column("subject", String(300), nullable=False),
        Column("old", JSON),
        Column("new", JSON),
        Column("why", Text, nullable=False, server_default=""),
        PrimaryKeyConstraint("id", name="pk_change_log"),
    )
    op.create_index("ix_change_log_what_subject", "change_log", ["what", "subject"])
    op.create_table(
        "versions",
        Column("number", Integer, autoincrement=False, nullable=False),
        Column("at", DateTime, nullable=False),
        Column("what", String(64), nullable=False),
        Column("who", String(200), nullable=False),
        PrimaryKeyConstraint("number", name="pk_versions"),
    )
    op.create_index("ix_versions_at", "versions", ["at"])
    op.create_table(
        "loads",
        Column("id", Integer, nullable=False),
        Column("at", DateTime, nullable=False),
        Column("who", String(200), nullable=False),
        Column("sample", Boolean, nullable=False),
        Column("version", Integer, nullable=False),
        Column("undone_version", Integer),
        Column("undone_at", DateTime),
        Column("undone_by", String(200)),
        PrimaryKeyConstraint("id", name="pk_loads"),
    )
    op.create_table(
        "load_files",
        Column("id", Integer, nullable=False),
        Column("load_id", Integer, nullable=False),
        Column("source", String(40), nullable=False),
        Column("name", String(500), nullable=False),
        Column("sha256", String(64), nullable=False),
        Column("settings", JSON, nullable=False),
        Column("original", String(500), nullable=False),
        Column("rows_path", String(500)),
        Column("columns", Text, nullable=False),
        Column("keyless", Boolean, nullable=False),
        Column("through", DateTime),
        Column("read", Integer, nullable=False),
        Column("new", Integer, nullable=False),
        Column("changed", Integer, nullable=False),
        Column("same", Integer, nullable=False),
        Column("rejected", Integer, nullable=False),
        Column("waiting", Integer, nullable=False),
        Column("problems_path", String(500)),
        PrimaryKeyConstraint("id", name="pk_load_files"),
        ForeignKeyConstraint(["load_id"], ["loads.id"], name="fk_load_files_load_id"),
    )
    op.create_index("ix_load_files_load_id", "load_files", ["load_id"])
    op.create_index("ix_load_files_sha256", "load_files", ["sha256"])
    op.create_table(
        "load_branches",
        Column("id", Integer, nullable=False),
        Column("load_file_id", Integer, nullable=False),
        Column("branch", String(64), nullable=False),
        Column("first_on", Date),
        Column("last_on", Date),
        Column("through", DateTime),
        Column("rows", Integer, nullable=False),
        PrimaryKeyConstraint("id", name="pk_load_branches"),
        ForeignKeyConstraint(["load_file_id"], ["load_files.id"], name="fk_load_branches_load_file_id"),
    )
    op.create_index("ix_load_branches_branch", "load_branches", ["branch"])
    op.create_index("ix_load_branches_load_file_id", "load_branches", ["load_file_id"])
    op.create_table(
        "fact_files",
        Column("id", Integer, nullable=False),
        Column("source", String(40), nullable=False),
        Column("week", Date),
        Column("path", String(500), nullable=False),
        Column("rows", Integer, nullable=False),
        Column("ranges", JSON, nullable=False),
        Column("columns", Text, nullable=False),
        Column("from_version", Integer, nullable=False),
        Column("to_version", Integer),
        Column("replaced_at", DateTime),
        PrimaryKeyConstraint("id", name="pk_fact_files"),
    )
    op.create_index("ix_fact_files_to_version_source", "fact_files", ["to_version", "source"])
    op.create_table(
        "weekly_results",
        Column("scope_kind", String(10), nullable=False),
        Column("scope", String(200), nullable=False),
        Column("week", Date, nullable=False),
        Column("metric", String(64), nullable=False),
        Column("from_version", Integer, nullable=False),
        Column("to_version", Integer),
        Column("part", Double),
        Column("whole", Double),
        Column("n", Integer, nullable=False),
        Column("undecided", Integer, nullable=False),
        Column("open", Integer, nullable=False),
        Column("p50", Double),
        Column("p90", Double),
        Column("at_least", Boolean, nullable=False),
        Column("p90_at_least", Boolean, nullable=False),
        Column("reporting", Integer, nullable=False),
        Column("expected", Integer, nullable=False),
        Column("definition", String(16), nullable=False),
        PrimaryKeyConstraint("scope_kind", "scope", "week", "metric", "from_version", name="pk_weekly_results"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_weekly_results_changes", "weekly_results", ["to_version", "metric", "week"])
    op.create_index("ix_weekly_results_current", "weekly_results", ["scope_kind", "scope", "to_version", "week"])
    op.create_table(
        "cases",
        Column("id", Integer, nullable=False),
        Column("branch", String(64), nullable=False),
        Column("case_no", Text, nullable=False),
        Column("type", Text, nullable=False),
        Column("opened_at", DateTime, nullable=False),
        Column("accepted_at", DateTime),
        Column("customer_called_at", DateTime),
        Column("first_told_at", DateTime),
        Column("resolved_at", DateTime),
        Column("told_at", DateTime),
        Column("escalated_at", DateTime),
        Column("reopened_at", DateTime),
        Column("customer", Text),
        Column("order_no", Text),
        Column("part_no", Text),
        Column("handoff", Text),
        Column("priority", Text),
        Column("owner", Text),
        Column("root_cause", Text),
        Column("route", Text),
        Column("provider", Text),
        Column("service_type", Text),
        PrimaryKeyConstraint("id", name="pk_cases"),
        UniqueConstraint("branch", "case_no", name="uq_cases_branch_case_no"),
    )
    op.create_index("ix_cases_branch_opened_at", "cases", ["branch", "opened_at"])
    op.create_table(
        "case_events",
        Column("id", Integer, nullable=False),
        Column("branch", String(64), nullable=False),
        Column("case_no", Text, nullable=False),
        Column("at", DateTime, nullable=False),
        Column("recorded_at", DateTime, nullable=False),
        Column("who", String(200), nullable=False),
        Column("what", String(40), nullable=False),
        Column("old", JSON),
        Column("new", JSON, nullable=False),
        Column("load_file_id", Integer),
        PrimaryKeyConstraint("id", name="pk_case_events"),
        ForeignKeyConstraint(["load_file_id"], ["load_files.id"], name="fk_case_events_load_file_id"),
    )
    op.create_index("ix_case_events_branch_case_no", "case_events", ["branch", "case_no"])
    op.create_index("ix_case_events_load_file_id", "case_events", ["load_file_id"])


def downgrade() -> None:
    for table in (
        "load_branches", "case_events", "roles", "memberships", "load_files", "weekly_results", "versions",
        "targets", "people", "options", "loads", "fact_files", "change_log", "cases", "branches",
    ):
        op.drop_table(table)
