"""Page tests: the script as Streamlit runs it, on an empty folder, on the sample company, on a large store."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from scoreboard import settings as settings_module
from scoreboard.imports import sampling
from scoreboard.state.database import open_database
from scoreboard.state.viewers import EVERYONE

ROOT = Path(__file__).resolve().parents[2]
NOW = "2026-11-09T13:00"
Open = Callable[..., AppTest]


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder with the sample company, unshifted: only to be read."""
    folder = tmp_path_factory.mktemp("sample")
    settings = settings_module.read(str(folder), NOW)
    engine = open_database(settings.database_url)
    sampling.load_sample(settings, engine, EVERYONE)
    engine.dispose()
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Open:
    """Call it with a data folder, a page file and the address: the page after its first run."""
    def at(data: Path, page: str = "", now: str = NOW, **address: str) -> AppTest:
        monkeypatch.setenv("SCOREBOARD_DATA", str(data))
        monkeypatch.setenv("SCOREBOARD_NOW", now)
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        for name, value in address.items():
            app.query_params[name] = value
        app.run()
        if page:
            app.switch_page(page)
            for name, value in address.items():
                app.query_params[name] = value
            app.run()
        return app

    return at
