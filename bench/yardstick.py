"""The yardstick: python-socketio sending the same bytes to one room, and a page that only shows them."""

from __future__ import annotations

import sys
import time
from typing import Any

import socketio
import uvicorn
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route

NAMESPACE = "/_event"
ROOM = "view:1"
PAGE = """<!doctype html><title>Yardstick</title><p id="row">-</p><script>
const socket = new WebSocket(`ws://${location.host}/_event/?EIO=4&transport=websocket`);
socket.onopen = () => socket.send("40/_event,");
socket.onmessage = ({ data }) => {
  if (data === "2") return socket.send("3");
  if (data.startsWith("40/_event,")) window.joined = true;
  if (!data.startsWith("42/_event,")) return;
  const [, update] = JSON.parse(data.slice("42/_event,".length));
  const row = Object.values(Object.values(update.delta)[0])[0];
  document.getElementById("row").textContent = row.problem;
};
</script>"""


class Relay(socketio.AsyncNamespace):
    """Whoever connects is in the room; what one sends goes to all."""

    async def on_connect(self, sid: str, _environ: Any, _auth: Any = None) -> None:
        await self.enter_room(sid, ROOM)

    async def on_act(self, _sid: str, update: Any) -> int:
        """Send `update` to the room. Answers the moment at which that began, in nanoseconds."""
        began = time.time_ns()
        await self.emit("event", update, room=ROOM)
        return began


async def show_page(_request: Any) -> HTMLResponse:
    return HTMLResponse(PAGE)


def main(port: int) -> None:
    sio = socketio.AsyncServer(
        async_mode="asgi", cors_allowed_origins="*", async_handlers=False, transports=["websocket"]
    )
    sio.register_namespace(Relay(NAMESPACE))
    app = Starlette(routes=[Route("/", show_page)])
    serve(sio, app, port)


def serve(sio: socketio.AsyncServer, app: Starlette, port: int) -> None:
    """As the desk is served: uvicorn, uvloop, the same WebSocket implementation, no compression."""
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
    main(int(sys.argv[1]))
