// Steps that were pressed without a connection say at once that they wait for it, and are free again once answered.
import { createElement as h, useSyncExternalStore } from "react";
import { isOpen } from "./link.js";

const ANSWER_MS = 5000;
const STEP_MS = 250;

const waiting = new Map(); // Button → the key of its command, where it has one.
const onTheirWay = new Map(); // Key → the button, until the command is answered.
const watchers = new Set();
let pressed = null;
let lastKey = "";
let timer = 0;
let patience = 0;
let isLeft = false;

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
  if (pressed) onTheirWay.set(key, pressed);
  return key;
}
/** The server answered: the button whose command had this key is free, without a key all those that opened a dialog. */
export function answered(key = "") {
  onTheirWay.delete(key);
  free([...waiting.keys()].filter((button) => waiting.get(button) === key));
}
/** Whether anything that was pressed or saved here has not been sent yet. */
export const isUnsent = () => !isOpen() && (waiting.size > 0 || document.querySelector("form[data-busy]") !== null);
/** Somebody was asked already, and leaves all the same: the browser need not ask again. */
export const leaveIt = () => {
  isLeft = true;
};

const onPress = (event) => {
  pressed = event.target instanceof Element ? event.target.closest("button:not([type=submit])") : null;
  lastKey = "";
  if (pressed?.hasAttribute("data-waits")) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
};
const makeWait = (button, key) => {
  waiting.set(button, key);
  button.setAttribute("data-waits", "");
  button.setAttribute("aria-busy", "true");
  patience = ANSWER_MS;
  clearInterval(timer);
  timer = setInterval(look, STEP_MS);
  changed();
};
// What was pressed waits for the connection.
const onWait = () => {
  if (!pressed) return;
  makeWait(pressed, lastKey);
  pressed = null;
};
// The connection has gone before these commands were answered: they are sent again over the next.
const onCut = ({ detail: keys }) => {
  for (const [key, button] of onTheirWay) {
    if (!keys.includes(key)) onTheirWay.delete(key);
    else if (!waiting.has(button)) makeWait(button, key);
  }
};
// What waits is sent as soon as the connection is back. A step may be answered by no more than what it changed.
const look = () => {
  if (isOpen()) {
    patience -= STEP_MS;
    const left = [...waiting.keys()].filter((button) => patience <= 0 || !button.isConnected);
    if (left.length) free(left);
  } else patience = ANSWER_MS;
  if (!waiting.size) clearInterval(timer);
};
if (typeof window !== "undefined") {
  document.addEventListener("click", onPress, true);
  document.addEventListener("click", () => setTimeout(() => (pressed = null)));
  window.addEventListener("desk:waits", onWait);
  window.addEventListener("desk:cut", onCut);
  window.addEventListener("desk:signed-out", () => free([...waiting.keys()]));
  window.addEventListener("beforeunload", (event) => !isLeft && isUnsent() && event.preventDefault());
  window.addEventListener("pageshow", () => (isLeft = false));
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
