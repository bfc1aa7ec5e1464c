"""What a database driver says, turned into the sentence a person reads. Errors of our own statements pass through."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, OperationalError

from scoreboard.errors import ChangedMeanwhile, Refused, ScoreboardError, StoreDamaged

_BUSY = (Refused, "Somebody else is writing to {where} and did not finish in time; nothing was changed.",
         "Try again in a minute.")
_FULL = (StoreDamaged, "There is no room left for {where} ({said}); nothing was changed.",
         "Free some space and try again.")
_READ_ONLY = (StoreDamaged, "{where} cannot be written ({said}); nothing was changed.",
              "Make it and its folder writable and see that the disk has room, or choose another data folder with --data.")
_CLOSED = (StoreDamaged, "The database {where} cannot be opened ({said}).", "Check that it is there and may be opened.")
_DISK = (StoreDamaged, "The database {where} cannot be read or written ({said}); nothing was changed.",
         "See that the disk has room and works, then try again.")
_BROKEN = (StoreDamaged, "The database {where} is damaged ({said}).",
           "Put back a copy of it, without what lies beside it (…-wal, …-shm); "
           "the original of every loaded file is kept in the data folder.")
_OVERTAKEN = (ChangedMeanwhile, "Somebody else changed the same rows of {where} first; nothing was changed.",
              "Try again.")

_SQLITE = {  # primary result codes
    5: _BUSY, 6: _BUSY, 8: _READ_ONLY, 10: _DISK, 11: _BROKEN, 13: _FULL, 14: _CLOSED, 26: _BROKEN}
_POSTGRESQL = {  # SQLSTATE, else its first two characters
    "25006": _READ_ONLY, "40001": _OVERTAKEN, "40P01": _OVERTAKEN, "53100": _FULL, "55P03": _BUSY,
    "08": _CLOSED, "28": _CLOSED, "3D": _CLOSED, "53": _CLOSED, "57": _CLOSED, "58": _CLOSED, "XX": _BROKEN}


@contextmanager
def in_sentences(url: URL) -> Iterator[None]:
    """Raises a driver's errors inside the block as ours, naming the database at `url` without its password."""
    try:
        yield
    except DBAPIError as error:
        sentence = _sentence(error, url)
        if sentence is None:
            raise
        raise sentence from error


def _sentence(error: DBAPIError, url: URL) -> ScoreboardError | None:
    """None when the statement was wrong, which is no matter of disks and servers."""
    sqlite_code = getattr(error.orig, "sqlite_errorcode", None)
    if sqlite_code is not None:
        found = _SQLITE.get(sqlite_code & 0xFF)
    else:
        state = getattr(error.orig, "sqlstate", None) or ("08" if isinstance(error, OperationalError) else "")
        found = _POSTGRESQL.get(state) or _POSTGRESQL.get(state[:2])
    if found is None:
        return None
    kind, what, remedy = found
    said = str(error.orig).strip().splitlines() or [""]
    return kind(what.format(where=_where(url), said=said[0]), remedy)


def _where(url: URL) -> str:
    if url.get_backend_name() == "sqlite":
        return (url.database or "").removeprefix("file:")
    return url.render_as_string(hide_password=True)
