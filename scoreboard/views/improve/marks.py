"""The shapes that tell states where no picture draws them, as in `picture/shapes.js`: drawn by styles, because Streamlit takes drawings
out of markup.
"""

from __future__ import annotations

SHAPES = ("check", "ring", "dashed", "over", "dot", "small", "up", "down", "gap")
STYLE = """
.mark { display: inline-block; width: .72em; height: .72em; margin-right: .45em; box-sizing: border-box }
.mark.ring { border: .13em solid; border-radius: 50% } .mark.dashed { border: .13em dashed; border-radius: 50% }
.mark.gap { border: .13em solid }
.mark.dot { background: currentColor; border-radius: 50% }
.mark.small { border: .2em solid transparent; background: currentColor content-box; border-radius: 50% }
.mark.up { background: currentColor; clip-path: polygon(50% 0, 100% 100%, 0 100%) }
.mark.down { background: currentColor; clip-path: polygon(0 0, 100% 0, 50% 100%) }
.mark.check { background: currentColor; clip-path: polygon(0 58%, 15% 42%, 38% 65%, 85% 10%, 100% 25%, 38% 95%) }
.mark.over { background: currentColor; clip-path: polygon(0 40%, 58% 40%, 36% 16%, 50% 2%, 100% 50%, 50% 98%, 36% 84%, 58% 60%, 0 60%) }
@media (forced-colors: active) { .mark { forced-color-adjust: none } }
"""


def mark(shape: str) -> str:
    """A shape as markup; `STYLE` belongs on the page."""
    return f"<i class='mark {shape}' aria-hidden='true'></i>"
