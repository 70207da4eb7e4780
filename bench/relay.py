"""Yardstick (b): python-socketio sends the very bytes of the desk's frame to one room, and does nothing else."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import socketio
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from service_desk.web.server import PING_SECONDS

NAMESPACE, ROOM = "/_event", "view:1"


class Relay(socketio.AsyncNamespace):
    """Whoever connects is in the room."""

    async def on_connect(self, sid: str, _environ: Any, _auth: Any = None) -> None:
        await self.enter_room(sid, ROOM)


def main(port: int, frame: str) -> None:
    """Served as the desk is: uvicorn, uvloop, the same WebSocket implementation, heartbeat and no compression."""
    sio = socketio.AsyncServer(
        async_mode="asgi",
        cors_allowed_origins="*",
        async_handlers=False,
        transports=["websocket"],
        ping_interval=PING_SECONDS,
        ping_timeout=PING_SECONDS,
    )
    sio.register_namespace(Relay(NAMESPACE))
    before, _, rest = frame.partition("~#")
    after = rest.partition("#~")[2]

    async def change(request: Request) -> JSONResponse:
        update = json.loads(f"{before}~#{int(request.path_params['number']):06d}#~{after}")
        committed = time.monotonic_ns()
        await sio.emit("event", update, room=ROOM, namespace=NAMESPACE)
        return JSONResponse({"committed": committed})

    app = Starlette(routes=[Route("/change/{number:int}", change, methods=["POST"])])
    uvicorn.run(
        socketio.ASGIApp(sio, app, socketio_path="_event"),
        port=port,
        loop="uvloop",
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        ws_ping_interval=None,
        log_level="warning",
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]).read_text())
