"""Migrating makes what schema.py says, and undoes it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text

from scoreboard.errors import Refused
from scoreboard.state.database import REVISION, alembic_config, open_database, reading, writing
from scoreboard.state.schema import STATE


def shape(conn: Connection) -> dict[str, Any]:
    """Everything the database itself tells of its tables."""
    seen = inspect(conn)
    return {table: {
        "columns": [(c["name"], str(c["type"]), c["nullable"], c["default"]) for c in seen.get_columns(table)],
        "key": seen.get_pk_constraint(table),
        "foreign": sorted(seen.get_foreign_keys(table), key=str),
        "unique": sorted(seen.get_unique_constraints(table), key=str),
        "indexes": sorted(str({**index, "dialect_options": {name: str(said) for name, said in index.get("dialect_options", {}).items()}})
                          for index in seen.get_indexes(table)),
    } for table in seen.get_table_names() if table != "alembic_version"}


def test_a_migrated_database_is_what_the_schema_says(database: Engine) -> None:
    with reading(database) as conn:
        assert compare_metadata(MigrationContext.configure(conn), STATE) == []


def test_downgrading_leaves_nothing_and_the_schema_made_afresh_has_the_same_shape(database: Engine) -> None:
    with writing(database) as conn:
        migrated = shape(conn)
        command.downgrade(alembic_config(conn), "base")
        assert shape(conn) == {}
        STATE.create_all(conn)
        assert shape(conn) == migrated


def test_the_newest_migration_is_the_one_the_program_expects(database: Engine) -> None:
    with reading(database) as conn:
        assert ScriptDirectory.from_config(alembic_config(conn)).get_heads() == [REVISION]


def test_a_database_written_by_a_newer_version_is_refused(database: Engine, database_url: str) -> None:
    with writing(database) as conn:
        conn.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Refused, match="newer version"):
        open_database(database_url)


def test_a_database_that_is_up_to_date_opens_without_alembic_or_pandas(database: Engine, database_url: str) -> None:
    script = ("import sys; from scoreboard.state import (branches, changes, options, people, targets)\n"
              "from scoreboard.state.database import open_database; open_database(sys.argv[1])\n"
              "sys.exit(str({'alembic', 'pandas', 'duckdb', 'holidays', 'pyarrow'} & set(sys.modules)))")
    done = subprocess.run([sys.executable, "-c", script, database_url], capture_output=True, text=True,
                          cwd=Path(__file__).parents[2], check=False)
    assert done.stderr.strip() == "set()"
