"""The SQL database: opening it, reading and writing. Transactions open here and nowhere else.

`writing` begins by taking the one write lock, so a value read inside it ("the last version") is still
true when it commits; `reading` sees one state of the database however long it lasts.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from scoreboard.errors import Refused, StoreDamaged
from scoreboard.state.failures import in_sentences

REVISION = "0005"  # the newest migration, known here so that an up-to-date database opens without Alembic
WAIT_SECONDS = 30
_BESIDE = 64 * 1024  # bytes; SQLite needs half of it for the index of its log
_WRITE_LOCK = 7_305_811_265  # any number; PostgreSQL keeps advisory locks per database
_DRIVERS = {"sqlite": "sqlite", "postgres": "postgresql+psycopg", "postgresql": "postgresql+psycopg"}


def open_database(url: str) -> Engine:
    """An engine on the database at `url`, created and migrated as needed; safe when two processes start at once.

    `sqlite:///PATH`, `postgresql://…` or `postgres://…`. A SQLite file in a folder that cannot be written
    or on a full disk is opened for reading. Raises Refused for any other URL, StoreDamaged when the database cannot be opened.
    """
    parsed = _parse(url)
    engine = _sqlite(parsed) if parsed.drivername == "sqlite" else _postgresql(parsed)
    event.listen(engine, "begin", _begin)
    try:
        with reading(engine) as conn:
            revision = _revision(conn)
        if revision != REVISION:
            _migrate(engine)
    except BaseException:
        engine.dispose()
        raise
    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection that sees one state of the database until it is closed."""
    options = {} if engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
    with in_sentences(engine.url), engine.connect().execution_options(**options) as conn:
        yield conn


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A connection that holds the write lock; commits at the end, rolls back when anything is raised."""
    with in_sentences(engine.url), engine.connect().execution_options(writing=True) as conn, conn.begin():
        yield conn


def _begin(conn: Connection) -> None:
    """After a plain BEGIN, two SQLite writers that have both read cannot both go on: one fails at once."""
    write = conn.get_execution_options().get("writing", False)
    if conn.dialect.name == "sqlite":
        conn.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
    elif write:
        conn.exec_driver_sql(f"SET LOCAL lock_timeout = '{WAIT_SECONDS}s'")
        conn.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITE_LOCK})")


# ---- opening -----------------------------------------------------------------------------------------
def _parse(url: str) -> URL:
    remedy = "Write sqlite:///PATH or postgresql://USER@HOST/DATABASE."
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise Refused("The database URL cannot be understood.", remedy) from None
    driver = _DRIVERS.get(parsed.get_backend_name())
    if not driver or (driver == "sqlite" and parsed.database in (None, "", ":memory:")):
        raise Refused(f'"{parsed.render_as_string()}" is not a database the scoreboard can use.', remedy)
    return parsed.set(drivername=driver)


def _sqlite(url: URL) -> Engine:
    path = Path(url.database or "").absolute()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreDamaged(f"The data folder {path.parent} cannot be made ({error.strerror}).",
                           "Choose another with --data, or make its parent writable.") from None
    if path.exists() and not path.with_name(f"{path.name}-wal").exists() and not _writable(path.parent):
        # SQLite writes beside the file even to read it, unless told that nobody can be changing it.
        url = url.set(database=f"file:{path}").update_query_dict({"immutable": "1", "uri": "true"})
    engine = create_engine(url, connect_args={"timeout": WAIT_SECONDS}, json_serializer=_json)
    event.listen(engine, "connect", _sqlite_connected)
    return engine


def _writable(folder: Path) -> bool:
    """Whether what SQLite needs beside the file can be written there."""
    return shutil.disk_usage(folder).free > _BESIDE and os.access(folder, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def _sqlite_connected(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # `_begin` says how a transaction begins, not the driver
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = NORMAL")


def _postgresql(url: URL) -> Engine:
    return create_engine(url, connect_args={"connect_timeout": 10}, json_serializer=_json)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, default=_plain)


def _plain(value: object) -> object:
    if isinstance(value, date):  # a datetime is one too
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} does not belong in a JSON column")


# ---- migrating ---------------------------------------------------------------------------------------
def _revision(conn: Connection) -> str | None:
    if not inspect(conn).has_table("alembic_version"):
        return None
    revision: str | None = conn.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return revision


def _migrate(engine: Engine) -> None:
    if engine.dialect.name == "sqlite" and "immutable" not in engine.url.query:
        _write_ahead(engine)
    with writing(engine) as conn:
        if _revision(conn) != REVISION:
            upgrade(conn)


def _write_ahead(engine: Engine) -> None:
    """Readers and a writer at once (the mode stays with the file). The switch needs the file to itself and
    does not wait for it, hence a lock of our own."""
    from filelock import FileLock, Timeout

    try:
        with FileLock(f"{engine.url.database}.lock", timeout=WAIT_SECONDS), in_sentences(engine.url):
            connection = engine.raw_connection()
            connection.cursor().execute("PRAGMA journal_mode = WAL")
            connection.close()
    except (Timeout, OSError) as error:
        raise StoreDamaged(f"The database {engine.url.database} cannot be prepared ({error}).",
                           "Make its folder writable and try again.") from None


def upgrade(conn: Connection) -> None:
    """Bring the schema to the newest revision inside the caller's transaction."""
    from alembic import command
    from alembic.util import CommandError

    try:
        command.upgrade(alembic_config(conn), "head")
    except CommandError as error:
        raise Refused(f"The database was written by a newer version of the scoreboard ({error}).",
                      "Install that version, or put back the copy made before it.") from None


def alembic_config(conn: Connection) -> Any:
    """Alembic's configuration for our migrations, run on `conn`."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = conn
    return config
