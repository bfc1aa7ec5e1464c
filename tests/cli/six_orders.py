"""What tests ask of the six orders, in a word each; the orders stand in conftest.py."""

from __future__ import annotations

from tests.command_line import Store

EAST = ("--branch", "EAST")
LINES = ("--source", "order_lines")   # a file with the key and one column more cannot be told from its headers


def otif(store: Store, branch: str = "EAST", week: str = "2026-W45") -> tuple[float | None, float | None]:
    """Part and whole of a branch-week."""
    points = store.json("series", "--branch", branch, "--metric", "otif")["points"]
    return next(((p["part"], p["whole"]) for p in points if p["week"] == week), (None, None))


def lines(*rows: str) -> str:
    """A file that completes known order lines: who was delivered what, and when."""
    return "branch,order_no,line_no,qty_delivered,delivered_at\n" + "".join(f"{row}\n" for row in rows)
