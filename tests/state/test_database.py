"""Opening, reading and writing: nothing is lost between writers, and failures are sentences."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, func, insert, select, text

from scoreboard.errors import Refused, StoreDamaged
from scoreboard.state import database as database_module
from scoreboard.state.database import open_database, reading, writing
from scoreboard.state.schema import options, versions
from tests.postgresql import Server

NOON = datetime(2026, 11, 9, 12)


def next_version(conn: Connection) -> None:
    last = conn.scalar(select(func.coalesce(func.max(versions.c.number), 0)))
    conn.execute(insert(versions).values(number=last + 1, at=NOON, what="load", who="administrator"))


def count_versions(conn: Connection) -> int:
    return conn.scalars(select(func.count()).select_from(versions)).one()


def test_of_200_transactions_in_8_threads_that_read_and_then_write_none_is_lost(database: Engine) -> None:
    def one(_: int) -> None:
        with writing(database) as conn:
            next_version(conn)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(one, range(200)))
    with reading(database) as conn:
        assert list(conn.scalars(select(versions.c.number).order_by(versions.c.number))) == list(range(1, 201))


def test_three_processes_that_create_the_database_at_once_and_then_write_lose_nothing(database_url: str) -> None:
    script = ("import sys; from scoreboard.state.database import *; from tests.state.test_database import *\n"
              "engine = open_database(sys.argv[1])\n"
              "for _ in range(10):\n    with writing(engine) as conn: next_version(conn)\n")
    started = [subprocess.Popen([sys.executable, "-c", script, database_url], cwd=Path(__file__).parents[2],
                                stderr=subprocess.PIPE) for _ in range(3)]
    said = [process.communicate(timeout=60)[1] for process in started]
    assert [process.returncode for process in started] == [0, 0, 0], b"\n".join(said).decode()
    engine = open_database(database_url)
    with reading(engine) as conn:
        assert count_versions(conn) == 30
    engine.dispose()


def test_a_reader_sees_one_state_while_others_write(database: Engine) -> None:
    with reading(database) as reader:
        assert count_versions(reader) == 0
        with writing(database) as conn:
            next_version(conn)
        assert count_versions(reader) == 0
    with reading(database) as reader:
        assert count_versions(reader) == 1


def test_nothing_stays_of_a_transaction_that_raised(database: Engine) -> None:
    with pytest.raises(ZeroDivisionError), writing(database) as conn:
        next_version(conn)
        _ = 1 / 0
    with reading(database) as conn:
        assert count_versions(conn) == 0


def test_a_writer_that_waits_too_long_is_told_so(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    open_database(database_url).dispose()
    monkeypatch.setattr(database_module, "WAIT_SECONDS", 0.05)
    engine = open_database(database_url)
    with writing(engine), pytest.raises(Refused, match=r"Somebody else is writing to .* Try again"), writing(engine):
        pass
    engine.dispose()


def test_a_database_that_may_only_be_read_says_so_when_written(database: Engine) -> None:
    read_only = {"sqlite": "PRAGMA query_only = ON", "postgresql": "SET TRANSACTION READ ONLY"}
    with pytest.raises(StoreDamaged, match=r"cannot be written .* nothing was changed"), writing(database) as conn:
        conn.execute(text(read_only[conn.dialect.name]))
        next_version(conn)


def test_what_the_program_gets_wrong_is_not_dressed_up(database: Engine) -> None:
    with pytest.raises(Exception, match="nonsense") as raised, writing(database) as conn:
        conn.execute(text("SELECT * FROM nonsense"))
    assert not isinstance(raised.value, (Refused, StoreDamaged))


def test_dates_and_their_absence_survive_in_json(database: Engine) -> None:
    value = {"from_on": NOON.date(), "at": NOON, "words": ["é", None], "half": 0.5}
    with writing(database) as conn:
        conn.execute(insert(options).values(key="x", value=value, changed_at=NOON))
        assert conn.scalar(select(options.c.value)) == {
            "from_on": "2026-11-09", "at": "2026-11-09T12:00:00", "words": ["é", None], "half": 0.5}


def test_a_full_disk_is_a_sentence_and_changes_nothing(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path}/scoreboard.sqlite")
    with pytest.raises(StoreDamaged, match="no room left"), writing(engine) as conn:
        conn.exec_driver_sql("PRAGMA max_page_count = 1")  # as small as the file is now
        conn.execute(insert(options).values(key="x", value="x" * 1_000_000, changed_at=NOON))
    with reading(engine) as conn:
        assert conn.execute(select(options)).all() == []
    engine.dispose()


def test_a_damaged_file_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "scoreboard.sqlite"
    path.write_bytes(b"this is no database, whatever its name says" * 100)
    with pytest.raises(StoreDamaged, match=r"scoreboard\.sqlite is damaged"):
        open_database(f"sqlite:///{path}")


def test_a_data_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    with pytest.raises(StoreDamaged, match="data cannot be made"):
        open_database(f"sqlite:///{tmp_path}/data/scoreboard.sqlite")


def test_a_read_only_folder_is_read_and_refuses_to_be_written() -> None:
    folder = Path(tempfile.mkdtemp())
    path = folder / "scoreboard.sqlite"
    engine = open_database(f"sqlite:///{path}")
    with writing(engine) as conn:
        next_version(conn)
    engine.dispose()
    folder.chmod(0o555)
    path.chmod(0o444)
    is_root = os.geteuid() == 0
    try:
        if is_root:
            os.seteuid(65534)  # root may write anywhere
        engine = open_database(f"sqlite:///{path}")
        with reading(engine) as conn:
            assert count_versions(conn) == 1
        with pytest.raises(StoreDamaged, match="cannot be written"), writing(engine) as conn:
            next_version(conn)
        engine.dispose()
    finally:
        if is_root:
            os.seteuid(0)
        folder.chmod(0o755)
        shutil.rmtree(folder)


def test_a_server_that_is_not_there_is_a_sentence_without_the_password(tmp_path: Path) -> None:
    with pytest.raises(StoreDamaged, match="cannot be opened") as raised:
        open_database(f"postgres://ann:secret@/scoreboard?host={tmp_path}")
    assert "secret" not in str(raised.value)


def test_postgres_urls_are_taken_in_both_spellings(postgresql: Server) -> None:
    engine = open_database(postgresql.new_database().replace("postgresql://", "postgres://"))
    assert engine.url.drivername == "postgresql+psycopg"
    engine.dispose()


@pytest.mark.parametrize("url", ["mysql://host/x", "sqlite://", "sqlite:///:memory:", "nonsense", ""])
def test_other_urls_are_refused(url: str) -> None:
    with pytest.raises(Refused, match="sqlite:///PATH or postgresql://"):
        open_database(url)
