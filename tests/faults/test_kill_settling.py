"""`kill -9` while edits on exceptions are settled: afterwards they are settled or still marked, and figures are right either way."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from scoreboard.imports.doctor import examine
from scoreboard.imports.marks import settle_marks
from scoreboard.metrics import board, results
from scoreboard.metrics.catalogue import BY_KEY
from scoreboard.metrics.scopes import Scope
from scoreboard.metrics.touched import CASE_METRICS
from scoreboard.settings import Settings
from scoreboard.state.database import open_database, reading
from scoreboard.state.schema import case_marks
from scoreboard.state.viewers import EVERYONE
from tests.faults.forked_commands import ROOT
from tests.metrics import trap_company
from tests.metrics.trap_company import SCOPES, TrapCompany
from tests.metrics.worked_cases import act, at, raised

NOW = datetime(2026, 11, 12, 15, 20)


def settled_apart(data: Path, *step: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "tests.faults.settle_once", str(data), NOW.isoformat(), *step],
                          cwd=ROOT, capture_output=True, text=True, check=False)


def figures(company: TrapCompany) -> list[Any]:
    """What every scope is shown of every metric of exceptions."""
    metrics = [BY_KEY[key] for key in sorted(CASE_METRICS)]
    with reading(company.engine) as conn:
        return [board.histories(conn, company.settings, Scope(*scope), metrics) for scope in SCOPES]


def kept(company: TrapCompany) -> tuple[int, list[Any]]:
    """How many marks there are, and what is stored."""
    with reading(company.engine) as conn:
        return conn.scalar(select(func.count()).select_from(case_marks)) or 0, [
            results.at(conn, *scope, first=date(2026, 1, 1), metrics=CASE_METRICS) for scope in SCOPES]


def copy_of(company: TrapCompany, data: Path) -> TrapCompany:
    shutil.copytree(company.settings.data, data)
    url = f"sqlite:///{data / 'scoreboard.sqlite'}"
    return replace(company, settings=Settings(data, url, NOW), engine=open_database(url))


def test_killed_at_every_step_of_settling_the_edits_are_settled_or_still_marked_and_figures_are_right(tmp_path: Path) -> None:
    company = at(trap_company.found(tmp_path), NOW)
    for branch in ("B1", "B3"):
        raised(company, branch, opened_at=NOW - timedelta(hours=30))
    settle_marks(company.settings, company.engine)
    act(company, "B1", "X1", "resolved")
    act(company, "B1", "X1", "told", to="Ann", how="phone")
    raised(company, "B3")
    company.engine.dispose()
    marked, whole = kept(company), figures(company)
    company.engine.dispose()
    undisturbed = copy_of(company, tmp_path / "undisturbed")
    last = int(settled_apart(undisturbed.settings.data).stdout)
    settled = kept(undisturbed)
    assert marked[0] == 2 and settled[0] == 0 and settled[1] != marked[1]
    for step in range(1, last + 1):
        one = copy_of(company, tmp_path / f"killed-{step}")
        assert settled_apart(one.settings.data, str(step)).returncode == -signal.SIGKILL, step
        found = kept(one)
        assert found in (marked, settled), step
        assert figures(one) == whole, step
        settle_marks(one.settings, one.engine)
        assert kept(one) == settled, step
    assert examine(one.settings, one.engine, EVERYONE, repair=False).healthy
