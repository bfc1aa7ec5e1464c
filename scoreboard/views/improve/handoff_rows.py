"""What stands behind the chain of a scope: the rows of a handoff, what waits for a step, what keeps coming back; and what people write.

The convention: as in `handoffs`, whose caches these share keys with. Rows that broke are those of one branch.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

import streamlit as st

from scoreboard.metrics import chain, limbo, repeated, words
from scoreboard.metrics.reasons import Repeat
from scoreboard.state import stages
from scoreboard.state.database import reading, writing
from scoreboard.state.stages import Agreed
from scoreboard.views.asking import Asked
from scoreboard.views.data import company_of, scope_of
from scoreboard.views.improve.handoffs import Row, days, version_key


def broken_rows(asked: Asked, of: str, week: date, handoff: str) -> list[Row]:
    """The rows of a branch that broke at a handoff, as a person reads them."""
    return _broken(asked.cache_key, of, week, handoff, asked)


@st.cache_data(max_entries=100, show_spinner=False)
def _broken(key: tuple[object, ...], of: str, week: date, handoff: str, _asked: Asked) -> list[Row]:
    with reading(_asked.engine) as conn:
        company = company_of(_asked, conn)
        scope = scope_of(company, _asked, of)
        with chain.opened(_asked.settings, conn, company, scope, week) as run:
            found = chain.miss_rows(run, week, scope.name, handoff)
    called = {chain.CREDITS: "Credit", chain.EXCEPTIONS: "Exception"}
    return [{"When": words.moment(row["at"]), "What": f"{called[row['kind']]} {row['no'] or ''}".strip(),
             "Why": " · ".join(dict.fromkeys(text for text in (row["type"], row["reason"]) if text)), "Order": row["order_no"],
             "Part": row["part_no"], "Customer": row["customer"], "Route": row["route"]} for row in found]


def reasons_of(rows: Sequence[Row]) -> str:
    """`mis-pick 12, short 5, over 2`: what is said most often of the rows of a handoff."""
    counts = Counter(row["Why"].split(" · ")[0] for row in rows if row["Why"])
    return ", ".join(f"{why} {n}" for why, n in sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:4])


def waiting_rows(asked: Asked, of: str, week: date, step: str) -> list[Row]:
    """What waits for one step, the oldest first, as a person reads it."""
    return _waiting(version_key(asked), of, week, step, asked)


@st.cache_data(max_entries=100, show_spinner=False)
def _waiting(key: tuple[object, ...], of: str, week: date, step: str, _asked: Asked) -> list[Row]:
    with reading(_asked.engine) as conn:
        company = company_of(_asked, conn)
        scope = scope_of(company, _asked, of)
        with chain.opened(_asked.settings, conn, company, scope, week) as run:
            found = limbo.rows(run, step)
    several = scope.kind != "branch"
    return [{**({"Branch": row["branch"]} if several else {}), "RMA": row["rma_no"], "Kind": row["kind"], "Waits": days(row["days"]),
             "Since": row["since"].strftime("%Y-%m-%d"), "Value": "" if row["value"] is None else f"{row['value']:,.2f}",
             "Part": row["part_no"], "Customer": row["customer"], "Supplier": row["supplier"],
             "Supplier's deadline": row["supplier_deadline_on"] and row["supplier_deadline_on"].isoformat()} for row in found]


def coming_back(asked: Asked, of: str, week: date) -> tuple[list[tuple[str, Repeat]], int]:
    """What keeps coming back in a branch, the most frequent first, each with the name of its metric; and the first day of its weeks."""
    return _coming_back(asked.cache_key, of, week, asked)


@st.cache_data(max_entries=100, show_spinner=False)
def _coming_back(key: tuple[object, ...], of: str, week: date, _asked: Asked) -> tuple[list[tuple[str, Repeat]], int]:
    with reading(_asked.engine) as conn:
        company = company_of(_asked, conn)
        found, _ = repeated.of_branch(_asked.settings, conn, _asked.viewer, scope_of(company, _asked, of), company, week)
    return [(words.title(one.metric)[0], one.repeat) for one in found], company.first_day


# ---- writing ---------------------------------------------------------------------------------------------
def agree(asked: Asked, branch: str, stage: str, owner: str, done_means: str, seen: Agreed) -> None:
    """Keeps owner and sentence of a stage. Raises as `stages.agree` says."""
    with writing(asked.engine) as conn:
        stages.agree(conn, asked.viewer, branch=branch, stage=stage, owner=owner, done_means=done_means, now=asked.settings.now, seen=seen)


def put_back(asked: Asked, branch: str, stage: str) -> None:
    """Undoes the last change of a stage. Raises as `stages.put_back` says."""
    with writing(asked.engine) as conn:
        stages.put_back(conn, asked.viewer, branch=branch, stage=stage, now=asked.settings.now)


def former(asked: Asked, branch: str, stage: str) -> Agreed | None:
    """What stood there before the last change."""
    with reading(asked.engine) as conn:
        return stages.former(conn, asked.viewer, branch, stage)
