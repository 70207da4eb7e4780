"""Adapts Reflex's browser runtime: one bundle for any address, a socket that can be watched."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Unpack

import reflex_base
from reflex_base.components.component import BaseComponent
from reflex_base.plugins import Plugin
from reflex_base.plugins.base import PreCompileContext
from reflex_components_radix.themes.base import RadixThemesComponent

RUNTIME = "utils/state.js"
INSTALLED = Path(reflex_base.__file__).parent / ".templates" / "web" / RUNTIME
# Where `rx.asset` in live_state.py puts it.
LINK_JS = "external/service_desk/ui/live_state/link.js"


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
    why="have the socket looked after",
    before="""\
  socket.current =
    warmSocket ?? createSocket(endpoint, transports, session_token);
  warmSocket = null;
""",
    after="""\
  socket.current =
    warmSocket ?? createSocket(endpoint, transports, session_token);
  window.deskSocket = socket.current;
  keep(socket.current);
  warmSocket = null;
""",
)

LINK = Change(
    why="bring our way of connecting",
    before="""\
import throttle from "$/utils/helpers/throttle";
""",
    after=f"""\
import throttle from "$/utils/helpers/throttle";
import {{ FIRST_LIMIT_MS, TRANSPORTS, holdsEvents, keep }} from "$/public/{LINK_JS}";
""",
)

OPTIONS = Change(
    why="allow long-polling where WebSockets are blocked",
    before="""\
    protocols: [reflexEnvironment.version],
    autoUnref: false,
""",
    after="""\
    protocols: [reflexEnvironment.version],
    tryAllTransports: true,
    timeout: FIRST_LIMIT_MS,
    autoUnref: false,
""",
)

EARLY_TRANSPORTS = Change(
    why="name both transports to the early socket",
    before="""\
        getBackendURL(EVENTURL),
        [env.TRANSPORT],
""",
    after="""\
        getBackendURL(EVENTURL),
        [...TRANSPORTS],
""",
)

BOTH_TRANSPORTS = Change(
    why="name both transports to the socket",
    before="""\
        dispatch,
        [env.TRANSPORT],
""",
    after="""\
        dispatch,
        [...TRANSPORTS],
""",
)

# Reflex tries at once and then in fixed steps, so that everybody comes at the same moment, and never after a goodbye.
# It also shows a toast with an address in it, where the chip says all that a person can use.
RETRY = Change(
    why="let ui/link.js decide when to try again",
    before="""\
  const retryConnect = (error) => {
    socket.current.wait_connect = false;
    failed_attempts = Math.min(failed_attempts + 1, 10);
    setConnectErrors((connectErrors) => [...connectErrors.slice(-9), error]);
    window.clearTimeout(retry_timer);
    retry_timer = window.setTimeout(() => {
      retry_timer = undefined;
      if (socket.current && !socket.current.connected) {
        socket.current.reconnect();
      }
    }, 200 * failed_attempts); // Incremental backoff
  };
""",
    after="""\
  const retryConnect = () => {
    socket.current.wait_connect = false;
  };
""",
)

NO_RETRY = Change(
    why="leave what follows a lost connection to ui/link.js",
    before="""\
    window.removeEventListener("pagehide", pagehideHandler);
    if (try_reconnect) {
      // Attempt to reconnect transient non-intentional disconnects.
      socket.current.reconnect();
    }
  });
""",
    after="""\
    window.removeEventListener("pagehide", pagehideHandler);
  });
""",
)

HELD_EVENTS = Change(
    why="hold events once the server has said that it restarts",
    before="""\
  if (!(socket && socket.connected) && isStateful()) {
    return;
  }

  // Only proceed""",
    after="""\
  if (!(socket && socket.connected && !holdsEvents()) && isStateful()) {
    return;
  }

  // Only proceed""",
)

QUEUED = Change(
    why="tell that an event waits for the connection",
    before="""\
    event_queue.push(...normalized);
  }
  await processEvent(resolveSocket(socket), navigate, params);
""",
    after="""\
    event_queue.push(...normalized);
  }
  if (!resolveSocket(socket)?.connected || holdsEvents()) {
    window.dispatchEvent(new Event("desk:waits"));
  }
  await processEvent(resolveSocket(socket), navigate, params);
""",
)

CHANGES = (
    PAGE_ORIGIN,
    SHOWN_SOCKET,
    LINK,
    OPTIONS,
    EARLY_TRANSPORTS,
    BOTH_TRANSPORTS,
    RETRY,
    NO_RETRY,
    HELD_EVENTS,
    QUEUED,
)


def apply(change: Change, source: str) -> str:
    """The source with the change made exactly once. Raises RuntimeChanged if it doesn't fit."""
    if (found := source.count(change.before)) != 1:
        raise RuntimeChanged(f"{RUNTIME}: the place to {change.why} was found {found} times, not once.")
    return source.replace(change.before, change.after)


def adapt(_found: str) -> str:
    """The browser runtime as the service desk needs it.

    Always made from the installed one: in `.web` stands what an earlier version of the desk made of it.
    """
    source = INSTALLED.read_text()
    for change in CHANGES:
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
