"""What is wrong with a file, said so that a person can put it right: codes, sentences, and the rows themselves.

The convention: rejected rows go back complete in a file of their own (the original columns as text, then Row and
Problem), which can be corrected and loaded by itself. A text a spreadsheet would run as a formula gets an
apostrophe in front; reading takes it off again. Personal columns are left out.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Callable, Iterable, Iterator, Mapping, Sequence

from scoreboard.errors import Problem, did_you_mean

CODES: dict[str, str] = {
    "missing_value": "A row lacks its branch, a part of its key, or a column its source needs.",
    "unknown_branch": "The branch code is not known.",
    "not_allowed_branch": "The branch is not one the person may load for.",
    "bad_date": "The text is not a date, or not written like the rest of the column.",
    "ambiguous_date": "The date could be month/day or day/month, and the column does not show which.",
    "date_out_of_range": "The date is before 1990, or further ahead than such a date can be.",
    "bad_number": "The text is not a number, or its marks do not fit the rest of the column.",
    "negative_quantity": "A quantity or a count of lines is below zero.",
    "out_of_range": "A score is not between 0 and 10.",
    "mangled_identifier": "A spreadsheet has turned a long number into one like 1.02E+15; its digits are lost.",
    "bad_choice": "The column takes certain words only, and this is none of them.",
    "bad_yes_no": "The column takes yes or no, and this is neither.",
    "conflicting_key": "Rows with the same key say different things; none of them is taken.",
    "ragged_row": "The row has more or fewer cells than the header.",
    "repeated_row": "The row repeats another one exactly and counts once.",
    "skipped_line": "A total, a page footer or a note: not a row of data.",
    "impossible_order": "Something ends before it begins, such as a delivery before its order.",
    "unknown_reason": "A credit has a reason that no option knows; it counts as no error of ours.",
    "promise_is_actual": "The first promise equals the delivery on nearly every row, as if it was written afterwards.",
    "date_order_inferred": "Dates like 3/11/2026 were read the way the rest of the column shows.",
}
MOST_LISTED = 10_000
MOST_IN_WORKBOOK = 100_000
TOTAL = re.compile(r"^\W*((sub|grand)[ -]?)?totals?\b|^\W*page \d+|^(sum|summe|gesamt\w*|zwischensumme)\b|"
                    r"^\W*end of (report|file|data)|^\(?\d+ (rows?|records?)\b", re.IGNORECASE)
# Letters of other alphabets that look like Latin ones.
_ALIKE = str.maketrans("АВЕЅІЈКМНОРСТУХаеіјорсухѕΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABESIJKMHOPCTYXaeijopcyxsABEZHIKMNOPTYXo")


@dataclass(frozen=True)
class BadRow:
    """A row that is not taken: its number, its cells (kept columns only), and what is wrong with it."""

    number: int
    cells: Sequence[str | None]
    problems: Sequence[Problem]


@dataclass(frozen=True)
class Collected:
    """The problems of a file: the first of them, how many of each code, rows rejected, and where they were written."""

    problems: list[Problem]
    counts: dict[str, int]
    rejected: int
    path: Path | None


def is_note(cells: Sequence[str | None]) -> bool:
    """Whether a row without its key is a total, a page footer or a note rather than data."""
    filled = [cell.strip() for cell in cells if cell and cell.strip()]
    return len(filled) == 1 or any(TOTAL.match(cell) for cell in filled)


def look_alike(code: str, known: Iterable[str]) -> tuple[str, str] | None:
    """The known code that `code` only looks like, and the letters that are not what they seem."""
    plain = unicodedata.normalize("NFKC", code).translate(_ALIKE)
    twin = next((k for k in known if k.casefold() == plain.casefold() and k.casefold() != code.casefold()), None)
    odd = ", ".join(f"{c} is {unicodedata.name(c, 'unnamed').lower()}" for c in code if not c.isascii())
    return (twin, odd) if twin and odd else None


def branch_sentence(code: str, known: Iterable[str], allowed: bool) -> str:
    """What to say of a branch code that is not taken; names only branches in `known`."""
    what = f'"{code}" is not a branch.' if allowed else f'"{code}" is not a branch you may load for.'
    if twin := look_alike(code, known):
        return f'{what} It only looks like "{twin[0]}": {twin[1]}. Type it again.'
    if not allowed:
        return f"{what} Leave the row to someone who may, or correct a mistyped code."
    return f"{what}{did_you_mean(code, known)} Correct the code, or add the branch."


def sentence(code: str, column: str, value: str, choices: Sequence[str] = (), latest: str = "") -> str:
    """The message of a problem with one cell."""
    remedies: dict[str, Callable[[], str]] = {
        "missing_value": lambda: f'"{column}" is blank. Every row needs it.',
        "bad_date": lambda: f'"{value}" in "{column}" is not a date the column is written in. Write it like 2026-11-03.',
        "ambiguous_date": lambda: f'"{value}" in "{column}" could be month/day or day/month. Write it like 2026-11-03, '
                                  "or declare the format in a map.",
        "date_out_of_range": lambda: f'"{value}" in "{column}" is before 1990 or after {latest}. Correct the date.',
        "bad_number": lambda: f'"{value}" in "{column}" is not a plain number, or its comma could mean two things. '
                              'Take out units and words; write 1234.5, or declare decimal = "." in a map.',
        "negative_quantity": lambda: f'"{value}" in "{column}" is below zero. Bring returns as returns or credits.',
        "out_of_range": lambda: f'"{value}" in "{column}" is not between 0 and 10.',
        "mangled_identifier": lambda: f'"{value}" in "{column}" has lost its digits in a spreadsheet. '
                                      "Format the column as text and export it again.",
        "bad_choice": lambda: f'"{value}" in "{column}" is not one of: {", ".join(choices)}.{did_you_mean(value, choices)}',
        "bad_yes_no": lambda: f'"{value}" in "{column}" is neither yes nor no.',
    }
    return remedies[code]()


def collect(rows: Iterator[BadRow], also: Sequence[Problem], headers: Sequence[str] | None, expected: int,
            folder: Path) -> Collected:
    """Count and list all problems, write the rejected rows into `folder`. Without `headers` no header row is written."""
    counts: Counter[str] = Counter(problem.code for problem in also)
    problems = list(also[:MOST_LISTED])
    rejected = 0

    def sheet_rows() -> Iterator[list[str]]:
        nonlocal rejected
        for row in rows:
            counts.update(problem.code for problem in row.problems)
            problems.extend(row.problems[:MOST_LISTED - len(problems)])
            if any(problem.rejects for problem in row.problems):
                rejected += 1
                said = " ".join(problem.message for problem in row.problems)
                yield [*(inert(cell or "") for cell in row.cells), str(row.number), said]

    lines = sheet_rows()
    first = next(lines, None)
    if first is None:
        return Collected(problems, dict(counts), 0, None)
    head = [] if headers is None else [[*(inert(h) for h in headers), "Row", "Problem"]]
    write, name = (_write_csv, "problems.csv") if expected > MOST_IN_WORKBOOK else (_write_workbook, "problems.xlsx")
    write(folder / name, chain(head, [first], lines))
    return Collected(problems, dict(counts), rejected, folder / name)


def inert(text: str) -> str:
    """A text no spreadsheet runs as a formula; plain numbers stay as they are."""
    if text[:1] in ("=", "+", "-", "@", "\t", "\r") and not re.fullmatch(r"[-+]?[\d.,]+|-+", text):
        return "'" + text
    return text


def _write_csv(path: Path, lines: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(lines)


def _write_workbook(path: Path, lines: Iterable[Sequence[str]]) -> None:
    from openpyxl import Workbook
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Rejected rows")
    for line in lines:
        sheet.append([ILLEGAL_CHARACTERS_RE.sub("", cell)[:32_767] for cell in line])
    book.save(path)


def sorted_counts(counts: Mapping[str, int]) -> dict[str, int]:
    """Counts in the order of CODES."""
    return {code: counts[code] for code in CODES if counts.get(code)}
