// Whose page this is. The desk says it with every connection that begins; until then the last page's word is all there is.
const LAST = "desk-me";
const SLOT = /slots____me$/;
const ORDER = "order_rx_state_";

const watchers = new Set();
let confirmed = 0;

// Storage may be forbidden: then a page that was never connected knows nobody.
const tryTo = (work) => {
  try {
    return work(window.localStorage);
  } catch {
    return null;
  }
};

/** The id of whoever is signed in, as the desk has said on this page; 0 until it has. */
export const me = () => confirmed;
/** The same, or whom an earlier page of this browser belonged to; 0 when that is unknown too. */
export const likelyMe = () => confirmed || Number(tryTo((storage) => storage.getItem(LAST))) || 0;
/** Whoever it was has signed out of this browser. */
export const forgetMe = () => tryTo((storage) => storage.removeItem(LAST));

/** Call `tell(isStill)` whenever the desk has said who is signed in: whoever it was, or somebody else now. */
export const watchMe = (tell) => {
  watchers.add(tell);
  return () => watchers.delete(tell);
};

/** What the desk sends: the answer to the frame's own question says who is signed in. */
export const hearMe = (update) => {
  const slot = Object.keys(update?.delta ?? {}).find((name) => SLOT.test(name));
  const user = slot && update.delta[slot][ORDER]?.[0];
  if (!user) return;
  const isStill = !confirmed || confirmed === user;
  if (isStill) confirmed = user;
  tryTo((storage) => storage.setItem(LAST, user));
  watchers.forEach((tell) => tell(isStill));
  // Under another's name nothing of the first one's may stay on the screen.
  if (!isStill) window.location.reload();
};
