"""The pieces of the Metric page, each under its own heading; they only draw what `metric` and `behind` return."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from scoreboard import weeks
from scoreboard.metrics.catalogue import BY_KEY
from scoreboard.views import behind, charts, metric, parts, words
from scoreboard.views.asking import Asked
from scoreboard.views.metric import Story


def head(story: Story) -> None:
    """The figure, large, with its sentences."""
    st.title(story.name)
    with st.container(horizontal=True, gap="large", vertical_alignment="center"):
        st.metric(story.about or story.name, story.value, story.behind or None, delta_color="off", delta_arrow="off", width="content")
        with st.container(width=640, gap="xxsmall"):
            for sentence in [*story.said, story.reported]:
                st.text(sentence)


def trend(story: Story) -> None:
    """Every week in one picture, with a sentence that says the same and what the marks mean."""
    st.plotly_chart(story.chart, config=charts.CONFIG, alt=story.alt, key="trend")
    parts.note(f"{story.alt} Band: usual range. Dashes: target. Hollow dots: weeks that are not judged.")


def definition(story: Story, asked: Asked, of: str, week: date) -> None:
    """The definition as this branch has it, with rows that passed and rows that missed."""
    st.subheader("How it is counted")
    for sentence in story.definition:
        st.text(sentence)
    if story.has_rows and (found := metric.rows(asked, of, week, story.key)):
        st.text("Three that missed and three that passed:")
        st.dataframe(behind.examples(found), hide_index=True, alt="Example rows that missed and that passed")


def split(story: Story, asked: Asked, of: str, week: date) -> None:
    """The figure by the values of one column, over thirteen weeks."""
    st.subheader("Where it comes from")
    if not story.splits:
        st.text("Splits and rows are shown for one branch: choose one above.")
        return
    by = st.segmented_control("Split by", story.splits[:6], default=story.splits[0], required=True, format_func=behind.title,
                              label_visibility="collapsed") or story.splits[0]
    found = metric.split(asked, of, week, story.key, by)
    if not found:
        st.text("Nothing was counted in these thirteen weeks.")
        return
    st.dataframe(split_table(story.key, by, found), hide_index=True, alt=f"{story.name} by {behind.title(by)}")
    parts.note(f"Thirteen weeks up to {words.week_name(week).lower()}. Small groups swing by chance.")


def split_table(key: str, by: str, found: list[dict[str, object]]) -> pd.DataFrame:
    """Groups as a table: name, figure, what is behind it."""
    one = BY_KEY[key]
    return pd.DataFrame({
        behind.title(by): [str(group[by]) if group[by] not in (None, "") else "not given" for group in found],
        words.title(one)[0]: [words.text(one, group["value"]) if group["value"] is not None else "–" for group in found],  # type: ignore[arg-type]
        "Counted": [words.counted(one, group.get("part"), group.get("whole"), group["n"]) for group in found]})  # type: ignore[arg-type]


def rows(story: Story, asked: Asked, of: str, week: date) -> None:
    """Every row behind the figure of the picked week, downloadable."""
    if not story.has_rows:
        return
    st.subheader(f"The rows behind {words.week_name(week).lower()}")
    found = metric.rows(asked, of, week, story.key)
    if not found:
        st.text("No rows count in this week.")
        return
    st.dataframe(behind.table(found), hide_index=True, alt=f"{len(found)} rows behind {story.name}")
    name = f"{of}-{story.key}-{weeks.label(week)}"
    about = [("What", f"{story.name}: the rows behind {words.week_name(week)}, {words.week_span(week)}"), ("Branch", of),
             ("Definition", story.definition[0]), ("As of", asked.settings.now.strftime("%Y-%m-%d %H:%M UTC"))]
    with st.container(horizontal=True):
        st.download_button("Download as CSV", lambda: behind.as_csv(found), f"{name}.csv", "text/csv", on_click="ignore")
        st.download_button("Download as Excel", lambda: behind.as_workbook(found, about), f"{name}.xlsx", on_click="ignore",
                           mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
