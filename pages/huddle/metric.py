"""Metric: one figure — how it ran, how it is defined, and the rows behind it."""

import streamlit as st

from scoreboard.views import data, filters, first_run, restated
from scoreboard.views.asking import asked
from scoreboard.views.figure import metric, metric_parts

who = asked()
if not data.anything_loaded(who):
    first_run.show(who)
    st.stop()

branch, week, key = filters.branch_week_and_metric(who)
story = metric.story(who, branch, week, key, st.context.theme.type or "light")

metric_parts.head(story)
metric_parts.trend(story)
restated.show(who, branch, week, key)
metric_parts.events(story, who, branch, week)
rows = metric.rows(who, branch, story.week, key) if story.has_rows else []
left, right = st.columns(2, gap="large")
with left:
    metric_parts.definition(story, rows)
with right:
    metric_parts.split(story, rows, who, branch)
metric_parts.rows(story, rows, who, branch)
