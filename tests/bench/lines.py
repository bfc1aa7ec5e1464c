"""Order lines by the million, made by DuckDB: the same numbers for the same arguments."""

from __future__ import annotations

from pathlib import Path

import duckdb


def write(path: Path, *, lines: int, branches: int, first: str, days: int, start: int = 0) -> None:
    """A CSV of `lines` order lines (three to an order) spread evenly over `days` from `first`."""
    duckdb.execute(f"""COPY (
        WITH line AS (SELECT {start} + i AS i, ({start} + i) // 3 AS o, i % 3 + 1 AS line_no FROM range({lines}) t(i)),
        drawn AS (SELECT *, hash(o) AS h, hash(i * 7 + 1) AS g,
            TIMESTAMP '{first} 07:30:00' + to_minutes((((o - {start} // 3)::DOUBLE / ({lines} / 3)) * {days} * 1440)::BIGINT)
                AS placed FROM line)
        SELECT 'B' || lpad((h % {branches})::VARCHAR, 3, '0') AS branch, 'SO' || (1000000 + o) AS order_no, line_no, placed AS ordered_at,
            'C' || (h % 5000) AS customer, 'P' || (g % 20000) AS part_no, ['critical', 'A', 'B', 'C'][1 + (g % 4)::INT] AS part_class,
            CASE WHEN g % 10 = 0 THEN 'no' ELSE 'yes' END AS stocked, placed + to_hours((24 + h % 72)::INT) AS first_promised_for,
            placed + to_hours((24 + h % 72)::INT) AS promised_for, 1 + g % 12 AS qty_ordered,
            CASE WHEN g % 17 = 0 THEN 0 ELSE 1 + g % 12 END AS qty_first_shipment, 1 + g % 12 AS qty_shipped,
            CASE WHEN g % 499 <> 0 THEN placed + to_minutes((300 + g % 3000)::INT) END AS shipped_at, 1 + g % 12 AS qty_delivered,
            CASE WHEN g % 499 <> 0 THEN placed + to_minutes((500 + g % 3000)::INT) END AS delivered_at,
            ['UPS', 'parcel', 'own truck'][1 + (g % 3)::INT] AS carrier, 'R' || (h % 12) AS route, round((g % 100000) / 100.0, 2) AS value
        FROM drawn ORDER BY i) TO '{path}' (HEADER, DELIMITER ',')""")
