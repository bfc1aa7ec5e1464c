"""What a load says on screen: sentences without the command line, and text from a file that stays text."""

from __future__ import annotations

import ast
from datetime import date
from pathlib import Path

import pytest

from scoreboard.imports import load_report, mapping, maps, reasons, report, undoing
from scoreboard.imports.load_report import FileReport, LoadReport
from scoreboard.views.load import load_words
from scoreboard.views.load.bringing import LONGEST_NAME, file_name, rejected_name
from scoreboard.views.parts import plain

COMMANDS = ("--", "options set", '"loads"')


def sentences() -> list[str]:
    """Every text in the modules whose sentences reach the Load page that names the command line."""
    found = []
    for module in (load_report, mapping, maps, reasons, report, undoing):
        tree = ast.parse(Path(module.__file__ or "").read_text(encoding="utf-8"))
        found += [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    return [text for text in found if any(command in text for command in COMMANDS) and " " in text]


def test_there_are_sentences_to_look_at() -> None:
    assert any("--source" in text for text in sentences()) and any("options set" in text for text in sentences())


@pytest.mark.parametrize("sentence", sentences())
def test_no_sentence_on_the_page_names_an_option_of_the_command_line(sentence: str) -> None:
    assert not any(command in load_words.spoken(sentence) for command in COMMANDS)


def test_what_a_load_comes_to_is_said_with_the_right_numbers_and_endings() -> None:
    one = LoadReport(1, [FileReport("a.csv", "quotes", read=4, new=1, changed=1, same=1, rejected=1)], ["2026-W45"], moved=1)
    many = LoadReport(None, [FileReport("a.csv", "quotes", read=2_014, new=2_000, waiting=2, rejected=12)],
                      ["2025-W52", "2026-W01"], moved=3, dry_run=True)
    assert load_words.verdict(one) == (
        "1 row is new, 1 changes what was known and 1 is known already. 1 figure on the board moved, in week 45 of 2026. "
        "1 row comes back to you, with its reason, to correct and load again.")
    assert load_words.verdict(many) == (
        "2,000 rows are new and 2 wait for their record. 3 figures on the board would move, in 2 weeks, week 52 of 2025 to week 1 of 2026. "
        "12 rows come back to you, each with its reason, to correct and load again.")


@pytest.mark.parametrize(("first", "last", "said"), [
    (None, None, ""), (date(2026, 11, 4), date(2026, 11, 4), "4 November 2026"),
    (date(2026, 11, 2), date(2026, 11, 4), "2 to 4 November 2026"),
    (date(2026, 10, 26), date(2026, 11, 4), "26 October to 4 November 2026"),
    (date(2025, 11, 2), date(2026, 11, 4), "2 November 2025 to 4 November 2026")])
def test_a_span_of_dates_is_as_short_as_it_can_be(first: date | None, last: date | None, said: str) -> None:
    assert load_words.span(first, last) == said


@pytest.mark.parametrize(("given", "shown"), [
    ("friday.csv", "friday.csv"), ("C:\\Users\\lee\\friday.csv", "friday.csv"), ("../../etc/passwd", "passwd"), ("..", "file"),
    ("", "file"), ("a\x00b\u202e.csv", "a_b_.csv"), ("<b>.csv", "<b>.csv"), ("x" * 300 + ".csv", "x" * (LONGEST_NAME - 4) + ".csv")])
def test_a_file_name_is_only_a_name(given: str, shown: str) -> None:
    assert file_name(given) == shown


def test_rows_to_correct_are_named_after_their_file() -> None:
    assert rejected_name("friday.north.csv", workbook=True) == "friday.north - rows to correct.xlsx"


@pytest.mark.parametrize(("text", "markdown"), [
    ("<b>[x](y)</b>", r"\<b\>\[x\]\(y\)\</b\>"), ("1. one", r"1\. one"), ("    code\n# title", r"code \# title"),
    (":red[x]", r"\:red\[x\]"),
    (":smile:", "\\:\u2060smile\\:"), ("www.e.com", "www\u2060.e.com"), ("https://e.com", "https\\:\u2060//e.com"),
    ("lee@e.com", "lee@\u2060e.com"), ("13:00 3\u00a0%", "13\\:00 3\u00a0%")])
def test_a_text_from_a_file_is_no_markdown(text: str, markdown: str) -> None:
    assert plain(text) == markdown
