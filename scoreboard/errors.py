"""Everything that can go wrong, drawn as one tree; each constructor builds the sentence a person reads.

    ScoreboardError             an operation that failed: says what, where, and what to do
    ├── Refused                 the input or request cannot be taken; nothing changed
    │   └── NotAllowed          the person asking may not see or change this
    ├── ChangedMeanwhile        somebody else committed first
    └── StoreDamaged            a file of the store is missing, unreadable, or cannot be written

Wrong data in a file is not raised: it is returned as a list of `Problem`.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from difflib import get_close_matches
from typing import Iterable

CLOSE = 0.76  # how alike words must be: EAST and WEST are 0.75


class ScoreboardError(Exception):
    """An operation failed. `str(error)` is the whole sentence, `remedy` what to do about it."""

    def __init__(self, what: str, remedy: str = "") -> None:
        self.what, self.remedy = what, remedy
        super().__init__(f"{what} {remedy}".strip())


class Refused(ScoreboardError):
    """The input or request cannot be taken; nothing changed."""


class NotAllowed(Refused):
    """The person asking may not see or change this."""


class ChangedMeanwhile(ScoreboardError):
    """Somebody else committed first."""


class StoreDamaged(ScoreboardError):
    """A file of the store is missing, unreadable, or cannot be written."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong with one cell, row or file; `row` and `column` as the person sees them in the file."""

    code: str
    message: str
    row: int | None = None
    column: str | None = None
    value: str | None = None
    rejects: bool = True

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`' Did you mean "x"?'` for the known word that was probably meant, or an empty string."""
    said = word.strip().casefold()
    by_fold = {k.casefold(): k for k in known}
    same_number = [k for k in by_fold if _number(k) == _number(said)]  # branch 104 is not branch 107 mistyped
    near = get_close_matches(said, same_number, n=1, cutoff=CLOSE) or [k for k in same_number if _one_slip(said, k) or said in k.split()]
    return f' Did you mean "{by_fold[near[0]]}"?' if said and near else ""


def _number(word: str) -> str:
    return "".join(c for c in word if c.isdigit()).lstrip("0")


def _one_slip(word: str, other: str) -> bool:
    """Of short words: one wrong letter, or two exchanged."""
    return len(word) == len(other) > 2 and (sorted(word) == sorted(other) or sum(a != b for a, b in zip(word, other, strict=True)) == 1)
