"""The SQL of a checked file: for every cell one expression for its value and one for what is wrong with it.

The convention: an expression of a problem is NULL where the cell is good, else a code of `report.CODES`. The
same expressions check two million rows on the way to Parquet and explain the few bad ones afterwards, so
there is no second reader that could disagree. What is rare is written inside CASE, which computes it for the
rare rows only.
"""

from __future__ import annotations

from functools import reduce
from typing import Mapping, Sequence

from scoreboard.imports import dates, numbers
from scoreboard.imports.cells import Cell, Findings
from scoreboard.imports.dates import SPACE, quoted

# Words that say "nothing here", in any column.
MISSING = ("", "-", "--", "n/a", "#n/a", "null", "(null)", "nat", "not captured", "0000-00-00", "0000-00-00 00:00:00")
YES, NO = ("yes", "true", "1", "y", "x"), ("no", "false", "0", "n")
TYPES = {"number": "DOUBLE", "time": "TIMESTAMP", "date": "DATE", "week": "DATE", "yes": "BOOLEAN"}


def branch_type_sql(findings: Findings) -> str:
    """The enumeration of the branch codes to take: a cast to it is a hash look-up."""
    codes = ", ".join(map(quoted, findings.branches)) or "'\x01'"
    return f"CREATE OR REPLACE TEMP TYPE branch_code AS ENUM ({codes})"


def checked_sql(cells: Sequence[Cell], findings: Findings, rows: str, kept: Sequence[str]) -> str:
    """A select over `rows` (raw columns c0, c1, …): columns v0… (values), k0… (problem codes) and `kept`.

    In layers, so that each text is parsed once: the cell's text, what it parses to, then value and problem.
    """
    zone = _zone_sql(cells, findings)
    also = "".join(f", {name}" for name in kept)
    texts = ", ".join(f"{text_sql(cell)} AS t{i}" for i, cell in enumerate(cells))
    parsed = ", ".join(f"{_parsed_sql(cell, i, findings, zone)} AS p{i}" for i, cell in enumerate(cells))
    values = ", ".join(f"t{i}, p{i}, {_value_sql(cell, i, findings)} AS v{i}" for i, cell in enumerate(cells))
    problems = ", ".join(f"v{i}, {_problem_sql(cell, i)} AS k{i}" for i, cell in enumerate(cells))
    tried = "".join(f", {dates.try_sql(f't{i}', findings.usual[cell.column])} AS u{i}" for i, cell in enumerate(cells)
                    if cell.column in findings.usual)
    inputs = ", ".join(f"t{i}" for i in range(len(cells)))
    layers = (f"SELECT {texts}{also} FROM {rows}", f"SELECT {inputs}{tried}{also} FROM ",
              f"SELECT {inputs}, {parsed}{also} FROM ", f"SELECT {values}{also} FROM ", f"SELECT {problems}{also} FROM ")
    return reduce(lambda inner, outer: f"{outer}({inner})", layers)


def text_sql(cell: Cell) -> str:
    """The text of a cell: the file's or the constant, their words turned into ours."""
    raw = quoted(cell.constant) if cell.constant is not None else f"c{cell.place}"
    if cell.kind in ("text", "identifier") and cell.constant is None:
        # An apostrophe that a workbook of problems put before a formula is taken off again.
        formula = f"{raw} >= '''' AND {raw} < '(' AND {raw}[2] IN ('=', '+', '-', '@', '\t', '\r')"
        raw = f"CASE WHEN {formula} THEN {raw}[2:] ELSE {raw} END"
    if not cell.words:
        return raw
    words = " ".join(f"WHEN {quoted(theirs.strip().lower())} THEN {quoted(ours)}" for theirs, ours in cell.words.items())
    return f"CASE lower(trim({raw}, {quoted(SPACE)})) {words} ELSE {raw} END"


def _zone_sql(cells: Sequence[Cell], findings: Findings) -> str:
    """The time zone of the row's branch; an unknown branch is rejected anyway, so UTC does no harm."""
    place = next((i for i, cell in enumerate(cells) if cell.kind == "branch"), None)
    zones = ", ".join(quoted(zone) for _, zone in findings.branches.values())
    return f"coalesce(([{zones}])[{_branch_index_sql(f't{place}')}], 'UTC')" if zones and place is not None else "'UTC'"


def _branch_index_sql(text: str) -> str:
    """Position of the row's branch, from 1; the plain spelling first, as trimming every kind of blank is slow."""
    return f"enum_code(coalesce(try_cast(lower({text}) AS branch_code), try_cast({_lower(text)} AS branch_code))) + 1"


def _parsed_sql(cell: Cell, i: int, findings: Findings, zone: str) -> str:
    text = f"t{i}"
    if cell.kind == "branch":
        return _branch_index_sql(text)
    if cell.kind == "number":
        return numbers.parse_sql(text, findings.marks.get(cell.column, "point"))
    if cell.kind in ("time", "date", "week"):
        parsed = dates.parse_sql(text, order=findings.orders.get(cell.column, ""), declared=cell.date_format,
                                 tried=f"u{i}" if cell.column in findings.usual else None, zone=zone,
                                 serials_from=findings.serials_from)
        return _or_week_sql(text, parsed) if cell.kind == "week" else parsed
    if cell.kind == "yes":
        return _looked_up_sql(text, {**dict.fromkeys(YES, "true"), **dict.fromkeys(NO, "false")})
    if cell.kind == "choice":
        return _looked_up_sql(text, {choice.lower(): quoted(choice) for choice in cell.choices})
    return _trimmed_sql(text) if cell.kind == "identifier" else f"trim({text})"


