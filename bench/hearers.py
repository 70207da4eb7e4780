"""`python -m bench.hearers BASE COOKIE COUNT`:
sessions that look at the calls and note when they hear of which change.

Says "ready" with how many sit in which process, and on each line of its input what was heard since the one before.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from collections import Counter
from dataclasses import dataclass, field

from websockets.asyncio.client import ClientConnection, connect

from tests.raw_socket import HYDRATE, fresh_key, worker_of

OPEN = {
    "name": HYDRATE,
    "payload": {},
    "router_data": {"pathname": "/calls", "asPath": "/calls", "query": {}},
}
CHANGE = re.compile(r"Change (\d+) of")


@dataclass
class Heard:
    """Of each session: change → when it came, in nanoseconds since 1970; `doubled` counts those that came again."""

    at: list[dict[int, int]] = field(default_factory=list)
    frames: int = 0
    doubled: int = 0
    places: Counter[int] = field(default_factory=Counter)

    def as_json(self) -> str:
        told = {"at": self.at, "frames": self.frames, "doubled": self.doubled}
        self.at = [{} for _ in self.at]
        self.frames = self.doubled = 0
        return json.dumps(told)


async def sit(base: str, cookie: str, gate: asyncio.Semaphore, heard: Heard) -> ClientConnection:
    """One session with its page open and answered."""
    address = base.replace("http", "ws", 1) + f"/_event/?EIO=4&transport=websocket&token={fresh_key()}"
    async with gate:
        opening = connect(
            address, additional_headers={"Cookie": cookie}, origin=base, max_size=2**22, compression=None
        )
        socket = await opening
        heard.places[worker_of(json.loads(str(await socket.recv())[1:])["sid"])] += 1
        await socket.send("40/_event,")
        while not str(await socket.recv()).startswith("40/_event"):
            pass
        await socket.send("42/_event," + json.dumps(["event", OPEN]))
        while '"is_hydrated_rx_state_":true' not in str(await socket.recv()):
            pass
    return socket


async def listen(socket: ClientConnection, session: int, heard: Heard) -> None:
    async for frame in socket:
        if frame == "2":
            await socket.send("3")
            continue
        now = time.time_ns()
        numbers = {int(each) for each in CHANGE.findall(str(frame))}
        heard.frames += bool(numbers)
        for number in numbers:
            heard.doubled += number in heard.at[session]
            heard.at[session].setdefault(number, now)


async def main(base: str, cookie: str, count: int) -> None:
    gate, heard = asyncio.Semaphore(20), Heard([{} for _ in range(count)])
    sockets = await asyncio.gather(*(sit(base, cookie, gate, heard) for _ in range(count)))
    listening = [
        asyncio.ensure_future(listen(socket, number, heard)) for number, socket in enumerate(sockets)
    ]
    print("ready", json.dumps(heard.places), flush=True)
    while await asyncio.to_thread(sys.stdin.readline):
        print(heard.as_json(), flush=True)
    for each in listening:
        each.cancel()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
