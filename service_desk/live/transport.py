"""Engine.IO's WebSocket transport without its time limits: `live.heartbeat` tells who has gone silent."""

from __future__ import annotations

import asyncio
from typing import Any

from engineio.exceptions import SocketIsClosedError, UnknownPacketError
from engineio.packet import Packet

from ..log import get_logger

log = get_logger(__name__)


def carry_by_websocket(socket: Any) -> None:
    """Let a connection that begins as WebSocket be carried from here. One that comes from long-polling is not."""

    async def carry(ws: Any) -> None:
        socket.connected = socket.upgraded = True
        writer = asyncio.ensure_future(_write(socket, ws))
        try:
            await _read(socket, ws)
        finally:
            socket.queue.put_nowait(None)
            await writer
            await socket.close(wait=False, abort=True, reason=socket.server.reason.TRANSPORT_CLOSE)

    socket._websocket_handler = carry


async def _read(socket: Any, ws: Any) -> None:
    """Hand on every packet until either side ends it."""
    while not socket.closed:
        try:
            packet = Packet(encoded_packet=await ws.wait())
        except (OSError, ValueError):
            return
        try:
            await socket.receive(packet)
        except UnknownPacketError:
            continue
        except SocketIsClosedError:
            return
        except Exception:
            # One event that fails is no reason to let go of the page.
            log.exception("a packet could not be taken")


async def _write(socket: Any, ws: Any) -> None:
    """Write what waits, packet by packet, until there is a None or the connection was closed."""
    queue = socket.queue
    try:
        while True:
            packet = await queue.get()
            queue.task_done()
            if packet is None:
                break
            await ws.send(packet.encode())
            if socket.closed and queue.empty():
                break
    except (OSError, RuntimeError):
        # The client has gone, or was told goodbye by somebody else.
        return
    finally:
        await ws.close()
