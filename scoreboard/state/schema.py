"""Every SQL table, once (those of exceptions are declared in `case_schema`). Instants (`…_at`) are UTC without an offset; `…_on` and
weeks are local dates.

`version` numbers are global and grow by one with every commit that changes a figure. A row of a
versioned table is visible at version v when `from_version <= v` and (`to_version` is null or `> v`).
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Double,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from scoreboard.state.case_schema import (  # noqa: F401 - here every table has its name
    case_books,
    case_events,
    case_marks,
    case_terms,
    case_types,
    cases,
    contacts,
    messages,
    playbook_steps,
    promise_rules,
    stages,
)
from scoreboard.state.metadata import STATE, id_column

# ---- the company -------------------------------------------------------------------------------------
branches = Table(
    "branches", STATE,
    Column("code", String(64), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("time_zone", String(64), nullable=False, server_default="UTC"),
    Column("country", String(64), nullable=False, server_default=""),        # "US" or "US-TX"; empty: no holidays
    Column("open_days", String(7), nullable=False, server_default="12345"),  # ISO weekdays, 1 is Monday
    Column("opens", String(5), nullable=False, server_default="08:00"),
    Column("closes", String(5), nullable=False, server_default="17:00"),
    Column("sample", Boolean, nullable=False, default=False),
    Column("changed_at", DateTime, nullable=False),
)
memberships = Table(  # a branch belongs to a territory from a week on, until its next membership begins
    "memberships", STATE, id_column(),
    Column("branch", ForeignKey("branches.code", ondelete="CASCADE"), nullable=False),
    Column("territory", String(200), nullable=False),
    Column("from_on", Date, nullable=False),
    UniqueConstraint("branch", "from_on"),
)
options = Table(  # company-wide settings that differ from their default
    "options", STATE,
    Column("key", String(64), primary_key=True),
    Column("value", JSON, nullable=False),
    Column("changed_at", DateTime, nullable=False),
)
targets = Table(
    "targets", STATE, id_column(),
    Column("scope_kind", String(10), nullable=False),                        # company, territory, branch
    Column("scope", String(200), nullable=False),                            # empty for the company
    Column("metric", String(64), nullable=False),
    Column("target", Double), Column("floor", Double),
    Column("from_on", Date, nullable=False),
    Column("reason", Text, nullable=False),
    Column("who", String(200), nullable=False),
    Column("set_at", DateTime, nullable=False),
    Column("until_on", Date),                                                # last day of an accepted miss; null: until the next
    Index(None, "metric", "scope_kind", "scope", "from_on"),
)
levels = Table(  # a new usual level, from a week on: what went before no longer judges what comes after
    "levels", STATE, id_column(),
    Column("scope_kind", String(10), nullable=False),                        # branch, territory, company
    Column("scope", String(200), nullable=False),                            # empty for the company
    Column("metric", String(64), nullable=False),
    Column("from_week", Date, nullable=False),
    Column("reason", Text, nullable=False),
    Column("who", String(200), nullable=False),
    Column("set_at", DateTime, nullable=False),
    Column("removed_at", DateTime),
    Index(None, "scope_kind", "scope", "metric"),
)
board_choices = Table(  # the metrics a branch has chosen for its board, in their order
    "board_choices", STATE,
    Column("branch", ForeignKey("branches.code", ondelete="CASCADE"), primary_key=True),
    Column("metrics", JSON, nullable=False),                                 # list of metric keys
    Column("who", String(200), nullable=False),
    Column("changed_at", DateTime, nullable=False),
)
peer_groups = Table(  # branches of a kind ("city", "counter only"), to look at side by side; from a week on, until the next begins
    "peer_groups", STATE, id_column(),
    Column("branch", ForeignKey("branches.code", ondelete="CASCADE"), nullable=False),
    Column("peer_group", String(100), nullable=False),                       # empty: in none from here on
    Column("from_on", Date, nullable=False),
    UniqueConstraint("branch", "from_on"),
)

# ---- rollout -----------------------------------------------------------------------------------------
rollouts = Table(  # the day a branch began its 90 days
    "rollouts", STATE,
    Column("branch", ForeignKey("branches.code", ondelete="CASCADE"), primary_key=True),
    Column("start_on", Date, nullable=False),
    Column("who", String(200), nullable=False),
    Column("changed_at", DateTime, nullable=False),
)
rollout_entries = Table(  # what people say of an item of the plan: evidence by hand, or that it is done or open after all
    "rollout_entries", STATE, id_column(),
    Column("branch", String(64), nullable=False),
    Column("item", String(64), nullable=False),                              # a key of ROLLOUT_PLAN
    Column("kind", String(10), nullable=False),                              # evidence, done, open
    Column("text", String(300), nullable=False),                             # what was done, or why it is said otherwise
    Column("done_by", String(200)), Column("done_on", Date),                 # of evidence: by whom, and when
    Column("link", String(500)),                                             # where it can be read
    Column("who", String(200), nullable=False),
    Column("at", DateTime, nullable=False),
    Column("removed_at", DateTime),
    Index(None, "branch", "item"),
)

# ---- people ------------------------------------------------------------------------------------------
notes = Table(  # what happened in a week of a branch, for whoever reads its charts
    "notes", STATE, id_column(),
    Column("branch", String(64), nullable=False),
    Column("week", Date, nullable=False),
    Column("text", String(300), nullable=False),
    Column("who", String(200), nullable=False),
    Column("at", DateTime, nullable=False),
    Column("removed_at", DateTime),
    Column("shared", Boolean, nullable=False, server_default=false()),       # shown to the branches of its territory as well
    Index(None, "branch", "week"),
)
root_causes = Table(  # why the same error comes back: what a branch found out about one group of misses
    "root_causes", STATE, id_column(),
    Column("branch", String(64), nullable=False),
    Column("grouped_by", String(64), nullable=False),                        # the column they have in common: part_no, customer, route …
    Column("subject", String(300), nullable=False),                          # what stands in it
    Column("cause", String(300), nullable=False),
    Column("who", String(200), nullable=False),
    Column("at", DateTime, nullable=False),
    Column("removed_at", DateTime),
    Column("standard", String(300)),                                         # the standard that answers it
    Index(None, "branch"),
)
people = Table(
    "people", STATE,
    Column("email", String(200), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("added_at", DateTime, nullable=False),
)
roles = Table(  # what a person may see and do, from a date on, until their next role begins
    "roles", STATE, id_column(),
    Column("email", ForeignKey("people.email", ondelete="CASCADE"), nullable=False),
    Column("role", String(40), nullable=False),
    Column("branches", JSON, nullable=False),                                # list of branch codes
    Column("territories", JSON, nullable=False),                             # list of territory names
    Column("from_on", Date, nullable=False),
    UniqueConstraint("email", "from_on"),
)
change_log = Table(  # append-only
    "change_log", STATE, id_column(),
    Column("at", DateTime, nullable=False),
    Column("who", String(200), nullable=False),
    Column("what", String(64), nullable=False),                              # "target set", "load", "undo", …
    Column("subject", String(300), nullable=False),
    Column("old", JSON), Column("new", JSON),
    Column("why", Text, nullable=False, server_default=""),
    Index(None, "what", "subject"),
)

# ---- loads and facts ---------------------------------------------------------------------------------
versions = Table(  # one row per commit that changes a figure
    "versions", STATE,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", DateTime, nullable=False),
    Column("what", String(64), nullable=False),
    Column("who", String(200), nullable=False),
    Index(None, "at"),
)
loads = Table(
    "loads", STATE, id_column(),
    Column("at", DateTime, nullable=False),
    Column("who", String(200), nullable=False),
    Column("sample", Boolean, nullable=False, default=False),
    Column("version", Integer, nullable=False),
    Column("undone_version", Integer),
    Column("undone_at", DateTime), Column("undone_by", String(200)),
)
load_files = Table(  # a file of a load; files are merged in the order of their id
    "load_files", STATE, id_column(),
    Column("load_id", ForeignKey("loads.id"), nullable=False),
    Column("source", String(40), nullable=False),
    Column("name", String(500), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("settings", JSON, nullable=False),                                # how it was read: map, branch, through
    Column("original", String(500), nullable=False),                         # kept copy, relative to the data folder
    Column("rows_path", String(500)),                                        # its checked rows (Parquet); null for cases
    Column("columns", Text, nullable=False),                                 # our columns the file has, by comma
    Column("keyless", Boolean, nullable=False, default=False),
    Column("through", DateTime),
    Column("read", Integer, nullable=False), Column("new", Integer, nullable=False),
    Column("changed", Integer, nullable=False), Column("same", Integer, nullable=False),
    Column("rejected", Integer, nullable=False), Column("waiting", Integer, nullable=False),
    Column("problems_path", String(500)),
    Index(None, "load_id"), Index(None, "sha256"),
)
load_branches = Table(  # what a file says about a branch: the span of its record dates, and how far it reaches
    "load_branches", STATE, id_column(),
    Column("load_file_id", ForeignKey("load_files.id"), nullable=False),
    Column("branch", String(64), nullable=False),
    Column("first_on", Date), Column("last_on", Date),                       # null: the file has no record dates
    Column("through", DateTime),
    Column("rows", Integer, nullable=False),
    Index(None, "load_file_id"), Index(None, "branch"),
)
fact_files = Table(  # the settled rows of one source filed in one week; week null: rows that wait for their record
    "fact_files", STATE, id_column(),
    Column("source", String(40), nullable=False),
    Column("week", Date),
    Column("path", String(500), nullable=False),
    Column("rows", Integer, nullable=False),
    Column("ranges", JSON, nullable=False),                                  # {date column: [min, max]}, ISO text
    Column("columns", Text, nullable=False),                                 # columns the file holds, by comma
    Column("from_version", Integer, nullable=False),
    Column("to_version", Integer), Column("replaced_at", DateTime),
    Index(None, "to_version", "source"),
)

# ---- results -----------------------------------------------------------------------------------------
weekly_results = Table(
    "weekly_results", STATE,
    Column("scope_kind", String(10), primary_key=True),                      # branch, territory, company
    Column("scope", String(200), primary_key=True),
    Column("week", Date, primary_key=True),
    Column("metric", String(64), primary_key=True),
    Column("from_version", Integer, primary_key=True),
    Column("to_version", Integer),
    Column("part", Double), Column("whole", Double),
    Column("n", Integer, nullable=False),                                    # rows that count
    Column("undecided", Integer, nullable=False),                            # rows that may still change the figure
    Column("open", Integer, nullable=False),                                 # rows without an end, past due included
    Column("p50", Double), Column("p90", Double),
    Column("at_least", Boolean, nullable=False),                             # p50 falls on an open row: "more than p50"
    Column("p90_at_least", Boolean, nullable=False),
    Column("reporting", Integer, nullable=False), Column("expected", Integer, nullable=False),
    Column("definition", String(16), nullable=False),                        # fingerprint of the definition used
    Index("ix_weekly_results_current", "scope_kind", "scope", "to_version", "week"),
    Index("ix_weekly_results_changes", "to_version", "metric", "week"),
    sqlite_with_rowid=False,
)

usual_ranges = Table(  # limits that no longer move, of a metric's first 52 judged weeks since a week; whoever finds no row computes them
    "usual_ranges", STATE,
    Column("scope_kind", String(10), primary_key=True),
    Column("scope", String(200), primary_key=True),
    Column("metric", String(64), primary_key=True),
    Column("since", Date, primary_key=True),                                 # the level's first week, or that of the first result
    Column("until", Date, nullable=False),                                   # the last week that was looked at
    Column("mean", Double), Column("lower", Double), Column("upper", Double),  # null: those weeks give no limits
    Column("constant", Boolean, nullable=False),
    Column("definition", String(16), nullable=False),                        # fingerprint of the definition used
)
