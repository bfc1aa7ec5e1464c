"""Reading and writing fact files: Parquet, one set of files per write, one file per filing place."""

from __future__ import annotations

import uuid
from collections import defaultdict
from datetime import date
from pathlib import Path

import duckdb

from scoreboard.facts.checksums import seal
from scoreboard.facts.engine import listed, quoted, source_select
from scoreboard.facts.files import WAITING, FactFile
from scoreboard.facts.sources import Source

HASHES = ", _filed, _key, _keyless"  # the filing columns: what a row is filed with, its key where that differs, keyless


def read_files(source: Source, folder: Path, files: list[FactFile] | set[FactFile]) -> str:
    """SELECT text over fact files, with every column of the source and the filing columns.

    One read for all files with the same columns: of those the engine opens the first to know them all. Told that files may differ, it
    would open every one before it reads any.
    """
    alike: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for f in sorted(files, key=lambda f: f.path):
        alike[f.columns].append(str(folder / f.path))
    return " UNION ALL ".join(source_select(source, paths, columns, HASHES + ", _bucket") for columns, paths in (alike or {(): []}).items())


def files_with(con: duckdb.DuckDBPyConnection, folder: Path, files: list[FactFile], column: str,
               wanted: str) -> list[FactFile]:
    """The files that hold a row whose `column` is in the `wanted` select. Reads that one column only."""
    if not files:
        return []
    found = {row[0] for row in con.execute(f"""SELECT DISTINCT filename
        FROM read_parquet({listed(str(folder / f.path) for f in files)}, filename=true, hive_partitioning=false)
        WHERE {column} IN ({wanted})""").fetchall()}
    return [f for f in files if str(folder / f.path) in found]


def write_files(con: duckdb.DuckDBPyConnection, folder: Path, source: Source, columns: tuple[str, ...],
                rows: str) -> tuple[FactFile, ...]:
    """Writes rows (with the filing columns and `_bucket`) as one set of files, by filing place."""
    place = f"facts/{source.name}/{uuid.uuid4().hex}"
    (folder / place).parent.mkdir(parents=True, exist_ok=True)
    names = ", ".join(f'"{c}"' for c in columns)
    stats = con.execute(f"""COPY (SELECT {names}{HASHES}, _bucket FROM ({rows}))
        TO {quoted(str(folder / place))} (FORMAT parquet, PARTITION_BY (_bucket), RETURN_STATS true)""").fetchall()
    return tuple(_fact_file(source, columns, folder, row) for row in stats)


def _fact_file(source: Source, columns: tuple[str, ...], folder: Path, row: tuple[object, ...]) -> FactFile:
    path, rows, _, _, statistics, keys = row[:6]
    assert isinstance(path, str) and isinstance(rows, int) and isinstance(statistics, dict) and isinstance(keys, dict)
    ranges = {}
    for column in source.dates:
        found = statistics.get(f'"{column}"') or {}
        if "min" in found:
            ranges[column] = [found["min"], found["max"]]
    bucket = keys["_bucket"]
    week = None if bucket == WAITING else date.fromisoformat(bucket)
    return FactFile(source.name, week, str(seal(Path(path)).relative_to(folder)), rows, ranges, columns)
