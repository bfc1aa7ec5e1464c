"""The Load page: what a file would change is shown before it is kept, nothing goes in twice, everything can be taken back."""

from __future__ import annotations

import io
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import filelock
import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

from scoreboard import settings as settings_module
from scoreboard.errors import Refused
from scoreboard.imports import history
from scoreboard.state.database import open_database, reading
from scoreboard.state.schema import load_files
from scoreboard.state.viewers import EVERYONE, Viewer
from scoreboard.views.asking import Asked
from scoreboard.views.jobs import GivenUp, Job, Tell
from scoreboard.views.load import bringing, desk
from scoreboard.views.load.bringing import Brought, Outcome
from tests.command_line import Store
from tests.views.conftest import NOW, Open
from tests.views.reading import BANNED, tables
from tests.views.reading import words as words_of

PAGE = "pages/data/load.py"
HEAD = "branch,order_no,line_no,ordered_at,qty_ordered,first_promised_for,qty_delivered,delivered_at\n"
CLEAN = HEAD + """\
EAST,E1,1,2026-10-26 09:00,2,2026-10-28,2,2026-10-28
EAST,E2,1,2026-10-27 09:00,1,2026-10-29,1,2026-10-30
"""
MIXED = CLEAN + """\
EAST,E3,1,yesterday,2,2026-10-28,2,2026-10-28
EAST,E4,1,2026-10-27 09:00,two,2026-10-29,1,2026-10-30
"""
LATER = HEAD + "EAST,E3,1,2026-11-02 09:00,4,2026-11-04,4,2026-11-04\n"
ELSEWHERE = LATER.replace("EAST,E3", "WEST,W3")
HOSTILE = "../../<b>bold</b> [x](http:~~e.example) ![i](y) :smile: www.e.com\u202e\x07.csv"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store with the branch EAST and nothing loaded."""
    found = Store(tmp_path / "data", NOW)
    found.json("branches", "add", "EAST", "--name", "East Side")
    return found


@pytest.fixture
def full(store: Store, tmp_path: Path) -> Store:
    """EAST with two orders: load 1."""
    store.json("load", written(tmp_path, "clean.csv", CLEAN))
    return store


def written(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text)
    return folder / name


def dropped(page: AppTest, *files: tuple[str, str | bytes], **said: Any) -> AppTest:
    """The page after files were dropped; `said` sets what stands under "If the file needs help"."""
    page.file_uploader[0].set_value([(name, text.encode() if isinstance(text, str) else text, "text/csv") for name, text in files])
    for label, value in said.items():
        {"branch": page.selectbox, "source": page.selectbox}.get(label, page.toggle)(f"{label}_{_zone(page)}").set_value(value)
    return page.run()


def _zone(page: AppTest) -> str:
    return str(page.session_state["desk"].zone)


def kept(page: AppTest) -> AppTest:
    return page.button("keep").click().run()


def said(page: AppTest) -> str:
    """The page as a person reads it: without the marks that keep text from becoming markdown."""
    return words_of(page).replace("\\", "").replace("\u2060", "")


def taken_back(page: AppTest, load_id: int) -> AppTest:
    page.button(f"take_back_{load_id}").click().run()
    return page.button("take_back_yes").click().run()


def loads(store: Store) -> list[tuple[int, bool]]:
    return [(one["load_id"], one["undone"] is None) for one in store.json("loads")["loads"]]


# ---- before anything is kept -----------------------------------------------------------------------------
def test_an_empty_store_says_what_to_bring(opened: Open, tmp_path: Path) -> None:
    page = opened(tmp_path, PAGE)
    assert not page.exception and page.title[0].value == "Load"
    assert "Nothing was loaded yet. Orders, quotes, credits or returns" in said(page)
    assert "branch, order_no, line_no, ordered_at, qty_ordered" in said(page)
    assert BANNED.findall(said(page)) == []


def test_a_clean_file_is_shown_with_its_effect_and_nothing_is_kept(opened: Open, store: Store) -> None:
    page = dropped(opened(store.data, PAGE), ("friday.csv", CLEAN))
    assert "2 rows are new. 1 figure on the board would move, in week 44 of 2026. No row comes back." in said(page)
    assert list(tables(page)[1].iloc[0]) == ["friday.csv", "Order lines", "26 to 27 October 2026", 2, 2, 0, 0, 0, 0]
    assert list(tables(page)[-1].iloc[0]) == ["2026, week 44", "East Side", "On time, in full", "no value", "50.0 %"]
    assert page.button("keep").label == "Load these rows" and loads(store) == []
    assert BANNED.findall(said(page)) == []


def test_the_first_file_of_all_brings_its_branches(opened: Open, tmp_path: Path) -> None:
    page = dropped(opened(tmp_path, PAGE), ("friday.csv", CLEAN))
    assert "1 new branch would be added: EAST." in said(page)
    assert "Load 1 is in" in said(kept(page)) and "1 new branch was added: EAST." in said(page)


def test_problems_are_shown_by_kind_with_row_column_value_and_what_to_do(opened: Open, store: Store) -> None:
    page = dropped(opened(store.data, PAGE), ("friday.csv", MIXED))
    assert "2 rows come back to you, each with its reason, to correct and load again." in said(page)
    date = next(table for table in tables(page) if "yesterday" in table.to_string())
    assert list(date.iloc[0]) == [4, "ordered_at", "yesterday"]
    assert '"yesterday" in "ordered_at" is not a date the column is written in. Write it like 2026-11-03.' in said(page)
    assert [e.label for e in page.expander][2:] == ["1 × The text is not a date, or not written like the rest of the column",
                                                    "1 × The text is not a number, or its marks do not fit the rest of the column"]


def test_a_file_of_a_branch_nobody_knows_waits_for_a_word(opened: Open, full: Store) -> None:
    page = dropped(opened(full.data, PAGE), ("west.csv", ELSEWHERE))
    assert "1 branch is not known: WEST." in said(page) and "No row can go in." in said(page)
    with pytest.raises(KeyError):
        page.button("keep")
    page.button("add_branches_now").click().run()
    assert "1 new branch would be added: WEST." in said(page)
    assert "Load 2 is in" in said(kept(page))
    assert [b["code"] for b in full.json("branches", "list")["branches"]] == ["EAST", "WEST"]


def test_a_file_without_a_branch_column_is_told_its_branch(opened: Open, store: Store) -> None:
    lines = "\n".join(line.partition(",")[2] for line in CLEAN.splitlines())
    page = dropped(opened(store.data, PAGE), ("friday.csv", lines))
    assert 'no column for branch (or name it under "If the file needs help")' in said(page)
    page.selectbox("branch_0").set_value("EAST").run()
    assert "2 rows are new." in said(page) and not page.error


def test_all_rows_or_none_keeps_a_file_with_a_slip_out(opened: Open, store: Store) -> None:
    page = dropped(opened(store.data, PAGE), ("friday.csv", MIXED), whole=True)
    assert "Nothing was loaded: every row was to go in and some cannot." in said(page) and "--" not in said(page)
    with pytest.raises(KeyError):
        page.button("keep")
    page.toggle("whole_0").set_value(False).run()
    assert page.button("keep")


@pytest.mark.parametrize(("name", "content", "sentence"), [
    ("friday.csv", b"", "friday.csv is empty."), ("friday.csv", b"%PDF-1.7 ...", "friday.csv is a PDF"),
    ("friday.xlsx", b"PK\x03\x04 broken off", "friday.xlsx"), ("friday.csv", b"a,b\n1,2\n", "is none of the known sources")])
def test_a_file_that_cannot_be_taken_is_answered_with_a_sentence(opened: Open, store: Store, name: str, content: bytes,
                                                                 sentence: str) -> None:
    page = dropped(opened(store.data, PAGE), (name, content))
    assert sentence in page.error[0].value.replace("\\", "") and "--" not in said(page)
    with pytest.raises(KeyError):
        page.button("keep")


def test_one_file_that_cannot_be_taken_is_named_and_the_others_are_shown(opened: Open, store: Store) -> None:
    page = dropped(opened(store.data, PAGE), ("friday.csv", b"a,b\n1,2\n"), ("later.csv", LATER), ("empty.csv", b""))
    assert [e.value.replace("\\", "").split(" is ")[0] for e in page.error] == ["friday.csv", "empty.csv"]
    assert "friday.csv and empty.csv are left out here. Take them out of the list above" in said(page)
    assert list(page.dataframe[1].value["File"]) == ["later.csv"]
    with pytest.raises(KeyError):
        page.button("keep")


def test_a_folder_that_cannot_be_written_is_a_sentence_and_the_history_is_shown(opened: Open, full: Store) -> None:
    (full.data / "store.lock").unlink(missing_ok=True)
    (full.data / "store.lock").mkdir()
    page = dropped(opened(full.data, PAGE), ("friday.csv", LATER))
    assert "The data folder cannot be written" in page.error[0].value and "clean.csv" in said(page)


def test_a_map_says_what_the_columns_are_called(opened: Open, store: Store) -> None:
    page = opened(store.data, PAGE)
    page.file_uploader("map_0").set_value(("friday.toml", b'[columns]\n"Due" = "first_promised_for"\n', "text/plain"))
    dropped(page, ("friday.csv", CLEAN.replace("first_promised_for", "Due")))
    assert "1 figure on the board would move" in said(page)
    page.file_uploader("map_0").set_value(("bad.toml", b"\xff\xfe not a map", "text/plain")).run()
    assert "The map bad.toml is not TOML" in said(page)


def test_what_is_dropped_is_not_left_behind(opened: Open, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    aside = tmp_path / "aside"
    aside.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(aside))
    page = dropped(opened(store.data, PAGE), ("friday.csv", MIXED), ("nonsense.csv", "a,b\n1,2\n"))
    assert page.error and list(aside.iterdir()) == []
    kept(dropped(page, ("friday.csv", MIXED)))
    assert loads(store) == [(1, True)] and list(aside.iterdir()) == []


# ---- kept ------------------------------------------------------------------------------------------------
def test_rows_that_come_back_are_there_to_download_after_the_load(opened: Open, store: Store) -> None:
    page = kept(dropped(opened(store.data, PAGE), ("friday.csv", MIXED)))
    assert "Load 1 is in" in [h.value for h in page.header]
    assert "2 rows are new. 1 figure on the board moved, in week 44 of 2026. 2 rows come back" in said(page)
    assert [b.label for b in page.get("download_button") if "rows" in b.label] == ["2 rows to correct"] * 2  # report, history
    sheet = openpyxl.load_workbook(io.BytesIO(_rejected(store, 1, None))).active
    assert [row[-2] for row in sheet.values] == ["Row", "4", "5"]
    assert not page.file_uploader[0].value


def _rejected(store: Store, file_id: int, viewer: Viewer | None) -> bytes:
    settings = settings_module.read(str(store.data), NOW)
    with reading(open_database(settings.database_url)) as conn:
        everyone = Viewer("", "administrator", "administrator", None)
        return history.rejected_rows(conn, settings, viewer or everyone, file_id).read_bytes()


def test_rejected_rows_are_for_who_brought_them_and_for_who_sees_every_branch(store: Store, tmp_path: Path) -> None:
    store.json("load", written(tmp_path, "friday.csv", MIXED), code=1)
    for email, gets in (("administrator", True), ("lee@example.com", False)):
        viewer = Viewer(email, "Lee", "branch leader", frozenset({"EAST"}))
        if gets:
            assert _rejected(store, 1, viewer)
        else:
            with pytest.raises(Refused, match="There are no rejected rows"):
                _rejected(store, 1, viewer)


def test_the_same_bytes_are_said_to_be_in_already(opened: Open, full: Store) -> None:
    page = dropped(opened(full.data, PAGE), ("clean.csv", CLEAN))
    assert "Everything here was loaded before; nothing is left to do." in said(page)
    assert "already loaded on 2026-11-09 13:00 UTC by administrator (load 1)" in said(page)
    with pytest.raises(KeyError):
        page.button("keep")
    assert loads(full) == [(1, True)]


def test_a_second_click_finds_the_load_of_the_first(store: Store) -> None:
    asked, brought = _asks(store), Brought((File("friday.csv", CLEAN.encode()),))
    mine = desk.Desk((asked.settings.database_url, ""))
    with filelock.FileLock(store.data / "store.lock"):    # so the first one is still on its way
        mine.keep(asked, brought)
        first = mine.kept
        mine.keep(asked, brought)
        assert mine.kept is first and first is not None and first.running
    assert first.result().report.load_id == 1 and loads(store) == [(1, True)]


def test_a_reloaded_page_finds_its_load_on_the_way(opened: Open, store: Store) -> None:
    """The load ends only after the new page has looked at it."""
    asked, seen = _asks(store), threading.Event()

    class Watched(Job[Outcome]):
        def wait(self, seconds: float) -> bool:
            seen.set()
            return super().wait(seconds)

    def work(tell: Tell) -> Outcome:
        assert seen.wait(60)
        return bringing.load(asked, Brought((File("friday.csv", CLEAN.encode()),)), tell, dry_run=False)

    person = (asked.settings.database_url, "")
    desk._ON_THE_WAY[person] = Watched("Loading", work, done=lambda: desk._ON_THE_WAY.pop(person))
    page = opened(store.data, PAGE)
    assert "Load 1 is in" in said(page) and loads(store) == [(1, True)] and person not in desk._ON_THE_WAY


def test_a_look_nobody_waits_for_ends_at_its_next_step(store: Store) -> None:
    asked, brought = _asks(store), Brought((File("friday.csv", CLEAN.encode()),))
    mine = desk.Desk((asked.settings.database_url, ""))
    with filelock.FileLock(store.data / "store.lock"):
        mine.look_at(asked, brought)
        look = mine.look
        mine.look_at(asked, None)
    assert look is not None and mine.look is None
    with pytest.raises(GivenUp):
        look.result()


@dataclass(frozen=True)
class File:
    """A file as the drop zone hands it on."""

    name: str
    content: bytes
    file_id: str = "1"

    def getbuffer(self) -> memoryview:
        return memoryview(self.content)


def _asks(store: Store) -> Asked:
    settings = settings_module.read(str(store.data), NOW)
    return Asked(settings, open_database(settings.database_url), EVERYONE, ("", 0, 0))


def test_several_files_are_one_load(opened: Open, store: Store) -> None:
    page = kept(dropped(opened(store.data, PAGE), ("friday.csv", CLEAN), ("friday.csv", LATER)))
    assert loads(store) == [(1, True)] and "3 rows are new." in said(page)
    assert list(tables(page)[1]["File"]) == ["friday.csv", "friday.csv"]


def test_a_hostile_file_name_is_only_a_name(opened: Open, store: Store) -> None:
    page = kept(dropped(opened(store.data, PAGE), (HOSTILE, MIXED.replace("EAST,E1", "EAST,<b>E1"))))
    name = "b> [x](http:~~e.example) ![i](y) :smile: www.e.com__.csv"
    assert name in said(page) and loads(store) == [(1, True)]
    with reading(open_database(settings_module.read(str(store.data), NOW).database_url)) as conn:
        assert conn.scalar(load_files.select().with_only_columns(load_files.c.name)) == name
    shown = [m.value for m in page.markdown if "e.example" in m.value]
    assert shown and all("\\[x\\]\\(" in text and "\\!\\[" in text and ":smile" not in text and "www." not in text for text in shown)
    assert not [p for p in store.data.parent.rglob("*") if "bold" in p.name or "smile" in p.name]


def test_the_sample_leaves_with_the_first_file_and_that_is_said(opened: Open, sample_folder: Path, tmp_path: Path) -> None:
    store = Store(sample_folder, NOW).copied_to(tmp_path / "data")
    page = dropped(opened(store.data, PAGE), ("friday.csv", CLEAN))
    assert "The sample company leaves." in said(page)
    kept(page)
    assert "The sample company has left." in said(page)
    assert [b["code"] for b in store.json("branches", "list")["branches"]] == ["EAST"] and loads(store) == [(2, True), (1, False)]


# ---- who may ---------------------------------------------------------------------------------------------
def test_who_may_not_load_reads_a_sentence_and_the_history(opened: Open, full: Store) -> None:
    full.json("people", "add", "ada@example.com", "--name", "Ada", "--role", "administrator")
    full.seen_by("ada@example.com").json("people", "add", "vi@example.com", "--name", "Vi", "--role", "viewer", "--branch", "EAST")
    page = opened(full.data, PAGE, **{"as": "vi@example.com"})
    assert "Your role (viewer) may not change this: load. Ask: administrator or territory manager or branch leader." in said(page)
    assert not page.file_uploader and not page.button and "Load 1" in said(page) and "clean.csv" in said(page)


def test_a_leader_loads_for_their_branch_only_and_adds_none(opened: Open, full: Store) -> None:
    full.json("people", "add", "ada@example.com", "--name", "Ada", "--role", "administrator")
    full.seen_by("ada@example.com").json("people", "add", "lee@example.com", "--name", "Lee", "--role", "branch leader", "--branch", "EAST")
    page = dropped(opened(full.data, PAGE, **{"as": "lee@example.com"}), ("both.csv", LATER + ELSEWHERE.partition("\n")[2]))
    assert [t.label for t in page.toggle] == ["Only if every row can go in"]
    assert "1 row is new." in said(page) and '"WEST" is not a branch you may load for' in said(page)
    kept(page)
    assert "· Lee" in said(page) and loads(full.seen_by("ada@example.com")) == [(2, True), (1, True)]


# ---- taken back ------------------------------------------------------------------------------------------
def test_a_load_is_taken_back_and_stays_in_the_list(opened: Open, full: Store) -> None:
    page = opened(full.data, PAGE)
    page.button("take_back_1").click().run()
    assert any("The figures become what they would be if it had never been loaded" in m.value for m in page.markdown)
    page.button("take_back_yes").click().run()
    assert "Load 1 was taken back: 1 weekly figure on the board changed, in 1 week." in said(page)
    assert "Taken back Mon 9 Nov 2026, 13:00 by administrator." in said(page) and loads(full) == [(1, False)]
    with pytest.raises(KeyError):
        page.button("take_back_1")


def test_taking_back_what_somebody_else_took_back_is_a_sentence(opened: Open, full: Store) -> None:
    page = opened(full.data, PAGE)
    page.button("take_back_1").click().run()
    full.json("undo", 1)
    page.button("take_back_yes").click().run()
    assert "Load 1 was undone already, at 2026-11-09 13:00 UTC by administrator." in said(page) and not page.exception


def test_a_preview_is_looked_at_again_after_a_load_was_taken_back(opened: Open, full: Store) -> None:
    page = dropped(opened(full.data, PAGE), ("clean.csv", CLEAN))
    assert "Everything here was loaded before" in said(page)
    taken_back(page, 1)
    assert "2 rows are new." in said(page) and page.button("keep")


def test_the_sample_is_taken_away_whole(opened: Open, sample_folder: Path, tmp_path: Path) -> None:
    store = Store(sample_folder, NOW).copied_to(tmp_path / "data")
    page = taken_back(opened(store.data, PAGE), 1)
    assert "The sample company was taken away." in said(page)
    assert store.json("branches", "list")["branches"] == [] and store.json("targets", "list")["targets"] == []
    assert loads(store) == [(1, False)]
