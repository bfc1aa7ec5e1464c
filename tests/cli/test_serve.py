"""What `serve` refuses, each in a sentence and before anything is served. (That it serves, tests/browser holds.)"""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from tests.command_line import Said, Store


def refused(said: Said) -> str:
    """The sentence of a refusal."""
    assert said.code == 2
    assert said.out == ""
    return said.err.strip()


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "::", "scoreboard.example"])
def test_an_address_others_can_reach_is_refused_while_there_is_no_sign_in(empty: Store, host: str) -> None:
    assert refused(empty("serve", "--host", host)) == (
        f"There is no sign-in yet: on {host}, whoever can reach this machine would see and change everything. "
        "Leave out --host to serve this machine alone, or add --open-to-network if that is what you want.")
    assert not empty.data.exists()


def test_an_address_that_is_not_of_this_machine_is_refused(empty: Store) -> None:
    warned, said = refused(empty("serve", "--host", "192.0.2.7", "--open-to-network")).splitlines()
    assert warned == "There is no sign-in yet: whoever can reach this machine sees and changes everything."
    assert said == "192.0.2.7 is not an address of this machine. Choose one that is, with --host."


def test_a_port_in_use_is_refused(empty: Store) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert refused(empty("serve", "--port", port)) == (
            f"Port {port} is in use: a scoreboard or another program is running there. Stop it, or choose another port with --port.")


def test_a_port_that_is_none_is_refused(empty: Store) -> None:
    assert "--port" in refused(empty("serve", "--port", 70000))


def test_a_data_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    said = refused(Store(tmp_path / "file" / "data", "2026-11-09T13:00")("serve", "--port", 0))
    assert said.startswith(f"The data folder {tmp_path / 'file' / 'data'} cannot be made")


def test_a_moment_that_is_none_is_refused(tmp_path: Path) -> None:
    assert refused(Store(tmp_path, "yesterday")("serve")) == (
        '"yesterday" is not an instant. Write it like 2026-11-09T12:00 (UTC) or with an offset.')


def test_a_refusal_leaves_the_environment_as_it_was(empty: Store) -> None:
    before = dict(os.environ)
    refused(empty("serve", "--host", "0.0.0.0"))
    assert dict(os.environ) == before
