"""Rules over the data on screen: each with its promise, on or off, what it would open now, what it opened; and the row behind one.

The convention: what a rule would open is asked of the facts and kept while nothing is loaded or switched; `row_behind` shows a row
as it was when the exception was opened.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import pandas as pd
import streamlit as st

from scoreboard.calendars import wall_clock
from scoreboard.cases.lifecycle import CaseState
from scoreboard.errors import ScoreboardError
from scoreboard.metrics import words
from scoreboard.rules import standing
from scoreboard.rules.book import find
from scoreboard.rules.looking import Cause
from scoreboard.rules.standing import Opened, Stand
from scoreboard.rules.watch import watch_facts
from scoreboard.state import options
from scoreboard.state.database import reading, writing
from scoreboard.views import data, jobs, parts
from scoreboard.views.asking import Asked

SHOWN = 20  # rows of what a rule would open
_JOB, _SAID = "rules job", "rules said"


@dataclass(frozen=True)
class RowBehind:
    """What triggered an exception, in words: the rule, the promise it protects, when it opens one, and the row as it was then."""

    rule: str
    promise: str
    when: str
    cells: tuple[tuple[str, str], ...]


def row_behind(asked: Asked, case: CaseState) -> RowBehind | None:
    """The row that triggered an exception; None for one that a person raised or a file brought."""
    with reading(asked.engine) as conn:
        found = standing.behind(conn, asked.viewer, case.branch, case.case_no)
        agreed = options.current(conn)
    if found is None:
        return None
    return RowBehind(found.rule.name, found.rule.promise, standing.when(found.rule, agreed),
                     tuple((label, said(value)) for label, value in found.cells))


def said(value: Any) -> str:
    """A cell in words: `Fri 6 Nov 2026, 16:00`, a day without a time, a number without needless digits."""
    if isinstance(value, datetime) and value.time() != time():
        return words.moment(value, year=True)
    if isinstance(value, date):
        return words.day(value)
    return f"{value:,g}" if isinstance(value, int | float) else str(value)


# ---- every rule --------------------------------------------------------------------------------------
def show(asked: Asked, of: str | None) -> None:
    """Every rule as a branch has it, with a switch for who may."""
    if of is None or of == data.COMPANY or of.startswith(data.TERRITORY):
        st.text("Rules look at the rows of a branch. " + ("There is none yet: load a first file, or add a branch." if of is None
                                                           else "Pick one of the branches above."))
        return
    parts.note("A rule opens an exception by itself when a row breaks a promise: once a row, only for what broke in the last four weeks, "
               "after each load. Closing is proposed; people do it. A switch holds for every branch.")
    if refusal := asked.refusal("options"):
        st.info(parts.plain(refusal), icon=":material/info:")
    _watch()
    for card in cards(asked, of):
        _card(asked, of, card, may=not refusal)


@dataclass(frozen=True)
class Card:
    """A rule at a branch in words. `lacks`: why it cannot speak there, empty when it can; `agree`: what must be agreed before it can be
    switched on; `would`: how many it would open, the first of them in `rows`; `everywhere`: at all branches."""

    key: str
    name: str
    on: bool
    promise: str
    when: str
    opens: str
    lacks: str
    agree: str
    would: int
    everywhere: int | None
    rows: tuple[dict[str, str], ...]


def cards(asked: Asked, of: str) -> list[Card]:
    """Every rule as a branch has it."""
    return _cards(asked.cache_key, of, asked)


@st.cache_data(max_entries=200, show_spinner="Looking at the rows")
def _cards(key: tuple[object, ...], of: str, _asked: Asked) -> list[Card]:
    with reading(_asked.engine) as conn:
        return [_in_words(stand) for stand in standing.stands(_asked.settings, conn, _asked.viewer, of)]


def _in_words(stand: Stand) -> Card:
    rule = stand.rule
    hours = f"{stand.standard / 60:g} working hours" if stand.standard else ""
    clock = f"Standard: {hours} until resolved and told." if hours else "No standard is agreed for this type, so its clock has no end."
    owner = stand.owner or "nobody yet: name an owner for this type"
    lacks = f"It cannot speak here yet: it {words.needs(list(stand.lacks))}." if stand.lacks else ""
    agree = f"Agree {words.listed(list(stand.agree))} first; then it can be switched on." if stand.agree else ""
    return Card(rule.key, rule.name, stand.on, rule.promise, stand.when, f"Opens: {rule.type}. Goes to {owner}. {clock}", lacks, agree,
                len(stand.would), stand.everywhere, tuple(_row(one) for one in stand.would[:SHOWN]))


def _row(one: Cause) -> dict[str, str]:
    return {label: said(one.row[name]) for name, label in one.rule.shows.items() if name in one.row}


def _card(asked: Asked, of: str, card: Card, *, may: bool) -> None:
    with st.container(border=True, gap="small", key=f"rule_{card.key}"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.subheader(parts.plain(card.name), anchor=False, width="content")
            st.badge("On" if card.on else "Off", icon=f":material/{'check' if card.on else 'pause'}:", color="gray")
        st.markdown(f"“{parts.plain(card.promise)}”")
        st.markdown(parts.plain(card.when))
        parts.note(card.opens)
        with reading(asked.engine) as conn:
            latest, zone = standing.latest(conn, asked.viewer, of, find(card.key)), data.company_of(asked, conn).zones[of]
        _would(card, latest)
        if latest:
            _latest(card.name, latest, zone)
        if may and card.agree and not card.on:
            st.markdown(parts.plain(card.agree))
        elif may:
            _switch(asked, card)


def _would(card: Card, latest: tuple[Opened, ...]) -> None:
    """What it would open, or why nothing."""
    if card.lacks:
        st.markdown(parts.plain(card.lacks))
    elif not card.would:
        parts.note("Everything it finds here is open already, or was." if latest else "It finds nothing here now.")
    else:
        name = f"{'Opens with the next load' if card.on else 'Would open now'}: {card.would:,} exception{'s' if card.would > 1 else ''}"
        with st.expander(name):
            parts.table(pd.DataFrame(card.rows).fillna(""), name)
            if card.would > SHOWN:
                parts.note(f"The {SHOWN} that broke first.")
    if not card.lacks and not card.on and card.everywhere is not None and card.everywhere > card.would:
        parts.note(f"At all branches together it would open {card.everywhere:,}: a switch holds for every branch.")


def _latest(name: str, latest: tuple[Opened, ...], zone: str) -> None:
    rows = [{"Number": one.case_no, "Opened": said(wall_clock(one.opened_at, zone)), "Customer": one.customer, "Order": one.order_no,
             "Now": "closed" if one.closed else "over by the data" if one.proposal else "open"} for one in latest]
    with st.expander("Opened last"):
        parts.table(pd.DataFrame(rows), f"Exceptions opened last by the rule {name}")


# ---- switching ---------------------------------------------------------------------------------------
def _switch(asked: Asked, card: Card) -> None:
    label = "Switch off" if card.on else "Switch on for every branch"
    st.button(label, key=f"switch_{card.key}", icon=f":material/{'pause' if card.on else 'play_arrow'}:",
              on_click=_begin, args=(asked, card.key, not card.on), disabled=_JOB in st.session_state)


def _begin(asked: Asked, key: str, on: bool) -> None:
    if _JOB not in st.session_state:
        st.session_state[_SAID] = ""
        st.session_state[_JOB] = jobs.Job("Looking at the rows", lambda tell: switched(asked, key, on))


def switched(asked: Asked, key: str, on: bool) -> str:
    """Switches a rule; one that is switched on looks at once. What came of it, in words."""
    rule = find(key)
    with writing(asked.engine) as conn:
        standing.switch(conn, asked.viewer, key, on, now=asked.settings.now)
    if not on:
        return f"Switched off: {rule.name}. What it opened stays."
    done = watch_facts(asked.settings, asked.engine)
    n = len(done.opened)
    return done.trouble or f"Switched on: {rule.name}. It opened {n:,} {'exception' if n == 1 else 'exceptions'}."


def _watch() -> None:
    """Waits for a switch that was begun, and says what became of it."""
    job: jobs.Job[str] | None = st.session_state.get(_JOB)
    if job is not None:
        jobs.watch(job, st.empty())
        st.session_state.pop(_JOB, None)
        try:
            st.session_state[_SAID] = job.result()
        except ScoreboardError as error:
            st.session_state[_SAID] = str(error)
        st.rerun()
    if st.session_state.get(_SAID):
        st.info(parts.plain(st.session_state[_SAID]), icon=":material/info:")
