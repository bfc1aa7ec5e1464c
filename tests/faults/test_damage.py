"""A full disk, a folder that cannot be written, a damaged file: one sentence says what, where and what to do, the boards
are still served, and `doctor` rebuilds what can be rebuilt or names the file to load again."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults import limited_command
from tests.faults.fault_store import NOW, Company, boards, load, orphans, results, shown
from tests.faults.forked_commands import ROOT, Commands

DOCTOR, CHECK = ["doctor", "--json", "--now", NOW], ["doctor", "--check", "--json", "--now", NOW]
UNDO = ["undo", "1", "--json", "--now", NOW]
ROWS = ["rows", "--branch", "RIV", "--metric", "fill_rate", "--week", "2025-W41", "--json", "--now", NOW]
LATER = ["board", "--company", "--json", "--now", "2025-10-24T12:00"]  # open cases are computed as of then
OPTION = ["options", "set", "exception_standards.wrong part", "30", "--json", "--now", NOW]


def delete(path: Path) -> None:
    path.unlink()


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-200])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def flip_a_bit(path: Path) -> None:
    """In the middle of the data, where it still reads as Parquet."""
    found = bytearray(path.read_bytes())
    found[len(found) // 3] ^= 0x10
    path.write_bytes(found)


def fact_file(data: Path) -> Path:
    return sorted(data.glob("facts/order_lines/*/*/*.parquet"))[3]


def loaded_rows(data: Path) -> Path:
    return next(data.glob("loads/*/1/rows-*.parquet"))


def original(data: Path) -> Path:
    return next(data.glob("loads/*/1/original.csv"))


def is_sentence(code: int, said: str) -> str:
    """What a person read, when a command refused."""
    assert code == 2, said
    assert said.endswith(".\n") and said.count("\n") == 1, said
    assert not re.search(r"Traceback|not foreseen|Errno|\w(Error|Exception)\b|Error:|exception_", said), said
    return said


def refused(commands: Commands, data: Path, words: list[str]) -> str:
    ended = commands.run(data, words)
    return is_sentence(ended.codes[0], ended.said[0])


def examined(commands: Commands, data: Path, words: list[str], *, code: int) -> dict[str, Any]:
    ended = commands.run(data, words)
    assert ended.codes == [code], (ended.out, ended.said)
    found: dict[str, Any] = ended.json()
    assert found["healthy"] == (code == 0)
    return found


@pytest.fixture(scope="module")
def whole(commands: Commands, company: Company) -> tuple[dict[str, Any], list[tuple[Any, ...]]]:
    """What the undamaged store shows."""
    return shown(commands, company.store), results(company.store)


# ---- damaged files ------------------------------------------------------------------------------------
@pytest.mark.parametrize("damage", [delete, truncate, empty, flip_a_bit])
def test_a_damaged_fact_file_is_named_never_spread_and_rebuilt(
        commands: Commands, company: Company, whole: Any, damage: Callable[[Path], None]) -> None:
    data = company.copy()
    broken = fact_file(data)
    damage(broken)
    assert str(broken) in refused(commands, data, load(*company.restated))
    assert str(broken) in refused(commands, data, UNDO)
    if damage is not flip_a_bit:
        assert str(broken) in refused(commands, data, ROWS)
    assert (shown(commands, data), results(data)) == whole
    named = examined(commands, data, CHECK, code=1)["damaged"]
    assert [one["file"] for one in named] == [str(broken.relative_to(data))]
    assert str(broken.relative_to(data)) in examined(commands, data, DOCTOR, code=0)["rebuilt"][0]
    assert (shown(commands, data), results(data)) == whole
    assert examined(commands, data, DOCTOR, code=0)["rebuilt"] == []
    assert commands.run(data, load(*company.restated), ROWS, ["undo", "2", "--json", "--now", NOW]).codes == [0, 0, 0]
    assert results(data) == whole[1]


@pytest.mark.parametrize("damage", [delete, truncate, flip_a_bit])
def test_damaged_loaded_rows_are_made_again_from_the_original(
        commands: Commands, company: Company, whole: Any, damage: Callable[[Path], None]) -> None:
    data = company.copy()
    broken = loaded_rows(data)
    damage(broken)
    assert str(broken) in refused(commands, data, UNDO)
    assert (shown(commands, data), results(data)) == whole
    assert str(broken.relative_to(data)) in examined(commands, data, DOCTOR, code=0)["rebuilt"][0]
    assert (shown(commands, data), results(data)) == whole
    assert commands.run(data, UNDO).codes == [0]
    assert results(data) == []


@pytest.mark.parametrize("damage", [delete, flip_a_bit])
def test_a_lost_original_is_put_back_by_loading_the_file_again(
        commands: Commands, company: Company, whole: Any, damage: Callable[[Path], None]) -> None:
    data = company.copy()
    damage(original(data))
    assert "load order_lines.csv again" in examined(commands, data, DOCTOR, code=1)["damaged"][0]["remedy"]
    again = commands.run(data, load(company.exports["order_lines"])).json()["files"][0]["already"]
    assert again.endswith("(load 1); what was kept of it was damaged and is put back")
    assert examined(commands, data, DOCTOR, code=0)["damaged"] == []
    assert (shown(commands, data), results(data)) == whole


def test_rows_and_original_both_lost_are_named_and_come_back_when_the_file_is_loaded_again(
        commands: Commands, company: Company, whole: Any) -> None:
    data = company.copy()
    for lost in (fact_file(data), loaded_rows(data), original(data)):
        lost.unlink()
    damaged = examined(commands, data, DOCTOR, code=1)["damaged"]
    assert [one["file"].partition("/")[0] for one in damaged] == ["loads", "facts"]
    assert "Load order_lines.csv again" in damaged[0]["remedy"]
    assert (shown(commands, data), results(data)) == whole
    assert commands.run(data, load(company.exports["order_lines"])).codes == [0]
    assert len(examined(commands, data, DOCTOR, code=0)["rebuilt"]) == 1
    assert (shown(commands, data), results(data)) == whole
    assert commands.run(data, UNDO).codes == [0]


# ---- a damaged database -------------------------------------------------------------------------------
def overwrite_the_start(path: Path) -> None:
    path.write_bytes(b"x" * 100 + path.read_bytes()[100:])


def overwrite_pages(path: Path) -> None:
    found = path.read_bytes()
    path.write_bytes(found[:4096] + bytes(len(found) - 4096))


def cut_in_half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:path.stat().st_size // 8192 * 4096])


def put_back_the_copy(company: Company, data: Path) -> None:
    for path in data.glob("scoreboard.sqlite*"):
        path.unlink()
    shutil.copyfile(company.store / "scoreboard.sqlite", data / "scoreboard.sqlite")


@pytest.mark.parametrize("damage", [overwrite_the_start, overwrite_pages, cut_in_half])
def test_a_damaged_database_is_named_and_a_copy_put_back_serves_again(
        commands: Commands, company: Company, whole: Any, damage: Callable[[Path], None]) -> None:
    data = company.copy()
    damage(data / "scoreboard.sqlite")
    for words in (boards()[0], load(*company.restated), DOCTOR):
        said = refused(commands, data, words)
        assert f"The database {data / 'scoreboard.sqlite'} is damaged" in said and "Put back a copy" in said
    put_back_the_copy(company, data)
    assert examined(commands, data, DOCTOR, code=0)["rebuilt"] == []
    assert (shown(commands, data), results(data)) == whole


def test_an_older_copy_of_the_database_costs_no_original_and_doctor_names_the_load_it_lacks(
        commands: Commands, company: Company, whole: Any) -> None:
    data = company.copy()
    assert commands.run(data, load(*company.restated)).codes == [0]
    put_back_the_copy(company, data)
    damaged = examined(commands, data, DOCTOR, code=1)["damaged"]
    assert [one["what"] for one in damaged] == ["The database does not know this load."]
    kept = data / damaged[0]["file"] / "1" / "original.csv"
    assert kept.read_bytes() == company.restated[0].read_bytes()
    assert (shown(commands, data), results(data)) == whole


# ---- a folder that cannot be written ------------------------------------------------------------------
def command(data: Path, words: list[str], limit: str = "") -> tuple[int, str]:
    """A command as a process of its own, under a limit (see `limited_command`): exit code and stderr."""
    program = [str(Path(limited_command.__file__)), limit] if limit else ["-m", "scoreboard"]
    ended = subprocess.run([sys.executable, *program, "--data", str(data), *words], cwd=ROOT, capture_output=True, text=True)
    if ended.returncode == limited_command.CANNOT:
        pytest.skip("root cannot be made to obey permissions here")
    return ended.returncode, ended.stderr


@pytest.fixture
def read_only(company: Company) -> Iterator[Path]:
    """A copy of the store in which nothing can be written."""
    data = company.copy()
    paths = [data, *data.rglob("*")]
    for path in paths:
        path.chmod(0o555 if path.is_dir() else 0o444)
    yield data
    for path in paths:
        path.chmod(0o755 if path.is_dir() else 0o644)


def test_a_read_only_data_folder_serves_every_reader_and_refuses_every_change(company: Company, read_only: Path) -> None:
    for words in (*boards(), LATER, ROWS, ["loads"], ["series", "--company", "--metric", "fill_rate"],
                  ["split", "--branch", "RIV", "--metric", "fill_rate", "--by", "route"]):
        assert command(read_only, words, "permissions") == (0, ""), words
    for words in (load(*company.restated), UNDO, OPTION, DOCTOR, ["branches", "add", "NEW"], ["serve", "--port", "0"],
                  ["targets", "set", "--metric", "fill_rate", "--target", "95%", "--company", "--reason", "agreed"]):
        said = is_sentence(*command(read_only, words, "permissions"))
        assert str(read_only) in said and "writ" in said, words


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir(mode=0o555)
    said = is_sentence(*command(tmp_path / "locked" / "data", boards()[0], "permissions"))
    assert f"The data folder {tmp_path / 'locked' / 'data'} cannot be made (Permission denied)." in said


# ---- a full disk --------------------------------------------------------------------------------------
def test_a_load_for_which_files_may_not_grow_changes_nothing_and_goes_in_later(
        commands: Commands, company: Company, whole: Any) -> None:
    """A limit on the size of a file stands in for a full disk where none can be made; each meets another step."""
    refusals = 0
    for kilobytes in (8, 40, 96, 150, 600):
        data = company.copy()
        ended = command(data, load(*company.restated), str(kilobytes * 1024))
        refusals += changes_nothing_or_goes_in(commands, company, data, whole, ended)
    assert refusals >= 3


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 8 MB."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(place)], capture_output=True)
    if mounted.returncode:
        pytest.skip("needs the right to mount; the limit on the size of files is tested everywhere")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def test_a_full_disk_serves_boards_changes_nothing_and_takes_the_load_when_there_is_room(
        commands: Commands, company: Company, whole: Any, small_disk: Path) -> None:
    refusals = 0
    for kilobytes in (0, 40, 70, 110, 180, 2000):  # room left
        data = shutil.copytree(company.store, small_disk / "data")
        filler = small_disk / "filler"
        filler.write_bytes(bytes(shutil.disk_usage(small_disk).free - kilobytes * 1024))
        ended = command(data, load(*company.restated))
        assert commands.run(data, *boards()).codes == [0, 0, 0]
        filler.unlink()
        refusals += changes_nothing_or_goes_in(commands, company, data, whole, ended)
        shutil.rmtree(data)
    assert refusals >= 4


def changes_nothing_or_goes_in(commands: Commands, company: Company, data: Path, whole: Any, ended: tuple[int, str]) -> bool:
    """Whether a load was refused; then it must have said why, changed nothing, and go in now."""
    if ended[0] == 0:
        assert results(data) != whole[1]
        return False
    said = is_sentence(*ended)
    assert str(data) in said and re.search("space|room", said), said
    assert (shown(commands, data), results(data)) == whole
    assert commands.run(data, load(*company.restated)).codes == [0]
    assert orphans(data) == []
    return True
