"""The command line as tests use it: one call, in this process, on a data folder of its own.

`said("board", "--company")` is what a person would read; `.document` is the one JSON document of `--json`.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scoreboard.cli.main import main


@dataclass(frozen=True)
class Said:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The JSON document: stdout holds it and nothing else."""
        assert self.out.count("\n") == 1 and self.out.endswith("\n"), self.out
        return json.loads(self.out)


@dataclass(frozen=True)
class Store:
    """A data folder with a clock. Calling it runs a command there; `json` runs it with --json, gives the document."""

    data: Path
    now: str
    email: str | None = None

    def __call__(self, *words: object) -> Said:
        return run("--data", self.data, "--now", self.now, *(("--as", self.email) if self.email else ()), *words)

    def json(self, *words: object, code: int = 0) -> Any:
        said = self("--json", *words)
        assert said.code == code, (words, said)
        return said.document

    def at(self, now: str) -> Store:
        return Store(self.data, now, self.email)

    def seen_by(self, email: str) -> Store:
        return Store(self.data, self.now, email)

    def copied_to(self, folder: Path) -> Store:
        """The same store in a folder of its own, to be changed there."""
        copied(self.data, folder)
        return Store(folder, self.now, self.email)

    def board_of(self, branch: str, week: str, *words: object) -> dict[str, dict[str, Any]]:
        """The metrics of a branch's board by key."""
        return {m["key"]: m for m in self.json("board", "--branch", branch, "--week", week, *words)["metrics"]}

    def visible(self) -> str:
        """Everything the store shows, byte for byte, for comparing before and after."""
        branches = [b["code"] for b in self.json("branches", "list")["branches"]]
        boards = [self("--json", "board", "--branch", code).out for code in branches]
        lists = [self("--json", *words).out for words in (
            ["loads"], ["targets", "list"], ["options", "list"], ["people", "list"], ["changes"], ["branches", "list"])]
        return "\n".join([*lists, *boards, self("--json", "board", "--company").out])


def copied(data: Path, to: Path) -> Path:
    """A data folder of its own, to be changed: fact files, which nobody ever writes again, are the same files under another name."""
    def kept(one: str, other: str) -> object:
        return os.link(one, other) if one.endswith(".parquet") else shutil.copy2(one, other)

    return Path(shutil.copytree(data, to, copy_function=kept))


def run(*words: object) -> Said:
    """Runs `python -m scoreboard` with these words in this process."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main([str(word) for word in words])
            code = 0
        except SystemExit as end:
            code = int(end.code or 0)
    return Said(code, out.getvalue(), err.getvalue())


def once(folder: Path, build: Callable[[Path], Store]) -> Iterator[Store]:
    """A store built in `folder` for a whole test module or session; its files go away at the end."""
    yield build(folder)
    shutil.rmtree(folder, ignore_errors=True)
