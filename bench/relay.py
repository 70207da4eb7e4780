"""Yardstick (b): python-socketio sends the very bytes of the desk's frame to one room, and does nothing else."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import socketio
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from service_desk.web.server import PING_SECONDS

from .yardstick import NAMESPACE, ROOM, Relay, serve


def main(port: int, frame: str) -> None:
    """Served as the desk is, with the same heartbeat."""
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
    serve(sio, app, port)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]).read_text())
