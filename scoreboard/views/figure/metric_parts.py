"""The pieces of the Metric page, each under its own heading; they only draw what `metric` and `behind` return."""

from __future__ import annotations

from typing import Any

import streamlit as st

from scoreboard.metrics import words
from scoreboard.metrics.catalogue import BY_KEY
from scoreboard.views import parts, take_along
from scoreboard.views.figure import behind, charts
from scoreboard.views.figure.metric import Story

_JUMPS = ("How far each judged week lies from the one before it. Beyond the dotted line is an unusual jump: look what happened in that "
          "week.")

Row = dict[str, Any]
SHOWN = 500  # rows on screen


def head(story: Story, missed: str) -> None:
    """The figure, large, with its sentences; `missed` says where most of the week's misses lie, if they do."""
    st.title(story.name)
    with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
        st.metric(story.about or story.name, story.value, story.behind or None, delta_color="off", delta_arrow="off", width="content")
        with st.container(width=640, gap="xxsmall"):
            st.text("\n".join(filter(None, (missed, *story.said, story.reported))))


def trend(story: Story) -> None:
    """Every week in one picture, with a sentence that says the same and what the marks mean."""
    if story.chart:
        st.plotly_chart(story.chart, config=charts.CONFIG, alt=story.alt, key="trend")
        take_along.drawing("trend", story.name, story.marks)
        parts.note(f"{story.alt} {story.marks}")
        if story.moves:
            fold = st.expander("From week to week", key="moves", on_change="rerun")
            if fold.open:
                with fold:
                    st.plotly_chart(story.moves, config=charts.CONFIG, key="week-to-week", alt="How far each week lies from the one before")
                    take_along.drawing("week-to-week", f"{story.name}, from week to week", _JUMPS)
                    parts.note(f"{_JUMPS} A jump by itself never marks a figure on the board.")
    else:
        parts.note("No week has a figure yet, so there is nothing to draw.")


def definition(story: Story, found: list[Row]) -> None:
    """The definition as this branch has it, with rows that passed and rows that missed."""
    st.header("How it is counted")
    st.text("\n".join(story.definition))
    if found:
        one = BY_KEY[story.key]
        passed = any(row.get("result") == "passed" for row in found)
        others = "passed" if passed else "only count"
        st.text("Some of its rows:" if one.is_duration else f"Up to three that missed, and three that {others}:")
        parts.table(behind.examples(one, found), alt="Example rows")


def rows(story: Story, found: list[Row], group: str) -> None:
    """Rows behind the figure, to take along: those of its week, or with a `group` its misses over thirteen weeks."""
    if not found:
        st.text("No rows count in this week.")
        return
    one = BY_KEY[story.key]
    parts.table(behind.table(one, found).head(SHOWN), alt=f"Rows behind {story.name}", take=False)
    if len(found) > SHOWN:
        parts.note(f"The first {SHOWN} of {len(found):,}; the files hold all of them.")
    span = f"{words.week_name(story.week)}, {words.week_span(story.week)}"
    what = f"the misses with {group}, thirteen weeks up to {span}" if group else f"the rows behind {span}"
    take_along.either(f"{story.name}: {what}", lambda about: behind.as_csv(one, found, about),
                      lambda about: behind.as_workbook(one, found, about),
                      [("Definition", story.definition[0]), ("Data", f"{story.fresh}.")])
