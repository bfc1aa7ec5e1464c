"""The shape of the package: who imports what, how long files are, that every module says what it is for.

Which layer may import which is held by import-linter (pyproject.toml); here stands what it cannot see.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "scoreboard"
MODULES = sorted(PACKAGE.rglob("*.py"))
MOST_LINES = 350
BANNED = ("streamlit", "plotly")


def _name(path: Path) -> str:
    return str(path.relative_to(PACKAGE.parent))


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _imported(path: Path) -> set[str]:
    """The packages a module imports anywhere in it."""
    found = set()
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


def test_there_are_modules_to_look_at() -> None:
    assert {"scoreboard/errors.py", "scoreboard/metrics/catalogue.py"} <= {_name(path) for path in MODULES}


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_every_module_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(_tree(path)), f"{_name(path)} has no docstring"


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_no_module_is_too_long_to_read(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES


@pytest.mark.parametrize("path", [path for path in MODULES if PACKAGE / "views" not in path.parents], ids=_name)
def test_only_views_know_of_screens(path: Path) -> None:
    assert _imported(path).isdisjoint(BANNED)


def test_starting_a_command_imports_no_pandas_and_no_engine() -> None:
    heavy = "sorted({'streamlit', 'pandas', 'duckdb', 'holidays', 'openpyxl', 'alembic'} & set(sys.modules))"
    said = subprocess.run([sys.executable, "-c", f"import sys, scoreboard.cli.main; print({heavy})"],
                          capture_output=True, text=True, check=True, cwd=PACKAGE.parent)
    assert said.stdout.strip() == "[]"
