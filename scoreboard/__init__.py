"""Leadership Scoreboard: service reliability of parts branches, from an export file to the Monday huddle.

The map of the package (arrows point at what is imported):

    __main__ (command line)  →  metrics, cases, imports  →  facts, state, calendars, weeks, errors

facts    rows from other systems, kept as Parquet, queried by DuckDB
state    what people decide and what was loaded, kept in SQL
imports  a file becomes checked rows and one commit
metrics  rows become weekly results, a board, a series
cases    service exceptions and their append-only log
"""

__version__ = "0.1.0"
