// What was sent and not answered. A command has a key, so it may be sent again whenever its answer may have been lost.

/** How long a server that is heard may take for an answer. Later none is awaited, and nothing is sent again by itself. */
export const ANSWER_MS = 15000;
/** What a page was left with for longer is not sent by itself when somebody comes back to it. */
const OLDEST_MS = 86400000;

const commands = new Map(); // Key → {event, at: when it was sent last, or never, since: when it was pressed}.
const NEVER = Infinity;
let returned = []; // Events without a key that a server which restarts did not take.
let queue = []; // Reflex's own, of what was pressed without a connection.

/** Reflex's queue, so that what waits in it can be dropped. */
export const keepQueue = (theirs) => {
  queue = theirs;
};

// Reflex sends what a form says as pairs: a name may come twice.
const ENTRIES = "__reflex_form_data__";
const keyIn = (words) => words?.key ?? words?.[ENTRIES]?.find(([name]) => name === "key")?.[1];
const keyOf = ({ payload }) => [payload, ...Object.values(payload ?? {})].map(keyIn).find((key) => typeof key === "string" && key) ?? "";

const sinceOf = (key) => commands.get(key)?.since ?? Date.now();

/** Send an event, or keep it for the next connection when there is no `socket`. */
export function send(event, socket) {
  const key = keyOf(event);
  if (key) commands.set(key, { event, at: socket ? Date.now() : NEVER, since: sinceOf(key) });
  if (socket) socket.emit("event", event);
  else {
    if (!key) returned.push(event);
    window.dispatchEvent(new Event("desk:waits"));
  }
}

/** The server did not take this event. */
export function takeBack(event) {
  const key = keyOf(event);
  if (key) commands.set(key, { event, at: NEVER, since: sinceOf(key) });
  else returned.push(event);
}

/** The command with this key was answered. */
export const settled = (key) => commands.delete(key);

/** The command with this key is not wanted any more: it is not sent, if it has not been. */
export function forgo(key) {
  commands.delete(key);
  const left = queue.filter((event) => keyOf(event) !== key);
  queue.splice(0, queue.length, ...left);
}

/** The connection is lost, over which the server was heard last at `heardAt`: what it may not have answered waits. */
export function unanswered(heardAt) {
  for (const [key, { at }] of commands) if (heardAt - at >= ANSWER_MS) commands.delete(key);
  window.dispatchEvent(new CustomEvent("desk:cut", { detail: [...commands.keys()] }));
}

/** A connection has begun: all that waits goes out, the commands under their own keys. */
export function sendAgain(socket) {
  for (const [key, { since }] of commands) if (Date.now() - since > OLDEST_MS) commands.delete(key);
  const events = [...commands.values(), ...returned.map((event) => ({ event }))];
  returned = [];
  events.forEach((each) => {
    each.at = Date.now();
    socket.emit("event", each.event);
  });
}

/** Whoever pressed it has signed out: nothing of it is sent any more. */
export function drop() {
  commands.clear();
  returned = [];
  queue.length = 0;
}
