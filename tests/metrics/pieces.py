"""Hand-made pieces of loads, and the reach they give two branches: B1 in New York and B2 on UTC."""

from __future__ import annotations

from datetime import date, datetime

from scoreboard.metrics.company import Company
from scoreboard.metrics.reach import Piece, Reach, fold
from scoreboard.state.branches import Branch
from scoreboard.state.options import OPTIONS

NOW = datetime(2026, 12, 1, 12)


def reach(*pieces: Piece, **options: object) -> Reach:
    """The reach of both branches, with options that differ from their default."""
    known = {code: Branch(code, code, zone) for code, zone in (("B1", "America/New_York"), ("B2", "UTC"))}
    return fold(pieces, Company(known, (), {o.key: o.default for o in OPTIONS} | options, NOW))


def piece(source: str, columns: str, through: datetime | None, first: str = "2026-11-02", last: str = "2026-11-02",
          branch: str = "B1") -> Piece:
    return Piece(branch, source, ("branch", *columns.split()), date.fromisoformat(first), date.fromisoformat(last), through)
