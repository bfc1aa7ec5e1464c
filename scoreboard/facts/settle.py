"""Settling: new rows are merged onto the settled files, key by key and column by column.

The rules this module owns. Each key has, per column, the value of the latest live load that has that column;
an absent column keeps its value, an empty cell clears it (a record date alone is never cleared). Rows are
filed by groups (everything about an order together); a group whose first record date moved is moved whole.
Only groups that changed are rewritten. Readers never de-duplicate, because nothing is ever kept twice.

Temporary tables, all in one connection: `inc` what comes in, `old` settled rows it may meet, `merged` the
outcome with `_state` new/changed/same, `g` the changed groups, then per source of the family
`before_<source>` and `after_<source>`: the rows of those groups as they were and as they are now.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from scoreboard.facts.checksums import require_sound
from scoreboard.facts.engine import damage_as_sentence, source_select
from scoreboard.facts.files import WAITING, FactFile, family
from scoreboard.facts.parquet import files_with, read_files, write_files
from scoreboard.facts.sources import Source


@dataclass(frozen=True)
class Span:
    """The record dates of a keyless file in one branch, both ends included."""

    branch: str
    first_on: date
    last_on: date


@dataclass(frozen=True)
class Incoming:
    """Checked rows of one file: a Parquet file with `columns`, typed as the source says."""

    source: Source
    rows: Path
    columns: tuple[str, ...]
    keyless: bool = False
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Settled:
    """The files after settling, and what happened to the rows. `fresh`: the family held nothing before."""

    files: tuple[FactFile, ...]
    new: int = 0
    changed: int = 0
    same: int = 0
    waiting: int = 0
    fresh: bool = False


def settle(con: duckdb.DuckDBPyConnection, folder: Path, files: tuple[FactFile, ...], incoming: Incoming) -> Settled:
    """Merges one file onto `files`; writes the new fact files under `folder` and returns the outcome."""
    source = incoming.source
    kin = family(source)
    with damage_as_sentence():
        if not any(f.source == s.name for f in files for s in kin):
            return _settle_first(con, folder, files, incoming)
        read_incoming(con, incoming)
        find_old(con, folder, files, source, incoming.spans if incoming.keyless else ())
        _merge(con, incoming)
        counts = dict(con.execute("SELECT _state, count(*) FROM merged GROUP BY 1").fetchall())
        after = rewrite(con, folder, files, source)
        waiting = con.execute(
            f"SELECT count(*) FROM after_{source.name} a WHERE _bucket = '{WAITING}' AND _touched").fetchone()
    return Settled(after, counts.get("new", 0), counts.get("changed", 0), counts.get("same", 0),
                   waiting[0] if waiting else 0)


def fingerprint(con: duckdb.DuckDBPyConnection) -> str:
    """Tells whether this engine hashes as the one that filed the rows: the engine's hash may change with its version."""
    return str(con.execute("SELECT hash('filed', 'with', DATE '2026-11-02')").fetchall()[0][0])


# ---- hashes and filing -------------------------------------------------------------------------------
def _hash(columns: tuple[str, ...]) -> str:
    return "hash(" + ", ".join(f'"{c}"' for c in ("branch", *columns)) + ")"


def key_hash(source: Source) -> str:
    """SQL: the hash of a row's key, where the key does not already say how the row is filed; else NULL."""
    if not source.moves:
        return "NULL::UBIGINT"
    return f"CASE WHEN {source.key[0]} IS NOT NULL THEN {_hash(source.key)} END"


def filed_hash(source: Source) -> str:
    """SQL: the hash of what a row is filed with; NULL for keyless rows that belong to nothing."""
    own = f"CASE WHEN {source.key[0]} IS NOT NULL THEN {_hash(source.key)} END"
    if source.order:
        return f"CASE WHEN order_no IS NOT NULL THEN {_hash(('order_no',))} ELSE {own} END"
    if source.filed_by:
        first = f"coalesce({', '.join(source.filed_by)})"
        return f"CASE WHEN {first} IS NOT NULL THEN hash(branch, {first}) END"
    return own


def record_date(source: Source, alias: str = "") -> str:
    """SQL: the instant that dates a row."""
    if not source.record:
        return "NULL::TIMESTAMP"
    return "coalesce(" + ", ".join(f'{alias}"{c}"' for c in source.record) + ")::TIMESTAMP"


def bucket_of(instant: str) -> str:
    """SQL: the filing place of an instant: its Monday as text, or `waiting`."""
    return f"coalesce(strftime(date_trunc('week', {instant}), '%Y-%m-%d'), '{WAITING}')"


