"""Page tests: the script as Streamlit runs it, on an empty folder, on the sample company, on a large store.

With several test processes the first one that needs the sample loads it for all.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from scoreboard import settings as settings_module
from scoreboard.imports import sampling
from scoreboard.state.database import open_database
from scoreboard.state.viewers import EVERYONE

ROOT = Path(__file__).resolve().parents[2]
NOW = "2026-11-09T13:00"
Open = Callable[..., AppTest]


# For every page that is opened, Streamlit reads what each installed package says of itself: once is enough for all.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the sample company, unshifted: only to be read."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own  # goes with the folders of the run
    with (shared / "sample.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (loaded := shared / "sample-is-loaded").exists():
            settings = settings_module.read(str(shared / "sample"), NOW)
            engine = open_database(settings.database_url)
            sampling.load_sample(settings, engine, EVERYONE)
            engine.dispose()
            loaded.touch()
    return shared / "sample"


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
