"""What the desk changes in Reflex's browser runtime, text by text."""

from dataclasses import dataclass

# Where `rx.asset` in live_state.py puts it.
LINK_JS = "external/service_desk/ui/live_state/link.js"


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
import {{ FIRST_LIMIT_MS, TRANSPORTS, keep, keepQueue, sendEvent }} from "$/public/{LINK_JS}";
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

# Reflex's own look at the socket would bring a whole office back in the moment in which it wakes up.
SHOWN_AGAIN = Change(
    why="leave to ui/link.js what follows when a tab is looked at again",
    before="""\
          params,
        );
      } else if (!socket.current.connected) {
        console.log("Socket is disconnected, attempting to reconnect ");
        socket.current.reconnect();
      } else {
        console.log("Socket is reconnected ");
      }
""",
    after="""\
          params,
        );
      }
""",
)

# Whatever makes Reflex leave an event in its queue makes these loops spin for ever: they never let anything else run.
LOOP = Change(
    why="end the loop over the queue without a connection",
    before="""\
      while (event_queue.length > 0) {
        await ensureSocketConnected();
""",
    after="""\
      while (event_queue.length > 0 && socket.current?.connected) {
        await ensureSocketConnected();
""",
)

DRAIN = Change(
    why="end the loop of a connection that has ended",
    before="""\
    // Drain any initial events from the queue.
    while (event_queue.length > 0) {
""",
    after="""\
    // Drain any initial events from the queue.
    while (event_queue.length > 0 && socket.current?.connected) {
""",
)

QUEUE = Change(
    why="let what waits be dropped",
    before="""\
const event_queue = [];
""",
    after="""\
const event_queue = [];
keepQueue(event_queue);
""",
)

SEND = Change(
    why="keep what is sent until it is answered",
    before="""\
    socket.emit("event", encodeFormDataArgs(routed_event));
""",
    after="""\
    sendEvent(socket, encodeFormDataArgs(routed_event));
""",
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
  if (!resolveSocket(socket)?.connected) {
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
    SHOWN_AGAIN,
    LOOP,
    DRAIN,
    QUEUE,
    SEND,
    QUEUED,
)
