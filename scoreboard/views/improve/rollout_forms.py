"""Where people write on the page Rollout: the start day, evidence by hand, and that an item stands otherwise than evidence says.

The convention: a form opens in place under its item, and `see` in the address says which. Every change can be taken back at once.
"""

from __future__ import annotations

from datetime import date

import streamlit as st

from scoreboard.errors import Refused
from scoreboard.metrics import words
from scoreboard.rollout.standing import ItemStanding
from scoreboard.state.rollouts import DONE, LONGEST, LONGEST_LINK, LONGEST_NAME, OPEN, Entry
from scoreboard.views import parts
from scoreboard.views.asking import Asked
from scoreboard.views.improve import rollout
from scoreboard.views.improve.rollout import Branch, Undo

_SEE = "see"
_DONE = "rollout change"  # in the session: (branch, item, what was done as a sentence, how to take it back)
_START = "start"  # in place of an item: the start day
EVIDENCE, OTHERWISE = "evidence", "otherwise"
_EXAMPLES = {
    "standards": "Quote check in five steps, for everyone who quotes", "training": "Quote check, four times ten minutes at the counter",
    "huddles": "At the dock, every morning at 7:30", "practice": "How the early shift checks cores, now in the first week's training",
    "proficiency": "Four weeks at the counter, with what must be known after each"}


# ---- items -----------------------------------------------------------------------------------------------
def buttons(asked: Asked, found: Branch, item: ItemStanding) -> None:
    """What can be said of an item, where its form opens, or that a person's word no longer stands."""
    key = item.item.key
    if item.by_hand:
        st.button("Add evidence", key=f"add-{key}", type="tertiary", icon=":material/add:", on_click=_see, args=(f"{key}:{EVIDENCE}",),
                  help=parts.plain(item.item.words))
    if len(item.entries) == 1:
        take_off(asked, found, item, item.entries[0])
    if item.overridden:
        take_off(asked, found, item, item.overridden)
    else:
        st.button("Say otherwise", key=f"say-{key}", type="tertiary", icon=":material/edit:", on_click=_see, args=(f"{key}:{OTHERWISE}",),
                  help=parts.plain(item.item.words))


def opened(asked: Asked, found: Branch, item: ItemStanding) -> bool:
    """The form of an item, where it is open; else what was done to it in the last run, and the way back."""
    key, _, what = st.query_params.get(_SEE, "").partition(":")
    if key == item.item.key and what == EVIDENCE and item.by_hand:
        _evidence(asked, found, item)
        return True
    if key == item.item.key and what == OTHERWISE and not item.overridden:
        _otherwise(asked, found, item)
        return True
    _undo(asked, found, item.item.key)
    return False


def _evidence(asked: Asked, found: Branch, item: ItemStanding) -> None:
    own = f"{found.code}-{item.item.key}"
    with st.form(f"evidence-{own}", border=True):
        text = st.text_input("What was done", max_chars=LONGEST, key=f"what-{own}", placeholder=_EXAMPLES.get(item.item.key, ""))
        by = st.text_input("By whom", max_chars=LONGEST_NAME, key=f"by-{own}", placeholder="A name or a team")
        on = st.date_input("When", found.rollout.today, max_value=found.rollout.today, key=f"on-{own}", format="YYYY-MM-DD")
        link = st.text_input("Where it can be read", max_chars=LONGEST_LINK, key=f"link-{own}", placeholder="https://… (may stay empty)")
        kept, left = _kept_or_left()
    with parts.saying():
        if kept:
            undo = rollout.add_evidence(asked, found.code, item.item.key, text, by, _given(on), link)
            _changed(found, item, "Evidence is written down.", undo)
        if kept or left:
            _close()


def _otherwise(asked: Asked, found: Branch, item: ItemStanding) -> None:
    own, kind = f"{found.code}-{item.item.key}", OPEN if item.done else DONE
    with st.form(f"otherwise-{own}", border=True):
        reason = st.text_input("Why it is open after all" if item.done else "Why it is done all the same", max_chars=LONGEST,
                               key=f"why-{own}", placeholder="For whoever asks next year",
                               help="Your word stands above the evidence until somebody takes it off. It is shown with your name.")
        kept, left = _kept_or_left(f"It is {kind}")
    with parts.saying():
        if kept:
            undo = rollout.say(asked, found.code, item, kind, reason)
            _changed(found, item, f"Said to be {kind}.", undo)
        if kept or left:
            _close()


