"""Where a figure comes from and what keeps coming back, drawn: bars whose names open their rows, root causes written in place.

The convention: bars have one muted ink, whatever they say; everything a bar shows stands beside it as text.
"""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from scoreboard.metrics import words
from scoreboard.metrics.catalogue import BY_KEY
from scoreboard.metrics.reasons import SHOWN, Pareto
from scoreboard.state.root_causes import RootCause
from scoreboard.views import parts, picture, take_along
from scoreboard.views.asking import Asked
from scoreboard.views.figure import behind, cause_parts, events, metric_parts, reasons
from scoreboard.views.figure.metric import Story
from scoreboard.views.figure.reasons import Picked, Row, Sources

# in the session: (page, group, key of its button) whose rows are shown; where to look next
_PICKED, _LOOK = "picked_group", "look_at"
_ROWS = "#rows"
_STYLE = """<style>
.st-key-where button, .st-key-repeats button { min-height: 1.75rem; padding: 0.1rem 0.5rem; text-align: left }
.st-key-where button > div, .st-key-repeats button > div { justify-content: flex-start }
.st-key-where button p, .st-key-repeats button p { overflow-wrap: anywhere; white-space: normal }
.st-key-repeats > div + div { border-top: 1px solid rgba(128, 140, 150, 0.4); padding-top: 0.25rem }
[data-testid="InputInstructions"] { display: none }
.bar { display: flex; flex-wrap: wrap; column-gap: 1rem; line-height: 1.35; font-variant-numeric: tabular-nums }
.bar i { flex: 100%; height: 0.55rem; margin: 0.45rem 0 0.1rem }
.bar i b { display: block; height: 100%; min-width: 2px; border-radius: 2px; background: currentColor; opacity: 0.55 }
.bar span { flex: 1 0 10.5rem } .bar em { flex: 100% }
@media (max-width: 640px) { .bar { padding-bottom: 0.75rem } }
</style>"""


def where(story: Story, asked: Asked, of: str) -> None:
    """The misses by the values of one column; for a figure without misses its values."""
    st.header("Where it comes from")
    if not story.has_rows:
        st.text("Splits and rows are shown for one branch: choose one above.")
        return
    found = reasons.sources(asked, of, story.week, story.key)
    span = reasons.span(story.week)
    if found.paretos:
        parts.note(f"{reasons.counted(found.misses)} in {span}. A name opens its rows below.")
        by = _column(found, story)
        _bars(story, found.paretos[by], reasons.causes(asked, of), _page(story, of))
    elif found.splits:
        by = _column(found, story)
        parts.table(_split_table(story.key, by, found.splits[by]), alt=f"{story.name} by {behind.title(by)}")
        parts.note(f"Over {span}. Small groups swing by chance.")
    elif found.misses:
        st.text(f"{reasons.counted(found.misses)} in {span}. No two of them share a reason, a route or another group.")
    elif not found.of:
        st.text(f"No rows count in {span}.")
    else:
        st.text(f"Nothing was missed in {span}." if found.judges else f"The rows of {span} name no group to split by.")


def _column(found: Sources, story: Story) -> str:
    """The column chosen; each metric begins with its own."""
    chosen: str = st.radio("By", found.columns, found.columns.index(found.first), format_func=behind.title, horizontal=True,
                           label_visibility="collapsed", key=f"by-{story.key}")
    return chosen


def _bars(story: Story, found: Pareto, causes: dict[tuple[str, str], RootCause], page: str) -> None:
    one, most = BY_KEY[story.key], max(group.misses for group in found.groups)
    now = _picked(page)
    with st.container(key="where", gap="xxsmall"):
        st.html(_STYLE)
        for number, group in enumerate(found.groups):
            left, right = st.columns([3, 7], gap="small")
            with left:
                _opens(Picked(found.by, group.value, group.pooled), reasons.name(group), now, page, f"bar-{number}")
            said = "".join(f"<span>{escape(text)}</span>" for text in (
                reasons.share_of_misses(found, group), reasons.own_rate(one, group)) if text)
            cause = reasons.cause_of(causes, found.by, group.value)
            right.html(f"<div class='bar'><i><b style='width:{100 * group.misses / most:.1f}%'></b></i>{said}"
                       f"{f'<em>{escape(cause)}</em>' if cause else ''}</div>")
    parts.note("Left: its part of all misses. Right: how many of its own rows were missed, or of all rows where only a miss has this. "
               "Small groups swing by chance.")
    take_along.rows(pd.DataFrame({
        behind.title(found.by): [reasons.name(group) for group in found.groups], "Misses": [group.misses for group in found.groups],
        "Part of all misses": [reasons.share_of_misses(found, group) for group in found.groups],
        "Of its own rows": [reasons.own_rate(one, group) for group in found.groups],
        "Root cause": [reasons.cause_of(causes, found.by, group.value) for group in found.groups]}),
        f"Misses of {story.name} by {behind.title(found.by).lower()}")
    if found.spared:
        fold = st.expander(f"{len(found.spared):,} more without a miss", key="spared", on_change="rerun")
        if fold.open:
            fold.text(reasons.spared(one, found))


