"""Exceptions of the sample: what its branches have agreed about them, a morning's work on them, and how both go with the sample.

The convention: as in `sample_setup`, everything is recorded as done by `WHO`, and only that is taken away; where a branch goes, all
of it goes.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, or_, select

from scoreboard.calendars import to_utc
from scoreboard.cases import desk
from scoreboard.cases.actions import Desk
from scoreboard.cases.log import Change
from scoreboard.metrics import company as companies
from scoreboard.samples import agreed
from scoreboard.state import branches
from scoreboard.state import promise_rules as promises
from scoreboard.state.schema import (
    case_books,
    case_events,
    case_marks,
    case_terms,
    case_types,
    cases,
    contacts,
    messages,
    playbook_steps,
    promise_rules,
    stages,
)
from scoreboard.state.viewers import EVERYONE
from scoreboard.weeks import week_of

WHO = "sample"


def agree(conn: Connection, now: datetime) -> None:
    """Owners, the ladder, who gets which type, the playbook, promise rules and the owners of stages."""
    by = {"who": WHO, "at": now}
    changed = {"who": WHO, "changed_at": now}
    known = branches.all_branches(conn)
    ladder = [("branch", code, role, name) for code in known for role, name in (
        *(("owner", owner) for owner in agreed.OWNERS), ("leader", agreed.LEADER))]
    ladder += [("territory", name, "territory", agreed.TERRITORY) for name in sorted(set(branches.territory_on(conn, now.date()).values()))]
    conn.execute(insert(contacts), [dict(zip(("scope_kind", "scope", "role", "name"), one, strict=True)) | by for one in ladder])
    conn.execute(insert(case_types), [{"branch": code, "name": name, "owner": owner, **changed}
                                      for code in known for name, owner in agreed.OWNER_OF_TYPE.items()])
    conn.execute(insert(stages), [{"branch": code, "stage": stage, "owner": owner, "done_means": done, **changed}
                                  for code in known for stage, (owner, done) in agreed.STAGES.items()])
    conn.execute(insert(playbook_steps), [
        {"branch": "", "applies_to": kind, "position": n, "tell": tell, "within_minutes": within, "offer": offer, **by}
        for kind, steps in agreed.PLAYBOOK.items() for n, (tell, within, offer) in enumerate(steps, 1)])
    conn.execute(insert(promise_rules), [{"branch": "", **asdict(words), **by} for words in promises.FIRST])


def work(conn: Connection, now: datetime) -> None:
    """The morning's work, as people would have done it; nothing at a branch whose week has only just begun."""
    company = companies.read(conn, now)
    for one in agreed.WORKED:
        if one.branch not in company.zones:
            continue
        began = to_utc(datetime.combine(week_of(now.date(), company.first_day), time()), company.zones[one.branch])
        if now - timedelta(minutes=agreed.LONGEST) < began:
            continue

        def at_desk(ago: int) -> Desk:
            return Desk(conn, EVERYONE, company.terms, now - timedelta(minutes=ago))

        number = desk.raise_case(at_desk(one.ago), one.branch, one.given, who=WHO).case_no
        for ago, what, said in one.done:
            if what == "proposed":  # what a rule does when the facts say that it is over
                before, watched = desk.require(conn, EVERYONE, one.branch, number)
                desk.record(at_desk(ago), before, watched, what, said, now - timedelta(minutes=ago), WHO)
            else:
                desk.act(at_desk(ago), one.branch, number, what, _said(said, what, now), who=WHO)


def _said(said: dict[str, Any], what: str, now: datetime) -> dict[str, Any]:
    found = {name: value for name, value in said.items() if name != "in_minutes"}
    if "in_minutes" in said:
        found["until" if what == "paused" else "next_update_at"] = now + timedelta(minutes=said["in_minutes"])
    return found


def forget(conn: Connection, gone: Collection[str], kept: Collection[str]) -> list[Change]:
    """Takes the cases away that were raised at branches that are `gone`, and by the sample; and what was done to its imported ones.

    In the commit that takes the sample's rows: while its branches are there, and so that the weeks of these cases are rolled up.
    """
    log, c = case_events.c, cases.c
    raised = conn.execute(select(log.branch, log.case_no).where(log.what == "opened", or_(log.who == WHO, log.branch.in_(gone)))).all()
    found = []
    for branch, case_no in raised:
        opened = conn.scalar(select(c.opened_at).where(c.branch == branch, c.case_no == case_no))
        found.append(Change(branch, case_no, (), opened, None))
        for table in (cases, case_events, messages):
            conn.execute(delete(table).where(table.c.branch == branch, table.c.case_no == case_no))
    brought = select(log.case_no).where(log.load_file_id.is_not(None))
    opened_here = select(log.branch).where(log.what == "opened")
    for branch in (*gone, *kept):
        mine = log.branch == branch
        conn.execute(delete(case_events).where(mine, log.load_file_id.is_(None), log.case_no.in_(brought.where(mine))))
        conn.execute(delete(case_books).where(case_books.c.branch == branch, case_books.c.branch.not_in(opened_here)))
        conn.execute(delete(case_marks).where(case_marks.c.branch == branch))
    return found


def part(conn: Connection, gone: Collection[str]) -> None:
    """Takes what was agreed away: what the sample said, and all of the branches that are `gone`."""
    for table in (contacts, case_types, stages, playbook_steps, promise_rules):
        conn.execute(delete(table).where(table.c.who == WHO))
    for table in (case_types, stages, playbook_steps, promise_rules, case_terms):
        conn.execute(delete(table).where(table.c.branch.in_(gone)))
    conn.execute(delete(contacts).where(contacts.c.scope_kind == "branch", contacts.c.scope.in_(gone)))