# ---- steps -------------------------------------------------------------------------------------------
def _settle_first(con: duckdb.DuckDBPyConnection, folder: Path, files: tuple[FactFile, ...],
                  incoming: Incoming) -> Settled:
    """Nothing of the family is kept yet: every row is new and is written straight from its file."""
    source = incoming.source
    _incoming(con, incoming, "VIEW", "first_rows")
    record, own = record_date(source, "i."), record_date(source)
    # Groups over several weeks are rare: a cheap hash finds the few, the kept one names them. What belongs to an
    # order that has not come yet is filed by its own date.
    grouped = source is _head(family(source)) and bool(source.order or source.filed_by)
    unit = f"coalesce({', '.join(('order_no',) if source.order else source.filed_by)})" if grouped else "NULL::VARCHAR"
    con.execute(f"""CREATE OR REPLACE TEMP TABLE spread AS SELECT _filed, min({own}) AS first FROM first_rows
        WHERE hash(branch, {unit}) IN (SELECT hash(branch, {unit}) FROM first_rows WHERE {unit} IS NOT NULL GROUP BY 1
            HAVING date_trunc('week', min({own})) <> date_trunc('week', max({own})) OR count({own}) < count(*))
        AND _filed IS NOT NULL GROUP BY 1""")
    written = write_files(con, folder, source, incoming.columns, f"""
        SELECT i.*, {bucket_of(f"coalesce(s.first, {record})")} AS _bucket FROM first_rows i
        LEFT JOIN spread s USING (_filed)""")
    rows = sum(f.rows for f in written)
    waiting = sum(f.rows for f in written if f.week is None)
    return Settled(files + written, new=rows, waiting=waiting, fresh=True)


def _incoming(con: duckdb.DuckDBPyConnection, incoming: Incoming, kind: str, name: str) -> None:
    source = incoming.source
    text = source_select(source, [str(incoming.rows)], incoming.columns)
    con.execute(f"""CREATE OR REPLACE TEMP {kind} {name} AS SELECT *, {filed_hash(source)} AS _filed,
        {key_hash(source)} AS _key, {str(incoming.keyless).lower()} AS _keyless FROM ({text})""")


def read_incoming(con: duckdb.DuckDBPyConnection, incoming: Incoming) -> None:
    """`inc`: the rows of a file with every column of its source and the filing columns."""
    _incoming(con, incoming, "TABLE", "inc")


def find_old(con: duckdb.DuckDBPyConnection, folder: Path, files: tuple[FactFile, ...], source: Source,
             spans: tuple[Span, ...]) -> None:
    """`old`: the settled rows that share a key with `inc`, or are keyless and lie in a span (kept in `spans`)."""
    mine = [f for f in files if f.source == source.name]
    by = "_key" if source.moves else "_filed"
    con.execute("CREATE OR REPLACE TEMP TABLE spans (branch VARCHAR, first_on DATE, last_on DATE)")
    if spans:
        con.executemany("INSERT INTO spans VALUES (?, ?, ?)", [(s.branch, s.first_on, s.last_on) for s in spans])
    hit = set(files_with(con, folder, mine, by, f"SELECT {by} FROM inc WHERE NOT _keyless"))
    if spans:
        first, last = min(s.first_on for s in spans), max(s.last_on for s in spans)
        hit |= {f for f in mine if not f.ranges or f.holds(source.record, first, date.fromordinal(last.toordinal() + 1))}
    on = " AND ".join(f'o."{c}" IS NOT DISTINCT FROM i."{c}"' for c in ("branch", *source.key))
    con.execute(f"""CREATE OR REPLACE TEMP TABLE old AS SELECT o.* FROM ({read_files(source, folder, hit)}) o
        WHERE (NOT o._keyless AND EXISTS (SELECT 1 FROM inc i WHERE NOT i._keyless AND {on}))
            OR {in_span('o.', source)}""")


def in_span(alias: str, source: Source) -> str:
    """SQL: a keyless row lies in one of the spans."""
    return (f"({alias}_keyless AND EXISTS (SELECT 1 FROM spans s WHERE s.branch = {alias}branch "
            f"AND {record_date(source, alias)}::DATE BETWEEN s.first_on AND s.last_on))")


def _merge(con: duckdb.DuckDBPyConnection, incoming: Incoming) -> None:
    """`merged`: every incoming row laid over its old one, with `_state`."""
    source, given = incoming.source, set(incoming.columns)
    on = " AND ".join(f'o."{c}" IS NOT DISTINCT FROM i."{c}"' for c in ("branch", *source.key))

    def value(column: str) -> str:
        if column in source.record and column in given:
            return f'coalesce(i."{column}", o."{column}")'
        return f'i."{column}"' if column in given else f'o."{column}"'

    values = ", ".join(f'{value(c)} AS "{c}"' for c in source.columns)
    same = " AND ".join(f'{value(c)} IS NOT DISTINCT FROM o."{c}"' for c in incoming.columns)
    con.execute(f"""CREATE OR REPLACE TEMP TABLE merged AS
        SELECT *, {filed_hash(source)} AS _filed, {key_hash(source)} AS _key FROM (
            SELECT {values}, i._keyless, CASE WHEN o._keyless IS NULL THEN 'new' WHEN {same} THEN 'same'
                ELSE 'changed' END AS _state
            FROM inc i LEFT JOIN old o ON NOT i._keyless AND NOT o._keyless AND {on})""")


