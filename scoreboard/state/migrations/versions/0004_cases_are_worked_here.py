"""Cases are worked here: owners, pauses, promised updates, what is due next; who hears of it; stages and promise rules."""

from __future__ import annotations

from alembic import op
from sqlalchemy import JSON, Column, DateTime, Integer, PrimaryKeyConstraint, String, Text, UniqueConstraint, text

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_NEW = (
    Column("promised", Text), Column("change", Text), Column("assigned_at", DateTime), Column("owner_accepted_at", DateTime),
    Column("pauses", JSON), Column("promises", JSON), Column("rule", String(64)), Column("cause_key", String(300)),
    Column("proposal", Text), Column("escalated_to", String(20)), Column("closed_at", DateTime), Column("due_at", DateTime),
    Column("watched_until", DateTime), Column("attention_at", DateTime),
)
_OPEN = text("closed_at IS NULL")
_BY_RULE = text("closed_at IS NULL AND rule IS NOT NULL")


def upgrade() -> None:
    for column in _NEW:
        op.add_column("cases", Column(column.name, column.type))
    op.execute("UPDATE cases SET closed_at = CASE WHEN resolved_at > told_at THEN resolved_at ELSE told_at END "
               "WHERE resolved_at IS NOT NULL AND told_at IS NOT NULL")
    op.create_index("ix_cases_branch_cause_key", "cases", ["branch", "cause_key"], unique=True)
    op.create_index("ix_cases_open", "cases", ["branch", "due_at", "resolved_at", "opened_at"], sqlite_where=_OPEN, postgresql_where=_OPEN)
    op.create_index("ix_cases_attention", "cases", ["attention_at"], sqlite_where=_OPEN, postgresql_where=_OPEN)
    op.create_index("ix_cases_rule", "cases", ["rule"], sqlite_where=_BY_RULE, postgresql_where=_BY_RULE)
    op.add_column("root_causes", Column("standard", String(300)))
    op.create_table(
        "case_books",
        Column("branch", String(64), nullable=False),
        Column("last_no", Integer, nullable=False),
        Column("began_at", DateTime, nullable=False),
        PrimaryKeyConstraint("branch", name="pk_case_books"),
    )
    op.create_table(
        "case_marks",
        Column("branch", String(64), nullable=False),
        Column("opened_at", DateTime, nullable=False),
        PrimaryKeyConstraint("branch", "opened_at", name="pk_case_marks"),
    )
    op.create_table(
        "case_terms",
        Column("branch", String(64), nullable=False),
        Column("key", String(64), nullable=False),
        PrimaryKeyConstraint("branch", name="pk_case_terms"),
    )
    op.create_table(
        "case_types",
        Column("branch", String(64), nullable=False),
        Column("name", String(100), nullable=False),
        Column("handoff", String(40), nullable=False, server_default=""),
        Column("owner", String(200), nullable=False, server_default=""),
        Column("who", String(200), nullable=False),
        Column("changed_at", DateTime, nullable=False),
        PrimaryKeyConstraint("branch", "name", name="pk_case_types"),
    )
    op.create_table(
        "contacts",
        Column("id", Integer, nullable=False, autoincrement=True),
        Column("scope_kind", String(10), nullable=False),
        Column("scope", String(200), nullable=False),
        Column("role", String(20), nullable=False),
        Column("name", String(200), nullable=False),
        Column("address", Text, nullable=False, server_default=""),
        Column("who", String(200), nullable=False),
        Column("at", DateTime, nullable=False),
        Column("removed_at", DateTime),
        PrimaryKeyConstraint("id", name="pk_contacts"),
    )
    op.create_index("ix_contacts_scope_kind_scope", "contacts", ["scope_kind", "scope"])
    op.create_table(
        "messages",
        Column("id", Integer, nullable=False, autoincrement=True),
        Column("branch", String(64), nullable=False),
        Column("case_no", Text, nullable=False),
        Column("step", String(40), nullable=False),
        Column("due_at", DateTime, nullable=False),
        Column("role", String(20), nullable=False),
        Column("name", String(200), nullable=False),
        Column("channel", String(40), nullable=False),
        Column("text", Text, nullable=False),
        Column("made_at", DateTime, nullable=False),
        Column("not_before", DateTime, nullable=False),
        Column("sent_at", DateTime), Column("tries", Integer, nullable=False, server_default="0"),
        Column("trouble", Text, nullable=False, server_default=""),
        PrimaryKeyConstraint("id", name="pk_messages"),
        UniqueConstraint("branch", "case_no", "step", "due_at", "role", "name", name="uq_messages_branch_case_no_step_due_at_role_name"),
    )
    op.create_index("ix_messages_sent_at_not_before", "messages", ["sent_at", "not_before"])
    op.create_table(
        "playbook_steps",
        Column("id", Integer, nullable=False, autoincrement=True),
        Column("branch", String(64), nullable=False),
        Column("applies_to", String(20), nullable=False),
        Column("position", Integer, nullable=False),
        Column("tell", String(200), nullable=False),
        Column("within_minutes", Integer),
        Column("offer", String(300), nullable=False, server_default=""),
        Column("who", String(200), nullable=False),
        Column("at", DateTime, nullable=False),
        Column("removed_at", DateTime),
        PrimaryKeyConstraint("id", name="pk_playbook_steps"),
    )
    op.create_index("ix_playbook_steps_branch_applies_to", "playbook_steps", ["branch", "applies_to"])
    op.create_table(
        "stages",
        Column("branch", String(64), nullable=False),
        Column("stage", String(20), nullable=False),
        Column("owner", String(200), nullable=False, server_default=""),
        Column("done_means", String(300), nullable=False, server_default=""),
        Column("who", String(200), nullable=False),
        Column("changed_at", DateTime, nullable=False),
        PrimaryKeyConstraint("branch", "stage", name="pk_stages"),
    )
    op.create_table(
        "promise_rules",
        Column("id", Integer, nullable=False, autoincrement=True),
        Column("branch", String(64), nullable=False),
        Column("promise", String(300), nullable=False),
        Column("by", String(200), nullable=False),
        Column("exception_path", String(300), nullable=False, server_default=""),
        Column("who", String(200), nullable=False),
        Column("at", DateTime, nullable=False),
        Column("removed_at", DateTime),
        PrimaryKeyConstraint("id", name="pk_promise_rules"),
    )
    op.create_index("ix_promise_rules_branch", "promise_rules", ["branch"])


def downgrade() -> None:
    for table in ("promise_rules", "stages", "playbook_steps", "messages", "contacts", "case_types", "case_terms", "case_marks",
                  "case_books"):
        op.drop_table(table)
    op.drop_column("root_causes", "standard")
    for index in ("ix_cases_rule", "ix_cases_attention", "ix_cases_open", "ix_cases_branch_cause_key"):
        op.drop_index(index, table_name="cases")
    for column in reversed(_NEW):
        op.drop_column("cases", column.name)
