"""Excel's own line chart of a trend: the week's figure over its usual range, with the target."""

from __future__ import annotations

from math import floor
from typing import Any

from openpyxl.chart import LineChart, Reference
from openpyxl.chart.layout import Layout, ManualLayout
from openpyxl.chart.marker import DataPoint, Marker
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Font, Paragraph, ParagraphProperties

from scoreboard.exports.look import ACCENT, CONCERN, FACE, IMPROVEMENT, INK, LINE, MUTED, format_of
from scoreboard.exports.pages import Page
from scoreboard.exports.trend import Trend
from scoreboard.metrics.signals import Mark

FIGURE, LOW, MIDDLE, HIGH, TARGET, FOUR, LABEL = 6, 7, 8, 9, 10, 13, 2  # columns of the table
_TONES = {"concern": CONCERN, "improvement": IMPROVEMENT}
_EMU = 12_700  # of a point
_LINES: dict[int, tuple[str, float, Any]] = {FIGURE: (ACCENT, 2.25, None), LOW: (MUTED, 1.0, "sysDot"), HIGH: (MUTED, 1.0, "sysDot"),
                           MIDDLE: (LINE, 1.25, None), TARGET: (INK, 1.5, "dash"), FOUR: (ACCENT, 2.25, None)}


def line_chart(page: Page, trend: Trend, head: int, anchor: str) -> None:
    """Draws the table whose head is in row `head`, just written, beside it."""
    chart: Any = LineChart()
    last = page.at - 1
    chart.height, chart.width = 8.2, 23.5
    usual = any((one := trend.usual(p.week)) and one.drawn(trend.metric) for p in trend.points)
    wanted = [FIGURE, *([FOUR] if trend.fours else []), *([LOW, MIDDLE, HIGH] if usual else []),
              *([TARGET] if any(a.target is not None for a in trend.aims) else [])]
    for column in wanted:
        chart.add_data(Reference(page.sheet, min_col=column, min_row=head, max_row=last), titles_from_data=True)
    chart.set_categories(Reference(page.sheet, min_col=LABEL, min_row=head + 1, max_row=last))
    for column, series in zip(wanted, chart.series, strict=True):
        _drawn(series, column, thin=bool(trend.fours) and column == FIGURE)
    if trend.fours:
        _fours(chart.series[1], trend)
    else:
        _points(chart.series[0], trend)
    _axes(chart, trend)
    page.sheet.add_chart(chart, anchor)


def _drawn(series: Any, column: int, *, thin: bool) -> None:
    """The line of a column; `thin` is that of weeks behind the line of four weeks together."""
    colour, width, dash = (MUTED, 0.75, None) if thin else _LINES[column]
    series.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=colour, w=int(width * _EMU), prstDash=dash))
    series.smooth = False
    series.marker = Marker(symbol="circle" if column == FIGURE else "none", size=3 if thin else 6)
    if column == FIGURE:
        series.marker.graphicalProperties = GraphicalProperties(solidFill=colour, ln=LineProperties(solidFill=colour))


def _points(series: Any, trend: Trend) -> None:
    """Hollow dots where a week is not judged, coloured triangles where it stands out."""
    for at, point in enumerate(trend.points):
        mark = trend.mark(point.week)
        if point.value is not None and (mark or not point.judged):
            _dot(series, at, mark)


def _fours(series: Any, trend: Trend) -> None:
    """A coloured triangle at the end of four weeks that stand out together."""
    for at, point in enumerate(trend.points):
        four = trend.fours.get(point.week)
        if four and four.mark and four.last == point.week:
            _dot(series, at, four.mark)


def _dot(series: Any, at: int, mark: Mark | None) -> None:
    tone = _TONES.get(mark.type, INK) if mark else ACCENT
    made = Marker(symbol="triangle" if mark else "circle", size=9 if mark else 6)
    made.graphicalProperties = GraphicalProperties(solidFill=tone if mark else "FFFFFF", ln=LineProperties(solidFill=tone))
    series.dPt.append(DataPoint(idx=at, marker=made, spPr=GraphicalProperties(ln=LineProperties(solidFill=ACCENT, w=int(2.25 * _EMU)))))


def _axes(chart: Any, trend: Trend) -> None:
    values = [p.value for p in trend.points if p.value is not None]
    small = RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=CharacterProperties(
        sz=900, solidFill=MUTED, latin=Font(typeface=FACE))), endParaRPr=CharacterProperties())])
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.x_axis.txPr = chart.y_axis.txPr = small
    chart.x_axis.tickLblSkip = max(1, len(trend.points) // 13)
    chart.x_axis.tickLblPos = "low"
    chart.x_axis.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=MUTED))
    chart.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill="E4E9ED"))
    chart.y_axis.graphicalProperties = GraphicalProperties(ln=LineProperties(noFill=True))
    chart.y_axis.number_format = {"share": "0%", "hours": '0" h"', "days": '0" d"'}.get(trend.metric.unit, format_of(trend.metric))
    if trend.metric.is_duration:
        chart.y_axis.scaling.min = 0
    elif trend.metric.unit == "share" and values:
        least = min([*values, *(a.target for a in trend.aims if a.target is not None)])
        chart.y_axis.scaling.min = max(0.0, floor(10 * least - 1) / 10)
        chart.y_axis.scaling.max = 1 if max(values) > 0.85 else None
    chart.legend.position = "b"
    chart.legend.txPr = small
    chart.graphical_properties = GraphicalProperties(ln=LineProperties(noFill=True))
    chart.layout = Layout(manualLayout=ManualLayout(x=0.02, y=0.03, h=0.8, w=0.96))
