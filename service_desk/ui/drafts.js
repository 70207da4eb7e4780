// What is half-typed outlives the page. It is kept in this browser for whoever is signed in, by form and record, until
// it is saved or they sign out. Passwords and one-time codes never are, nor forms marked `data-no-draft`.
import { changedFields, forget, formsIn, restart, titleOf, typeInto } from "./forms.js";
import { forgetMe, likelyMe, me, watchMe } from "./who.js";

const PREFIX = "desk-draft:";
const SIGNED_OUT = "desk-signed-out";
const DROPPED = "dropped";
const DAY_MS = 86400000;
const OLDEST_MS = 7 * DAY_MS;
const MOST = 50;
const MOST_LETTERS = 100000; // Two bytes each.
const PAUSE_MS = 300;
const ASK_MS = 250;
const LEAVING_MS = 120000;

const page = Math.random().toString(36).slice(2);
const unkept = new Map(); // Form → the timer that will keep it.
const watchers = new Set();
let out = ""; // What is known of a sign-out in this browser: it is on its way ("leaving"), or done ("gone").
let outAt = -LEAVING_MS;

// Storage may be forbidden or full: then nothing is kept, and everything else works.
const tryTo = (work, otherwise) => {
  try {
    return work(window.localStorage);
  } catch {
    return otherwise;
  }
};
const mine = () => `${PREFIX}${me()}:`;
const keyOf = (form) => `${mine()}${form.id}:${form.deskRecord ?? "new"}`;
const hasChanged = (form) => Object.keys(changedFields(form)).length > 0;
const mayKeep = (form) => form instanceof HTMLFormElement && form.id && form.method !== "post" && form.dataset.noDraft === undefined;
const tell = () => watchers.forEach((watcher) => watcher());

const read = (key) =>
  tryTo((storage) => {
    const draft = JSON.parse(storage.getItem(key));
    return draft && Date.now() - draft.at < OLDEST_MS ? { ...draft, name: key } : null;
  }, null);
const remove = (key) => {
  tryTo((storage) => storage.removeItem(key));
  tell();
};
// Saved or thrown away: the other tabs let go of it too, and can tell it from one that made room.
const drop = (key) => {
  tryTo((storage) => storage.setItem(key, DROPPED));
  remove(key);
};
const allKeys = () => tryTo((storage) => Object.keys(storage).filter((key) => key.startsWith(PREFIX)), []);

// What another tab has typed since stays.
const dropOwn = (form) => {
  const draft = me() ? read(keyOf(form)) : null;
  if (draft && (draft.page === page || draft.at <= (form.deskTypedAt ?? 0))) drop(draft.name);
};

// Too old, too many or too much: the oldest go, whoever's they are.
const makeRoom = (name, coming) => {
  let [count, letters] = [1, coming];
  const kept = allKeys().filter((key) => key !== name).map((key) => [key, read(key)]).sort(([, one], [, other]) => (other?.at ?? 0) - (one?.at ?? 0));
  for (const [key, draft] of kept) {
    const size = tryTo((storage) => storage.getItem(key).length, 0);
    if (draft && ++count <= MOST && (letters += size) <= MOST_LETTERS) continue;
    remove(key);
  }
};

const keep = (form) => {
  clearTimeout(unkept.get(form));
  if (out || !me()) return;
  unkept.delete(form);
  const key = keyOf(form);
  const fields = changedFields(form);
  if (!form.deskSent && !Object.keys(fields).length) {
    dropOwn(form);
    return;
  }
  const text = JSON.stringify({
    at: form.deskTypedAt ?? Date.now(),
    page,
    form: form.id,
    record: form.deskRecord ?? null,
    title: titleOf(form),
    path: window.location.pathname + window.location.search,
    isOpen: form.closest("dialog")?.open ?? true,
    sent: form.deskSent,
    key: form.elements.key?.value,
    basis: form.elements.basis?.value,
    fields,
    filled: Object.keys(fields).filter((name) => form.elements.namedItem(name).deskFilled === fields[name]),
  });
  if (text.length > MOST_LETTERS) return;
  makeRoom(key, text.length);
  tryTo((storage) => storage.setItem(key, text));
};
const keepSoon = (event) => {
  const form = event.target instanceof Element && event.target.form;
  if (!mayKeep(form) || form.deskTypes) return;
  form.deskTypedAt = Date.now();
  clearTimeout(unkept.get(form));
  unkept.set(form, setTimeout(() => keep(form), PAUSE_MS));
};
const keepNow = () => [...unkept.keys()].forEach(keep);

const since = (at) => {
  const today = new Date(at).toDateString() === new Date().toDateString();
  const time = { hour: "2-digit", minute: "2-digit" };
  return new Date(at).toLocaleString(undefined, today ? time : { weekday: "short", ...time });
};

/** A dialog was opened: what was half-typed in it for the same record is there again, and says since when. */
export function restore(form) {
  if (!me() || !mayKeep(form)) return;
  const isTyped = hasChanged(form);
  const draft = isTyped ? null : read(keyOf(form));
  if (draft) fillIn(form, draft);
  if (draft || isTyped) {
    form.toggleAttribute("data-draft", true);
    const note = form.querySelector("[data-since]");
    if (note) note.textContent = [since(form.deskTypedAt ?? Date.now()), SENT[form.deskSent]].filter(Boolean).join(", ");
    keep(form);
  }
  tell();
}
const fillIn = (form, draft) => {
  for (const field of form.elements) {
    const value = draft.fields?.[field.name];
    if (typeof value !== "string" || field.type === "password") continue;
    typeInto(field, value);
    if (draft.filled?.includes(field.name)) field.deskFilled = value;
  }
  form.deskTypedAt = draft.at;
  form.deskSent = draft.sent;
  // A form that may have been saved already says by its key that it is the same; any other is a new one.
  if (draft.sent && draft.key && form.elements.key) form.elements.key.value = draft.key;
  if (draft.basis && form.elements.settle) tryTo(() => keepBasis(form, JSON.parse(draft.basis), draft.fields));
};
/** What became of a form that was sent: it waits for a connection, or it went and no answer came. */
export const SENT = { waiting: "not sent yet", gone: "not answered" };

