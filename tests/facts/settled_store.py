"""The real store under test: files are settled and taken back, and read row by row with what is said about each file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from scoreboard.facts.engine import sql_type
from scoreboard.facts.files import FactFile
from scoreboard.facts.parquet import read_files
from scoreboard.facts.settle import Incoming, Settled, Span, settle
from scoreboard.facts.sources import BY_NAME, Source
from scoreboard.facts.unsettle import unsettle
from tests.facts.fact_model import File, places

_ARROW = {"VARCHAR": pa.string(), "DOUBLE": pa.float64(), "TIMESTAMP": pa.timestamp("us"), "DATE": pa.date32(), "BOOLEAN": pa.bool_()}
_NUMBERS = count()


@dataclass
class Store:
    """Settled files below a folder. `live` are the files that count, in load order, with how the store knows them."""

    con: duckdb.DuckDBPyConnection
    folder: Path
    files: tuple[FactFile, ...] = ()
    live: list[tuple[File, Incoming]] = field(default_factory=list)

    def load(self, file: File) -> Settled:
        incoming = self._write(file)
        done = settle(self.con, self.folder, self.files, incoming)
        self.live.append((file, incoming))
        self.files = done.files
        return done

    def undo(self, file: File) -> None:
        at = next(i for i, (live, _) in enumerate(self.live) if live is file)
        _, undone = self.live.pop(at)
        remaining = [incoming for live, incoming in self.live if live.source == file.source]
        self.files = unsettle(self.con, self.folder, self.files, undone, remaining).files

    def _write(self, file: File) -> Incoming:
        source = BY_NAME[file.source]
        path = self.folder / f"rows-{next(_NUMBERS)}.parquet"
        pq.write_table(pa.table({c: pa.array([r[c] for r in file.rows], _ARROW[sql_type(source, c)]) for c in file.columns}), path)
        spans = tuple(Span(branch, first, last) for branch, (first, last) in file.spans.items())
        return Incoming(source, path, file.columns, file.keyless, spans)

    def kept(self) -> dict[str, Counter[tuple[Any, ...]]]:
        """Per source how often each (filing place, keyless, *values) is kept, over all files."""
        found: dict[str, Counter[tuple[Any, ...]]] = {n: Counter() for n, s in BY_NAME.items() if s.kept_in == "facts"}
        for name in {f.source for f in self.files}:
            mine = [f for f in self.files if f.source == name]
            columns = ", ".join(f'"{c}"' for c in BY_NAME[name].columns)
            found[name].update(self.con.execute(
                f"SELECT _bucket, _keyless, {columns} FROM ({read_files(BY_NAME[name], self.folder, mine)})").fetchall())
        return found

    def wrong(self, live: Sequence[File]) -> list[str]:
        """How the store differs from what the live files say, and files that are not as the store says they are."""
        kept, expected = self.kept(), places(live)
        found = [f"{word} {name}: {_readable(name, row)} × {times}" for name in expected
                 for word, rows in (("missing", expected[name] - kept[name]), ("too many", kept[name] - expected[name]))
                 for row, times in rows.items()]
        return found + [lie for f in self.files for lie in _lies(self.con, self.folder, f, BY_NAME[f.source])]


def _readable(name: str, row: tuple[Any, ...]) -> str:
    place, keyless, *values = row
    said = [f"{c}={v}" for c, v in zip(BY_NAME[name].columns, values, strict=True) if v is not None]
    return " ".join([place, *(["keyless"] if keyless else []), *said])


def _lies(con: duckdb.DuckDBPyConnection, folder: Path, f: FactFile, source: Source) -> list[str]:
    place = f"read_parquet('{folder / f.path}', hive_partitioning=false)"
    ends = ", ".join(f'min("{c}")::VARCHAR, max("{c}")::VARCHAR' for c in source.dates if c in f.columns) or "NULL, NULL"
    rows, *found = con.execute(f"SELECT count(*), {ends} FROM {place}").fetchone() or ()
    ranges = dict(zip((c for c in source.dates if c in f.columns), zip(found[::2], found[1::2], strict=True), strict=False))
    known = {c: (low, high) for c, (low, high) in ranges.items() if low is not None}
    lies = [] if rows == f.rows else [f"{f.path}: {f.rows} rows said, {rows} there"]
    if f"_bucket={f.bucket}/" not in f.path:
        lies.append(f"{f.path}: said to be filed in {f.bucket}")
    if {c: tuple(pair) for c, pair in f.ranges.items()} != known:
        lies.append(f"{f.path}: ranges {f.ranges} said, {known} there")
    return lies
