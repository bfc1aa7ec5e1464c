"""The chain of a scope over thirteen weeks, as plain data with its words: stays, misses, what waits, what keeps coming back.

The convention: figures of files are kept by the data version alone; exceptions move with the minute, so what counts them does too.
Nothing here has a colour: how long something stays, and how often it breaks, is no signal by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import streamlit as st

from scoreboard.metrics import chain, limbo, words
from scoreboard.metrics.chain import Misses, Stay
from scoreboard.metrics.chain_words import clock, counted, lacking, spent, time_text, what
from scoreboard.metrics.limbo import Waiting
from scoreboard.metrics.model import Duration, Metric
from scoreboard.metrics.stages import STAGES
from scoreboard.state import stages
from scoreboard.state.database import reading
from scoreboard.state.stages import Agreed
from scoreboard.views.asking import Asked
from scoreboard.views.data import company_of, scope_of

SHOWN = 10
Row = dict[str, Any]


@dataclass(frozen=True)
class Chain:
    """What the page shows. `agreed` and `coming_back` are of a branch; None for a territory or the company. `unknown`: steps of a
    return that no file knows."""

    name: str
    span: str
    is_branch: bool
    stays: dict[str, Stay]
    misses: list[Misses]
    waiting: list[Waiting]
    unknown: list[str]
    agreed: dict[str, Agreed] | None


def read(asked: Asked, of: str, week: date) -> Chain:
    """The chain of a scope the viewer may see, over the thirteen weeks up to `week`."""
    stays, waiting, unknown = _from_files(version_key(asked), of, week, asked)
    open_now, misses, name, is_branch = _from_cases(asked.cache_key, of, week, asked)
    span = f"thirteen weeks up to {words.week_name(week).lower()}"
    agreed = _agreed(asked.cache_key, of, asked) if is_branch else None
    return Chain(name, span, is_branch, stays | open_now, misses, waiting, unknown, agreed)


def version_key(asked: Asked) -> tuple[object, ...]:
    """What figures of files depend on beside their question: the data, and what the viewer may see; not the minute."""
    return asked.cache_key[:-1]


def _of_cases(metric: Metric) -> bool:
    return metric.whole.relation.name == "case_rows"


@st.cache_data(max_entries=200, show_spinner=False)
def _from_files(key: tuple[object, ...], of: str, week: date, _asked: Asked) -> tuple[dict[str, Stay], list[Waiting], list[str]]:
    with reading(_asked.engine) as conn:
        company = company_of(_asked, conn)
        with chain.opened(_asked.settings, conn, company, scope_of(company, _asked, of), week) as run:
            wanted = [stay for stage in STAGES for stay in stage.stays if not _of_cases(stay)]
            return chain.stays(run, week, wanted), limbo.waiting(run), limbo.unknown(run)


@st.cache_data(max_entries=200, show_spinner=False)
def _from_cases(key: tuple[object, ...], of: str, week: date, _asked: Asked) -> tuple[dict[str, Stay], list[Misses], str, bool]:
    with reading(_asked.engine) as conn:
        company = company_of(_asked, conn)
        scope = scope_of(company, _asked, of)
        with chain.opened(_asked.settings, conn, company, scope, week) as run:
            stays = chain.stays(run, week, [stay for stage in STAGES for stay in stage.stays if _of_cases(stay)])
            misses = chain.misses(run, week)
    name = company.branches[scope.name].name if scope.kind == "branch" else scope.title
    return stays, misses, name, scope.kind == "branch"


@st.cache_data(max_entries=200, show_spinner=False)
def _agreed(key: tuple[object, ...], of: str, _asked: Asked) -> dict[str, Agreed]:
    with reading(_asked.engine) as conn:
        return stages.of_branch(conn, _asked.viewer, scope_of(company_of(_asked, conn), _asked, of).name)


# ---- the picture -----------------------------------------------------------------------------------------
def picture(found: Chain, may: bool) -> dict[str, Any]:
    """The chain as JSON: headline, stations, handoffs, every word of it. `may`: the viewer may say who owns a stage."""
    longest = max((s.p90 for s in found.stays.values() if s.p90 and s.metric.unit == "hours"), default=0.0)
    most = max((one.count for one in found.misses), default=0)
    return {
        "name": found.name, "span": found.span, "headline": held_up(found), "detail": broke(found),
        "stations": [_station(found, stage.key, stage.name, stage.stays, longest, may) for stage in STAGES],
        "handoffs": [_handoff(one, most) for one in found.misses if one.handoff],
    }


def _station(found: Chain, key: str, name: str, its: Sequence[Metric], longest: float, may: bool) -> dict[str, Any]:
    main, *others = (found.stays[metric.key] for metric in its)
    agreed = found.agreed[key] if found.agreed is not None else None
    number, unit = spent(main.p50) if main.p50 is not None and main.n else ("", "")
    bar = main.p50 is not None and main.p90 is not None and main.metric.unit == "hours" and longest > 0
    return {
        "key": key, "name": name, "what": what(main.metric), "clock": clock(main.metric), "number": number, "unit": unit,
        "more": main.more50,
        "lines": said(main), "missing": lacking(main), "also": [also for other in others if (also := _beside(other))],
        "half": 100 * main.p50 / longest if bar and main.p50 else 0, "most": 100 * main.p90 / longest if bar and main.p90 else 0,
        "agreed": agreed is not None, "owner": agreed.owner if agreed else "", "done": agreed.done_means if agreed else "", "may": may,
    }


def _handoff(one: Misses, most: int) -> dict[str, Any]:
    known = one.credits is not None or one.exceptions is not None
    return {"key": one.handoff, "count": one.count if known else None, "said": counted(one),
            "share": 100 * one.count / most if most else 0}


def said(stay: Stay) -> list[str]:
    """What stands behind a stay: of how many, how long nine of ten take at most, how many are still there."""
    if not stay.n or stay.p90 is None:
        return []
    nine = f"one in ten {time_text(stay.p90)} or longer" if stay.more90 else f"nine of ten within {time_text(stay.p90)}"
    there = f"{stay.open:,} still there" if stay.open else ""
    cover = f"{stay.reporting} of {stay.expected} branches" if stay.reporting < stay.expected else ""
    return [line for line in (f"middle of {stay.n:,} {words.noun(stay.metric, stay.n)}", nine, there, cover) if line]


def _beside(stay: Stay) -> str:
    """A second stay of a stage in one line; empty where it has no figure."""
    if not stay.n or stay.p50 is None:
        return ""
    return f"{what(stay.metric)}: {time_text(stay.p50, stay.more50)}"


def held_up(found: Chain) -> str:
    """Where working time goes by, in a sentence. Only stays on the same clock are compared."""
    ours = [(stage.name, stay) for stage in STAGES for stay in (found.stays[stage.stays[0].key],)
            if stay.n and stay.p50 and isinstance(stay.metric.whole, Duration) and stay.metric.whole.clock == "working"]
    if len(ours) < 2:
        return "Too little is known to say where the chain holds things up."
    name, longest = max(ours, key=lambda one: one[1].p50 or 0.0)
    return (f"{name} holds things longest: half of the {words.noun(longest.metric, 2)} stay more than "
            f"{time_text(longest.p50 or 0.0)} of working time.")


def broke(found: Chain) -> str:
    """Where the chain breaks most often, in a sentence."""
    total, named = sum(one.count for one in found.misses), [one for one in found.misses if one.handoff]
    if all(one.credits is None and one.exceptions is None for one in named):
        return "Neither credits nor exceptions are loaded, so nothing says where it breaks."
    if not total:
        return f"Nothing broke in the {found.span}."
    most = max(named, key=lambda one: one.count)
    unnamed = sum(one.count for one in found.misses if not one.handoff)
    rest = f" {unnamed:,} name no handoff." if unnamed else ""
    if not most.count:
        return f"{total:,} misses in the {found.span}; no row names a handoff."
    return f"It breaks most often at {most.handoff}: {most.count:,} of {total:,} misses in the {found.span}.{rest}"


# ---- how it is counted ------------------------------------------------------------------------------------
def days(n: int) -> str:
    """`1 day`, `12 days`."""
    return f"{n:,} day{'' if n == 1 else 's'}"


def counting(found: Chain) -> list[Row]:
    """How each stay is counted, a row each: what, on which clock, of how many; or the columns that would show it."""
    return [{"Stage": stage.name, "From … to": what(stay.metric), "Clock": clock(stay.metric),
             "Counted": f"{stay.n:,}" if not stay.needs else "",
             "Middle": time_text(stay.p50, stay.more50) if stay.n and stay.p50 is not None else "–",
             "Nine of ten within": time_text(stay.p90, stay.more90) if stay.n and stay.p90 is not None else "–",
             "Still there": f"{stay.open:,}" if stay.n else "", "Lacks": lacking(stay),
             "Definition": stay.metric.definition} for stage in STAGES for stay in (found.stays[m.key] for m in stage.stays)]
