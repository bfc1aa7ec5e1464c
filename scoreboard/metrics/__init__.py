"""Metrics: declared expressions over relations, rolled up by week, read as boards and series."""
