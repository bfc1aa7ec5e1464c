"""`kill -9` at any moment: the store shows the committed loads, all of each and nothing of another, and a rerun completes.

What it must show is taken from stores built from scratch, which hold exactly those loads and were never killed.
"""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.faults.fault_store import NOW, Company, load, orphans, results, shown
from tests.faults.forked_commands import ROOT, Commands

UNDO = ["undo", "2", "--json", "--now", NOW]
OPTION = ["options", "set", "exception_standards.wrong part", "30", "--json", "--now", NOW]


@dataclass(frozen=True)
class Picture:
    """What a store shows: its boards and live loads, and every weekly result behind them."""

    shown: dict[str, Any]
    results: list[tuple[Any, ...]]


def picture(commands: Commands, data: Path) -> Picture:
    return Picture(shown(commands, data), results(data))


@dataclass(frozen=True)
class Change:
    """A command, the store it is run on, what that store shows before and after, and how long an undisturbed run takes."""

    words: list[str]
    start: Path
    before: Picture
    after: Picture
    seconds: float
    statements: int


def change(commands: Commands, start: Path, before: Path, after: Path, words: list[str], copy: Path) -> Change:
    undisturbed = commands.run(copy, words)
    assert undisturbed.codes == [0], undisturbed.said
    found = Change(words, start, picture(commands, before), picture(commands, after), undisturbed.seconds, undisturbed.statements)
    assert found.before != found.after, "the change must be one that can be seen"
    assert picture(commands, copy) == found.after
    return found


def from_scratch(commands: Commands, data: Path, *loads: list[str]) -> Path:
    for words in loads:
        done = commands.run(data, words)
        assert done.codes == [0], done.said
    return data


@pytest.fixture(scope="module")
def restating(commands: Commands, company: Company) -> Change:
    """A load that restates order lines of weeks that the store holds already."""
    return restatement(commands, company, "lines", company.restated[:1])


@pytest.fixture(scope="module")
def restating_cases(commands: Commands, company: Company) -> Change:
    """A load that restates cases as well, so that it also rolls up inside its transaction."""
    return restatement(commands, company, "cases", company.restated)


def restatement(commands: Commands, company: Company, name: str, files: list[Path]) -> Change:
    history = load(*company.exports.values())
    before = from_scratch(commands, company.folder / f"before-{name}", history)
    after = from_scratch(commands, company.folder / f"after-{name}", history, load(*files))
    return change(commands, company.store, before, after, load(*files), company.copy())


@pytest.fixture(scope="module")
def undoing(commands: Commands, company: Company, restating: Change) -> Change:
    """Taking that load back: the store shows what it would if the load had never been."""
    return change(commands, company.folder / "after-lines", company.folder / "after-lines", company.folder / "before-lines", UNDO,
                  company.copy(company.folder / "after-lines"))


@pytest.fixture(scope="module")
def re_rolling(commands: Commands, company: Company) -> Change:
    """An option that moves the figures of every week."""
    after = from_scratch(commands, company.folder / "option", load(*company.exports.values()), OPTION)
    return change(commands, company.store, company.store, after, OPTION, company.copy())


def survive(commands: Commands, company: Company, what: Change, **kill: Any) -> bool:
    """Kills the command on a copy, looks, runs it again, looks again. Returns whether it was still running when killed."""
    data = company.copy(what.start)
    killed = commands.run(data, what.words, **kill).killed
    found = picture(commands, data)
    assert found in (what.before, what.after), kill
    if found != what.after or what.words != UNDO:  # a load that is undone cannot be undone again
        again = commands.run(data, what.words)
        assert again.codes == [0], again.said
    assert results(data) == what.after.results, kill
    if what.words != OPTION:
        assert orphans(data) == [], kill
    shutil.rmtree(data)
    return killed


def moments(seed: int, number: int, seconds: float) -> list[float]:
    """Random moments, one in each of `number` equal parts of the duration, so that every phase is met."""
    chance = random.Random(seed)
    return [seconds * (i + chance.random()) / number for i in range(number)]


@pytest.mark.parametrize("seed", [1, 2])
def test_a_load_killed_at_25_random_moments_leaves_the_board_before_or_after_it_and_completes_when_run_again(
        commands: Commands, company: Company, restating: Change, seed: int) -> None:
    killed = [survive(commands, company, restating, after=after) for after in moments(seed, 25, restating.seconds)]
    assert any(killed)


@pytest.mark.parametrize("what", ["undoing", "re_rolling"])
def test_an_undo_and_a_changed_option_survive_being_killed_at_6_random_moments(
        commands: Commands, company: Company, what: str, request: pytest.FixtureRequest) -> None:
    changing: Change = request.getfixturevalue(what)
    killed = [survive(commands, company, changing, after=after) for after in moments(3, 6, changing.seconds)]
    assert any(killed)


def test_a_load_killed_at_every_other_step_of_its_transaction_is_in_only_when_its_commit_was_reached(
        commands: Commands, company: Company, restating_cases: Change) -> None:
    last = restating_cases.statements  # the connection given back; the one before is the commit
    for step in (*range(1, last - 1, 2), last - 1, last):
        data = company.copy()
        assert commands.run(data, restating_cases.words, at=step).killed
        assert picture(commands, data) == (restating_cases.after if step == last else restating_cases.before), f"step {step} of {last}"
        shutil.rmtree(data)


def test_five_processes_of_their_own_leave_a_sound_store_when_killed(commands: Commands, company: Company, restating: Change) -> None:
    for after in moments(5, 5, restating.seconds + 1.0):  # a second to start and import
        data = company.copy()
        with subprocess.Popen([sys.executable, "-m", "scoreboard", "--data", str(data), *restating.words], cwd=ROOT,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            try:
                process.wait(after)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
        assert picture(commands, data) in (restating.before, restating.after)
        checked = commands.run(data, ["doctor", "--check", "--json", "--now", NOW]).json()
        assert checked["healthy"], checked
        assert orphans(data) == []
