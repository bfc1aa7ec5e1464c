"""How tests read and fill the Definitions page."""

from __future__ import annotations

from typing import Any

from streamlit.testing.v1 import AppTest

from tests.views.reading import words

PAGE = "pages/data/definitions.py"


def plainly(text: str) -> str:
    """A text with ordinary blanks, without the backslashes that keep Markdown from reading it."""
    return text.replace("\u00a0", " ").replace("\\", "")


def page_words(app: Any) -> str:
    """All words of a page."""
    return plainly(words(app))


def field(app: AppTest, name: str, of: str = "RIV", metric: str = "fill_rate", done: int = 0) -> Any:
    """A field of the form, by its name; `done` rounds were agreed before."""
    return app.get_by_key(f"agree {of} {metric} {done} {name}")


def agree(app: AppTest, target: str, floor: str, reason: str, **where: Any) -> AppTest:
    """Types into the form and presses its button."""
    for name, text in (("target", target), ("floor", floor), ("agree reason", reason)):
        field(app, name, **where).set_value(text)
    app.run()
    field(app, "agree button", **where).click().run()
    assert not app.exception
    return app
