"""Which column of a file is which of ours, and which source the file is.

The convention: our own names are recognised however they are spelled (case, spaces, dashes, dots and
underscores), a few other names by SYNONYMS; what else a file calls things, a map says. Nothing is taken by
position, nothing is guessed from values, and what is not used is listed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Mapping, Sequence

from scoreboard.errors import Refused, did_you_mean
from scoreboard.facts.sources import SOURCES, Source
from scoreboard.imports.maps import BY_SYNONYM, Map, check_columns, fold, is_personal, source_called


@dataclass(frozen=True)
class Columns:
    """A file understood: our columns by position in it, or by constant, in the source's order."""

    source: Source
    places: Mapping[str, int]
    constants: Mapping[str, str]
    told: Map
    keyless: bool
    ignored: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(c for c in self.source.columns if c in self.places or c in self.constants)


def known_headers(told: Map) -> Callable[[Sequence[str]], int]:
    """A function that counts the cells of a row which are headers of ours or of the map."""
    sources = [source_called(told.source)] if told.source else SOURCES
    known = {fold(c) for s in sources for c in s.columns} | set(BY_SYNONYM) | {fold(h) for h in told.columns}
    return lambda cells: sum(fold(cell) in known for cell in cells)


def decide(headers: Sequence[str], told: Map, *, source: str | None, branch: str | None, name: str) -> Columns:
    """Match the headers of file `name`. Refused for a duplicate header, a wrong map, or what a source needs and lacks."""
    if source and told.source and source != told.source:
        raise Refused(f'The map {told.name} is for "{told.source}", but "{source}" was asked for.', "Leave one of them out.")
    _refuse_duplicates(headers)
    wanted = source or told.source
    constants = {**told.constants, **({"branch": branch} if branch else {})}
    if wanted:
        chosen = source_called(wanted)
        check_columns(chosen, told)
        lacking = _lacking(chosen, {*_places(headers, told, chosen), *constants})
        _refuse_absent(headers, told, lacking)
        if lacking:
            raise Refused(f"{name} cannot be read as {chosen.name}: it has no column for {lacking}.",
                          "Name their headers in a map, or choose another source.")
    else:
        _refuse_absent(headers, told, "")
        chosen = _choose(headers, told, constants, name)
        check_columns(chosen, told)
    places = _places(headers, told, chosen)
    for column in constants:
        if column in places:
            raise Refused(f'{name} has "{column}" in its column "{headers[places[column]]}" and is given it as a constant too.',
                          "Leave the constant out." if column != "branch" else "Leave --branch or the constant out.")
    has = {*places, *constants}
    for column in (*told.values, *(c for c in told.dates if c != "all")):
        if column not in has:
            raise Refused(f'The map {told.name} says how "{column}" is written, but {name} has no column for it.',
                          "Name its header under [columns], or take those lines out.")
    ignored = tuple(f"{h} (left out: personal)" if is_personal(h) else h
                    for i, h in enumerate(headers) if h and i not in places.values())
    return Columns(chosen, places, constants, told, not _has_key(chosen, set(has)), ignored)


def needed(source: Source, keyless: bool) -> tuple[str, ...]:
    """The columns no row may leave blank: branch, then the key or, without a key, what dates the row."""
    key = () if keyless else tuple(c for c in source.key if c not in source.optional_key)
    required = tuple(c for c in source.required if keyless or c not in source.record)
    return tuple(dict.fromkeys(("branch", *key, *required)))


def _has_key(source: Source, has: set[str]) -> bool:
    return has.issuperset(c for c in source.key if c not in source.optional_key)


def _lacking(source: Source, has: set[str], for_sure: bool = False) -> str:
    """The columns a file lacks for a source, as words; empty when it will do. `for_sure`: also what only a full file has."""
    lacking = [] if "branch" in has else ["branch (or --branch CODE)"]
    required = [c for c in source.required if c not in has]
    record = [] if not source.record or has & set(source.record) else [" or ".join(source.record)]
    if for_sure:
        lacking += required
    if not _has_key(source, has):
        key = [c for c in source.key if c not in source.optional_key and c not in has]
        without = list(dict.fromkeys([*record, *required]))
        if not source.keyless:
            lacking += [c for c in key if c not in lacking]
        elif without:
            lacking += [f"{' and '.join(key)} (or, without a key, {' and '.join(without)})"]
    return ", ".join(dict.fromkeys(lacking))


def _choose(headers: Sequence[str], told: Map, constants: Mapping[str, str], name: str) -> Source:
    """The source whose columns are all there and that knows the most headers."""
    has = {s.name: {*_places(headers, told, s), *constants} & set(s.columns) for s in SOURCES}
    ranked = sorted(SOURCES, key=lambda s: -len(has[s.name]))
    fitting = [s for s in ranked if not _lacking(s, has[s.name], for_sure=True)]
    if not fitting:
        raise Refused(f"{name} is none of the known sources.{_nearest(ranked[0], has[ranked[0].name])}",
                      "Name the source with --source, or their headers in a map.")
    if len(fitting) > 1 and len(has[fitting[0].name]) == len(has[fitting[1].name]):
        raise Refused(f"{name} could be {fitting[0].name} or {fitting[1].name}.", "Name the source with --source.")
    return fitting[0]


def _nearest(source: Source, has: set[str]) -> str:
    """What the file lacks for a source; where it has less than half of what is needed, the source is not even near."""
    wanted = {"branch", *source.required, *(c for c in source.key if c not in source.optional_key)}
    if 2 * len(has & wanted) < len(wanted):
        return ""
    return f" Nearest is {source.name}, but it has no column for {_lacking(source, has, for_sure=True)}."


def _places(headers: Sequence[str], told: Map, source: Source) -> dict[str, int]:
    """Our columns to positions: what the map says, then our own names, then synonyms. Refused for two to one."""
    mapped = {fold(header): column for header, column in told.columns.items() if column in source.columns}
    ours = {fold(column): column for column in source.columns}
    places: dict[str, int] = {}
    for names in (mapped, ours, {n: c for n, c in BY_SYNONYM.items() if c in source.columns}):
        found: dict[str, int] = {}
        for i, header in enumerate(headers):
            column = names.get(fold(header))
            if column is None or i in places.values() or column in places or (not told.headers and names is not mapped):
                continue
            if column in found:
                raise Refused(f'"{headers[found[column]]}" and "{header}" would both be "{column}".',
                              "Say in a map which one it is.")
            if names is mapped or not is_personal(header):
                found[column] = i
        places |= found
    return places


def _refuse_duplicates(headers: Sequence[str]) -> None:
    seen: dict[str, int] = {}
    for i, header in enumerate(headers, 1):
        if header and fold(header) in seen:
            raise Refused(f'The header "{header}" occurs twice, in columns {seen[fold(header)]} and {i}.',
                          "Rename or remove one of them.")
        seen[fold(header)] = i


def _refuse_absent(headers: Sequence[str], told: Map, lacking: str) -> None:
    there = {fold(header) for header in headers}
    absent = [header for header in told.columns if fold(header) not in there]
    if absent:
        names = ", ".join(f'"{header}"' for header in absent)
        needs = f" Without it there is no column for {lacking}." if lacking else ""
        raise Refused(f"The map {told.name} names {names}, which the file does not have.{needs}",
                      f"{did_you_mean(absent[0], [h for h in headers if h])} It has: {', '.join(h for h in headers if h)}."
                      .strip())
