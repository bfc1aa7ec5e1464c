"""A word planted in every text of every other branch is in nothing that a leader of one branch can read."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import String

from scoreboard.facts.sources import SOURCES, Source
from scoreboard.metrics.catalogue import CATALOGUE
from scoreboard.samples import write_sample
from tests.command_line import Store, once

CANARY = "Zq7"
NOW, THROUGH = "2025-10-27T13:00", "2025-10-26T23:00"
MINE, OTHERS = "RIV", {"HAR": "Zq7HAR", "MIL": "Zq7MIL"}
LEADER, OTHER_LEADER, BOSS = "riv@example.com", "zq7@example.com", "boss@example.com"


@pytest.fixture(scope="module")
def boss(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """RIV and two branches made of the canary: their codes, names, territories, people, files, targets and cells.

    RIV's territory also holds one of them; one load holds rows of all three, under a name with the canary.
    """
    def build(folder: Path) -> Store:
        mine, others, together = _planted(folder, write_sample(folder / "files", branches=3, weeks=6, seed=7))
        admin = Store(folder / "data", NOW)
        admin.json("branches", "add", MINE, "--territory", "River Valley")
        admin.json("branches", "add", "Zq7HAR", "--name", "Zq7 Harbor", "--territory", "Zq7 Coast")
        admin.json("branches", "add", "Zq7MIL", "--name", "Zq7 Mill", "--territory", "River Valley")
        admin.json("people", "add", BOSS, "--name", "Boss", "--role", "administrator")
        store = admin.seen_by(BOSS)
        store.json("people", "add", LEADER, "--name", "Leader", "--role", "branch leader", "--branch", MINE)
        store.json("people", "add", OTHER_LEADER, "--name", "Zq7 Leader", "--role", "branch leader", *_both("--branch"))
        for metric, scope in (("otif", ["--branch", "Zq7HAR"]), ("fill_rate", ["--territory", "Zq7 Coast"])):
            store.json("targets", "set", "--metric", metric, "--target", "0.77", "--reason", "Zq7 agreed", *scope)
        store.json("targets", "set", "--metric", "nps", "--target", "50", "--reason", "for all", "--company")
        store.json("branches", "peer-group", "Zq7MIL", "Zq7 yards")
        store.json("load", *together, "--through", THROUGH)
        store.seen_by(OTHER_LEADER).json("load", *others)
        store.seen_by(LEADER).json("load", *mine)
        return store
    yield from once(tmp_path_factory.mktemp("canary"), build)


@pytest.fixture
def leader(boss: Store) -> Store:
    return boss.seen_by(LEADER)


def _both(option: str) -> list[str]:
    return [word for code in OTHERS.values() for word in (option, code)]


def _planted(folder: Path, files: dict[str, Path]) -> tuple[list[Path], list[Path], list[Path]]:
    """The sample's files: rows of RIV, rows of the others with the canary in every text, and files with both."""
    written: dict[str, list[Path]] = {"mine": [], "Zq7 others": [], "Zq7 together": []}
    for source in SOURCES:
        with files[source.name].open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            rows = [row if row["branch"] == MINE else _with_canary(source, row) for row in reader]
        if not rows:
            continue
        half = {"mine": [r for r in rows if r["branch"] == MINE], "Zq7 others": [r for r in rows if r["branch"] != MINE],
                "Zq7 together": rows}
        for name, kept in half.items():
            if kept:
                path = folder / f"{name} {source.name}.csv"
                with path.open("w", encoding="utf-8", newline="") as file:
                    writer = csv.DictWriter(file, list(rows[0]))
                    writer.writeheader()
                    writer.writerows(kept)
                written[name].append(path)
    return written["mine"], written["Zq7 others"], written["Zq7 together"]


def _with_canary(source: Source, row: dict[str, str]) -> dict[str, str]:
    texts = [c.name for c in source.table.columns if isinstance(c.type, String) and not source.choices(c.name)
             and c.name not in ("branch", "metric") and row.get(c.name)]
    return {**row, **{name: f"{CANARY}{row[name]}" for name in texts}, "branch": OTHERS[row["branch"]]}


