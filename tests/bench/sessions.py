"""People without a browser: they speak Streamlit's own protocol, so that a hundred fit on the machine that serves them.

A latency is the time from a choice until the script has ended and everything it drew has arrived.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import time
from collections.abc import Callable
from urllib.parse import quote

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

BRANCHES = [f"B{number:03d}" for number in range(500)]
WEEK = "2026-W44"


class Person:
    """One open page: the board, or the one named."""

    def __init__(self, connection: ClientConnection, page: str = "") -> None:
        self._connection, self._page = connection, page
        self._query, self._pickers = "", dict[str, tuple[str, str]]()

    async def open(self, branch: str) -> float:
        """The page of a branch, by its address; milliseconds."""
        self._query = f"branch={quote(branch)}&week={WEEK}"
        return await self._run()

    async def choose(self, branch: str) -> float:
        """Another branch in the picker; milliseconds."""
        ident, _ = self._pickers["Branch"]
        self._pickers["Branch"] = ident, branch
        found = await self._run()
        assert f"branch={branch}" in self._query, (branch, self._query)
        return found

    async def _run(self) -> float:
        asked = BackMsg()
        asked.rerun_script.query_string, asked.rerun_script.page_name = self._query, self._page
        for ident, value in self._pickers.values():
            asked.rerun_script.widget_states.widgets.add(id=ident, string_value=value)
        begun = time.perf_counter()
        await self._connection.send(asked.SerializeToString())
        while not self._ended(ForwardMsg.FromString(await self._connection.recv(decode=False))):
            pass
        return (time.perf_counter() - begun) * 1000

    def _ended(self, message: ForwardMsg) -> bool:
        kind = message.WhichOneof("type")
        if kind == "page_info_changed":
            self._query = message.page_info_changed.query_string
        elif kind == "delta" and message.delta.new_element.WhichOneof("type") == "selectbox":
            picker = message.delta.new_element.selectbox
            self._pickers[picker.label] = picker.id, picker.raw_value or picker.options[picker.default]
        return kind == "script_finished" and message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY


async def arrive(address: str, branch: str, page: str = "") -> Person:
    """A person with a page open."""
    connection = await connect(address.replace("http", "ws", 1) + "/_stcore/stream", subprotocols=["streamlit"], max_size=None,  # type: ignore[list-item]
                               origin=address, compression=None, open_timeout=60)  # type: ignore[arg-type]
    person = Person(connection, page)
    await person.open(branch)
    return person


async def stay(address: str, page: str, people: int, seconds: float, used: Callable[[], float]) -> float:
    """People who look at a page and do nothing: the share of one core that the server uses meanwhile, by its own count of seconds."""
    arrived = [await arrive(address, BRANCHES[number % len(BRANCHES)], page) for number in range(people)]
    await asyncio.sleep(5)  # what their coming caused is over
    begun, before = time.perf_counter(), used()
    await asyncio.sleep(seconds)
    found = (used() - before) / (time.perf_counter() - begun)
    assert len(arrived) == people
    return found


async def spread(address: str, people: int, every: float, seconds: float) -> float:
    """People who each choose another branch every so often, out of step: the time within which 95 % are served."""
    found: list[float] = []

    async def one(number: int) -> None:
        chance = random.Random(number)
        person = await arrive(address, chance.choice(BRANCHES))
        await started.wait()
        await asyncio.sleep(every * number / people)
        for _ in range(int(seconds / every)):
            begun = time.perf_counter()
            found.append(await person.choose(chance.choice(BRANCHES)))
            await asyncio.sleep(max(0.0, every - (time.perf_counter() - begun)))

    started = asyncio.Event()
    running = [asyncio.create_task(one(number)) for number in range(people)]
    await asyncio.sleep(people * 0.1)
    started.set()
    await asyncio.gather(*running)
    return _within(found)


async def at_once(address: str, people: int) -> float:
    """People who all choose another branch at one instant."""
    chance = random.Random(people)
    arrived = [await arrive(address, chance.choice(BRANCHES)) for _ in range(people)]
    return _within(await asyncio.gather(*(person.choose(chance.choice(BRANCHES)) for person in arrived)))


def _within(found: list[float]) -> float:
    return statistics.quantiles(found, n=20)[-1]
