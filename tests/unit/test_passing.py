"""Connections handed over to another process: a burst of them waits for room, and none is answered by the wrong one."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from starlette.responses import PlainTextResponse
from uvicorn import Config
from uvicorn.server import ServerState

from service_desk.web.passing import DeskHttp, Passing

BURST = 300
"""More than the kernel keeps for a process that has no turn."""
REQUEST = (
    b"GET /_event/?EIO=4&transport=polling&sid=2-abc HTTP/1.1\r\nHost: desk\r\nConnection: close\r\n\r\n"
)


class Taken(asyncio.Protocol):
    """The process that has the connection: says so."""

    def __init__(self, begun: bytes) -> None:
        self.begun = begun

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.write(b"ours" if self.begun == REQUEST else b"not all of it")
        transport.close()


def test_a_burst_for_a_busy_process_waits_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> list[bytes]:
        loop = asyncio.get_running_loop()
        one, two = Passing(tmp_path, 1, 1), Passing(tmp_path, 2, 2)
        monkeypatch.setattr(DeskHttp, "passing", one)
        two.open(Taken)
        # It is busy: it takes nothing for a while.
        loop.remove_reader(two._socket)
        loop.call_later(0.2, loop.add_reader, two._socket, two._take, Taken)
        config, state = Config(PlainTextResponse("wrong"), log_config=None), ServerState()
        config.load()
        server = await loop.create_server(lambda: DeskHttp(config, state, {}, _loop=loop), "127.0.0.1", 0)
        try:
            return await asyncio.gather(*(ask(server) for _ in range(BURST)))
        finally:
            server.close()
            two.close()

    answers = asyncio.run(asyncio.wait_for(story(), 30))
    assert {answer: answers.count(answer) for answer in answers} == {b"ours": BURST}


async def ask(server: asyncio.Server) -> bytes:
    address = server.sockets[0].getsockname()
    reader, writer = await asyncio.open_connection(*address)
    writer.write(REQUEST)
    try:
        return await reader.read()
    finally:
        writer.close()
