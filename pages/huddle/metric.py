"""Metric: one figure — how it ran, how it is defined, and the rows behind it."""

import streamlit as st

from scoreboard.views import data, filters, first_run, picture, restated
from scoreboard.views.asking import asked
from scoreboard.views.figure import beside, event_parts, level_parts, metric, metric_parts, reasons, reasons_parts

who = asked()
if not data.anything_loaded(who):
    first_run.show(who)
    st.stop()

branch, week, key = filters.branch_week_and_metric(who)
theme = picture.theme()
story = metric.story(who, branch, week, key, theme)
rows = metric.rows(who, branch, story.week, key) if story.has_rows else []

metric_parts.head(story, reasons.missed(key, rows))
metric_parts.trend(story)
restated.show(who, branch, week, key)
event_parts.show(story, who, branch, week)
level_parts.show(story, who, branch)
left, right = st.columns(2, gap="large")
with left:
    metric_parts.definition(story, rows)
    beside.show(beside.beside(who, branch, week, key, theme))
with right:
    reasons_parts.where(story, who, branch)
reasons_parts.repeats(story, who, branch)
reasons_parts.rows(story, rows, who, branch)
