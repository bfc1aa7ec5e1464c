"""Undo: the keys of a load get the values they would have had if it had never been loaded.

For each key the remaining live loads that hold it are read again, wherever they are, and folded by the same
rule as in `settle` (per column, the latest load that has it). Keyless rows come back the same way: a row
stands when no later live keyless file covers its branch and date.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from scoreboard.facts.engine import damage_as_sentence, source_select
from scoreboard.facts.files import FactFile
from scoreboard.facts.settle import (
    Incoming,
    Settled,
    Span,
    filed_hash,
    find_old,
    in_span,
    key_hash,
    read_incoming,
    record_date,
    rewrite,
)
from scoreboard.facts.sources import Source


def unsettle(con: duckdb.DuckDBPyConnection, folder: Path, files: tuple[FactFile, ...], undone: Incoming,
             remaining: list[Incoming]) -> Settled:
    """Removes one file of rows; `remaining` are the live files of the same source, in load order."""
    source = undone.source
    with damage_as_sentence():
        read_incoming(con, undone)
        find_old(con, folder, files, source, undone.spans if undone.keyless else ())
        if undone.keyless:
            _keyless_rows(con, source, undone, remaining)
        else:
            _folded_rows(con, source, remaining)
        after = rewrite(con, folder, files, source)
    return Settled(after)


def _folded_rows(con: duckdb.DuckDBPyConnection, source: Source, remaining: list[Incoming]) -> None:
    """`merged`: the undone keys, folded over the remaining loads in order."""
    keyed = [(number, r) for number, r in enumerate(remaining) if not r.keyless]
    on = " AND ".join(f'r."{c}" IS NOT DISTINCT FROM i."{c}"' for c in ("branch", *source.key))
    keys = ("branch", *source.key)
    names = ", ".join(f'"{c}"' for c in keys)

    def latest(column: str) -> str:
        having = [str(number) for number, r in keyed if column in r.columns]
        if not having:
            return f'any_value("{column}")'  # NULL everywhere: no remaining file has it
        known = f' AND "{column}" IS NOT NULL' if column in source.record else ""
        return f'arg_max_null("{column}", _load) FILTER (WHERE _load IN ({", ".join(having)}){known})'

    union = " UNION ALL ".join(
        f"SELECT *, {number} AS _load FROM ({source_select(source, [str(r.rows)], r.columns)}) r "
        f"WHERE EXISTS (SELECT 1 FROM inc i WHERE {on})" for number, r in keyed) or (
        f"SELECT *, 0 AS _load FROM ({source_select(source, [], ())})")
    values = ", ".join(f'"{c}"' if c in keys else f'{latest(c)} AS "{c}"' for c in source.columns)
    con.execute(f"""CREATE OR REPLACE TEMP TABLE merged AS
        SELECT *, {filed_hash(source)} AS _filed, {key_hash(source)} AS _key, false AS _keyless, 'changed' AS _state
        FROM (SELECT {values} FROM ({union}) GROUP BY {names})""")


def _keyless_rows(con: duckdb.DuckDBPyConnection, source: Source, undone: Incoming, remaining: list[Incoming]) -> None:
    """`merged`: keyless rows of the remaining loads inside the undone spans, each where no later load covers it."""
    keyless = [r for r in remaining if r.keyless]
    pieces = []
    for number, r in enumerate(keyless):
        later = [s for other in keyless[number + 1:] for s in other.spans]
        covered = " OR ".join(_inside(s, source) for s in later) or "false"
        pieces.append(f"SELECT * FROM ({source_select(source, [str(r.rows)], r.columns)}) r WHERE NOT ({covered})")
    union = " UNION ALL ".join(pieces) or source_select(source, [], ())
    con.execute(f"""CREATE OR REPLACE TEMP TABLE merged AS SELECT * FROM (
        SELECT *, {filed_hash(source)} AS _filed, {key_hash(source)} AS _key, true AS _keyless, 'changed' AS _state
        FROM ({union})) m WHERE {in_span('m.', source)}""")


def _inside(span: Span, source: Source) -> str:
    branch = span.branch.replace("'", "''")
    return (f"(r.branch = '{branch}' AND {record_date(source, 'r.')}::DATE "
            f"BETWEEN DATE '{span.first_on}' AND DATE '{span.last_on}')")