def _split_table(key: str, by: str, groups: list[Row]) -> pd.DataFrame:
    """Groups as a table: name, figure, what is behind it."""
    one = BY_KEY[key]
    return pd.DataFrame({
        behind.title(by): [str(group[by]) if group[by] not in (None, "") else reasons.NOT_GIVEN for group in groups],
        words.title(one)[0]: [words.text(one, group["value"]) if group["value"] is not None else "–" for group in groups],
        "Counted": [words.counted(one, group.get("part"), group.get("whole"), group["n"]) for group in groups]})


# ---- what keeps coming back ------------------------------------------------------------------------------
def repeats(story: Story, asked: Asked, of: str) -> None:
    """The most frequent things misses have in common, each with a place for its root cause."""
    found = reasons.sources(asked, of, story.week, story.key) if story.has_rows else None
    if found is None or found.repeats is None:
        return
    st.header("What keeps coming back")
    if not found.repeats:
        st.text(f"No part, customer, route or reason was missed twice in {reasons.span(story.week)}.")
        return
    causes, page, may = reasons.causes(asked, of), _page(story, of), events.may_note(asked)
    with st.container(key="repeats", gap="xxsmall"):
        st.html(_STYLE)
        for number, group in enumerate(found.repeats[:SHOWN]):
            what, often, why = st.columns([6, 7, 15], gap="small", vertical_alignment="center")
            with what:
                picked = Picked(group.grouped_by, group.subject, repeat=True)
                _opens(picked, reasons.title(picked.by, group.subject), _picked(page), page, f"repeat-{number}")
            often.text(reasons.often(group, found.first_day))
            with why, st.container(horizontal=True, vertical_alignment="center", gap="small"):
                cause_parts.show(asked, of, group, causes.get((group.grouped_by, group.subject)), may, number)
    take_along.rows(pd.DataFrame([reasons.columns_of(group, causes, found.first_day) for group in found.repeats]),
                    f"What keeps coming back in {story.name}")
    hidden = len(found.repeats) - SHOWN
    more = f"The ten most frequent of {len(found.repeats)}. " if hidden > 0 else ""
    parts.note(f"{more}A miss stands under each thing it shares with another. A root cause is written once and shows wherever its "
               "part, customer, route or reason does.")


# ---- the rows of a group ---------------------------------------------------------------------------------
def rows(story: Story, week_rows: list[Row], asked: Asked, of: str) -> None:
    """The rows of the group that was opened, over the thirteen weeks; without one those of the week. Looked at when they change."""
    if not story.has_rows:
        return
    now, week = _picked(_page(story, of)), words.week_name(story.week).lower()
    called = reasons.title(now.by, reasons.name(now)) if now else ""
    found = reasons.rows_of(asked, of, story.week, story.key, now) if now else week_rows
    st.header(parts.plain(f"{called}, {reasons.counted(len(found))} in {reasons.span(story.week)}" if now
                          else f"The rows behind {week}"), anchor="rows")
    if now:
        with st.container(horizontal=True, gap="small"):
            st.button(f"Show all rows of {week}", icon=":material/close:", on_click=_show, args=(None, _ROWS))
            st.button("Back to the groups", icon=":material/arrow_upward:", type="tertiary", on_click=_look,
                      args=(f".st-key-{st.session_state[_PICKED][2]} button",))
    metric_parts.rows(story, found, called)
    if target := st.session_state.pop(_LOOK, None):
        picture.look_at(target)


def _show(picked: tuple[str, Picked, str] | None, target: str) -> None:
    """Shows the rows of a group, or without one those of the week, and looks at them."""
    st.session_state[_PICKED] = picked
    _look(target)


def _look(target: str) -> None:
    st.session_state[_LOOK] = target


def _page(story: Story, of: str) -> str:
    return f"{of} {story.key} {story.week}"


def _picked(page: str) -> Picked | None:
    kept = st.session_state.get(_PICKED)
    return kept[1] if kept and kept[0] == page else None


def _opens(picked: Picked, called: str, now: Picked | None, page: str, key: str) -> None:
    """A group's name: opens its rows and looks at them, and a second time closes them."""
    open_now = picked == now
    st.button(parts.plain(called), key=key, width="stretch", type="secondary" if open_now else "tertiary", on_click=_show,
              args=(None, f".st-key-{key} button") if open_now else ((page, picked, key), _ROWS))
