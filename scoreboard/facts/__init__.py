"""Facts: rows from other systems, one immutable Parquet file per source and filing week, read by DuckDB."""
