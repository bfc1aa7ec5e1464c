"""What every command shares: where the data is, who is asking, and how results and errors are printed.

Results go to stdout (one JSON document with --json), everything else to stderr. Exit codes: 0 done, 1 done
with rejected rows, 2 refused and nothing changed.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

import typer
from sqlalchemy import Connection, Engine, select
from typer.exceptions import TyperException

from scoreboard import settings as settings_module
from scoreboard.errors import Refused, ScoreboardError
from scoreboard.settings import Settings
from scoreboard.state import people
from scoreboard.state.database import open_database, reading, writing
from scoreboard.state.viewers import Viewer

if TYPE_CHECKING:
    from scoreboard.metrics.company import Company


_BEGIN = "Load a file first: `load FILE`. To look around in a made-up company: `load --sample`."


@dataclass
class Context:
    """One command's surroundings."""

    settings: Settings
    as_json: bool
    email: str | None

    @cached_property
    def engine(self) -> Engine:
        return open_database(self.settings.database_url)

    @cached_property
    def viewer(self) -> Viewer:
        with reading(self.engine) as conn:
            return people.viewer_for(conn, self.email, self.settings.now)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A read transaction for someone who has said who they are."""
        _ = self.viewer
        with reading(self.engine) as conn:
            yield conn

    @contextmanager
    def writing(self, what: str) -> Iterator[Connection]:
        """A write transaction for someone whose role may change `what`."""
        self.viewer.require_change(what)
        with writing(self.engine) as conn:
            yield conn

    def show(self, result: Any, lines: list[str]) -> None:
        """Prints the JSON document, or the lines for a person."""
        text = json.dumps(result, default=_plain, ensure_ascii=False) if self.as_json else "\n".join(lines)
        sys.stdout.write(text + "\n")


def require_branches(company: Company) -> None:
    """Refused on an empty store, with the two ways to begin."""
    if not company.branches:
        raise Refused("Nothing is loaded yet, so there is no branch to show.", _BEGIN)


def require_figures(conn: Connection, company: Company) -> None:
    """Refused where there can be no figure: on an empty store, and where branches are known but neither a file nor an exception."""
    from scoreboard.imports import history
    from scoreboard.state.case_schema import cases

    require_branches(company)
    if not history.anything_loaded(conn) and conn.execute(select(cases.c.case_no).limit(1)).first() is None:
        raise Refused("Nothing is loaded yet, so there is no figure to show.", _BEGIN)


def begin(data: str | None, now: str | None, as_json: bool, email: str | None) -> Context:
    """The context of a command from its global options and the environment."""
    return Context(settings_module.read(data, now), as_json, email or os.environ.get("SCOREBOARD_AS"))


@contextmanager
def errors_as_sentences(as_json: bool) -> Iterator[None]:
    """One error boundary: a sentence on stderr (with --json also a document on stdout), exit code 2."""
    try:
        yield
    except ScoreboardError as error:
        _fail(as_json, error.what, error.remedy)
    except (KeyboardInterrupt, BrokenPipeError):
        raise typer.Exit(2) from None
    except (typer.Exit, typer.Abort):
        raise
    except TyperException as error:  # what was typed is no command; typing none brings the help
        said = error.format_message()
        said = said if said.endswith((".", "?")) or said.startswith("Usage") else f"{said}."
        _fail(as_json, said, "" if said.startswith("Usage") else "Add --help to see how it is used.")
    except OSError as error:
        _fail(as_json, f"A file cannot be read or written: {error.strerror or error} ({error.filename or 'unknown file'}).",
              "Check the disk and the permissions; nothing was changed.")
    except Exception as error:
        if os.environ.get("SCOREBOARD_DEBUG"):
            raise
        _fail(as_json, f"Something went wrong that was not foreseen ({type(error).__name__}).",
              "Nothing was changed. Run again with SCOREBOARD_DEBUG=1 for the details to report.")


def _fail(as_json: bool, what: str, remedy: str) -> None:
    if as_json:
        sys.stdout.write(json.dumps({"error": what, "remedy": remedy, "exit_code": 2}, ensure_ascii=False) + "\n")
    sys.stderr.write(f"{what} {remedy}".strip() + "\n")
    raise typer.Exit(2)


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, set | frozenset | tuple):
        return sorted(value)
    raise TypeError(f"not JSON: {type(value)}")