def reads(store: Store, *words: object, code: int | None = 0) -> Any:
    """The document of a command, which does not hold the canary in what is not the person's own words."""
    said = store("--json", *words)
    for text in (said.out, said.err, store(*words).out):
        assert CANARY.casefold() not in text.casefold(), (words, text[:2000])
    assert code is None or said.code == code, (words, said)
    return said.document


# ---- what the leader reads ---------------------------------------------------------------------------
def test_the_canary_is_there_for_those_who_may_see_it(boss):
    other = boss.seen_by(OTHER_LEADER)
    for words in (["loads"], ["branches", "list"], ["people", "list"], ["targets", "list"], ["board", "--branch", "Zq7MIL"],
                  ["rows", "--branch", "Zq7MIL", "--metric", "otif", "--week", "2025-W42"]):
        assert CANARY in other(*words).out, words


@pytest.mark.parametrize("words", [
    ["board", "--branch", MINE], ["board", "--branch", MINE, "--as-reported"], ["board", "--branch", "riv", "--week", "2025-W42"],
    ["restated", "--branch", MINE, "--week", "2025-W42"], ["triangle", "--branch", MINE],
    ["loads"], ["branches", "list"], ["targets", "list"], ["options", "list"], ["people", "list"], ["changes", "--limit", "500"],
    ["compare", "--company"], ["compare", "--territory", "River Valley"], ["branches", "peer-group", MINE],
    ["metrics"]], ids=" ".join)
def test_a_list_or_board_of_the_leader_is_without_it(leader, words):
    assert reads(leader, *words)


def test_the_lists_hold_the_leaders_own_branch_and_nothing_of_the_others(leader):
    assert [b["code"] for b in reads(leader, "branches", "list")["branches"]] == [MINE]
    assert [p["email"] for p in reads(leader, "people", "list")["people"]] == [BOSS, LEADER]
    assert [(t["metric"], t["scope_kind"]) for t in reads(leader, "targets", "list")["targets"]] == [("nps", "company")]
    loads = reads(leader, "loads")["loads"]
    assert [(load["load_id"], load["branches"], bool(load["files"])) for load in loads] == [(3, [MINE], True), (1, [MINE], False)]


def test_every_metric_of_the_leader_its_series_and_rows_are_without_it(leader):
    for metric in CATALOGUE:
        asked = ("--branch", MINE, "--metric", metric.key)
        points = leader.json("series", *asked)["points"]
        rows = [leader.json("rows", *asked, "--week", p["week"])["rows"] for p in [p for p in points if p["n"]][-1:]]
        assert CANARY.casefold() not in json.dumps([points, rows]).casefold(), metric.key
        assert all({row["branch"] for row in found} == {MINE} for found in rows), metric.key


@pytest.mark.parametrize(("metric", "by"), [
    ("otif", "customer"), ("otif", "order_no"), ("error_rate", "part_no"), ("return_rate", "carrier"),
    ("exception_close_loop", "owner"), ("quote_conversion", "customer"), ("nps", "branch")])
def test_a_split_of_the_leader_is_without_it(leader, metric, by):
    assert reads(leader, "split", "--branch", MINE, "--metric", metric, "--by", by, code=None)


def test_a_load_of_the_leader_tells_nothing_of_the_others(leader, tmp_path):
    """Not even of a file that holds their rows as well, whose bytes are there already."""
    store = leader.copied_to(tmp_path / "data")
    mixed = tmp_path / "mine.csv"
    mixed.write_bytes((leader.data.parent / "Zq7 together order_lines.csv").read_bytes())
    told = store.json("load", mixed, "--through", THROUGH, code=1)
    said = json.dumps([told["weeks"], told["effects"], told["files"][0]["already"]])
    assert CANARY not in said and told["files"][0]["already"] is None
    refused = [p for p in told["files"][0]["problems"] if p["rejects"]]
    assert {p["code"] for p in refused} == {"not_allowed_branch"} and len(refused) == told["files"][0]["rejected"] > 0
    assert {p["message"].replace(p["value"], "…") for p in refused} == {
        '"…" is not a branch you may load for. Leave the row to someone who may, or correct a mistyped code.'}
    again = store.json("loads")["loads"][0]
    assert again["branches"] == [MINE] and again["who"] == LEADER


