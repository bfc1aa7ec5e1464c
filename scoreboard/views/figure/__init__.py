"""The Metric page: one figure, how it ran, how it is counted, and the rows behind it.

`metric` is plain data, `metric_parts` draws it, `behind` are the rows on screen and as files, `charts` the trend; `reasons` is
where the figure comes from, `reasons_parts` draws that.
"""
