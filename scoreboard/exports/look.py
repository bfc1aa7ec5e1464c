"""How a workbook looks: one typeface, one accent, orange and blue for what stands out. Nothing of Excel's default look.

The convention: a style is a name of STYLES and a number format; a workbook makes each pair once (see `pages`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle

from scoreboard.metrics.model import Metric

FACE = "Calibri"
INK, MUTED, ACCENT, LINE, PALE = "16202A", "5A6570", "14505C", "CBD3DA", "EDF2F4"
CONCERN, IMPROVEMENT = "B04A06", "1D5FA8"
# the shapes of the screen (`metrics.icons`) as characters that every spreadsheet has
SHAPES = {"up": "▲", "down": "▼", "dot": "●", "half": "◐", "ring": "○", "small": "•", "dash": "–", "gap": "…", "hit": "✓",
          "wave": "≈", "miss": "✕", "": ""}
FORMATS = {"share": "0.0%", "minutes": '0.0" min"', "hours": '0.0" h"', "days": '0.0" d"', "per 100": '0.0" per 100"', "count": "#,##0",
           "score": "#,##0", "turns": '0.0" turns"', "money": "#,##0"}
AMOUNT, WHOLE, DAY, MOMENT = "#,##0.##", "#,##0", "d mmm yyyy", "d mmm yyyy, hh:mm"


@dataclass(frozen=True)
class Style:
    """Typeface, ground, lines and position of a cell."""

    font: Font = field(default_factory=lambda: Font(name=FACE, size=10, color=INK))
    fill: PatternFill | None = None
    border: Border | None = None
    alignment: Alignment = field(default_factory=lambda: Alignment(vertical="center"))


def _font(size: float = 10, color: str = INK, *, bold: bool = False, italic: bool = False) -> Font:
    return Font(name=FACE, size=size, color=color, bold=bold, italic=italic)


_UNDER = Border(bottom=Side("thin", color=LINE))
_HEAD_LINE = Border(bottom=Side("medium", color=ACCENT))
_PALE = PatternFill("solid", start_color=PALE)
_WRAP = Alignment(horizontal="left", vertical="center", wrap_text=True, indent=1)
_TOP = Alignment(vertical="top", wrap_text=True)
_RIGHT = Alignment(horizontal="right", vertical="center")

STYLES: dict[str, Style] = {
    "title": Style(_font(18, ACCENT, bold=True)),
    "section": Style(_font(13, ACCENT, bold=True), alignment=Alignment(vertical="bottom")),
    "said": Style(_font(11, INK)),
    "quiet": Style(_font(9, MUTED)),
    "prose": Style(_font(), alignment=_TOP),
    "label": Style(_font(10, MUTED, bold=True), alignment=_TOP),
    "head": Style(_font(9, INK, bold=True), _PALE, _HEAD_LINE, Alignment(horizontal="left", vertical="bottom", wrap_text=True, indent=1)),
    "head first": Style(_font(9, INK, bold=True), _PALE, _HEAD_LINE, Alignment(vertical="bottom", wrap_text=True)),
    "head right": Style(_font(9, INK, bold=True), _PALE, _HEAD_LINE, Alignment(horizontal="right", vertical="bottom", wrap_text=True)),
    "name": Style(_font(bold=True), border=_UNDER, alignment=Alignment(vertical="center", wrap_text=True)),
    "text": Style(_font(), border=_UNDER, alignment=_WRAP),
    "words": Style(_font(9), border=_UNDER, alignment=_WRAP),
    "number": Style(_font(), border=_UNDER, alignment=_RIGHT),
    "first": Style(_font(), border=_UNDER),
    "figure": Style(_font(12, bold=True), border=_UNDER, alignment=_RIGHT),
    "strong": Style(_font(bold=True), border=_UNDER, alignment=_RIGHT),
    "pale": Style(_font(9, MUTED), border=_UNDER, alignment=_RIGHT),
    "total": Style(_font(bold=True), _PALE, _UNDER),
    "total right": Style(_font(bold=True), _PALE, _UNDER, _RIGHT),
    "plain": Style(_font(9), alignment=Alignment(horizontal="left", indent=1)),
    "plain right": Style(_font(9), alignment=_RIGHT),
}


def format_of(metric: Metric) -> str:
    """The number format of a metric's figures."""
    return FORMATS[metric.unit]


def speaks(cell: str, *, also: str = "") -> list[Rule]:
    """Rules that colour by the words of a cell (relative, as `$J5`), so that they stay true when the words change."""
    def has(*said: str) -> str:
        return "OR(" + ",".join(f'ISNUMBER(SEARCH("{one}",{where}))' for where in (cell, also) if where for one in said) + ")"

    return [Rule(type="expression", dxf=DifferentialStyle(font=font), formula=[has(*said)]) for font, said in (
        (Font(color=CONCERN, bold=True), ("worse than usual", "reliably misses", "needs help", "past standard", "not told")),
        (Font(color=IMPROVEMENT, bold=True), ("better than usual", "reliably meets", "improving")))]
