"""A changed option, calendar or membership moves figures: it is committed together with the re-rolled weeks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from sqlalchemy import Connection, Engine

from scoreboard.cases.log import Change
from scoreboard.facts import engine as facts_engine
from scoreboard.imports.commit import draft, finish
from scoreboard.imports.dating import redate_all
from scoreboard.imports.store import locked
from scoreboard.metrics import company as companies
from scoreboard.metrics import results
from scoreboard.metrics.catalogue import CATALOGUE
from scoreboard.settings import Settings
from scoreboard.state.database import writing


class _Tried(Exception):
    """Ends the trial transaction."""


def change(settings: Settings, engine: Engine, who: str, what: str, apply: Callable[[Connection], object]) -> int:
    """Applies a change of state and, when it can move figures, re-rolls every week in the same commit.

    `apply` runs twice: once in a transaction that is rolled back, to learn what the company will be.
    Returns how many weekly results changed.
    """
    with locked(settings):
        con = facts_engine.connect(settings.scratch)
        work = draft(settings, engine, con)
        company = _tried(settings, engine, apply)
        if (not work.files and not work.before.columns) or _same(work.company, company):
            with writing(engine) as conn:
                apply(conn)
            redate_all(engine, company.terms)
            return 0
        after = replace(work.before, company=company)
        work = replace(work, company=company, wanted={m.key: None for m in CATALOGUE})

        def record(conn: Connection, version: int) -> Iterable[Change]:
            apply(conn)
            return ()

        _, difference = finish(work, after, what, who, record, cases_change=False)
        return len(difference.moved)


def _tried(settings: Settings, engine: Engine, apply: Callable[[Connection], object]) -> companies.Company:
    try:
        with writing(engine) as conn:
            apply(conn)
            found = companies.read(conn, settings.now)
            raise _Tried
    except _Tried:
        return found


def _same(old: companies.Company, new: companies.Company) -> bool:
    """Whether figures cannot differ: same calendars, memberships, and options that enter a definition."""
    metrics = [results.definition(m, c.options) for c in (old, new) for m in CATALOGUE[:1]]
    return (old.calendars == new.calendars and old.memberships == new.memberships and old.zones == new.zones
            and metrics[0] == metrics[1])


