// Keys by which the server knows a command that is sent again: a double click, a retry, a replay after reconnecting.
// A form keeps its key in its field "key" until it was saved, a button's is kept here until the server answered it.
// A key says whose page made it: what waits in a page must not be done in the name of whoever signs in next.

import { settled } from "./outbox.js";
import { answered, sends } from "./waits.js";
import { likelyMe } from "./who.js";

const BYTES = 18;
const KEPT_MS = 120000;
const armedKeys = new Map();

/** The user's id, a dot, and 24 letters that nobody can guess. Not `randomUUID`: a page by plain http has none. */
export const newKey = () => {
  const letters = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(BYTES))));
  return `${likelyMe()}.${letters.replaceAll("+", "-").replaceAll("/", "_")}`;
};

/** The key of a button's click: the same for the same handler and arguments until it was answered, or is long ago. */
export function armed(...click) {
  const name = JSON.stringify([likelyMe(), ...click]);
  // An answer that was lost must not be given, when the same step is taken anew after others have undone it.
  if (!(Date.now() - armedKeys.get(name)?.at < KEPT_MS)) armedKeys.set(name, { key: newKey(), at: Date.now() });
  return sends(armedKeys.get(name).key);
}

/** The server answered the click with this key: the next one is another command. */
export function disarm(key) {
  for (const [name, known] of armedKeys) if (known.key === key) armedKeys.delete(name);
  heard(key);
}

/** The server could not do it now: nothing sends it again but the next click, which is the same command. */
export function heard(key) {
  settled(key);
  answered(key);
}

/** Give a form its key, unless it has one of whoever is signed in. */
export function arm(form) {
  const field = form?.elements.namedItem("key");
  if (field && !field.value.startsWith(`${likelyMe()}.`)) field.value = newKey();
}

/** What the form sends next is another command. */
export function rearm(form) {
  const field = form?.elements.namedItem("key");
  if (field) field.value = newKey();
}