def rewrite(con: duckdb.DuckDBPyConnection, folder: Path, files: tuple[FactFile, ...],
            source: Source) -> tuple[FactFile, ...]:
    """Files the changed groups anew. Reads `inc` (keys), `old`, `merged`, `spans`; leaves `before_…`, `after_…`.

    A row of `old` whose key is in `inc` gives way to its row in `merged`, or to none when there is none.
    """
    on = " AND ".join(f'x."{c}" IS NOT DISTINCT FROM b."{c}"' for c in ("branch", *source.key))
    con.execute(f"""CREATE OR REPLACE TEMP TABLE g AS SELECT DISTINCT _filed FROM (
        SELECT _filed FROM merged WHERE _state <> 'same' UNION ALL
        SELECT _filed FROM old b WHERE _keyless OR NOT EXISTS (
            SELECT 1 FROM merged x WHERE x._state = 'same' AND NOT x._keyless AND {on})) WHERE _filed IS NOT NULL""")
    kin = family(source)
    for s in kin:
        mine = [f for f in files if f.source == s.name]
        hit = files_with(con, folder, mine, "_filed", "SELECT _filed FROM g")
        con.execute(f"""CREATE OR REPLACE TEMP TABLE before_{s.name} AS SELECT *, false AS _touched
            FROM ({read_files(s, folder, hit)}) WHERE _filed IN (SELECT _filed FROM g)""")
    con.execute(f"INSERT INTO before_{source.name} SELECT *, false FROM old WHERE _filed IS NULL")
    for s in kin:
        con.execute(f"CREATE OR REPLACE TEMP TABLE after_{s.name} AS FROM before_{s.name}")
    con.execute(f"""DELETE FROM after_{source.name} AS b WHERE
        (NOT b._keyless AND EXISTS (SELECT 1 FROM inc x WHERE NOT x._keyless AND {on})) OR {in_span('b.', source)}""")
    con.execute(f"""INSERT INTO after_{source.name} BY NAME SELECT * EXCLUDE (_state), '' AS _bucket, true AS _touched
        FROM merged WHERE _state <> 'same' OR _filed IN (SELECT _filed FROM g)""")
    _file_groups(con, kin)
    for s in kin:
        files = _rewrite_source(con, folder, files, s, s is source)
    return files


def _file_groups(con: duckdb.DuckDBPyConnection, kin: list[Source]) -> None:
    """Sets `_bucket` of every `after_…` row from the first record date of its group."""
    head = _head(kin)
    con.execute(f"""CREATE OR REPLACE TEMP TABLE first_of AS SELECT _filed, min({record_date(head)}) AS first
        FROM after_{head.name} WHERE _filed IS NOT NULL GROUP BY 1""")
    for s in kin:
        con.execute(f"""CREATE OR REPLACE TEMP TABLE after_{s.name} AS
            SELECT a.* REPLACE ({bucket_of(f"coalesce(f.first, {record_date(s, 'a.')})")} AS _bucket)
            FROM after_{s.name} a LEFT JOIN first_of f USING (_filed)""")


def _head(kin: list[Source]) -> Source:
    """The source whose record dates file a family's groups."""
    return kin[0] if len(kin) == 1 else next(s for s in kin if s.name == "order_lines")


def _rewrite_source(con: duckdb.DuckDBPyConnection, folder: Path, files: tuple[FactFile, ...], source: Source,
                    always: bool) -> tuple[FactFile, ...]:
    """Writes the filing places of one source that changed; of kin only when a row changed its place."""
    name = source.name
    if not always and not con.execute(f"""SELECT 1 FROM (
            (SELECT _filed, _bucket, count(*) AS n FROM before_{name} GROUP BY ALL) EXCEPT
            (SELECT _filed, _bucket, count(*) AS n FROM after_{name} GROUP BY ALL)) LIMIT 1""").fetchall():
        return files
    touched = {row[0] for row in con.execute(
        f"SELECT DISTINCT _bucket FROM before_{name} UNION SELECT DISTINCT _bucket FROM after_{name}").fetchall()}
    if not touched:
        return files
    mine = [f for f in files if f.source == name and f.bucket in touched]
    for f in mine:
        require_sound(folder / f.path)  # what is damaged must not be copied into a file that looks sound
    columns = tuple(c for c in source.columns if any(c in f.columns for f in mine) or _used(con, name, c))
    keep = (f"_filed IS NULL AND NOT {in_span('k.', source)}" if always else "_filed IS NULL")
    written = write_files(con, folder, source, columns, f"""
        SELECT * FROM ({read_files(source, folder, mine)}) k
        WHERE (_filed IS NOT NULL AND _filed NOT IN (SELECT _filed FROM g)) OR ({keep})
        UNION ALL BY NAME SELECT * EXCLUDE (_touched) FROM after_{name}""")
    return tuple(f for f in files if f not in mine) + written


def _used(con: duckdb.DuckDBPyConnection, name: str, column: str) -> bool:
    return bool(con.execute(f'SELECT 1 FROM after_{name} WHERE "{column}" IS NOT NULL LIMIT 1').fetchall())
