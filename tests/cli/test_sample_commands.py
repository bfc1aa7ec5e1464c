"""The sample company comes in one step and goes whole, whoever takes it away; one of your own does the same."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.cli.six_orders import otif
from tests.command_line import Store

README = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")


@pytest.fixture
def made_up(empty: Store, tmp_path: Path) -> Path:
    """A small sample in a folder: one branch, six weeks."""
    empty.json("sample", "--out", tmp_path / "made-up", "--branches", 1, "--weeks", 6, "--seed", 7)
    return tmp_path / "made-up"


def set_up(store: Store) -> list[object]:
    """What people set up: branches, targets, options that differ from their default."""
    return [store.json("branches", "list")["branches"], store.json("targets", "list")["targets"],
            [o for o in store.json("options", "list")["options"] if o["value"] != o["default"]]]


def test_a_sample_of_your_own_sets_up_its_branches_targets_and_options_and_ends_last_week(empty, made_up):
    assert empty.json("load", "--sample", made_up)["exit_code"] == 0
    assert empty.json("board", "--branch", "RIV")["week"] == "2026-W45"
    branches, targets, options = set_up(empty)
    assert [b["code"] for b in branches] == ["RIV"] and len(targets) == 6 and len(options) == 4


@pytest.mark.parametrize(("words", "said"), [(["nowhere"], '"nowhere" holds no sample.'), (["a", "b"], "A sample is one folder.")])
def test_a_folder_without_a_sample_is_refused(empty, words, said):
    assert empty.json("load", "--sample", *words, code=2)["error"] == said


def test_the_commands_of_the_readme_load_a_sample_of_your_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    commands = re.findall(r"^    python -m scoreboard (.*made-up.*)$", README, re.MULTILINE)
    assert len(commands) == 2
    for command in commands:
        store = Store(tmp_path / "data", "2026-11-09T13:00")
        assert store(*shlex.split(command)).code == 0
    assert store.json("loads", "--data", tmp_path / "trial")["loads"][0]["sample"]


def test_taking_its_load_back_takes_out_what_was_set_up_for_it_and_says_so(empty, made_up):
    empty.json("options", "set", "company_time_zone", "Europe/Berlin")
    before = set_up(empty)
    empty.json("load", "--sample", made_up)
    empty.json("options", "set", "nps_minimum", "30", "--why", "ours")
    told = empty("undo", 1)
    assert told.code == 0 and "The sample company was taken out with it." in told.out
    assert set_up(empty)[:2] == before[:2] == [[], []]
    assert [(o["key"], o["value"]) for o in set_up(empty)[2]] == [("company_time_zone", "Europe/Berlin"), ("nps_minimum", 30)]
    (entry,) = [c for c in empty.json("changes")["changes"] if c["what"] == "sample taken out"]
    assert (entry["subject"], entry["why"], entry["old"]["branches"]) == ("company", "load 1 was taken back", ["RIV"])
    assert empty.json("load", "--sample", made_up)["exit_code"] == 0


def test_the_first_real_load_leaves_an_entry_about_what_went(empty, made_up, orders):
    empty.json("load", "--sample", made_up)
    assert empty.json("load", orders, "--create-branches")["sample_left"]
    entries = [c for c in empty.json("changes")["changes"] if c["what"] == "sample taken out"]
    assert [(c["why"], c["old"]["branches"]) for c in entries] == [("real rows are in", ["RIV"])]
    assert otif(empty) == (1, 2)
    assert not empty.json("undo", 2)["sample_left"]
