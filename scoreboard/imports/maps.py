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
from typing import Any, Collection, Mapping

from scoreboard.errors import Refused, did_you_mean
from scoreboard.facts.sources import BY_NAME, PERSONAL, SOURCES, Source
from scoreboard.imports.dates import check_format
from scoreboard.imports.text_files import DELIMITERS

_KINDS: dict[str, type] = {"source": str, "headers": bool, "delimiter": str, "decimal": str, "columns": dict, "dates": dict,
                           "constants": dict, "values": dict}
DECIMALS = {".": "point", ",": "comma"}
# What else a header may be called, without a map.
SYNONYMS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("branch", ("branch code", "branch id", "branch no", "branch number")),
    ("order_no", ("order number", "order id", "sales order", "so number")),
    ("line_no", ("line number", "order line no")),
    ("part_no", ("part number", "item number", "item no", "sku")),
    ("quote_no", ("quote number", "quote id")),
    ("rma_no", ("rma number", "rma id")),
    ("case_no", ("case number", "case id")),
    ("ordered_at", ("order date", "ordered on")),
    ("shipped_at", ("ship date", "shipped date", "shipped on")),
    ("delivered_at", ("delivery date", "delivered date", "delivered on")),
    ("qty_ordered", ("ordered qty", "quantity ordered")),
    ("qty_shipped", ("shipped qty", "quantity shipped")),
)
_EVERY_COLUMN = frozenset(column for source in SOURCES for column in source.columns)


def fold(header: str) -> str:
    """A header as it is compared: no case, spaces, dashes, dots or underscores."""
    return "".join(c for c in header.casefold() if c not in " -._\u00a0\t\r\n\ufeff")


BY_SYNONYM = {fold(name): column for column, names in SYNONYMS for name in names}


@dataclass(frozen=True)
class Map:
    """A map as written; an empty one says nothing. `columns` goes from their header to our column; `name` is its file."""

    name: str = ""
    source: str | None = None
    headers: bool = True
    delimiter: str | None = None
    decimal: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    dates: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def at(self, table: str, key: str) -> str:
        """Where something stands, for a sentence: `The map friday.toml ([columns] "Promised")`."""
        return f'The map {self.name} ([{table}] "{key}")'


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
        name=path.name, source=told.get("source"), headers=told.get("headers", True),
        delimiter=_delimiter(path.name, told.get("delimiter")), decimal=_decimal(path.name, told.get("decimal")),
        columns=told.get("columns", {}), dates=told.get("dates", {}),
        constants={column: _text(value) for column, value in told.get("constants", {}).items()},
        values={column: {their: _text(our) for their, our in words.items()}
                for column, words in told.get("values", {}).items()}))


def source_called(name: str) -> Source:
    """The source of that name. Refused when there is none."""
    if name not in BY_NAME:
        raise Refused(f'There is no source "{name}".{did_you_mean(name, BY_NAME)}', f"Sources: {', '.join(BY_NAME)}.")
    return BY_NAME[name]


def is_personal(header: str) -> bool:
    """Whether a header names personal data that no metric needs."""
    return any(fold(word) in fold(header) for word in PERSONAL)


def check_columns(source: Source, told: Map) -> None:
    """Refuse a map that names columns the source does not have, or words a column does not take."""
    for where, column in _named(told):
        if column not in source.columns:
            raise Refused(f'{where} names "{column}", which {source.name} does not have.{_meant(column, source.columns)}',
                          f"Columns: {', '.join(source.columns)}.")
    for column in told.dates:
        if column != "all" and column not in source.dates:
            raise Refused(f'{told.at("dates", column)} declares a date format for "{column}", which is not a date.', "Take that line out.")
    ours = [(told.at(f"values.{c}", their), c, our) for c, words in told.values.items() for their, our in words.items()]
    for where, column, word in ours + [(told.at("constants", c), c, word) for c, word in told.constants.items()]:
        choices = source.choices(column)
        if choices and word.strip().casefold() not in {choice.casefold() for choice in choices}:
            raise Refused(f'{where} gives "{column}" the word "{word}", which it does not take.'
                          f"{did_you_mean(word, choices)}", f"It takes: {', '.join(choices)}.")


def _named(told: Map) -> list[tuple[str, str]]:
    """Every column of ours a map names, with where it does."""
    return [*((told.at("columns", header), column) for header, column in told.columns.items()),
            *((told.at("constants", column), column) for column in told.constants),
            *((f"The map {told.name} ([values.{column}])", column) for column in told.values),
            *((told.at("dates", column), column) for column in told.dates if column != "all")]


def _meant(column: str, known: Collection[str]) -> str:
    """The column that was meant, also by one of its other names."""
    return did_you_mean(BY_SYNONYM.get(fold(column), column), known)


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


def _decimal(name: str, mark: str | None) -> str | None:
    """The decimal mark of every number of the file."""
    if mark is not None and mark not in DECIMALS:
        raise Refused(f'The map {name} has the decimal mark "{mark}".', 'It may be: decimal = "." or decimal = ",".')
    return DECIMALS[mark] if mark else None


def _delimiter(name: str, delimiter: str | None) -> str | None:
    if delimiter is None or delimiter in DELIMITERS.values():
        return delimiter
    if delimiter not in DELIMITERS:
        raise Refused(f'The map {name} has the delimiter "{delimiter}".{did_you_mean(delimiter, DELIMITERS)}',
                      f"It may be: {', '.join(DELIMITERS)}.")
    return DELIMITERS[delimiter]


def _checked(told: Map) -> Map:
    """What can be checked before the file is known."""
    if told.source:
        if told.source not in BY_NAME:
            raise Refused(f'The map {told.name} has source = "{told.source}", which does not exist.{did_you_mean(told.source, BY_NAME)}',
                          f"Sources: {', '.join(BY_NAME)}.")
        check_columns(BY_NAME[told.source], told)
    for where, column in _named(told):
        if column not in _EVERY_COLUMN:
            raise Refused(f'{where} names "{column}", which is no column of any source.{_meant(column, _EVERY_COLUMN)}',
                          "Columns are listed in the documentation of the sources.")
    for column, date_format in told.dates.items():
        check_format(told.at("dates", column), date_format)
    for header, column in told.columns.items():
        if is_personal(header):
            raise Refused(f'The map {told.name} gives "{header}" to "{column}": personal data that no metric needs is never stored.',
                          "Take that line out of the map.")
        if not told.headers and not (header.isdecimal() and int(header) > 0):
            raise Refused(f'The map {told.name} says headers = false, but names the column "{header}".',
                          'Write its position: "1" = "order_no".')
    return told