def _looked_up_sql(text: str, meanings: Mapping[str, str]) -> str:
    words = " ".join(f"WHEN {quoted(word)} THEN {meaning}" for word, meaning in meanings.items())
    return f"coalesce(CASE lower({text}) {words} END, CASE {_lower(text)} {words} END)"


def _trimmed_sql(text: str) -> str:
    """Trimmed of every kind of blank; plain ASCII text goes the fast way."""
    return f"CASE WHEN strlen({text}) = length({text}) THEN trim({text}) ELSE trim({text}, {quoted(SPACE)}) END"


def _lower(text: str) -> str:
    return f"lower(trim({text}, {quoted(SPACE)}))"


def _or_week_sql(text: str, parsed: str) -> str:
    """`2026-W45` is the Monday of that week."""
    label = rf"regexp_full_match({text}, '\s*\d{{4}}-?[Ww]\d{{1,2}}\s*')"
    monday = f"try_strptime(replace(replace(upper(trim({text}, {quoted(SPACE)})), '-', ''), 'W', '-W') || '-1', '%G-W%V-%u')"
    return f"CASE WHEN {label} THEN {monday} ELSE {parsed} END"


def _missing_sql(text: str) -> str:
    return f"({text} IS NULL OR {_lower(text)} IN ({', '.join(map(quoted, MISSING))}))"


def _says_missing_sql(text: str) -> str:
    """The same for a trimmed, non-empty text; comparing ranges first, as most texts fall outside them."""
    may = f"({text} < '1' OR ({text} >= 'N' AND {text} < 'O') OR ({text} >= 'n' AND {text} < 'o'))"
    return f"({may} AND lower({text}) IN ({', '.join(map(quoted, MISSING))}))"


def _value_sql(cell: Cell, i: int, findings: Findings) -> str:
    if cell.kind == "branch":
        codes = ", ".join(quoted(code) for code, _ in findings.branches.values())
        return f"([{codes}])[p{i}]" if codes else "NULL::VARCHAR"
    if cell.kind in ("time", "date", "week"):
        return f"CASE WHEN {_in_time(cell, i)} THEN p{i}::{TYPES[cell.kind]} END"
    if cell.kind in ("text", "identifier"):
        return f"CASE WHEN {_says_missing_sql(f'p{i}')} THEN NULL ELSE p{i} END"
    return f"CASE WHEN isfinite(p{i}) THEN p{i} END" if cell.kind == "number" else f"p{i}"


def _in_time(cell: Cell, i: int) -> str:
    latest = f" AND p{i} <= TIMESTAMP '{cell.latest}'" if cell.latest else ""
    return f"p{i} >= TIMESTAMP '{dates.EARLIEST}'{latest}"


def _problem_sql(cell: Cell, i: int) -> str:
    """SQL of the code of what is wrong with a cell; cheap for good cells, whatever it costs for others."""
    v, p, t = f"v{i}", f"p{i}", f"t{i}"
    missing = "'missing_value'" if cell.needed else "NULL::VARCHAR"
    if cell.kind in ("text", "identifier"):
        # Excel turns a long number into 1.02E+15 and forgets the rest of it.
        mangled = rf"contains({v}, '+') AND regexp_full_match({v}, '(?i)\d([.,]\d+)?E\+\d+')"
        clause = f"WHEN {mangled} THEN 'mangled_identifier' " if cell.kind == "identifier" else ""
        return f"CASE WHEN {v} IS NULL THEN {missing} {clause}END"
    if cell.kind == "number":
        return f"CASE WHEN {v} IS NULL THEN CASE WHEN {_missing_sql(t)} THEN {missing} ELSE 'bad_number' END {_limits(cell, v)}END"
    if cell.kind in ("time", "date", "week"):
        never = f"{p}::DATE IN ({', '.join(f'DATE {quoted(day)}' for day in dates.PLACEHOLDERS)})"
        unsure = f"CASE WHEN {dates.unsure_sql(t, cell.date_format)} THEN 'ambiguous_date' ELSE 'bad_date' END"
        return (f"CASE WHEN {v} IS NOT NULL THEN NULL WHEN {p} IS NULL THEN "
                f"CASE WHEN {_missing_sql(t)} THEN {missing} ELSE {unsure} END "
                f"WHEN {never} THEN {missing} ELSE 'date_out_of_range' END")
    bad = {"branch": "unknown_branch", "yes": "bad_yes_no", "choice": "bad_choice"}[cell.kind]
    return f"CASE WHEN {v} IS NULL THEN CASE WHEN {_missing_sql(t)} THEN {missing} ELSE '{bad}' END END"


def _limits(cell: Cell, value: str) -> str:
    if cell.lowest is None:
        return ""
    if cell.highest is None:
        return f"WHEN {value} < {cell.lowest} THEN 'negative_quantity' "
    return f"WHEN {value} NOT BETWEEN {cell.lowest} AND {cell.highest} THEN 'out_of_range' "
