"""Every command as a program uses it: the shape of its JSON, one document whatever happens, the clock."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.main

from scoreboard.cli.cases import cases
from scoreboard.cli.main import app
from tests.cli.six_orders import EAST
from tests.command_line import run

ROOT = Path(__file__).resolve().parents[2]


def test_load_tells_its_number_the_rows_by_what_became_of_them_the_problems_and_the_weeks(empty, orders):
    empty.json("branches", "add", "EAST")
    told = empty.json("load", orders, code=1)
    assert (told["load_id"], told["weeks"], told["dry_run"], told["exit_code"]) == (1, ["2026-W44", "2026-W45"], False, 1)
    file = told["files"][0]
    assert {k: file[k] for k in ("name", "source", "read", "new", "changed", "same", "rejected", "waiting")} == {
        "name": "orders.csv", "source": "order_lines", "read": 6, "new": 4, "changed": 0, "same": 0, "rejected": 2, "waiting": 0}
    assert [(p["code"], p["row"], p["column"], p["value"]) for p in file["problems"]] == [
        ("unknown_branch", 6, "branch", "WEST"), ("unknown_branch", 7, "branch", "WEST")]
    assert file["problem_counts"] == {"unknown_branch": 2} and Path(file["report"]).is_file()
    assert [(e["branch"], e["metric"], e["week"], e["before"], e["after"]) for e in told["effects"]] == [
        ("EAST", "otif", "2026-W45", "no value", "100.0 %"), ("EAST", "otif", "2026-W44", "no value", "50.0 %")]


def test_a_person_reads_of_rejected_rows_why_and_where_they_are(empty, orders):
    empty.json("branches", "add", "EAST")
    said = empty("load", orders)
    report = next(empty.data.glob("loads/*/1/problems.xlsx"))
    assert said.code == 1 and said.err == ""
    assert "orders.csv (order_lines): 6 rows read; 4 new, 0 changed, 0 same, 2 rejected, 0 waiting for their record." in said.out
    assert f"Every rejected row with its reason: {report}" in said.out and "Take it back with: undo 1" in said.out


def test_a_board_tells_metrics_corners_headline_and_imbalance(three_branches):
    told = three_branches.json("board", "--branch", "RIV", "--week", "2025-W45")
    assert told["scope"] == {"kind": "branch", "name": "RIV"} and told["week"] == "2025-W45" and told["as_reported"] is False
    assert {"headline", "imbalance", "through", "version"} <= set(told)
    for metric in told["metrics"]:
        assert {"key", "name", "part", "whole", "value", "n", "unit", "target", "floor", "state", "p50", "p90"} <= set(metric)
    assert [c["name"] for c in told["corners"]] == ["Speed", "Accuracy", "Confidence"]
    assert all({"name", "state", "score", "speak", "of"} <= set(c) for c in told["corners"])
    assert {m["state"] for m in told["metrics"]} <= {"value", "no_events", "too_few", "running", "maturing", "missing", "not_available"}


def test_a_series_is_a_metric_and_its_points_up_to_the_running_week(six_orders):
    told = six_orders.json("series", *EAST, "--metric", "otif")
    assert told["metric"] == "otif"
    assert [{k: p[k] for k in ("week", "part", "whole", "value", "n", "state")} for p in told["points"]] == [
        {"week": "2026-W44", "part": 1, "whole": 2, "value": 0.5, "n": 2, "state": "too_few"},
        {"week": "2026-W45", "part": 1, "whole": 2, "value": 0.5, "n": 2, "state": "too_few"},
        {"week": "2026-W46", "part": None, "whole": None, "value": None, "n": 0, "state": "running"}]


def test_a_series_goes_on_where_the_files_end(six_orders):
    later = six_orders.at("2026-12-01T09:00").json("series", *EAST, "--metric", "otif")["points"]
    assert [(p["week"], p["state"]) for p in later[1:]] == [
        ("2026-W45", "too_few"), ("2026-W46", "missing"), ("2026-W47", "missing"), ("2026-W48", "missing"), ("2026-W49", "running")]


def test_rows_tell_of_each_order_whether_it_passed_and_why_not(six_orders):
    told = six_orders.json("rows", *EAST, "--metric", "otif", "--week", "2026-W44")
    assert [(r["order_no"], r["result"], r["why"], r["counts_in"]) for r in told["rows"]] == [
        ("E1", "passed", "", ["part", "whole"]), ("E2", "failed", "late", ["whole"])]
    told = six_orders.json("rows", *EAST, "--metric", "otif", "--week", "2026-W45")
    assert [(r["order_no"], r["result"], r["why"]) for r in told["rows"]] == [("E3", "passed", ""), ("E4", "failed", "not delivered")]


def test_a_split_tells_each_value_of_the_column(six_orders):
    told = six_orders.json("split", *EAST, "--metric", "otif", "--by", "route")
    assert (told["by"], told["first_week"], told["last_week"]) == ("route", "2026-W44", "2026-W46")
    assert told["groups"] == [{"route": "north", "part": 2, "whole": 2, "n": 2, "value": 1},
                              {"route": "south", "part": 0, "whole": 2, "n": 2, "value": 0}]
    week = six_orders.json("split", *EAST, "--metric", "otif", "--by", "route", "--week", "2026-W44")
    assert [(g["route"], g["whole"]) for g in week["groups"]] == [("north", 1), ("south", 1)]


def test_loads_lists_each_load_with_its_files(six_orders):
    (load,) = six_orders.json("loads")["loads"]
    assert (load["load_id"], load["at"], load["who"], load["branches"], load["undone"], load["sample"]) == (
        1, "2026-11-09T13:00:00", "administrator", ["EAST", "WEST"], None, False)
    assert [(f["name"], f["source"], f["read"], f["new"]) for f in load["files"]] == [("orders.csv", "order_lines", 6, 6)]


def test_metrics_lists_the_catalogue_with_what_each_needs(six_orders):
    found = {m["key"]: m for m in six_orders.json("metrics")["metrics"]}
    assert found["fill_rate"]["target"] == 0.95 and found["fill_rate"]["corner"] == "Accuracy"
    assert "order_lines.first_promised_for" in found["otif"]["needs"] and found["rma_turnaround"]["target"] == 7


def test_branches_list_tells_hours_and_territory(six_orders):
    assert six_orders.json("branches", "list")["branches"][0] == {
        "code": "EAST", "name": "EAST", "territory": "Coast", "time_zone": "UTC", "country": "", "open_days": "12345",
        "opens": "08:00", "closes": "17:00", "sample": False}


def test_doctor_finds_a_sound_store_sound(six_orders):
    told = six_orders.json("doctor", "--check")
    assert told["healthy"] and told["damaged"] == [] and "weekly results against a fresh roll-up" in told["checked"]


def test_sample_writes_files_and_names_them(empty, tmp_path):
    told = empty.json("sample", "--branches", 1, "--weeks", 2, "--seed", 3, "--out", tmp_path / "sample")
    assert all(Path(path).is_file() for path in told["files"].values()) and {"order_lines", "targets"} <= set(told["files"])


# ---- one JSON document, whatever happens ---------------------------------------------
WRONG = [
    ["board", "--branch", "EASTT"], ["board"], ["board", "--company", "--branch", "EAST"], ["board", "--branch", "EAST", "--week", "45"],
    ["board", "--company", "--week", "2026-W54"], ["board", "--territory", "Cost"], ["series", "--branch", "EAST", "--metric", "otf"],
    ["rows", "--branch", "EAST", "--metric", "otif"], ["rows", "--metric", "otif", "--week", "2026-W45"],
    ["split", "--branch", "EAST", "--metric", "otif", "--by", "rout"], ["undo", "99"], ["undo", "one"], ["undo"],
    ["load"], ["load", "nowhere.csv"], ["load", "--source", "order_line", "x.csv"], ["load", "x.csv", "--through", "soon"],
    ["targets", "set", "--metric", "otif", "--target", "0.9", "--reason", "agreed"], ["targets", "set", "--metric", "otif"],
    ["targets", "set", "--company", "--metric", "otif", "--target", "much", "--reason", "agreed"],
    ["targets", "set", "--company", "--metric", "otif", "--target", "0.9", "--reason", " "],
    ["options", "set", "quote_standard", "120"], ["options", "set", "conversion_days", "many"],
    ["branches", "add", "NORTH", "--opens", "25:00"], ["branches", "add", "NORTH", "--time-zone", "Mars/Olympus"],
    ["branches", "add", "NORTH", "--from", "soon"], ["people", "add", "a@example.com", "--name", "A", "--role", "king"],
    ["people", "add", "a@example.com", "--name", "A", "--role", "viewer", "--branch", "EAST"], ["bord"],
    ["board", "--compny"], ["branches"], [], ["--now", "noon", "loads"], ["--as"],
]


@pytest.mark.parametrize("words", WRONG, ids=" ".join)
def test_what_is_wrong_is_one_document_a_sentence_and_exit_code_2(six_orders, words, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    told = six_orders.json(*words, code=2)
    assert set(told) == {"error", "remedy", "exit_code"} and told["exit_code"] == 2 and told["error"]
    assert "not foreseen" not in told["error"]
    spoken = six_orders(*words)
    assert (spoken.code, spoken.out) == (2, "") and spoken.err == f"{told['error']} {told['remedy']}".strip() + "\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("words", "meant"), [
    (["board", "--branch", "EASTT"], "EAST"), (["board", "--territory", "Cost"], "Coast"),
    (["series", *EAST, "--metric", "otf"], "otif"), (["split", *EAST, "--metric", "otif", "--by", "rout"], "route"),
    (["targets", "set", "--company", "--metric", "fillrate", "--reason", "r"], "fill_rate"),
    (["options", "set", "conversion_day", "30"], "conversion_days"), (["load", "x.csv", "--source", "order_line"], "order_lines"),
    (["people", "add", "a@example.com", "--name", "A", "--role", "coatch", "--branch", "EAST"], "coach")])
def test_a_misspelt_word_is_answered_with_the_one_that_was_meant(six_orders, orders, words, meant):
    told = six_orders.json(*(orders if word == "x.csv" else word for word in words), code=2)
    assert f'Did you mean "{meant}"?' in told["error"] + told["remedy"]


def test_global_options_stand_before_or_after_the_command(six_orders):
    usual = run("--json", "--data", six_orders.data, "--now", six_orders.now, "board", *EAST)
    after = run("board", *EAST, "--data", six_orders.data, f"--now={six_orders.now}", "--json")
    assert (usual.code, usual.err) == (0, "") and usual == after


def test_every_command_of_the_help_is_tried_in_this_folder():
    source = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    walked = {("cases", command) for command in typer.main.get_command(cases).commands}  # test_cases_commands walks all of them
    known = [words for words in _commands(typer.main.get_command(app)) if words not in walked]
    assert [words for words in known if ", ".join(f'"{w}"' for w in words) not in source] == []


def _commands(command: object, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    found = getattr(command, "commands", None)
    if not found:
        yield path
    for name, one in (found or {}).items():
        yield from _commands(one, (*path, name))


# ---- as a program of its own ------------------------------------------------------------
def scoreboard(*words: object, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-W", "error", "-m", "scoreboard", *map(str, words)], cwd=ROOT, text=True,
                          capture_output=True, env={**os.environ, **environment}, check=False)


def test_run_as_a_program_stdout_is_the_document_and_nothing_else(six_orders):
    done = scoreboard("board", *EAST, "--json", "--now", six_orders.now, SCOREBOARD_DATA=str(six_orders.data))
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == six_orders.json("board", *EAST)
    done = scoreboard("--json", "undo", "7", "--data", six_orders.data)
    assert done.returncode == 2 and json.loads(done.stdout)["error"] == "There is no load 7."
    assert done.stderr == 'There is no load 7. See "loads" for what was loaded.\n'


def test_run_as_a_program_help_names_every_command():
    done = scoreboard("--help")
    assert done.returncode == 0
    assert [name for name in typer.main.get_command(app).commands if f"\n  {name} " not in done.stdout] == []  # type: ignore[attr-defined]


# ---- the clock ------------------------------------------------------------
def test_now_replaces_the_clock_in_all_that_is_kept(empty, orders, tmp_path):
    then = empty.at("2026-11-09T08:00-05:00")                   # an offset is taken off: kept is UTC
    then.json("branches", "add", "EAST", "--territory", "Coast")
    then.json("load", orders, code=1)
    then.json("targets", "set", "--company", "--metric", "otif", "--target", "90%", "--reason", "agreed")
    then.json("undo", 1)
    (load,) = then.json("loads")["loads"]
    (target,) = then.json("targets", "list")["targets"]
    assert (load["at"], load["undone"], target["set_at"], target["from"]) == (
        "2026-11-09T13:00:00", "2026-11-09T13:00:00", "2026-11-09T13:00:00", "2026-11-09")
    assert {c["at"] for c in then.json("changes")["changes"]} == {"2026-11-09T13:00:00"}


def test_the_board_shows_the_last_week_that_ended_at_that_time(six_orders):
    assert [six_orders.at(now).json("board", *EAST)["week"] for now in ("2026-11-09T00:00", "2026-11-08T23:59")] == ["2026-W45", "2026-W44"]
