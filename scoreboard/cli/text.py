"""Lines for a person: columns that align, words that agree with their number, long texts broken at the width of a page."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from textwrap import wrap

WIDTH = 120
_HELD = "\u00a0"


def table(rows: Sequence[Sequence[str]], *, head: Sequence[str] = (), right: Collection[int] = (), indent: str = "") -> list[str]:
    """Rows as lines, two blanks between the columns; numbers stand in the columns `right`. Columns without a word are left out."""
    lines = [list(head), *map(list, rows)] if head else [list(row) for row in rows]
    kept = [i for i in range(len(lines[0]) if lines else 0) if any(row[i] for row in rows)]
    widths = {i: max(len(row[i]) for row in lines) for i in kept}
    return [indent + "  ".join(row[i].rjust(widths[i]) if i in right else row[i].ljust(widths[i]) for i in kept).rstrip() for row in lines]


def counted(n: int, one: str, many: str = "") -> str:
    """`1 week`, `2 weeks`."""
    return f"{n} {one if n == 1 else many or one + 's'}"


def some(names: Sequence[str], most: int = 12) -> str:
    """`EAST, WEST and 3 more`."""
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


def beside(label: str, text: str, width: int) -> list[str]:
    """A text beside its label, broken into lines that stay in their column; what `whole` holds together stays in one."""
    lines = wrap(text, WIDTH - width, break_long_words=False, break_on_hyphens=False) or [""]
    return [f"{(label if i == 0 else ''):<{width}}{line}".rstrip().replace(_HELD, " ") for i, line in enumerate(lines)]


def whole(text: str) -> str:
    """A text that `beside` does not break."""
    return text.replace(" ", _HELD)


def moment(at: str) -> str:
    """`2026-11-09 13:00` of an ISO instant."""
    return at[:16].replace("T", " ")
