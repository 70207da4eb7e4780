// Steps that were pressed without a connection say at once that they wait for it, and are free again once answered.
import { createElement as h, useSyncExternalStore } from "react";

const ANSWER_MS = 5000;
const STEP_MS = 250;

const waiting = new Map(); // Button → the key of its command, where it has one.
const watchers = new Set();
let pressed = null;
let lastKey = "";
let timer = 0;
let patience = 0;

const changed = () => watchers.forEach((tell) => tell());
const free = (buttons) => {
  buttons.forEach((button) => {
    waiting.delete(button);
    button.removeAttribute("data-waits");
    button.removeAttribute("aria-busy");
  });
  changed();
};

/** The command that the click is about to send has this key. */
export function sends(key) {
  lastKey = key;
  return key;
}
/** The server answered: the button whose command had this key is free, without a key all those that opened a dialog. */
export function answered(key = "") {
  free([...waiting.keys()].filter((button) => waiting.get(button) === key));
}
/** Whether anything that was pressed or saved here has not been sent yet. */
export const isUnsent = () =>
  !window.deskSocket?.connected && (waiting.size > 0 || document.querySelector("form[data-busy]") !== null);

const onPress = (event) => {
  pressed = event.target instanceof Element ? event.target.closest("button:not([type=submit])") : null;
  lastKey = "";
  if (pressed?.hasAttribute("data-waits")) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
};
// Reflex has put an event into its queue because there is no connection.
const onWait = () => {
  if (!pressed) return;
  waiting.set(pressed, lastKey);
  pressed.setAttribute("data-waits", "");
  pressed.setAttribute("aria-busy", "true");
  pressed = null;
  clearInterval(timer);
  timer = setInterval(look, STEP_MS);
  changed();
};
// The queue is sent as soon as the connection is back. A step may be answered by no more than what it changed.
const look = () => {
  patience = window.deskSocket?.connected ? patience - STEP_MS : ANSWER_MS;
  const left = [...waiting.keys()].filter((button) => patience <= 0 || !button.isConnected);
  if (left.length) free(left);
  if (!waiting.size) clearInterval(timer);
};
if (typeof window !== "undefined") {
  document.addEventListener("click", onPress, true);
  document.addEventListener("click", () => setTimeout(() => (pressed = null)));
  window.addEventListener("desk:waits", onWait);
  window.addEventListener("beforeunload", (event) => isUnsent() && event.preventDefault());
}

const watch = (tell) => {
  watchers.add(tell);
  return () => watchers.delete(tell);
};

/** Says that something waits, for as long as it does. */
export function Waits() {
  const count = useSyncExternalStore(watch, () => waiting.size, () => 0);
  return h("div", { role: "status", className: "waits-place" },
    count
      ? h("div", { className: "offer" }, h("span", { className: "offer-words" },
          h("b", null, count > 1 ? `${count} steps wait. ` : "1 step waits. "),
          "Will be sent when the connection is back, if this page stays open."))
      : null);
}
