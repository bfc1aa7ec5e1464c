"""The pictures of a printed page as SVG: the shape of a state, thirteen weeks of a figure, the triangle.

The convention: the same shapes and marks as the board on screen (`views/picture`), in ink that survives a printer without
colours: every state has its shape, a range is a light band, a target is dashed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

INK, MUTED, FAINT, BAND = "#111", "#555", "#bbb", "#dcdfdc"
_RING = '<circle cx="5" cy="5" r="4" fill="none" stroke="currentColor" stroke-width="1.6"/>'
SHAPES: dict[str, str] = {
    "dot": '<circle cx="5" cy="5" r="4" fill="currentColor"/>',
    "small": '<circle cx="5" cy="5" r="2" fill="currentColor"/>',
    "half": _RING + '<path d="M5 1a4 4 0 0 0 0 8z" fill="currentColor"/>',
    "ring": _RING.replace("/>", ' stroke-dasharray="2 1.6"/>'),
    "dash": '<path d="M1 5h8" stroke="currentColor" stroke-width="2"/>',
    "gap": '<rect x="1.2" y="1.2" width="7.6" height="7.6" fill="none" stroke="currentColor" stroke-width="1.6"/>',
    "down": '<path d="M0 1h10L5 9.5z" fill="currentColor"/>',
    "up": '<path d="M0 9h10L5 .5z" fill="currentColor"/>',
    "hit": _RING + '<circle cx="5" cy="5" r="1.6" fill="currentColor"/>',
    "miss": _RING + '<path d="M2 8L8 2" stroke="currentColor" stroke-width="1.6"/>',
    "wave": '<path d="M.5 6c1.5-4 3-4 4.5-1s3 3 4.5-1" fill="none" stroke="currentColor" stroke-width="1.8"/>',
}
_WIDTH, _HEIGHT, _EDGE = 200.0, 56.0, 5.0
_CORNERS, _MIDDLE = ((150.0, 32.0), (40.0, 222.0), (260.0, 222.0)), (150.0, 158.7)


def shape(kind: str) -> str:
    """The shape of a state, as large as the words beside it; empty for no state."""
    return f'<svg class="shape" viewBox="0 0 10 10" aria-hidden="true">{SHAPES[kind]}</svg>' if kind else ""


def spark(data: Mapping[str, Any]) -> str:
    """Thirteen weeks: usual range as a band, target dashed, weeks that are not judged hollow, the last judged one full. Where four weeks
    are judged together they are the line and the dots, and the weeks a thin line behind them."""
    points, low, high, target = data["points"], data["low"], data["high"], data["target"]
    weeks = len(points)
    known = [p["value"] for p in points if p["value"] is not None]
    if not known:
        return ""
    marks = [v for v in (*known, low, high, target) if v is not None]
    least, most = min(marks), max(marks)
    least, span = (least, most - least) if most > least else (least - 1, 2.0)

    def y(value: float) -> float:
        return float(_HEIGHT - _EDGE - (_HEIGHT - 2 * _EDGE) * (value - least) / span)

    def x(at: float) -> float:
        return _EDGE + (_WIDTH - 2 * _EDGE) * (at / (weeks - 1) if weeks > 1 else 1)

    drawn = []
    if low is not None:
        drawn.append(f'<rect x="0" width="{_WIDTH}" y="{y(high):.1f}" height="{max(y(low) - y(high), 1):.1f}" fill="{BAND}"/>')
        drawn += [_line(y(edge), "1 3", 1) for edge in (low, high) if data["dashed"]]
    if target is not None:
        drawn.append(_line(y(target), "6 4", 1.4))
    blocks = data.get("blocks") or []
    ink, width = (MUTED, 0.8) if blocks else (INK, 1.8)
    drawn.append(f'<path d="{_path(points, x, y)}" fill="none" stroke="{ink}" stroke-width="{width}" stroke-linejoin="round"/>')
    if blocks:
        line = " ".join(f"{x(one['at']):.1f},{y(one['value']):.1f}" for one in blocks)
        drawn.append(f'<polyline points="{line}" fill="none" stroke="{INK}" stroke-width="1.8" stroke-linejoin="round"/>')
        drawn += [f'<circle cx="{x(one["at"]):.1f}" cy="{y(one["value"]):.1f}" r="3" fill="{INK}"/>' for one in blocks]
        points = ()
    for at, point in enumerate(points):
        if point["value"] is not None and (point["kind"] == "hollow" or at == len(points) - 1):
            fill = "#fff" if point["kind"] == "hollow" else INK
            drawn.append(f'<circle cx="{x(at):.1f}" cy="{y(point["value"]):.1f}" r="3.4" fill="{fill}" stroke="{INK}" stroke-width="1.5"/>')
    return f'<svg viewBox="0 0 {_WIDTH:g} {_HEIGHT:g}" aria-hidden="true">{"".join(drawn)}</svg>'


def _line(y: float, dashes: str, width: float) -> str:
    return f'<path d="M0 {y:.1f}H{_WIDTH:g}" stroke="{MUTED}" stroke-width="{width}" stroke-dasharray="{dashes}" fill="none"/>'


def _path(points: Sequence[Mapping[str, Any]], x: Any, y: Any) -> str:
    """The line through the weeks, broken where a week has no figure."""
    steps, joined = [], False
    for at, point in enumerate(points):
        if point["value"] is not None:
            steps.append(f"{'L' if joined else 'M'}{x(at):.1f} {y(point['value']):.1f}")
        joined = point["value"] is not None
    return "".join(steps)


def triangle(corners: Sequence[Mapping[str, Any]]) -> str:
    """The three scores between the middle (0) and the corners (100); hollow where too few figures speak."""
    def between(corner: tuple[float, float], share: float) -> tuple[float, float]:
        return tuple(m + (c - m) * share for m, c in zip(_MIDDLE, corner, strict=True))  # type: ignore[return-value]

    def polygon(places: Sequence[tuple[float, float]], look: str) -> str:
        return f'<polygon points="{" ".join(f"{a:.1f},{b:.1f}" for a, b in places)}" {look}/>'

    drawn = [polygon([between(corner, share) for corner in _CORNERS], f'fill="none" stroke="{FAINT}" stroke-width="{width}"')
             for share, width in ((1, 2), (0.66, 1), (0.33, 1))]
    tips = [between(place, (one["score"] or 0) / 100) for place, one in zip(_CORNERS, corners, strict=True)]
    if all(one["score"] is not None for one in corners):
        drawn.append(polygon(tips, f'fill="{BAND}" fill-opacity="0.8" stroke="{INK}" stroke-width="2.5" stroke-linejoin="round"'))
    places = ((150, 18, "middle"), (0, 248, "start"), (300, 248, "end"))
    for one, (tip_x, tip_y), (x, y, anchor) in zip(corners, tips, places, strict=True):
        if one["score"] is not None:
            fill = "#fff" if one["hollow"] else INK
            drawn.append(f'<circle cx="{tip_x:.1f}" cy="{tip_y:.1f}" r="7" fill="{fill}" stroke="{INK}" stroke-width="3"/>')
        drawn.append(f'<text x="{x}" y="{y}" text-anchor="{anchor}">{escape(one["name"])}</text>')
    return f'<svg viewBox="0 0 300 254" aria-hidden="true">{"".join(drawn)}</svg>'
