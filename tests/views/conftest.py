"""Page tests: the script as Streamlit runs it, on an empty folder, on the sample company, on a large store."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[2]
NOW = "2026-11-09T13:00"
Open = Callable[..., AppTest]


# For every page that is opened, Streamlit reads what each installed package says of itself: once is enough for all.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Open:
    """Call it with a data folder, a page file and the address: the page after its first run."""
    def at(data: Path, page: str = "", now: str = NOW, **address: str) -> AppTest:
        monkeypatch.setenv("SCOREBOARD_DATA", str(data))
        monkeypatch.setenv("SCOREBOARD_NOW", now)
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        if page:
            app.switch_page(page)
        for name, value in address.items():
            app.query_params[name] = value
        app.run()
        return app

    return at
