"""Commands in processes of their own, without paying a second of imports for each: one process imports the
program once and forks for every request. What runs is the real command line, and a kill is a real SIGKILL.

Requests and replies are JSON documents, one a line. This file is both sides: imported it is `Commands`, run it
is the process that forks (it has one thread, so that a fork never copies a lock somebody holds).
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import select
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Ended:
    """How a process ended: per command finished its exit code, stdout and stderr; `statements` written to the database."""

    killed: bool
    seconds: float
    codes: list[int]
    out: list[str]
    said: list[str]
    statements: int

    def json(self, number: int = 0) -> Any:
        assert self.codes[number] in (0, 1), (self.codes, self.said)
        return json.loads(self.out[number])


class Commands:
    """The process that forks. `begin` and `end` let several requests run at once, each by a process of its own."""

    def __enter__(self) -> Commands:
        self.process = subprocess.Popen([sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        env={**os.environ, "PYTHONPATH": str(ROOT)})
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(60)

    def run(self, data: Path, *commands: list[str], **how: Any) -> Ended:
        """Runs commands one after the other in one process. `how` is env={…}, and to be killed either
        after=seconds from its start or at=n, just before its n-th statement that writes (or its commit)."""
        return self.run_at_once([self.request(data, *commands, **how)])[0]

    @staticmethod
    def request(data: Path, *commands: list[str], **how: Any) -> dict[str, Any]:
        return {"commands": [["--data", str(data), *words] for words in commands], **how}

    def run_at_once(self, requests: list[dict[str, Any]]) -> list[Ended]:
        """Runs requests at the same time, each in a process of its own."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps(requests) + "\n")
        self.process.stdin.flush()
        return [Ended(**one) for one in json.loads(self.process.stdout.readline())]


# ---- the process that forks --------------------------------------------------------------------------
def serve() -> None:
    import gc

    import duckdb  # noqa: F401
    import pyarrow  # noqa: F401

    from scoreboard.cli.main import command
    from scoreboard.imports import doctor, loading, reroll, sampling  # noqa: F401
    from scoreboard.metrics import board, rows, shown  # noqa: F401

    command()
    gc.collect()
    gc.freeze()  # what was imported is never collected in a child, so its pages stay shared
    for line in sys.stdin:
        replies = _all([_fork(request) for request in json.loads(line)])
        sys.stdout.write(json.dumps(replies) + "\n")
        sys.stdout.flush()
    os._exit(0)


def _fork(request: dict[str, Any]) -> tuple[int, int, float, float | None]:
    """Starts a child; returns its id, the pipe it answers on (closed by its death), its start, and when to kill it."""
    answers, to = os.pipe()
    started, after = time.monotonic(), request.get("after")
    child = os.fork()
    if child == 0:
        os.close(answers)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        _child(request, to)
    os.close(to)
    return child, answers, started, None if after is None else started + after


def _child(request: dict[str, Any], to: int) -> None:
    import io

    from scoreboard.cli.main import main

    imported = set(sys.modules)
    os.environ.update(request.get("env", {}))
    found: dict[str, Any] = {"codes": [], "out": [], "said": []}
    counted, opened = _count_statements(request.get("at")), _connections()
    for words in request["commands"]:
        out, said = io.StringIO(), io.StringIO()
        code: Any = 0
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(said):
            try:
                main(words)
            except SystemExit as end:
                code = end.code
        found = {"codes": [*found["codes"], code or 0], "out": [*found["out"], out.getvalue()], "said": [*found["said"], said.getvalue()]}
    with os.fdopen(to, "w") as pipe:
        pipe.write(json.dumps({**found, "statements": counted[0], "modules": sorted(set(sys.modules) - imported)}))
    for connection in opened:
        connection.close()  # as when a command ends: the log of the database is written back
    os._exit(0)


def _connections() -> list[Any]:
    """Every database connection opened from now on."""
    from sqlalchemy import event
    from sqlalchemy.pool import Pool

    found: list[Any] = []
    event.listen(Pool, "connect", lambda connection, _: found.append(connection))
    return found


def _count_statements(kill_at: int | None) -> list[int]:
    """Counts the steps of write transactions: statements, the commit, and giving the connection back after it."""
    import signal

    from sqlalchemy import Connection, Engine, event
    from sqlalchemy.pool import Pool

    counted, writing = [0], [False]

    def step(wrote: bool) -> None:
        counted[0] += wrote
        if wrote and counted[0] == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def statement(conn: Connection, *_: object) -> None:
        writing[0] = bool(conn.get_execution_options().get("writing"))
        step(writing[0])

    event.listen(Engine, "before_cursor_execute", statement)
    event.listen(Engine, "commit", lambda conn: step(writing[0]))
    event.listen(Pool, "checkin", lambda *_: step(writing[0]))
    return counted


def _all(children: list[tuple[int, int, float, float | None]]) -> list[dict[str, Any]]:
    """Waits for every child, kills those whose time has come, and returns what each said."""
    import signal

    texts: dict[int, bytes] = {answers: b"" for _, answers, _, _ in children}
    ends: dict[int, float] = {}
    while len(ends) < len(children):
        due = [when for _, answers, _, when in children if when is not None and answers not in ends]
        open_ends = [answers for _, answers, _, _ in children if answers not in ends]
        ready, _, _ = select.select(open_ends, [], [], max(0.0, min(due) - time.monotonic()) if due else None)
        for answers in ready:
            piece = os.read(answers, 1 << 20)
            texts[answers] += piece
            if not piece:
                ends[answers] = time.monotonic()
        for number, (child, answers, started, when) in enumerate(children):
            if when is not None and answers not in ends and time.monotonic() >= when:
                os.kill(child, signal.SIGKILL)
                children[number] = (child, answers, started, None)
    return [_reply(child, texts[answers], ends[answers] - started, answers) for child, answers, started, _ in children]


def _reply(child: int, text: bytes, seconds: float, answers: int) -> dict[str, Any]:
    import signal

    os.close(answers)
    _, status = os.waitpid(child, 0)
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    found = json.loads(text) if text and not killed else {"codes": [], "out": [], "said": [], "statements": 0}
    for name in found.pop("modules", ()):  # what a command imported on its way, the next one need not
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    return {**found, "killed": killed, "seconds": seconds}


if __name__ == "__main__":
    serve()
