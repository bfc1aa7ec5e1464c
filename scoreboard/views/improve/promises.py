"""Promises of a scope, as plain data with its words: their figures as on the board, where they were made, ETAs nobody verified.

The convention: figures, states and targets are those of the board's tiles; nothing is judged a second time here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import streamlit as st

from scoreboard.metrics import board as boards
from scoreboard.metrics import chain, reasons, words
from scoreboard.metrics import promises as etas
from scoreboard.metrics import rows as row_reader
from scoreboard.metrics.catalogue import BY_KEY
from scoreboard.metrics.promises import Unverified
from scoreboard.metrics.values import as_text
from scoreboard.state import promise_rules
from scoreboard.state.database import reading, writing
from scoreboard.state.promise_rules import Rule, Words
from scoreboard.views import tiles
from scoreboard.views.asking import Asked
from scoreboard.views.data import company_of, scope_of
from scoreboard.views.figure.reasons import NOT_GIVEN
from scoreboard.weeks import WEEK

FIGURES = ("promise_kept", "promises_moved", "told_first")
Row = dict[str, Any]


@dataclass(frozen=True)
class Promises:
    """What the page shows. `made_by`: kept by where they were made, of a branch; None elsewhere. `branch` is empty elsewhere."""

    name: str
    span: str
    branch: str
    tiles: list[Row]
    made_by: list[Row] | None
    unverified: Unverified


def read(asked: Asked, of: str, week: date) -> Promises:
    """The promises of a scope the viewer may see; splits and ETAs over the thirteen weeks up to `week`."""
    return _read(asked.cache_key, of, week, asked)


@st.cache_data(max_entries=200, show_spinner=False)
def _read(key: tuple[object, ...], of: str, week: date, _asked: Asked) -> Promises:
    with reading(_asked.engine) as conn:
        company = company_of(_asked, conn)
        scope = scope_of(company, _asked, of)
        board = boards.read(conn, _asked.settings, scope, week, company=company, also=FIGURES)
        shown = {t.metric.key: t for t in board.tiles}
        with chain.opened(_asked.settings, conn, company, scope, week) as run:
            unverified = etas.unverified(run, week)
        is_branch = scope.kind == "branch"
        rows = row_reader.over(_asked.settings, conn, scope, BY_KEY["promise_kept"], week - (reasons.WEEKS - 1) * WEEK, week + WEEK,
                               ("promise_made_by",)) if is_branch else []
    name = company.branches[scope.name].name if is_branch else scope.title
    return Promises(name, f"thirteen weeks up to {words.week_name(week).lower()}", scope.name if is_branch else "",
                    [tiles.tile_json(shown[one]) for one in FIGURES], _made_by(rows) if is_branch else None, unverified)


def _made_by(rows: list[Row]) -> list[Row]:
    """Kept by where they were made, a row each; empty where no row says it."""
    metric = BY_KEY["promise_kept"]
    groups = [one for one in row_reader.grouped(metric, rows, "promise_made_by") if one["whole"]]
    if not any(one["promise_made_by"] for one in groups):
        return []
    return [{"Made by": one["promise_made_by"] or NOT_GIVEN, "Kept": as_text(metric, one["value"]),
             "Of": words.counted(metric, one["part"], one["whole"], one["n"])} for one in sorted(groups, key=lambda one: -one["whole"])]


def unverified_words(found: Promises, week: date) -> str:
    """The unverified ETAs in a sentence, or which columns would show them."""
    one = found.unverified
    if one.needs:
        return f"ETAs nobody verified would show with: {'; '.join(words.called(need) for need in one.needs)}."
    if not one.of:
        return f"No quote of the {found.span} says that an ETA was given and whether stock was verified."
    now = words.week_name(week).lower()
    return (f"ETAs given before stock was verified or a substitute offered: {one.count:,} of {one.of:,} ({percent(one.count, one.of)}) in "
            f"the {found.span}; {f'{one.week:,} of {one.week_of:,} in {now}' if one.week_of else f'no ETA was given in {now}'}.")


def percent(part: int, whole: int) -> str:
    """`5 %`, which never parts at the end of a line."""
    return f"{reasons.percent(part, whole)}\u00a0%"


# ---- rules -----------------------------------------------------------------------------------------------
def rules(asked: Asked, branch: str) -> tuple[list[Rule], list[Words]]:
    """The rules of a branch (empty: of every branch), and those of the playbook that could be taken over."""
    with reading(asked.engine) as conn:
        found = promise_rules.of_branch(conn, asked.viewer, branch) if branch else promise_rules.of_company(conn)
    return found, promise_rules.proposed(found)


def refusal(asked: Asked, branch: str) -> str:
    """Why the viewer may not change the rules shown; empty when they may. Those of every branch are an administrator's."""
    if not branch and asked.viewer.branches is not None:
        return "Rules of every branch are changed by who sees every branch."
    return asked.refusal("standards")


def add(asked: Asked, branch: str, said: Words) -> None:
    """Makes a rule. Raises as `promise_rules.add` says."""
    with writing(asked.engine) as conn:
        promise_rules.add(conn, asked.viewer, said, branch=branch, now=asked.settings.now)


def change(asked: Asked, rule_id: int, said: Words) -> None:
    """Says a rule in other words. Raises as `promise_rules.change` says."""
    with writing(asked.engine) as conn:
        promise_rules.change(conn, asked.viewer, rule_id, said, asked.settings.now)


def remove(asked: Asked, rule_id: int) -> None:
    """Ends a rule. Raises as `promise_rules.remove` says."""
    with writing(asked.engine) as conn:
        promise_rules.remove(conn, asked.viewer, rule_id, asked.settings.now)


def undo(asked: Asked, branch: str) -> None:
    """Takes the last change back. Raises as `promise_rules.undo` says."""
    with writing(asked.engine) as conn:
        promise_rules.undo(conn, asked.viewer, branch=branch, now=asked.settings.now)
