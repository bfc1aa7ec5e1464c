"""Usual levels on the Metric page: where one may begin, those that did, and the way back."""

from __future__ import annotations

from datetime import date

import streamlit as st

from scoreboard.metrics import company as companies
from scoreboard.metrics import levels, words
from scoreboard.metrics.catalogue import BY_KEY
from scoreboard.state.database import writing
from scoreboard.state.levels import LONGEST, Level
from scoreboard.state.viewers import MAY_CHANGE
from scoreboard.views import parts
from scoreboard.views.asking import Asked
from scoreboard.views.data import scope_of
from scoreboard.views.figure.metric import Story
from scoreboard.views.talk import explained


def show(story: Story, asked: Asked, of: str) -> None:
    """The levels begun, and the offer of a new one; nothing where there is neither."""
    may = "targets" in MAY_CHANGE[asked.viewer.role]
    for level in story.levels:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.text(f"◆ New usual level since {words.week_name(level.from_week).lower()} · {level.reason} ({level.who})", width="content")
            if may and level is story.levels[-1] and st.button("Take back", key=f"level-{level.id}", icon=":material/undo:"):
                with parts.saying():
                    _take_back(asked, level)
                    st.rerun()
    if story.held:
        _offer(story, asked, of, story.held, may)


def _offer(story: Story, asked: Asked, of: str, since: date, may: bool) -> None:
    week = words.week_name(since).lower()
    st.text(f"Every judged week since {week} lies on one side of the usual level. If you know why and it will stay so, let the weeks "
            f"since {week} be the new usual level; until somebody says why, the board keeps asking.")
    if not may:
        parts.note("A branch leader or a territory manager can begin it.")
        return
    fold = st.expander(f"Begin a new usual level with {week}", key="new-level", on_change="rerun")
    if fold.open:
        with fold, st.form("level", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
            reason = st.text_input("What changed for good?", value=explained(since, story.notes), max_chars=LONGEST, width=480,
                                   key=f"level-reason-{of}-{story.key}-{since}", placeholder="Second evening truck, new picking path …",
                                   help="The former level stays on the chart, and targets do not change. The weeks since then "
                                        "are collected anew: until thirteen can be judged they say nothing, also about what they "
                                        "may have cost another figure. It can be taken back.")
            if st.form_submit_button("Begin new level"):
                with parts.saying():
                    _begin(asked, of, story.key, reason)
                    st.rerun()


def _begin(asked: Asked, of: str, key: str, reason: str) -> None:
    with writing(asked.engine) as conn:
        company = companies.read(conn, asked.settings.now)
        levels.begin(conn, asked.settings, asked.viewer, scope_of(company, asked, of), BY_KEY[key], reason, company)


def _take_back(asked: Asked, level: Level) -> None:
    with writing(asked.engine) as conn:
        levels.take_back(conn, asked.viewer, level.id, asked.settings.now)