// What was typed belongs to the version on which it was typed; the other fields are as they are now.
const keepBasis = (form, then, typed) => {
  const { basis, values } = form.deskLatest;
  const was = Object.fromEntries(Object.keys(typed).filter((name) => name in then.was).map((name) => [name, then.was[name]]));
  form.elements.basis.value = JSON.stringify({ ...basis, version: then.version, was: { ...values, ...was } });
};

/** The form was saved, or its draft is thrown away. */
export function discard(form) {
  if (!mayKeep(form)) return;
  clearTimeout(unkept.get(form));
  unkept.delete(form);
  form.deskSent = undefined;
  dropOwn(form);
  delete form.deskTypedAt;
}
/** A form was saved for a record that it is not open on any more. */
export const discardFor = (form, record) => me() && drop(`${mine()}${form.id}:${record ?? "new"}`);
/** Whether whoever this page belonged to has signed out of this browser. */
export const hasLeft = () => out === "gone";
/** The form is on its way ("waiting" without a connection, else "gone"), or was refused (undefined). */
export function mark(form, sent) {
  if (!mayKeep(form) || form.deskSent === sent) return;
  form.deskSent = sent;
  keep(form);
}
const saySignOut = (what) => tryTo((storage) => storage.setItem(SIGNED_OUT, `${likelyMe()} ${what} ${Date.now()}`));
/** Somebody has pressed "Sign out". This page may yet stay: only when it goes, all goes with it. */
export function beginSignOut() {
  outAt = performance.now();
  saySignOut("leaving");
}
// Whoever signs out leaves nothing half-typed behind, in no tab of theirs.
const forgetAll = () => {
  const theirs = `${PREFIX}${likelyMe()}:`;
  out = "gone";
  saySignOut(out);
  allKeys().filter((key) => key.startsWith(theirs)).forEach(drop);
  forgetMe();
};
const onGo = () => {
  keepNow();
  if (performance.now() - outAt < LEAVING_MS) forgetAll();
};

const onStorage = (event) => {
  if (event.key === SIGNED_OUT) hearSignOut(...(event.newValue ?? "").split(" "));
  if (!me() || !event.key?.startsWith(mine())) return;
  if (event.newValue === DROPPED) onDrop(event.key);
  if (event.newValue === null) tell();
};
const hearSignOut = (user, what) => {
  if (!me() || Number(user) !== me()) return;
  out = what;
  if (what === "gone") window.dispatchEvent(new Event("desk:signed-out"));
  // The other tab has stayed, or its sign-out got nowhere.
  else setTimeout(() => out === "leaving" && goOn(), LEAVING_MS);
};
const goOn = () => {
  out = "";
  keepNow();
};
// What another tab saves or throws away, this one lets go of, unless somebody is at it here.
const onDrop = (key) => {
  const form = formsIn(document).find((each) => keyOf(each) === key);
  if (!form || unkept.has(form) || form.closest("dialog")?.open) return;
  restart(form);
  forget(form);
};
const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("desk-drafts");
const held = new Set();
const onAsk = ({ data }) => {
  if (data.held) held.add(data.held);
  const isHere = data.ask && formsIn(document).some((form) => keyOf(form) === data.ask && hasChanged(form));
  if (isHere) channel.postMessage({ held: data.ask });
};

/** The drafts to offer unasked, the newest first: their page has gone while they were open, or they were never sent. */
export async function adrift() {
  const look = () =>
    allKeys().filter((key) => key.startsWith(mine())).map(read).filter((draft) => draft && (draft.isOpen || draft.sent));
  const found = look();
  held.clear();
  found.forEach((draft) => channel?.postMessage({ ask: draft.name }));
  if (found.length) await new Promise((done) => setTimeout(done, ASK_MS));
  // Looked at anew: much may have been saved meanwhile.
  return look()
    .filter((draft) => !held.has(draft.name) && !formsIn(document).some((form) => keyOf(form) === draft.name && form.closest("dialog")?.open))
    .sort((one, other) => other.at - one.at);
}
/** Throw a draft away. Returns what takes that back. */
export const throwAway = ({ name }) => {
  const text = tryTo((storage) => storage.getItem(name), null);
  drop(name);
  return () => {
    if (out || text === null || !name.startsWith(mine()) || read(name)) return;
    tryTo((storage) => storage.setItem(name, text));
    tell();
  };
};
export const watch = (watcher) => {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
};


const onClose = (event) => {
  const form = event.target instanceof Element && event.target.querySelector("form");
  if (mayKeep(form) && hasChanged(form)) keep(form);
};
if (typeof window !== "undefined") {
  document.addEventListener("input", keepSoon);
  document.addEventListener("change", keepSoon);
  document.addEventListener("close", onClose, true);
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && keepNow());
  window.addEventListener("pagehide", onGo);
  watchMe((isStill) => (isStill ? goOn() : keepNow()));
  window.addEventListener("storage", onStorage);
  channel?.addEventListener("message", onAsk);
}