def take_off(asked: Asked, found: Branch, item: ItemStanding, entry: Entry) -> None:
    """The button that takes an entry off."""
    label = "Take it off" if entry.kind == EVIDENCE else "Take the word off"
    if st.button(label, key=f"off-{entry.id}", type="tertiary", icon=":material/close:", help=parts.plain(entry.text)):
        with parts.saying():
            _changed(found, item, "Taken off.", rollout.remove(asked, entry))
            st.rerun()


def _undo(asked: Asked, found: Branch, of: str) -> None:
    """What was done last to an item or the start day, and the way back."""
    code, key, sentence, how = st.session_state.get(_DONE, ("", "", "", None))
    if (code, key) != (found.code, of):
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.text(sentence)
        if st.button("Undo", key=f"undo-{key}", icon=":material/undo:"):
            with parts.saying():
                rollout.undo(asked, code, how)
                st.session_state.pop(_DONE)
                st.rerun()


def _changed(found: Branch, item: ItemStanding | None, sentence: str, how: Undo) -> None:
    """Keeps what was done to an item, or without one to the start day."""
    st.session_state[_DONE] = (found.code, item.item.key if item else _START, sentence, how)


def _kept_or_left(label: str = "Keep") -> tuple[bool, bool]:
    with st.container(horizontal=True):
        return st.form_submit_button(label, type="primary"), st.form_submit_button("Cancel")


def _given(on: date | None) -> date:
    if on is None:
        raise Refused("There is no day yet.", "Choose one, or write it as 2026-11-02.")
    return on


def _see(what: str) -> None:
    st.query_params[_SEE] = what
    st.session_state.pop(_DONE, None)


def _close() -> None:
    st.query_params.pop(_SEE, None)
    st.rerun()


# ---- the start day ---------------------------------------------------------------------------------------
def started(asked: Asked, found: Branch) -> None:
    """What was done to the start day last, on top of the page where it is seen, and the way back."""
    _undo(asked, found, _START)


def begin(asked: Asked, found: Branch, refusal: str) -> None:
    """The form of a branch that has no start day yet."""
    if refusal:
        parts.note(refusal)
        return
    with st.form(f"begin-{found.code}", border=False):
        on = st.date_input("First day", found.rollout.today, key=f"first-{found.code}", format="YYYY-MM-DD", width=200,
                           help="Day 1 of 90. It may lie ahead, or back where a branch has begun already.")
        kept = st.form_submit_button("Begin on this day", type="primary")
    with parts.saying():
        if kept:
            first = _given(on)
            _changed(found, None, f"Day 1 is {words.day(first)}.", rollout.begin(asked, found, first, ""))
            st.rerun()


def move(asked: Asked, found: Branch) -> None:
    """The fold that moves the start day or takes it off, each with a reason."""
    fold = st.expander("Start day", key=f"start-{found.code}", on_change="rerun")
    if not fold.open:
        return
    with fold:
        began = found.rollout.start_on
        parts.note(f"Day 1 is {words.day(began)}. Stages, the plan and the weeks before the start follow it." if began else "")
        with st.form(f"move-{found.code}", border=False):
            on = st.date_input("First day", began, key=f"moved-{found.code}", format="YYYY-MM-DD", width=200)
            why = st.text_input("Why", max_chars=LONGEST, key=f"why-moved-{found.code}", width=480,
                                placeholder="For whoever asks next year")
            with st.container(horizontal=True):
                kept, gone = st.form_submit_button("Move it", type="primary"), st.form_submit_button("Take the start day off")
        with parts.saying():
            if kept:
                first = _given(on)
                _changed(found, None, f"Day 1 is now {words.day(first)}.", rollout.begin(asked, found, first, why))
            elif gone:
                _changed(found, None, "The start day is taken off.", rollout.take_start_off(asked, found, why))
            if kept or gone:
                st.rerun()
