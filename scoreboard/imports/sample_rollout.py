"""The first 90 days of the sample's branches, and how they go with the sample.

The convention: as in `sample_setup`, everything is recorded as said by `WHO`, and only that is taken away; where a branch goes, all
of it goes. Days count back from today, so that a branch is on the day that `samples.begun` names whenever the sample is loaded.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection, delete, insert, or_, update

from scoreboard.imports.sample_cases import WHO
from scoreboard.metrics.catalogue import BY_KEY
from scoreboard.samples.begun import BEGUN, PLAYBOOK_AGO, RULES_AGO, STAGE_DAYS, Begun
from scoreboard.state import branches, targets
from scoreboard.state.rollouts import EVIDENCE
from scoreboard.state.schema import contacts, playbook_steps, promise_rules, rollout_entries, rollouts, stages
from scoreboard.state.stages import STAGES


def begin(conn: Connection, now: datetime) -> None:
    """Start days, evidence by hand, what leaders said, a raised target, and when it was that the sample agreed what it has agreed."""
    for table, ago in ((contacts, PLAYBOOK_AGO), (playbook_steps, PLAYBOOK_AGO), (promise_rules, RULES_AGO)):
        conn.execute(update(table).where(table.c.who == WHO).values(at=now - timedelta(days=ago)))
    known = branches.all_branches(conn)
    for one in BEGUN:
        if one.branch in known:
            _begin(conn, one, now)


def _begin(conn: Connection, one: Begun, now: datetime) -> None:
    def on(day: int) -> date:
        return now.date() - timedelta(days=one.today - day)

    def at(day: int) -> datetime:
        return datetime.combine(on(day), time(hour=12))

    said = {"branch": one.branch, "who": WHO}
    conn.execute(insert(rollouts).values(**said, start_on=on(1), changed_at=now))
    for done in one.done:
        conn.execute(insert(rollout_entries).values(**said, item=done.item, kind=EVIDENCE, text=done.text, done_by=done.by,
                                                    done_on=on(done.day), at=at(done.day)))
    for word in one.words:
        conn.execute(insert(rollout_entries).values(**said, item=word.item, kind=word.kind, text=word.reason, at=at(word.day)))
    for raised in one.raised:
        targets.set_target(conn, metric=raised.metric, scope_kind="branch", scope=one.branch, target=raised.target, floor=raised.floor,
                           from_on=on(raised.day), reason=raised.reason, who=WHO, now=now, metrics=BY_KEY)
    for stage, day in zip(STAGES, STAGE_DAYS, strict=True):
        here = (stages.c.branch == one.branch, stages.c.stage == stage)
        conn.execute(delete(stages).where(*here) if stage in one.later else update(stages).where(*here).values(changed_at=at(day)))


def part(conn: Connection, gone: Collection[str]) -> None:
    """Takes away what the sample said, and all of the branches that are `gone`."""
    for table in (rollouts, rollout_entries):
        conn.execute(delete(table).where(or_(table.c.who == WHO, table.c.branch.in_(gone))))
