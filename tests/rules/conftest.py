"""A shop on SQLite and on PostgreSQL, and one on SQLite alone for what does not touch the database's kind."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from scoreboard.state.database import open_database
from tests.rules.shop import Shop, opened_shop


@pytest.fixture
def shop(database: Engine, database_url: str, tmp_path: Path) -> Shop:
    return opened_shop(tmp_path / "shop", database, database_url)


@pytest.fixture
def plain_shop(migrated_file: Path, tmp_path: Path) -> Iterator[Shop]:
    url = f"sqlite:///{shutil.copyfile(migrated_file, tmp_path / 'scoreboard.sqlite')}"
    engine = open_database(url)
    yield opened_shop(tmp_path / "shop", engine, url)
    engine.dispose()
