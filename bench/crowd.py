"""Many sessions in a process of their own: each opens a page, reads what it is sent, and answers pings."""

from __future__ import annotations

import asyncio
import json
import sys
import uuid

from websockets.asyncio.client import ClientConnection, connect

HYDRATE = "reflex___state____state.hydrate_and_load"
OPEN = {
    "name": HYDRATE,
    "payload": {},
    "router_data": {"pathname": "/calls", "asPath": "/calls", "query": {}},
}


async def sit(base: str, token: str, opened: asyncio.Semaphore) -> ClientConnection:
    """One session with its page open and answered; with an empty token a bare socket in the room."""
    address = base.replace("http", "ws", 1) + f"/_event/?EIO=4&transport=websocket&token={uuid.uuid4()}"
    headers = {"Cookie": token} if token else {}
    async with opened:
        socket = await connect(
            address, additional_headers=headers, origin=base, max_size=2**22, compression=None
        )
        await socket.send("40/_event,")
        await _hear(socket, "40/_event")
        if token:
            await socket.send("42/_event," + json.dumps(["event", OPEN]))
            await _hear(socket, '"is_hydrated_rx_state_":true')
    return socket


async def _hear(socket: ClientConnection, wanted: str) -> None:
    while wanted not in str(await socket.recv()):
        pass


async def _listen(socket: ClientConnection) -> None:
    async for frame in socket:
        if frame == "2":
            await socket.send("3")


async def main(base: str, token: str, count: int) -> None:
    """Say "ready" when everybody sits, and leave when the standard input ends."""
    opened = asyncio.Semaphore(20)
    sockets = await asyncio.gather(*(sit(base, token, opened) for _ in range(count)))
    listening = [asyncio.ensure_future(_listen(socket)) for socket in sockets]
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    for each in listening:
        each.cancel()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
