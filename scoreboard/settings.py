"""Where things are: the data folder, the database, and the clock. Read once at the edge, passed as arguments."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from scoreboard.errors import Refused


@dataclass(frozen=True)
class Settings:
    """`data` holds everything the program writes; `now` is UTC without an offset; `url` is where people reach it, if known."""

    data: Path
    database_url: str
    now: datetime
    url: str = ""

    @property
    def facts(self) -> Path:
        return self.data / "facts"

    @property
    def originals(self) -> Path:
        return self.data / "originals"

    @property
    def reading(self) -> Path:
        """Where reads spill: apart from `scratch`, which a load clears."""
        return self.data / "reading"

    @property
    def scratch(self) -> Path:
        return self.data / "scratch"


def read(data: str | None = None, now: str | None = None) -> Settings:
    """Settings from arguments, else the environment, else defaults. Refused when `now` is not an instant."""
    folder = Path(data or os.environ.get("SCOREBOARD_DATA") or "data").resolve()
    url = os.environ.get("SCOREBOARD_DATABASE_URL") or f"sqlite:///{folder / 'scoreboard.sqlite'}"
    now = now or os.environ.get("SCOREBOARD_NOW")
    return Settings(folder, url, instant(now) if now else datetime.now(UTC).replace(tzinfo=None),
                    os.environ.get("SCOREBOARD_URL", ""))


def instant(text: str) -> datetime:
    """An instant written as ISO 8601, in UTC unless it carries an offset; returned as UTC without one."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Refused(f'"{text}" is not an instant.', "Write it like 2026-11-09T12:00 (UTC) or with an offset.") from None
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
