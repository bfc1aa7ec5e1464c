"""Nobody is counted by what was missed: no read, export or command gives a person beside an aggregate, but what they have open."""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import pkgutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import scoreboard.cases
import scoreboard.metrics
from scoreboard.cases import finding
from scoreboard.metrics import reasons
from scoreboard.metrics import rows as row_reader
from scoreboard.metrics.catalogue import CATALOGUE
from scoreboard.state.root_causes import GROUPED_BY
from scoreboard.views.figure import behind
from tests.command_line import Store

OWNER = "counter 1"
WEEK, NOW = "2025-W45", "2025-11-10T13:00"
OF_RIV = ("--branch", "RIV")
# what a command answers about figures and exceptions; `open_by_owner` is the one count there may be
READS: tuple[tuple[str, ...], ...] = (
    ("board", *OF_RIV, "--week", WEEK), ("board", "--company", "--week", WEEK), ("compare", "--company", "--week", WEEK),
    *(("series", *OF_RIV, "--metric", m.key) for m in CATALOGUE),
    *(("rows", *OF_RIV, "--week", WEEK, "--metric", m.key) for m in CATALOGUE))
BY_CASE = [m for m in CATALOGUE if any("exceptions" in counted.relation.reads for _, counted in m.sides)]


def names_in(found: Any) -> bool:
    """Whether any value of a document names an owner (types and causes share no words with roles and numbers)."""
    if isinstance(found, dict):
        return any(names_in(one) for one in (*found.keys(), *found.values()))
    if isinstance(found, list):
        return any(names_in(one) for one in found)
    return isinstance(found, str) and found.rsplit(" ", 1)[0] in ("counter", "inside sales", "warehouse", "driver") and found[-1].isdigit()


def test_a_name_is_found_where_there_is_one() -> None:
    assert names_in({"a": [{"owner": OWNER}]}) and names_in({OWNER: 3}) and not names_in({"made by": "counter", "n": "3"})


def test_no_figure_and_no_row_behind_one_names_a_person(three_branches: Store) -> None:
    for words in READS:
        said = three_branches("--json", *words)
        assert said.code in (0, 2) and not names_in(said.document), words
        assert "person_key" not in said.out, words


def test_a_workbook_names_owners_beside_what_is_open_and_nowhere_else(three_branches: Store, tmp_path: Path) -> None:
    assert three_branches("export", "branch", "RIV", "--week", WEEK, "--out", tmp_path / "riv.xlsx").code == 0
    book = openpyxl.load_workbook(tmp_path / "riv.xlsx")
    assert [sheet.title for sheet in book if names_in([list(row) for row in sheet.iter_rows(values_only=True)])] == ["Exceptions"]
    page = book["Exceptions"]
    owners = {cell.column_letter for row in page.iter_rows() for cell in row if cell.value == "Owner"}
    formulas = [cell.value for row in page.iter_rows() for cell in row if isinstance(cell.value, str) and cell.value.startswith("=")]
    assert len(owners) == 1 and formulas
    assert not [one for one in formulas if f"${min(owners)}$" in one], "nothing is counted by owner"


def test_the_sheet_for_the_wall_names_nobody(three_branches: Store, tmp_path: Path) -> None:
    assert three_branches("export", "print", *OF_RIV, "--week", WEEK, "--out", tmp_path / "riv.html").code == 0
    assert OWNER not in (tmp_path / "riv.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("by", sorted(row_reader.PEOPLE))
def test_a_split_by_person_is_refused_with_a_sentence(three_branches: Store, by: str) -> None:
    for metric in ("exception_close_loop", "otif", "team_leavers"):
        said = three_branches.json("split", *OF_RIV, "--metric", metric, "--by", by, code=2)
        assert said["error"] == "What was missed is never counted by person." and "handoff" in said["remedy"]
        assert by not in said["remedy"].replace("by person", "")


def test_every_other_column_may_split_and_names_nobody(three_branches: Store) -> None:
    assert BY_CASE
    for metric in BY_CASE[:2]:
        for by in row_reader.columns_behind(metric):
            said = three_branches("--json", "split", *OF_RIV, "--metric", metric.key, "--by", by, "--week", WEEK)
            assert said.code == 0 and not names_in(said.document), (metric.key, by)


def test_misses_are_never_grouped_by_a_column_that_names_somebody() -> None:
    assert not row_reader.PEOPLE & {*reasons.COLUMNS, *GROUPED_BY}
    assert set(behind.LEFT_OUT) >= row_reader.PEOPLE
    for metric in CATALOGUE:
        assert not row_reader.PEOPLE & set(row_reader.columns_behind(metric)), metric.key


def test_of_exceptions_there_is_by_owner_what_is_open_and_nothing_else(three_branches: Store) -> None:
    for kind in finding.LISTS:
        told = three_branches.json("cases", "list", "--company", "--show", kind.key)
        whole = three_branches.json("cases", "list", "--company", "--show", kind.key, "--owner", OWNER, code=0 if kind.key == "open" else 2)
        assert set(told) == {"list", "counts", "open_by_owner", "cases"}
        if kind.key == "open":
            assert told["counts"] == whole["counts"], "counts are never of one person"
        else:
            assert "only what is open" in whole["error"]
        assert all(set(one) == set(told["cases"][0]) for one in told["cases"])
        assert all(isinstance(n, int) for n in told["open_by_owner"].values())
        assert sum(told["open_by_owner"].values()) == told["counts"]["open"]
        if kind.key == "closed":
            assert told["cases"] and not names_in(told["cases"])


def test_no_public_read_takes_or_gives_a_person_with_a_count_but_the_open_ones() -> None:
    """Every public function and class of cases and metrics: a new one that has an owner beside a number is looked at here."""
    looked_at = {"finding.by_owner", "finding.listed", "timers.held", "timers.Held", "lifecycle.CaseState", "types.CaseType", "types.keep"}
    found = set()
    for package in (scoreboard.cases, scoreboard.metrics):
        for info in pkgutil.iter_modules(package.__path__):
            module = importlib.import_module(f"{package.__name__}.{info.name}")
            for name, one in vars(module).items():
                if name.startswith("_") or getattr(one, "__module__", None) != module.__name__ or not callable(one):
                    continue
                words = {f.name for f in dataclasses.fields(one)} if dataclasses.is_dataclass(one) else {*inspect.signature(one).parameters}
                if words & {"owner", "person", "person_key"} or "by_owner" in name or "by_person" in name:
                    found.add(f"{info.name}.{name}")
    assert found <= looked_at, f"look at {sorted(found - looked_at)}: may it give a person and a count of misses?"
    assert {"finding.by_owner", "finding.listed"} <= found
