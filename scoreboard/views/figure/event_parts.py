"""What happened in a branch, on the Metric page: the notes on the axis in words, ready ones to tap, a line for any other.

The convention: what is noted is text. A tap notes or takes off at once, so the pills always show what is kept.
"""

from __future__ import annotations

from datetime import date

import streamlit as st

from scoreboard.errors import ScoreboardError
from scoreboard.metrics import words
from scoreboard.state.notes import Note
from scoreboard.views import parts
from scoreboard.views.asking import Asked
from scoreboard.views.figure import events
from scoreboard.views.figure.metric import Story
from scoreboard.weeks import WEEK

RECENT = 13  # weeks up to the picked one whose notes stand on the page; earlier ones are folded
_REFUSED = "note-refused"
# What is noted says so by a mark, in ink: Streamlit's own colour for it is too faint on the dark background.
_STYLE = """<style>
.st-key-ready button[aria-pressed="true"] { color: inherit !important }
.st-key-ready button[aria-pressed="true"] p::before { content: "✓ " }
</style>"""


def show(story: Story, asked: Asked, of: str, week: date) -> None:
    """The notes of a branch, below the ways to add one: what is tapped stays where it is however many there are."""
    if not story.has_rows:
        return
    if events.may_note(asked):
        shared = _ready(story, asked, of, week)
        _other(story, asked, of, week, shared)
    earlier = [n for n in story.notes if n.week <= week - RECENT * WEEK]
    _lines([n for n in story.notes if n not in earlier], asked, of)
    if earlier:
        with st.expander(f"Earlier notes ({len(earlier)})", key="earlier-notes"):
            _lines(earlier, asked, of)


def _lines(shown: list[Note], asked: Asked, of: str) -> None:
    for note in shown:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            by = ", ".join(filter(None, (note.who, "shared" if note.shared and note.branch == of else "")))
            st.text(f"▲ {words.week_name(note.week)} · {note.text}{f' ({by})' if by else ''}", width="content")
            if note.branch == of and events.may_note(asked) and st.button("Take off", key=f"note-{note.id}", icon=":material/close:"):
                with parts.saying():
                    events.remove(asked, note.id)
                    st.rerun()


# ---- adding ----------------------------------------------------------------------------------------------
def _ready(story: Story, asked: Asked, of: str, week: date) -> bool:
    """The ready notes, and whether what is added now is shared."""
    there = {n.text: n.id for n in story.notes if n.branch == of and n.week == week and n.text in events.READY}
    key, share = f"note-ready-{of}-{week}", f"note-share-{of}-{story.territory}"
    st.session_state[key] = [text for text in events.READY if text in there]
    st.html(_STYLE)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="ready"):
        asks = f"What happened in {words.week_name(week).lower()}? One tap notes it on every chart of this branch, another takes it off."
        st.pills(asks, events.READY, key=key, selection_mode="multi", wrap=True, on_change=_tapped,
                 args=(asked, of, week, there, key, share))
        shared = bool(story.territory) and st.toggle(
            f"Share with {parts.plain(story.territory)}", key=share,
            help="What you note while this is on shows on the charts of every branch that belongs to this territory in that week: "
                 "the text and the name of this branch, not who wrote it.")
    if refused := st.session_state.pop(_REFUSED, ""):
        parts.say(refused)
    return shared


def _tapped(asked: Asked, of: str, week: date, there: dict[str, int], key: str, share: str) -> None:
    """As a callback: keeps what was tapped on, takes off what was tapped off."""
    chosen = st.session_state[key] or []
    try:
        for text in (t for t in chosen if t not in there):
            events.add(asked, of, week, text, bool(st.session_state.get(share)))
        for text in (t for t in there if t not in chosen):
            events.remove(asked, there[text])
    except ScoreboardError as error:
        st.session_state[_REFUSED] = str(error)


def _other(story: Story, asked: Asked, of: str, week: date, shared: bool) -> None:
    """A line for anything else."""
    fold = st.expander("Add a note in your own words", key="add-note", on_change="rerun")
    if not fold.open:
        return
    with fold, st.form("note", border=False, clear_on_submit=False), st.container(horizontal=True, vertical_alignment="bottom"):
        key = f"note-text-{of}-{week}-{len(story.notes)}"  # another one after each note, which is empty
        text = st.text_input(f"What happened in {words.week_name(week).lower()}?", key=key, max_chars=300,
                             placeholder="Second shift, road closed, supplier strike …", width=480,
                             help="Shown on every chart of this branch, for whoever asks later.")
        if st.form_submit_button("Add note"):
            with parts.saying():
                events.add(asked, of, week, text, shared)
                st.rerun()
