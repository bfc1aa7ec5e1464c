"""Workbooks as a spreadsheet program opens them: LibreOffice computes every formula, openpyxl reads what it found."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest

PROGRAMS = ("soffice", "libreoffice")


@dataclass(frozen=True)
class Opened:
    """A workbook as it was written, and with every formula computed."""

    file: Path
    written: Any
    computed: Any

    def formulas(self) -> Iterator[tuple[str, str, str, Any]]:
        """(sheet, cell, formula, what it gave) of every formula."""
        for sheet in self.written:
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.data_type == "f":
                        yield sheet.title, cell.coordinate, cell.value, self.computed[sheet.title][cell.coordinate].value

    def table(self, sheet: str, head: str) -> list[dict[str, Any]]:
        """The rows below the first row that begins with `head`, up to a row without a first cell, by their heads."""
        rows = [list(row) for row in self.computed[sheet].iter_rows(values_only=True)]
        begin = next(at for at, row in enumerate(rows) if row[0] == head)
        heads = [f"{one or ''}" or f"column {at}" for at, one in enumerate(rows[begin])]
        body = rows[begin + 1:]
        end = next((at for at, row in enumerate(body) if row[0] is None), len(body))
        return [dict(zip(heads, row, strict=True)) for row in body[:end]]

    def texts(self) -> Iterator[tuple[str, str, str]]:
        """(sheet, cell, text) of every text as it was written, formulas left out."""
        for sheet in self.written:
            for row in sheet.iter_rows():
                yield from ((sheet.title, cell.coordinate, cell.value) for cell in row if cell.data_type == "s" and cell.value)


def program() -> str:
    """LibreOffice, or the test is skipped."""
    found = next((path for name in PROGRAMS if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("no LibreOffice to compute the formulas: install the package libreoffice-calc")
    return found


def opened(files: Sequence[Path], place: Path) -> dict[str, Opened]:
    """Several workbooks by the names of their files, computed by one start of LibreOffice."""
    done = subprocess.run([program(), f"-env:UserInstallation={(place / 'profile').as_uri()}", "--headless", "--norestore", "--convert-to",
                           "xlsx", "--outdir", str(place / "computed"), *map(str, files)],
                          capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return {file.stem: Opened(file, openpyxl.load_workbook(file), openpyxl.load_workbook(place / "computed" / file.name, data_only=True))
            for file in files}
