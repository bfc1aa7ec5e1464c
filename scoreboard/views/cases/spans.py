"""Minutes in words, as the browser's clocks write them (`drawn/clock.js`): working time has hours, calendar time days as well."""

from __future__ import annotations

_HOUR, _DAY = 60, 1440


def working_span(minutes: float) -> str:
    """`45 min`, `2 h 05 min`, `1,003 h`."""
    whole = int(max(0.0, minutes))
    if whole < _HOUR:
        return f"{whole} min"
    if whole >= 100 * _HOUR:
        return f"{whole // _HOUR:,} h"
    return f"{whole // _HOUR} h {whole % _HOUR:02} min" if whole % _HOUR else f"{whole // _HOUR} h"


def calendar_span(minutes: float) -> str:
    """`2 h 05 min`, `3 d 4 h`, `326 days`."""
    whole = int(max(0.0, minutes))
    if whole < 2 * _DAY:
        return working_span(whole)
    days, hours = whole // _DAY, whole % _DAY // _HOUR
    return f"{days:,} days" if days >= 14 or not hours else f"{days} d {hours} h"
