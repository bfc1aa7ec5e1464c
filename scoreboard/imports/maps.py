"""Maps: a TOML file that says how somebody's export is written, read whole and believed only where it is right.

    source = "order_lines"
    headers = true                      # false: no header row, [columns] is keyed by position "1", "2", …
    delimiter = "tab"                   # comma, semicolon, tab or pipe; found out when not given
    decimal = "."                       # or ","; found out when not given
    [columns]     "Their header" = "our_column"
    [dates]       our_column = "%m/%d/%Y"      (or all = "…")
    [constants]   branch = "EAST"
    [values.our_column]  "Their word" = "our word"
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Mapping

from scoreboard.errors import Refused, did_you_mean
from scoreboard.facts.sources import BY_NAME, PERSONAL, SOURCES, Source
from scoreboard.imports.dates import check_format
from scoreboard.imports.text_files import DELIMITERS

_KINDS: dict[str, type] = {"source": str, "headers": bool, "delimiter": str, "decimal": str, "columns": dict, "dates": dict,
                           "constants": dict, "values": dict}
DECIMALS = {".": "point", ",": "comma"}
_EVERY_COLUMN = frozenset(column for source in SOURCES for column in source.columns)


@dataclass(frozen=True)
class Map:
    """A map as written; an empty one says nothing. `columns` goes from their header to our column."""

    source: str | None = None
    headers: bool = True
    delimiter: str | None = None
    decimal: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    dates: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def read_map(path: Path | None) -> Map:
    """The map of a TOML file, an empty map without one. Refused with the mistake and what may have been meant."""
    if path is None:
        return Map()
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError:
        raise Refused(f"There is no map {path}.", "Check the path.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refused(f"The map {path.name} is not TOML: {error}.", "Correct that line.") from None
    _check_shape(path.name, told)
    return _checked(Map(
        source=told.get("source"), headers=told.get("headers", True), delimiter=_delimiter(told.get("delimiter")),
        decimal=_decimal(told.get("decimal")),
        columns=told.get("columns", {}), dates=told.get("dates", {}),
        constants={column: _text(value) for column, value in told.get("constants", {}).items()},
        values={column: {their: _text(our) for their, our in words.items()}
                for column, words in told.get("values", {}).items()}))


def source_called(name: str) -> Source:
    """The source of that name. Refused when there is none."""
    if name not in BY_NAME:
        raise Refused(f'There is no source "{name}".{did_you_mean(name, BY_NAME)}', f"Sources: {', '.join(BY_NAME)}.")
    return BY_NAME[name]


def fold(header: str) -> str:
    """A header as it is compared: no case, spaces, dashes, dots or underscores."""
    return "".join(c for c in header.casefold() if c not in " -._\u00a0\t\r\n\ufeff")


def is_personal(header: str) -> bool:
    """Whether a header names personal data that no metric needs."""
    return any(fold(word) in fold(header) for word in PERSONAL)


def check_columns(source: Source, told: Map) -> None:
    """Refuse a map that names columns the source does not have, or words a column does not take."""
    for column in (*told.columns.values(), *told.constants, *told.values, *(c for c in told.dates if c != "all")):
        if column not in source.columns:
            raise Refused(f'The map names "{column}", which {source.name} does not have.'
                          f"{did_you_mean(column, source.columns)}", f"Columns: {', '.join(source.columns)}.")
    for column in told.dates:
        if column != "all" and column not in source.dates:
            raise Refused(f'The map declares a date format for "{column}", which is not a date.', "Take that line out.")
    ours = [(c, our) for c, words in told.values.items() for our in words.values()] + list(told.constants.items())
    for column, word in ours:
        choices = source.choices(column)
        if choices and word.strip().casefold() not in {choice.casefold() for choice in choices}:
            raise Refused(f'The map gives "{column}" the word "{word}", which it does not take.'
                          f"{did_you_mean(word, choices)}", f"It takes: {', '.join(choices)}.")


def _check_shape(name: str, told: Mapping[str, Any]) -> None:
    for key, value in told.items():
        if key not in _KINDS:
            raise Refused(f'The map {name} has "{key}", which means nothing here.{did_you_mean(key, _KINDS)}',
                          f"A map may have: {', '.join(_KINDS)}.")
        if not isinstance(value, _KINDS[key]):
            raise Refused(f'"{key}" in the map {name} is written in the wrong way.', _SHAPES.get(key, _TABLE.format(key)))
    for key in ("columns", "dates"):
        if not all(isinstance(value, str) for value in told.get(key, {}).values()):
            raise Refused(f'"{key}" in the map {name} must give a text for each name.', _TABLE.format(key))
    if not all(isinstance(words, dict) for words in told.get("values", {}).values()):
        raise Refused(f'"values" in the map {name} needs a table per column.', 'Write [values.our_column] and "Their word" = "our word".')


_TABLE = 'Write it as a table: [{}] and lines of "name" = "value".'
_SHAPES = {"headers": "Write headers = true or headers = false.", "source": 'Write source = "order_lines".',
           "delimiter": 'Write delimiter = "tab".', "decimal": 'Write decimal = ".".'}


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _decimal(mark: str | None) -> str | None:
    """The decimal mark of every number of the file."""
    if mark is not None and mark not in DECIMALS:
        raise Refused(f'The map has the decimal mark "{mark}".', 'It may be: decimal = "." or decimal = ",".')
    return DECIMALS[mark] if mark else None


def _delimiter(name: str | None) -> str | None:
    if name is None or name in DELIMITERS.values():
        return name
    if name not in DELIMITERS:
        raise Refused(f'The map has the delimiter "{name}".{did_you_mean(name, DELIMITERS)}', f"It may be: {', '.join(DELIMITERS)}.")
    return DELIMITERS[name]


def _checked(told: Map) -> Map:
    """What can be checked before the file is known."""
    if told.source:
        check_columns(source_called(told.source), told)
    for column in (*told.columns.values(), *told.constants, *told.values):
        if column not in _EVERY_COLUMN:
            raise Refused(f'The map names "{column}", which is no column of any source.{did_you_mean(column, _EVERY_COLUMN)}',
                          "Columns are listed in the documentation of the sources.")
    for column, date_format in told.dates.items():
        check_format(column, date_format)
    for header, column in told.columns.items():
        if is_personal(header):
            raise Refused(f'The map gives "{header}" to "{column}": personal data that no metric needs is never stored.',
                          "Take that line out of the map.")
        if not told.headers and not (header.isdecimal() and int(header) > 0):
            raise Refused(f'The map says headers = false, but names the column "{header}".', 'Write its position: "1" = "order_no".')
    return told
