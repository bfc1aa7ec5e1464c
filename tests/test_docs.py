"""The documents and the program say the same: what exists is explained, and what is explained exists.

Every example names commands and options that exist, and the board in the README is printed anew, so that no
figure in it can grow old. (docs/northwind.md is run whole by a test of its own.)
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import typer

from scoreboard.cli.main import app, main
from scoreboard.facts.sources import BY_NAME, SOURCES, Source
from scoreboard.imports import sampling
from scoreboard.imports.maps import read_map
from scoreboard.imports.report import CODES
from scoreboard.metrics import signals
from scoreboard.metrics.catalogue import BY_KEY, CATALOGUE
from scoreboard.metrics.model import Metric
from scoreboard.metrics.triangle import POOLED_WEEKS, geometric
from scoreboard.samples import write_sample
from scoreboard.settings import Settings
from scoreboard.state.database import open_database
from scoreboard.state.option_kinds import HANDOFFS
from scoreboard.state.options import OPTIONS
from scoreboard.state.people import EVERYONE, MAY_CHANGE

ROOT = Path(__file__).resolve().parents[1]
PAGES = {name: (ROOT / name).read_text(encoding="utf-8") for name in (
    "README.md", "CONTRIBUTING.md", "GLOSSARY.md", "CHANGELOG.md", "docs/metrics.md", "docs/imports.md",
    "docs/coaches.md", "docs/data-store.md", "docs/exceptions.md", "docs/northwind.md", "docs/rollout.md", "docs/territory-managers.md",
    "sample_data/README.md")}
README, METRICS, IMPORTS = PAGES["README.md"], PAGES["docs/metrics.md"], PAGES["docs/imports.md"]
GLOBAL = {"--json", "--data", "--now", "--as", "--help", "--version"}

Run = Callable[..., tuple[int, str]]


def _sections(text: str, heading: str) -> dict[str, str]:
    """The text below each heading whose first word is in backticks, by that word."""
    parts = re.split(rf"^{heading} `([^`]+)`.*\n", text, flags=re.MULTILINE)
    bodies = [re.split(r"^#{2,4} ", body, maxsplit=1, flags=re.MULTILINE)[0] for body in parts[2::2]]
    return dict(zip(parts[1::2], bodies, strict=True))


def _rows(text: str) -> list[list[str]]:
    """The cells of every table row, without backticks; heads and rules left out."""
    lines = [line for line in text.splitlines() if line.startswith("|") and not set(line) <= set("|- ")]
    return [[cell.strip().replace("`", "") for cell in line.strip("|").split("|")] for line in lines]


def _fenced(text: str, language: str = "") -> list[str]:
    """The blocks fenced as of a language."""
    blocks = re.findall(r"^```(\w*)\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)
    return [block for told, block in blocks if told == language]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Runs a command in a data folder of its own: exit code and what it printed."""
    def command(*words: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as end:
            main(["--data", str(tmp_path / "data"), *words])
        return int(end.value.code or 0), capsys.readouterr().out
    return command


# ---- metrics -----------------------------------------------------------------------------------------
def test_every_metric_is_explained_and_no_other() -> None:
    assert set(_sections(METRICS, "####")) == set(BY_KEY)


@pytest.mark.parametrize("metric", CATALOGUE, ids=lambda metric: metric.key)
def test_a_metric_is_explained_as_the_catalogue_defines_it(metric: Metric) -> None:
    said = _sections(METRICS, "####")[metric.key]
    assert f"#### `{metric.key}` · {metric.name}\n" in METRICS
    assert metric.definition in said
    assert [one for need in (*metric.needs, *metric.also) for one in need.split("|") if f"`{one}`" not in said] == []
    assert f"**Corner:** {metric.corner or 'none by default'}" in said
    assert not metric.source or f"Source: {metric.source}." in said
    assert not metric.instead_of or f"in place of `{metric.instead_of}`" in said
    assert ("**Target (sourced):**" in said) == bool(metric.source)


def test_every_option_is_explained_with_its_default() -> None:
    told = {row[0]: row[1] for row in _rows(METRICS) if row[0] in {option.key for option in OPTIONS}}
    assert set(told) == {option.key for option in OPTIONS}
    plain = {option.key: str(option.default) for option in OPTIONS if isinstance(option.default, str | int)}
    assert {key: told[key] for key in plain} == plain


def test_the_handoffs_and_their_reasons_are_the_default_ones() -> None:
    default = next(option.default for option in OPTIONS if option.key == "handoff_of_reason")
    told = {row[0]: row[1].split(", ") for row in _rows(METRICS) if row[0] in HANDOFFS}
    assert {reason: handoff for handoff, reasons in told.items() for reason in reasons} == default


def test_the_reasons_that_count_as_errors_are_the_default_ones() -> None:
    default = next(option.default for option in OPTIONS if option.key == "error_reasons")
    assert f"is the option `error_reasons`: {', '.join(default)}." in METRICS


def test_the_tiles_of_the_board_are_the_default_ones() -> None:
    default = next(option.default for option in OPTIONS if option.key == "board_metrics")
    assert f"unless you choose others: {', '.join(f'`{key}`' for key in default)}." in METRICS


def test_the_triangles_of_the_page_are_what_the_formula_gives() -> None:
    shown = [row for row in _rows(METRICS) if re.fullmatch(r"\d+ / \d+ / \d+", row[0])]
    assert len(shown) == 4
    for corners, mean, score, balance in shown:
        scores = [float(one) for one in corners.split(" / ")]
        average = sum(scores) / 3
        assert (mean, score, balance) == (f"{average:.1f}", f"{geometric(scores):.1f}", f"{100 * min(scores) / average:.0f}")


def test_the_page_tells_the_rules_as_they_are_computed() -> None:
    assert f"Fewer than {signals.COLLECTING} judged weeks" in METRICS and f"fewer than {signals.RARE} expected events" in METRICS
    assert f"mean ± {signals.LIMITS} ×" in METRICS
    assert f"x pools the last {POOLED_WEEKS} judged weeks" in METRICS


# ---- imports -----------------------------------------------------------------------------------------
def test_every_source_is_explained_and_no_other() -> None:
    assert set(_sections(IMPORTS, "###")) == set(BY_NAME)


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_a_source_is_explained_with_its_columns_and_key(source: Source) -> None:
    said = _sections(IMPORTS, "###")[source.name]
    told = {row[0]: row[1] for row in _rows(said) if row[0] != "column"}
    assert sorted(told) == sorted(source.columns)
    kinds = {"DateTime": "time", "Date": "date", "Double": "number", "Boolean": "yes", "String": "text"}
    for column in source.columns:
        kind = kinds[type(source.table.c[column].type).__name__]
        assert told[column] == (", ".join(source.choices(column)) or ("week" if column == "week" else kind)), column
    key = re.search(r"Key: (.*?)\. Needed: (.*?)\.", said)
    assert key
    assert set(re.findall(r"`(\w+)`", key[1])) == set(source.key)
    assert key[2] in ("all columns", "the key") or set(re.findall(r"`(\w+)`", key[2])) == set(source.required)
    assert ("May come without its key." in said) == source.keyless
    assert ("may be left out" in key[1]) == bool(source.optional_key)


def test_every_problem_code_is_explained_with_a_remedy_and_no_other() -> None:
    table = re.search(r"^\| code \| what is wrong \| what to do \|\n(.*?)\n\n", IMPORTS, re.MULTILINE | re.DOTALL)
    assert table
    told = {row[0]: row[2] for row in _rows(table[1])}
    assert set(told) == set(CODES)
    assert all(told.values())


@pytest.mark.parametrize("told", [block for text in PAGES.values() for block in _fenced(text, "toml")], ids=lambda told: told[:60])
def test_every_map_of_the_pages_is_a_map(told: str, tmp_path: Path) -> None:
    path = tmp_path / "map.toml"
    path.write_text(told, encoding="utf-8")
    assert read_map(path).columns


# ---- commands ----------------------------------------------------------------------------------------
def _commands(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, set[str]]]:
    """Every command with its options."""
    if hasattr(command, "commands"):
        for name, one in command.commands.items():
            yield from _commands(one, (*path, name))
    if not hasattr(command, "commands") or (path and command.invoke_without_command):
        yield " ".join(path), {name for one in command.params for name in one.opts if name.startswith("--") and not one.hidden}


