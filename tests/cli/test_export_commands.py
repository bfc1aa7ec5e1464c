"""Workbooks from the command line: written whole or not at all, refused in a sentence."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest

from scoreboard import settings as settings_module
from scoreboard.exports import branch_book
from scoreboard.exports.catalogue import EXPORTS
from scoreboard.exports.pages import A4, LETTER
from scoreboard.facts.files import latest_version
from scoreboard.metrics import company as companies
from scoreboard.state.database import open_database, reading
from scoreboard.state.viewers import EVERYONE
from tests.command_line import Store
from tests.faults import limited_command

PICTURE = Path(__file__).resolve().parents[2] / "docs/pictures/board-laptop-light.png"
NAMES = ["About", "Scoreboard", "Trends", "Triangle", "Exceptions", "Handoffs and repeats", "Rollout", "Coverage", "Definitions", "Data"]


def test_every_export_has_a_command_and_says_what_it_is_for(six_orders: Store) -> None:
    for one in EXPORTS:
        assert six_orders("export", one.name, "--help").code == 0
        assert one.purpose.endswith(".") and one.of in ("branch", "territory", "company") and one.title


def test_a_branch_and_a_territory_are_written(six_orders: Store, tmp_path: Path) -> None:
    told = six_orders.json("export", "branch", "east", "--out", tmp_path / "east.xlsx")
    assert told["bytes"] == (tmp_path / "east.xlsx").stat().st_size
    assert six_orders("export", "territory", "coast", "-o", tmp_path / "coast.xlsx").out == f"{tmp_path / 'coast.xlsx'} is written.\n"
    assert openpyxl.load_workbook(tmp_path / "east.xlsx").sheetnames == NAMES
    assert openpyxl.load_workbook(tmp_path / "coast.xlsx").sheetnames == [*NAMES[:2], "Figures", *NAMES[2:8], "Adding up", *NAMES[8:]]


def test_the_week_and_the_number_of_weeks_are_those_asked_for(six_orders: Store, tmp_path: Path) -> None:
    six_orders.json("export", "branch", "EAST", "-o", tmp_path / "east.xlsx", "--week", "2026-W44", "--weeks", "3")
    book = openpyxl.load_workbook(tmp_path / "east.xlsx")
    assert book["Scoreboard"]["A1"].value.endswith("Week 44")
    said = [cell.value for cell in book["About"]["B"]]
    assert "2026-W44, 26 October – 1 November 2026" in said and "3, from 2026-W42 to 2026-W44" in said


@pytest.mark.parametrize(("words", "said"), [
    (["branch", "EAST", "-o", "{}/none/east.xlsx"], "There is no folder"), (["branch", "EAST", "-o", "{}"], "does not end in .xlsx"),
    (["branch", "EAST", "-o", "{}/east.xls"], "does not end in .xlsx"),
    (["branch", "EASY", "-o", "{}/east.xlsx"], 'There is no branch "EASY".'),
    (["territory", "Cost", "-o", "{}/cost.xlsx"], 'There is no territory "Cost".'),
    (["branch", "EAST", "-o", "{}/east.xlsx", "--weeks", "0"], "1 to 260 weeks"),
    (["branch", "EAST", "-o", "{}/east.xlsx", "--week", "soon"], '"soon" is not a week.'),
    (["branch", "EAST", "-o", "{}/east.xlsx", "--logo", "{}/none.png"], "There is no file"),
    (["branch", "EAST", "-o", "{}/east.xlsx", "--logo", __file__], "is not a picture that can be read.")])
def test_what_cannot_be_written_is_refused_and_leaves_nothing(six_orders: Store, tmp_path: Path, words: list[str], said: str) -> None:
    told = six_orders.json("export", *(word.format(tmp_path) for word in words), code=2)
    assert said in told["error"] and told["remedy"]
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_stays_until_the_new_one_is_whole(six_orders: Store, tmp_path: Path) -> None:
    """On a disk that fills up while it is written."""
    store, place = six_orders.copied_to(tmp_path / "store"), tmp_path / "place"
    place.mkdir()
    out = place / "east.xlsx"
    out.write_text("the old one")
    engine = open_database(settings_module.read(str(store.data), store.now).database_url)
    with reading(engine) as conn:
        latest_version(conn)  # while somebody reads, what SQLite needs beside the file is there: the limit meets the workbook alone
        ended = subprocess.run([sys.executable, str(Path(limited_command.__file__)), "15000", "--data", str(store.data), "--now",
                                store.now, "export", "branch", "EAST", "-o", str(out)], capture_output=True, text=True, check=False)
    engine.dispose()
    assert ended.returncode == 2 and "cannot be written: File too large." in ended.stderr and "Traceback" not in ended.stderr
    assert out.read_text() == "the old one" and list(place.iterdir()) == [out]
    store.json("export", "branch", "EAST", "-o", out)
    assert zipfile.is_zipfile(out) and list(place.iterdir()) == [out]


def test_a_folder_that_may_not_be_written_is_said(six_orders: Store, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o555)
    ended = subprocess.run([sys.executable, str(Path(limited_command.__file__)), "permissions", "--data", str(six_orders.data), "--now",
                            six_orders.now, "export", "branch", "EAST", "-o", str(closed / "east.xlsx")],
                           capture_output=True, text=True, check=False)
    if ended.returncode == limited_command.CANNOT:
        pytest.skip("permissions cannot be obeyed here")
    assert ended.returncode == 2 and "cannot be written: Permission denied." in ended.stderr


def test_a_logo_stands_small_on_the_first_sheet_and_carries_nothing_else(six_orders: Store, tmp_path: Path) -> None:
    six_orders.json("export", "branch", "EAST", "-o", tmp_path / "east.xlsx", "--logo", PICTURE)
    with zipfile.ZipFile(tmp_path / "east.xlsx") as book:
        pictures = [name for name in book.namelist() if name.startswith("xl/media/")]
        assert len(pictures) == 1 and len(book.read(pictures[0])) < PICTURE.stat().st_size


def test_a_workbook_is_written_into_a_stream_as_well_and_computed_when_it_is_opened(six_orders: Store) -> None:
    settings = settings_module.read(str(six_orders.data), six_orders.now)
    engine, out = open_database(settings.database_url), io.BytesIO()
    with reading(engine) as conn:
        branch_book.write(conn, settings, EVERYONE, companies.read(conn, settings.now), "EAST", out=out)
    engine.dispose()
    book = openpyxl.load_workbook(out)
    assert book.calculation.fullCalcOnLoad
    assert {sheet.page_setup.paperSize for sheet in book} <= {A4, LETTER}
    assert {"data_part", "data_whole", "weeks_of_data", "score_speed"} <= set(book.defined_names)


def test_of_another_persons_branch_nothing_is_written(copy_of_six_orders: Store, tmp_path: Path) -> None:
    copy_of_six_orders.json("people", "add", "boss@example.com", "--name", "Boss", "--role", "administrator")
    store = copy_of_six_orders.seen_by("boss@example.com")
    store.json("people", "add", "east@example.com", "--name", "East", "--role", "branch leader", "--branch", "EAST")
    leader = store.seen_by("east@example.com")
    for words in (["branch", "WEST"], ["territory", "Coast"]):
        assert "your" in leader.json("export", *words, "-o", tmp_path / "x.xlsx", code=2)["error"]
    assert list(tmp_path.iterdir()) == [tmp_path / "data"]
    leader.json("export", "branch", "EAST", "-o", tmp_path / "x.xlsx")
