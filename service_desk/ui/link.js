// The life of the socket: how it is opened, how soon it is tried again, and what it truly is at the moment.
import { drop, keepQueue, send, sendAgain, takeBack, unanswered } from "./outbox.js";
import { hearMe } from "./who.js";

export { keepQueue };
export const TRANSPORTS = ["websocket", "polling"];
export const FIRST_LIMIT_MS = 2500;

const LONGEST_LIMIT_MS = 6000;
const FIRST_WAIT_MS = 500;
const STEP_MS = 250;
const LONGEST_WAIT_MS = 4000;
const RESTART_MS = [500, 3000];
const GIVE_UP_MS = 10000;
const WEBSOCKET_AGAIN_MS = 60000;

let socket = null;
let state = { kind: "connecting", since: 0 };
let fails = 0;
let retry = 0;
let giveUp = 0;
let startedAt = 0;
let heardAt = 0;
let pollFirst = false;
let parting = false;
let shownOut = false;
let resting = "";
let behindSince = 0;
const watchers = new Set();

const say = (kind, since = 0, why = "") => {
  if (kind === state.kind && since === state.since) return;
  state = { kind, since, why };
  document.documentElement.dataset.connection = kind;
  watchers.forEach((tell) => tell());
};

/** For useSyncExternalStore: {kind, since: ms, why}; kind is a key of CHIPS in connection.js. */
export const watchLink = (tell) => {
  watchers.add(tell);
  return () => watchers.delete(tell);
};
export const linkState = () => state;
export const isLinked = () => ["live", "compatible", "behind"].includes(state.kind);

const lose = (kind, at) => {
  const since = state.since || at;
  giveUp ||= setTimeout(() => say("offline", linkState().since), GIVE_UP_MS);
  if (state.kind !== "offline") say(kind, since);
};

const random = (most) => Math.random() * most;
const pause = () => {
  if (parting && fails === 0) return RESTART_MS[0] + random(RESTART_MS[1] - RESTART_MS[0]);
  return random(fails === 0 ? FIRST_WAIT_MS : Math.min(LONGEST_WAIT_MS, STEP_MS * 2 ** fails));
};

const attempt = () => {
  clearTimeout(retry);
  retry = 0;
  if (!socket || socket.connected || shownOut) return;
  // Where a WebSocket is met with silence, only long-polling is sure to answer; it goes over to WebSocket by itself.
  socket.io.opts.transports = pollFirst ? [...TRANSPORTS].reverse() : [...TRANSPORTS];
  socket.io.timeout(Math.min(LONGEST_LIMIT_MS, FIRST_LIMIT_MS + 1000 * Math.max(0, fails - 1)));
  startedAt = Date.now();
  socket.reconnect();
};
const tryLater = () => {
  if (retry) return;
  retry = setTimeout(attempt, pause());
  fails += 1;
};

/** Try to connect now, also when an earlier try still hangs. */
export const tryNow = () => {
  if (!socket || shownOut || (socket.connected && (isLinked() || parting))) return;
  if (socket.wait_connect && Date.now() - startedAt < 1000) return;
  socket.disconnect();
  socket.wait_connect = false;
  fails = 0;
  resting = "";
  attempt();
};

// Many hear the same word in the same moment: a network that is back, an office that wakes up.
const trySoon = () => {
  if (!socket || socket.connected || shownOut) return;
  clearTimeout(retry);
  retry = setTimeout(() => {
    retry = 0;
    tryNow();
  }, random(FIRST_WAIT_MS));
};

/** This page is about to be left: no further try. */
export const letGo = () => {
  shownOut = true;
  clearTimeout(retry);
};
export const isShownOut = () => shownOut;

/** Whether what is sent now goes out now. Once the server has said that it restarts, it waits for the next one. */
export const isOpen = () => Boolean(socket?.connected) && !parting;

/** In place of Reflex's own sending. */
export const sendEvent = (to, event) => send(event, parting ? null : to);

const showLinked = () => {
  if (behindSince) say("behind", behindSince);
  else say(socket.io.engine.transport.name === "polling" ? "compatible" : "live");
};
const goOver = (engine) => {
  const polls = engine.readyState === "open" && engine.transport.name === "polling";
  if (polls && socket.io.engine === engine) engine._probe("websocket");
};
const showTransport = () => {
  const { engine, opts } = socket.io;
  showLinked();
  if (engine.transport.name === "websocket") {
    pollFirst = false;
    return;
  }
  engine.once("upgrade", () => {
    pollFirst = false;
    if (socket.connected && socket.io.engine === engine) showLinked();
  });
  // A WebSocket may have failed for that moment's reason alone, and Engine.IO never asks for another in its place.
  engine.on("upgradeError", () => setTimeout(goOver, WEBSOCKET_AGAIN_MS, engine));
  if (opts.transports[0] === "websocket") goOver(engine);
};
const begin = () => {
  clearTimeout(giveUp);
  clearTimeout(retry);
  giveUp = retry = fails = 0;
  parting = false;
  resting = "";
  heardAt = Date.now();
  showTransport();
  sendAgain(socket);
};
const fail = (error) => {
  socket.wait_connect = false;
  if (error?.message === "timeout" && socket.io.opts.transports[0] === "websocket") pollFirst = true;
  lose(state.kind === "connecting" ? "connecting" : parting ? "restarting" : "waiting", Date.now());
  tryLater();
};
const end = (reason) => {
  behindSince = 0;
  unanswered(heardAt);
  if (resting) {
    clearTimeout(giveUp);
    giveUp = 0;
    say("resting", Date.now(), resting);
    return;
  }
  if (socket.wait_connect) {
    fail();
    return;
  }
  lose(parting ? "restarting" : "waiting", reason === "ping timeout" ? heardAt : Date.now());
  tryLater();
};

/** Look after this socket from before its first connection on. */
export const keep = (kept) => {
  const isFirst = !socket;
  socket = kept;
  startedAt = Date.now();
  lose("connecting", startedAt);
  const hear = () => {
    heardAt = Date.now();
  };
  kept.on("connect", begin);
  kept.on("connect_error", fail);
  kept.on("disconnect", end);
  kept.on("restarting", () => {
    parting = true;
    lose("restarting", Date.now());
  });
  kept.on("behind", (is) => {
    behindSince = is ? behindSince || Date.now() : 0;
    if (isLinked()) showLinked();
  });
  kept.on("unhandled", takeBack);
  kept.on("event", hearMe);
  kept.onAny(hear);
  kept.io.on("ping", hear);
  if (!isFirst) return;
  // The server is about to end this connection, and does not want it back until somebody looks at this tab.
  window.addEventListener("desk:rest", (event) => {
    resting = event.detail;
  });
  // A device that knows that it has no network says so before the socket notices.
  window.addEventListener("offline", () => resting || lose("waiting", Date.now()));
  window.addEventListener("online", () => {
    if (resting) return;
    // What was connected before may be dead: only a new connection is known to be alive.
    if (socket.connected && !isLinked() && !parting) socket.disconnect();
    else trySoon();
  });
  window.addEventListener("pageshow", (event) => event.persisted && trySoon());
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && trySoon());
  window.addEventListener("desk:signed-out", drop);
};
