"""What these tests share: a process that forks commands, exports, and a store with history to copy and to break."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest

from tests.faults import fault_store
from tests.faults.fault_store import Company
from tests.faults.forked_commands import Commands


@pytest.fixture(scope="session")
def commands() -> Iterator[Commands]:
    """Runs commands, each in a process of its own."""
    with Commands() as running:
        yield running


@pytest.fixture(scope="module")
def company(commands: Commands, tmp_path_factory: pytest.TempPathFactory) -> Company:
    """The company; its store is never changed, only copied."""
    folder = tmp_path_factory.mktemp("company")
    exports = fault_store.write_exports(folder)
    made = Company(exports, fault_store.restated(exports, folder), folder / "store", folder, count(1))
    loaded = commands.run(made.store, fault_store.load(*exports.values()))
    assert loaded.codes == [0], loaded.said
    return made
