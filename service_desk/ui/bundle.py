"""Adapts Reflex's browser runtime: one bundle for any address, a socket that can be watched."""

from dataclasses import dataclass
from typing import Any, Unpack

from reflex_base.components.component import BaseComponent
from reflex_base.plugins import Plugin
from reflex_base.plugins.base import PreCompileContext
from reflex_components_radix.themes.base import RadixThemesComponent

RUNTIME = "utils/state.js"


class RuntimeChanged(Exception):
    """The browser runtime isn't the one the change was written for: look at it before upgrading Reflex."""


@dataclass(frozen=True)
class Change:
    """One text of the runtime and what stands there instead; `why` names it when it no longer fits."""

    why: str
    before: str
    after: str


# Reflex bakes the backend's address into the bundle and replaces only a local host name by the page's.
PAGE_ORIGIN = Change(
    why="use the page's own origin",
    before="""\
  if (
    typeof window !== "undefined" &&
    SAME_DOMAIN_HOSTNAMES.includes(endpoint.hostname)
  ) {
    // Use the frontend domain to access the backend
    const frontend_hostname = window.location.hostname;
    endpoint.hostname = frontend_hostname;
    if (window.location.protocol === "https:") {
      if (endpoint.protocol === "ws:") {
        endpoint.protocol = "wss:";
      } else if (endpoint.protocol === "http:") {
        endpoint.protocol = "https:";
      }
      endpoint.port = ""; // Assume websocket is on https port via load balancer.
    }
  }
  return endpoint;
""",
    after="""\
  if (typeof window !== "undefined") {
    const { protocol, hostname, port } = window.location;
    const page = endpoint.protocol.startsWith("ws")
      ? protocol.replace("http", "ws")
      : protocol;
    endpoint.protocol = page;
    endpoint.hostname = hostname;
    endpoint.port = port;
  }
  return endpoint;
""",
)

SHOWN_SOCKET = Change(
    why="show the socket to the connection chip",
    before="""\
  socket.current =
    warmSocket ?? createSocket(endpoint, transports, session_token);
  warmSocket = null;
""",
    after="""\
  socket.current =
    warmSocket ?? createSocket(endpoint, transports, session_token);
  window.deskSocket = socket.current;
  window.dispatchEvent(new Event("desk:socket"));
  warmSocket = null;
""",
)


def apply(change: Change, source: str) -> str:
    """The source with the change made exactly once, even if made before; RuntimeChanged if it doesn't fit."""
    found = source.count(change.before), source.count(change.after)
    if found == (0, 1):
        return source
    if found != (1, 0):
        raise RuntimeChanged(f"{RUNTIME}: the place to {change.why} was found {found[0]} times, not once.")
    return source.replace(change.before, change.after)


def adapt(source: str) -> str:
    """The browser runtime as the service desk needs it."""
    for change in (PAGE_ORIGIN, SHOWN_SOCKET):
        source = apply(change, source)
    return source


class HeavyComponent(Exception):
    """A component that would bring the whole stylesheet of Radix Themes to every page."""


class BundlePlugin(Plugin):
    """Makes the changes whenever Reflex compiles the pages, and keeps the bundle light."""

    def pre_compile(self, **context: Unpack[PreCompileContext]) -> None:
        """Register the change of the runtime; Reflex may run it again on a file it already changed."""
        context["add_modify_task"](RUNTIME, adapt)

    def enter_component(self, comp: BaseComponent, /, **kwargs: Any) -> None:
        """Refuse what would switch Radix Themes on (80 KB of styles beside our own)."""
        if isinstance(comp, RadixThemesComponent):
            raise HeavyComponent(
                f"{type(comp).__name__} belongs to Radix Themes: use rx.el.…, a Radix primitive or our own."
            )