def test_the_workbook_of_the_leader_is_without_it_in_every_part_of_the_file(leader, tmp_path):
    leader.json("export", "branch", MINE, "--out", tmp_path / "mine.xlsx")
    with zipfile.ZipFile(tmp_path / "mine.xlsx") as book:
        parts = {name: book.read(name).decode("utf-8", "replace") for name in book.namelist()}
    assert len(parts) > 20 and MINE in "".join(parts.values())
    assert [name for name, said in parts.items() if CANARY.casefold() in said.casefold()] == []


# ---- refusals ----------------------------------------------------------------------------------------
REFUSALS = [
    ["board", "--branch", "{}"], ["board", "--branch", "{}", "--as-reported"], ["series", "--branch", "{}", "--metric", "otif"],
    ["restated", "--branch", "{}"], ["triangle", "--branch", "{}"],
    ["rows", "--branch", "{}", "--metric", "otif", "--week", "2025-W42"], ["split", "--branch", "{}", "--metric", "otif", "--by", "route"],
    ["targets", "set", "--branch", "{}", "--metric", "otif", "--target", "0.5", "--reason", "r"],
    ["branches", "add", "{}"], ["people", "add", "x@example.com", "--name", "X", "--role", "viewer", "--branch", "{}"],
    ["branches", "peer-group", "{}"], ["branches", "peer-group", "{}", "city"],
    ["export", "branch", "{}", "--out", "mine.xlsx"],
    ["load", "mine.csv", "--branch", "{}"], ["load", "mine.csv", "--branch", "{}", "--create-branches"],
]


@pytest.mark.parametrize("words", REFUSALS, ids=" ".join)
def test_a_refusal_is_the_same_for_anothers_branch_and_for_nobodys(leader, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("mine.csv").write_text("order_no,line_no,ordered_at,qty_ordered\nA,1,2025-11-03,1\n")
    said = [leader.json(*(word.format(name) for word in words), code=2) for name in ("Zq7HAR", "Zq7HAX", "Nowhere")]
    told = {json.dumps(one).replace(name, "…") for one, name in zip(said, ("Zq7HAR", "Zq7HAX", "Nowhere"), strict=True)}
    assert len(told) == 1 and CANARY not in told.pop()


@pytest.mark.parametrize("words", [
    ["export", "territory", "{}", "--out", "none.xlsx"],
    ["board", "--territory", "{}"], ["series", "--territory", "{}", "--metric", "otif"],
    ["targets", "set", "--territory", "{}", "--metric", "otif", "--target", "0.5", "--reason", "r"]], ids=" ".join)
def test_a_refusal_is_the_same_for_anothers_territory_a_shared_one_and_none(leader, words):
    names = ("Zq7 Coast", "Zq7 Coats", "River Valley", "Nowhere")
    told = {json.dumps(leader.json(*(word.format(name) for word in words), code=2)).replace(name, "…") for name in names}
    assert len(told) == 1 and CANARY not in told.pop()


def test_a_refused_undo_does_not_tell_whether_there_is_such_a_load(leader):
    told = {leader.json("undo", number, code=2)["error"].replace(str(number), "…") for number in (2, 99)}
    assert told == {"There is no load …."}
    assert reads(leader, "undo", 1, code=2)["error"] == "Load 1 also holds branches that are not yours."


def test_a_refusal_of_branches_side_by_side_is_the_same_for_anothers_territory_and_none(leader):
    told = {json.dumps(leader.json("compare", "--territory", name, code=2)).replace(name, "…") for name in ("Zq7 Coast", "Nowhere")}
    assert len(told) == 1 and CANARY not in told.pop()


def test_who_may_not_see_the_whole_company_is_told_no_more_than_that(leader):
    for words in (["board", "--company"], ["series", "--company", "--metric", "otif"], ["doctor"], ["load", "--sample"]):
        reads(leader, *words, code=2)


def test_a_person_who_is_not_known_reads_nothing(boss):
    for words in (["loads"], ["branches", "list"], ["board", "--branch", MINE], ["people", "list"], ["changes"]):
        told = reads(boss.seen_by("who@example.com"), *words, code=2)
        assert told["error"] == 'Nobody is known as "who@example.com".'


def test_case_figures_that_grow_with_the_clock_are_without_it_too(leader):
    reads(leader.at("2025-11-17T12:00"), "board", "--branch", MINE, "--week", "2025-W43")