COMMANDS = dict(_commands(typer.main.get_command(app)))


def _examples() -> list[list[str]]:
    """The words of every example in the pages: the third column of the table of commands, and calls in blocks."""
    table = re.search(r"^\| command \| what it does \| example \|\n(.*?)\n\n", README, re.MULTILINE | re.DOTALL)
    assert table
    found = [call for line in table[1].splitlines() for call in re.findall(r"`([^`]+)`", line.rstrip("| ").rpartition(" | ")[2])]
    for text in PAGES.values():
        found += re.findall(r"^(?:    |\$ )(?:\S+/)?python -m scoreboard (.*)$", text, re.MULTILINE)
    return [shlex.split(call) for call in found]


def _command_of(words: list[str]) -> str:
    plain, words = [], list(words)
    while words:
        word = words.pop(0)
        if word in ("--data", "--now", "--as"):
            words.pop(0)
        elif not word.startswith("--"):
            plain.append(word)
    return " ".join(plain[:2]) if " ".join(plain[:2]) in COMMANDS else plain[0]


def test_every_command_has_a_line_and_an_example_in_the_readme() -> None:
    table = {row[0] for row in _rows(README)}
    assert set(COMMANDS) <= table
    assert set(COMMANDS) == {_command_of(words) for words in _examples()}


