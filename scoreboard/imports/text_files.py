"""Text files: how they are encoded, and their records with the numbers of their lines.

The convention: a record's number is that of the line it begins on, whatever line ends its cells hold.
"""

from __future__ import annotations

import codecs
import contextlib
import csv
import hashlib
import io
from pathlib import Path
from typing import Iterable, Iterator

from scoreboard.errors import Refused

DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
ENCODINGS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
Row = tuple[int, list[str]]   # number in the file as a person sees it (physical line or sheet row), cells


def scan(path: Path) -> tuple[str, int, str]:
    """One pass over the bytes: SHA-256, count of lines, encoding (UTF-8 when it is, else Windows-1252)."""
    digest, lines, last = hashlib.sha256(), 0, b""
    decoder: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        bom = next((b for b in ENCODINGS if file.peek(4).startswith(b)), b"")
        while chunk := file.read(1 << 20):
            digest.update(chunk)
            lines += chunk.count(b"\n")
            last = chunk[-1:]
            try:
                if decoder and not chunk.isascii():
                    decoder.decode(chunk)
                elif decoder and decoder.getstate()[0]:
                    decoder = None
            except UnicodeDecodeError:
                decoder = None
    encoding = ENCODINGS[bom] if bom else "utf-8" if decoder and not decoder.getstate()[0] else "cp1252"
    return digest.hexdigest(), lines + (last != b"\n"), encoding


def head(path: Path, encoding: str) -> str:
    """The first quarter of a megabyte as text."""
    with path.open("rb") as file:
        try:
            return codecs.getincrementaldecoder(encoding)().decode(file.read(1 << 18))
        except UnicodeDecodeError:
            raise _unreadable(path.name) from None


def rows(path: Path, encoding: str, delimiter: str) -> Iterator[Row]:
    """Every record of a file with the number of the line it begins on. Refused where a quotation mark stays open."""
    with path.open(encoding=encoding, newline="") as file:
        try:
            yield from _parse(file, delimiter, path.name)
        except UnicodeDecodeError:
            raise _unreadable(path.name) from None


def first_rows(head: str, delimiter: str) -> Iterator[Row]:
    """The records of a text as far as they can be read: it may be cut, or the delimiter be the wrong one."""
    with contextlib.suppress(Refused):
        yield from _parse(io.StringIO(head, newline=""), delimiter, "")


def _parse(lines: Iterable[str], delimiter: str, name: str) -> Iterator[Row]:
    pending: list[str] = []   # the lines of the record being read

    def remembered() -> Iterator[str]:
        for line in lines:
            pending.append(line)
            yield line

    reader, begins, record = csv.reader(remembered(), delimiter=delimiter), 1, [""]
    try:
        for cells in reader:
            yield begins, cells
            record, begins = pending[:], reader.line_num + 1
            pending.clear()
        # The end of a file closes any quotation: read strictly, the last record tells.
        list(csv.reader(record, delimiter=delimiter, strict=len(record) > 1))
    except csv.Error:
        begins -= len(record) if not pending else 0
        raise Refused(f"{name} cannot be read from line {begins} on: a quotation mark is opened and not closed, "
                      "or a cell holds more than 131,072 characters.",
                      "Correct that line, or export the file again.") from None


def _unreadable(name: str) -> Refused:
    return Refused(f"{name} is neither UTF-8, UTF-16 nor Windows-1252 text.", "Save it as CSV UTF-8 and load that.")
