"""EXPORTS: everything that can be taken along as a file. Adding one is adding an entry here, and the module that writes it.

The convention: an export is written from what the screen shows, takes the viewer, and says in the file what it was made from and when.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from scoreboard.exports import branch_book, territory_book


@dataclass(frozen=True)
class Export:
    """One file: its name in commands, its title, what it is for, what it is of (a kind of scope), how its file ends, how it is written."""

    name: str
    title: str
    purpose: str
    of: str
    ending: str
    write: Callable[..., Any]


EXPORTS: tuple[Export, ...] = (
    Export("branch", "Workbook of a branch",
           "One branch for a visit: its board, trends, triangle, open exceptions, handoffs, first 90 days and the data behind them, "
           "computed by Excel.", "branch", "xlsx", branch_book.write),
    Export("territory", "Workbook of a territory",
           "All branches of a territory in one file: a row for each branch, each of its figures, and the data behind them, computed by "
           "Excel.", "territory", "xlsx", territory_book.write),
)
