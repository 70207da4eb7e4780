// The connection to the desk as it truly is, in a chip and, while there is none, a bar that everybody can read.
import { createElement as h, useSyncExternalStore } from "react";
import { clock, truly } from "./clocks.js";
import { isLinked, linkState, tryNow, watchLink } from "./link.js";

const CHIPS = {
  connecting: ["Connecting…", ""],
  live: ["Live", "Every change shows here at once."],
  compatible: [
    "Compatibility mode",
    "Something between you and the desk blocks WebSockets. Everything works and changes still come by themselves, a little later.",
  ],
  behind: [
    "Not up to date",
    "The desk can’t reach its database. What you see is from then; it comes up to date by itself. What you type is kept.",
  ],
  waiting: ["Reconnecting…", "What you see is from before. What you type is kept."],
  restarting: ["Restarting…", "The desk is being restarted and comes back by itself. What you type is kept."],
  resting: ["Resting", ""],
  offline: ["Offline", "What you see is from then. What you type is kept."],
};
const START = { kind: "connecting", since: 0 };
const useLink = () => useSyncExternalStore(watchLink, linkState, () => START);
const at = (since) => clock(new Date(truly(since)));

/** The chip that says whether what is on the screen is alive, by what the socket does and not by hope. */
export function Connection() {
  const { kind, since, why } = useLink();
  const [word, more] = CHIPS[kind];
  return h(
    "span",
    { className: "connection" },
    // Being offline is told by the bar, with the way out.
    h("span", { role: "status", "aria-live": kind === "offline" ? "off" : "polite", className: "chip", "data-kind": kind, title: more || undefined },
      h("span", { className: "dot", "aria-hidden": true }), word,
      kind === "offline" || kind === "behind" ? h("span", { className: "chip-since" }, ` since ${at(since)}`) : null),
    more && kind !== "live" ? h("span", { className: "visually-hidden" }, more) : null,
    why ? h("span", { role: "alert", className: "why" }, `${why} Close another, then press Try now.`) : null,
    kind === "connecting" || isLinked()
      ? null
      : h("button", { type: "button", className: "button small", onClick: tryNow }, "Try now"),
  );
}

// Records and lists that have a plain page of their own.
const plainOf = () => {
  const known = /^\/(calls|carry-ins|customers)(\/\d+)?\/?$/.exec(window.location.pathname);
  return known ? `/plain/${known[1]}${known[2] ?? ""}${window.location.search}` : "/plain/calls";
};

/** Offers plain pages while the socket stays away. In a tab of their own, so that this one keeps what is half typed. */
export function Offline() {
  const { kind, since } = useLink();
  return h(
    "div",
    { role: "status", "aria-live": "polite", className: "offline-place" },
    kind === "offline"
      ? h("div", { className: "offline" },
          h("span", null, `No connection since ${at(since)}. Changes don’t come by themselves now; what you type is kept.`),
          h("a", { className: "button small", href: plainOf(), target: "_blank", rel: "noopener",
            onClick: (event) => { event.currentTarget.href = plainOf(); } },
            "Refresh by hand", h("span", { className: "visually-hidden" }, " (opens a new tab)")))
      : null,
  );
}