def test_every_option_of_every_command_stands_in_an_example() -> None:
    used: dict[str, set[str]] = {name: set() for name in COMMANDS}
    for words in _examples():
        used[_command_of(words)] |= {word for word in words if word.startswith("--")}
    missing = {name: options - used[name] - GLOBAL for name, options in COMMANDS.items()}
    assert {name: options for name, options in missing.items() if options} == {}


@pytest.mark.parametrize("words", _examples(), ids=" ".join)
def test_an_example_names_a_command_and_options_that_exist(words: list[str]) -> None:
    command = _command_of(words)
    assert command in COMMANDS
    assert {word for word in words if word.startswith("--")} <= COMMANDS[command] | GLOBAL


def test_every_option_named_in_running_text_exists() -> None:
    known = GLOBAL.union(*COMMANDS.values())
    for page, text in PAGES.items():
        assert set(re.findall(r"`(--[\w-]+)", text)) <= known, page


def test_the_global_options_are_explained() -> None:
    params = typer.main.get_command(app).params
    assert {name for one in params for name in one.opts} == {row[0].split()[0] for row in _rows(README) if row[0].startswith("--")}


def test_every_role_is_explained() -> None:
    told = {row[0]: row[1] for row in _rows(README) if row[0] in MAY_CHANGE}
    assert set(told) == set(MAY_CHANGE)
    assert {role for role, may in told.items() if may.startswith("nothing")} == {role for role, may in MAY_CHANGE.items() if not may}


def test_every_environment_variable_is_explained_and_no_other() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "scoreboard").rglob("*.py"))
    used = set(re.findall(r"environ(?:\.get\(|\[)\s*\"(SCOREBOARD_\w+)\"", code))
    assert used
    assert used == {row[0] for row in _rows(README) if row[0].startswith("SCOREBOARD_")}


def test_the_board_of_the_readme_is_what_the_commands_print(run: Run, tmp_path: Path) -> None:
    now = re.search(r"--now (\S+) board --branch RIV", README)
    assert now
    folder = tmp_path / "riverside"  # the first branch of the sample, alone: its figures are the same
    write_sample(folder, branches=1, weeks=60, seed=45)
    settings = Settings(tmp_path / "data", f"sqlite:///{tmp_path / 'data' / 'scoreboard.sqlite'}", datetime.fromisoformat(now[1]))
    engine = open_database(settings.database_url)
    sampling.load_sample(settings, engine, EVERYONE, folder)
    engine.dispose()
    assert run("--now", now[1], "board", "--branch", "RIV")[1] == next(b for b in _fenced(README) if b.startswith("RIV"))
    failed = run("--now", now[1], "rows", "--branch", "RIV", "--metric", "error_rate", "--week", "2026-W40")[1]
    assert "credited for our own error" in failed


# ---- links and words ---------------------------------------------------------------------------------
def _anchors(text: str) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES)
def test_no_link_is_dead(page: str) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", PAGES[page]):
        if target.startswith("https://"):
            continue
        name, _, anchor = target.partition("#")
        path = (ROOT / page).parent / name if name else ROOT / page
        assert path.is_file(), target
        assert not anchor or anchor in _anchors(path.read_text(encoding="utf-8")), target


def test_the_glossary_is_in_the_order_of_the_alphabet_and_names_nothing_twice() -> None:
    terms = [re.sub(r"\W", "", term.casefold()) for term in re.findall(r"^\*\*(.+?)\.?\*\*", PAGES["GLOSSARY.md"], re.MULTILINE)]
    assert len(terms) > 80
    assert terms == sorted(set(terms))


@pytest.mark.parametrize("term", [
    "fill rate", "OTIF", "RMA", "core", "will-call", "supersession", "POD", "handoff", "exception", "case", "through",
    "as of", "judged week", "undecided", "maturing", "waiting row", "filing week", "promise", "first promise", "restated",
    "as reported", "part and whole", "target", "floor", "baseline", "territory", "keyless file", "headline", "balance"])
def test_the_glossary_explains_the_words_of_the_board(term: str) -> None:
    assert re.search(rf"^\*\*{term}\b", PAGES["GLOSSARY.md"], re.MULTILINE | re.IGNORECASE)


@pytest.mark.parametrize("page", PAGES)
def test_the_pages_speak_of_no_machine(page: str) -> None:
    assert not re.search(r"(?<![\w/])/(work|home|root|tmp/(?!empty\.sqlite))", PAGES[page])
