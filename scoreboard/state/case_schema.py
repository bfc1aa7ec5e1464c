"""The SQL tables of exceptions: cases with their log, who hears of what is due, the chain's stages, rules of promises.

Part of `schema`, which has every table under its name; conventions stand there.
"""

from __future__ import annotations

from sqlalchemy import JSON, Column, DateTime, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint, and_

from scoreboard.state.metadata import STATE, id_column

# ---- cases (service exceptions) ----------------------------------------------------------------------
cases = Table(  # one row per case: the log below, folded; rebuilt from it by `doctor`
    "cases", STATE, id_column(),
    Column("branch", String(64), nullable=False),
    Column("case_no", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("opened_at", DateTime, nullable=False),
    *(Column(name, DateTime) for name in (
        "accepted_at", "customer_called_at", "first_told_at", "resolved_at", "told_at", "escalated_at",
        "reopened_at")),
    *(Column(name, Text) for name in (
        "customer", "order_no", "part_no", "handoff", "priority", "owner", "root_cause", "route", "provider",
        "service_type")),
    Column("promised", Text),                                                # what the customer was promised
    Column("change", Text),                                                  # what changes so that it does not repeat
    Column("assigned_at", DateTime),                                         # since when it is its owner's
    Column("owner_accepted_at", DateTime),                                   # null: this owner has not accepted it yet
    Column("pauses", JSON(none_as_null=True)),                               # spans, as `cases.lifecycle` says
    Column("promises", JSON(none_as_null=True)),                             # updates promised to the customer, as there
    Column("rule", String(64)),                                              # the rule that opened it, if one did
    Column("cause_key", String(300)),                                        # what a rule opened it for; never opened twice
    Column("proposal", Text),                                                # why the facts say that it is over
    Column("escalated_to", String(20)),                                      # how far up the ladder it went
    Column("closed_at", DateTime),                                           # resolved and told, the later of both
    Column("due_at", DateTime),                                              # when its standard is used up, under today's terms
    Column("watched_until", DateTime),                                       # what was due by then has been said to whom it concerns
    Column("attention_at", DateTime),                                        # when something must be said next
    UniqueConstraint("branch", "case_no"), Index(None, "branch", "opened_at"),
)
_OPEN = cases.c.closed_at.is_(None)  # few of many: found without reading the closed ones
Index("ix_cases_open", cases.c.branch, cases.c.due_at, cases.c.resolved_at, cases.c.opened_at, sqlite_where=_OPEN, postgresql_where=_OPEN)
Index("ix_cases_attention", cases.c.attention_at, sqlite_where=_OPEN, postgresql_where=_OPEN)
_CAUSED = cases.c.cause_key.is_not(None)
Index("ix_cases_branch_cause_key", cases.c.branch, cases.c.cause_key, unique=True, sqlite_where=_CAUSED, postgresql_where=_CAUSED)
_BY_RULE = and_(_OPEN, cases.c.rule.is_not(None))
Index("ix_cases_rule", cases.c.rule, sqlite_where=_BY_RULE, postgresql_where=_BY_RULE)
case_events = Table(  # append-only; an event whose load was undone is ignored
    "case_events", STATE, id_column(),
    Column("branch", String(64), nullable=False),
    Column("case_no", Text, nullable=False),
    Column("at", DateTime, nullable=False),                                  # when it happened
    Column("recorded_at", DateTime, nullable=False),
    Column("who", String(200), nullable=False),
    Column("what", String(40), nullable=False),                              # "imported", "opened", "told", …
    Column("old", JSON), Column("new", JSON, nullable=False),
    Column("load_file_id", ForeignKey("load_files.id")),
    Index(None, "branch", "case_no"), Index(None, "load_file_id"),
)
case_books = Table(  # branches that keep their exceptions here: numbers go up from one
    "case_books", STATE,
    Column("branch", String(64), primary_key=True),
    Column("last_no", Integer, nullable=False),
    Column("began_at", DateTime, nullable=False),
)
case_marks = Table(  # openings of cases that changed since their week's figures were rolled up
    "case_marks", STATE,
    Column("branch", String(64), primary_key=True),
    Column("opened_at", DateTime, primary_key=True),
)
case_terms = Table(  # the terms (standards, hours) that `due_at` and `attention_at` of a branch's open cases were worked out under
    "case_terms", STATE,
    Column("branch", String(64), primary_key=True),
    Column("key", String(64), nullable=False),
)
case_types = Table(  # types of exception a branch has added, and who owns the known ones there
    "case_types", STATE,
    Column("branch", String(64), primary_key=True),                          # empty: every branch
    Column("name", String(100), primary_key=True),
    Column("handoff", String(40), nullable=False, server_default=""),
    Column("owner", String(200), nullable=False, server_default=""),         # who gets it when it is raised
    Column("who", String(200), nullable=False),
    Column("changed_at", DateTime, nullable=False),
)
contacts = Table(  # who can own exceptions and who hears of them: the ladder owner, leader, territory
    "contacts", STATE, id_column(),
    Column("scope_kind", String(10), nullable=False),                        # company, territory, branch
    Column("scope", String(200), nullable=False),                            # empty for the company
    Column("role", String(20), nullable=False),                              # owner, leader, territory
    Column("name", String(200), nullable=False),
    Column("address", Text, nullable=False, server_default=""),              # where messages go (Apprise); may hold a secret
    Column("who", String(200), nullable=False),
    Column("at", DateTime, nullable=False),
    Column("removed_at", DateTime),
    Index(None, "scope_kind", "scope"),
)
messages = Table(  # what was said to whom when something was due; a row before it is sent, so that nothing is sent twice
    "messages", STATE, id_column(),
    Column("branch", String(64), nullable=False),
    Column("case_no", Text, nullable=False),
    Column("step", String(40), nullable=False),                              # one of `cases.watch` STEPS
    Column("due_at", DateTime, nullable=False),                              # when the step was reached
    Column("role", String(20), nullable=False),
    Column("name", String(200), nullable=False),
    Column("channel", String(40), nullable=False),                           # mailto, msteams, slack …; empty: nobody to reach
    Column("text", Text, nullable=False),
    Column("made_at", DateTime, nullable=False),
    Column("not_before", DateTime, nullable=False),                          # after quiet hours
    Column("sent_at", DateTime), Column("tries", Integer, nullable=False, server_default="0"),
    Column("trouble", Text, nullable=False, server_default=""),
    UniqueConstraint("branch", "case_no", "step", "due_at", "role", "name"), Index(None, "sent_at", "not_before"),
)
playbook_steps = Table(  # critical orders and backorders: who is told, in which order, by when, what may be offered
    "playbook_steps", STATE, id_column(),
    Column("branch", String(64), nullable=False),                            # empty: every branch
    Column("applies_to", String(20), nullable=False),                        # mission-critical, backorder
    Column("position", Integer, nullable=False),
    Column("tell", String(200), nullable=False),
    Column("within_minutes", Integer),                                       # working minutes after it was opened
    Column("offer", String(300), nullable=False, server_default=""),
    Column("who", String(200), nullable=False),
    Column("at", DateTime, nullable=False),
    Column("removed_at", DateTime),
    Index(None, "branch", "applies_to"),
)

# ---- handoffs and promises ---------------------------------------------------------------------------
stages = Table(  # a stage of the chain at a branch: who owns it, and what "done" means there
    "stages", STATE,
    Column("branch", String(64), primary_key=True),
    Column("stage", String(20), primary_key=True),                           # quote, pick, stage, load, deliver, close
    Column("owner", String(200), nullable=False, server_default=""),
    Column("done_means", String(300), nullable=False, server_default=""),
    Column("who", String(200), nullable=False),
    Column("changed_at", DateTime, nullable=False),
)
promise_rules = Table(  # what may be promised, by whom, and what happens when it cannot be kept
    "promise_rules", STATE, id_column(),
    Column("branch", String(64), nullable=False),                            # empty: every branch
    Column("promise", String(300), nullable=False),
    Column("by", String(200), nullable=False),
    Column("exception_path", String(300), nullable=False, server_default=""),
    Column("who", String(200), nullable=False),
    Column("at", DateTime, nullable=False),
    Column("removed_at", DateTime),
    Index(None, "branch"),
)
