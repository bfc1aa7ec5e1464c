"""Two branches whose files bring one row at a time: EAST in New York, WEST on UTC. Files go in through the real pipeline.

It is Monday 9 November 2026, 13:00 UTC (08:00 in EAST); files reach to Sunday evening unless they say otherwise.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select

from scoreboard.cases import desk as case_desk
from scoreboard.cases.actions import Desk
from scoreboard.cases.lifecycle import CaseState
from scoreboard.imports.load_report import LoadReport
from scoreboard.imports.loading import Wish, load
from scoreboard.imports.undoing import undo
from scoreboard.metrics import company as companies
from scoreboard.metrics.catalogue import BY_KEY
from scoreboard.rules.standing import switch, would_open
from scoreboard.settings import Settings
from scoreboard.state import branches, options
from scoreboard.state.database import reading, writing
from scoreboard.state.schema import case_events, cases
from scoreboard.state.viewers import EVERYONE

NOW = datetime(2026, 11, 9, 13)
THROUGH = "2026-11-08 18:00"
OPTIONS = {"quote_standard_minutes": "120", "credit_days": "5"}
_NUMBERS = count()
ROWS: Mapping[str, dict[str, str]] = {  # a row of each source that breaks nothing by itself
    "order_lines": {
        "branch": "EAST", "order_no": "O1", "line_no": "1", "customer": "ACME", "part_no": "P1", "part_class": "A", "qty_ordered": "1",
        "ordered_at": "2026-11-02 09:00", "first_promised_for": "", "promised_for": "", "promise_moved_by": "", "will_call": "no",
        "backordered": "no", "substituted": "", "shipped_at": "", "delivered_at": "", "cancelled_at": "", "cancel_reason": "",
        "route": "R7"},
    "returns": {
        "branch": "EAST", "rma_no": "R1", "rma_line": "1", "kind": "return", "customer": "ACME", "part_no": "P1",
        "received_at": "2026-10-30 10:00", "credited_at": "", "closed_at": "", "supplier": "", "supplier_deadline_on": "", "value": "40"},
    "quotes": {
        "branch": "EAST", "quote_no": "Q1", "quote_group": "", "customer": "ACME", "requested_at": "2026-11-05 10:00", "responded_at": "",
        "outcome": "", "order_no": "", "eta_given": "", "stock_verified": "", "substitute_offered": ""},
}


@dataclass(frozen=True)
class Shop:
    """A data folder and its database."""

    settings: Settings
    engine: Engine

    def load(self, source: str, *changes: Mapping[str, str], through: str = THROUGH) -> LoadReport:
        """Loads a file with one row for each of `changes` to the plain row of a source; every row is taken."""
        path = self.settings.data.parent / f"{source}-{next(_NUMBERS)}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(ROWS[source]))
            writer.writeheader()
            writer.writerows({**ROWS[source], **change} for change in changes)
        return self.load_file(path, through)

    def load_file(self, path: Path, through: str = THROUGH) -> LoadReport:
        report = load(self.settings, self.engine, EVERYONE, [path], Wish(through=datetime.fromisoformat(through)))
        assert not any(file.rejected for file in report.files), report.files
        return report

    def undo(self, load_id: int) -> LoadReport:
        return undo(self.settings, self.engine, EVERYONE, load_id)

    def switch(self, *keys: str, on: bool = True) -> None:
        with writing(self.engine) as conn:
            for key in keys:
                switch(conn, EVERYONE, key, on, now=self.settings.now)

    def cases(self, *columns: str) -> list[Any]:
        """The exceptions in their order: the one column asked for, or several as tuples."""
        with reading(self.engine) as conn:
            rows = [tuple(row) for row in conn.execute(select(*(cases.c[c] for c in columns)).order_by(cases.c.branch, cases.c.id))]
        return [row[0] for row in rows] if len(columns) == 1 else rows

    def log(self, case_no: str = "X1", branch: str = "EAST") -> list[tuple[str, str]]:
        log = case_events.c
        with reading(self.engine) as conn:
            return [tuple(row) for row in conn.execute(select(log.who, log.what).where(
                log.branch == branch, log.case_no == case_no).order_by(log.id))]

    def raised(self, **given: str) -> CaseState:
        """An exception that a person raises at EAST."""
        with writing(self.engine) as conn:
            return case_desk.raise_case(self._desk(conn), "EAST", given)

    def act(self, case_no: str, what: str, **given: Any) -> CaseState:
        with writing(self.engine) as conn:
            return case_desk.act(self._desk(conn), "EAST", case_no, what, given)

    def would_open(self, *keys: str) -> dict[str, list[tuple[str, str]]]:
        from scoreboard.rules.book import find

        with reading(self.engine) as conn:
            found = would_open(self.settings, conn, companies.read(conn, self.settings.now), [find(key) for key in keys], None)
        return {key: [(one.branch, one.cause) for one in mine] for key, mine in found.items()}

    def at(self, now: datetime) -> Shop:
        return Shop(replace(self.settings, now=now), self.engine)

    def _desk(self, conn: Any) -> Desk:
        return Desk(conn, EVERYONE, companies.read(conn, self.settings.now).terms, self.settings.now)


def opened_shop(folder: Path, engine: Engine, url: str) -> Shop:
    """A shop without a row, its options agreed, every rule off."""
    data = folder / "data"
    data.mkdir(parents=True)
    with writing(engine) as conn:
        branches.add(conn, "EAST", time_zone="America/New_York", now=NOW, who="")
        branches.add(conn, "WEST", now=NOW, who="")
        for key, text in OPTIONS.items():
            options.set_option(conn, key, text, why="", who="", now=NOW, metrics=BY_KEY)
    return Shop(Settings(data, url, NOW), engine)
