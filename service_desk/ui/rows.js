// Rows that hold still: nothing moves or vanishes under the pointer.
import { createElement as h, useCallback, useEffect, useRef, useState, useSyncExternalStore } from "react";

const holders = new Set();
let held = false;
const rowsUnder = (target) => target instanceof Element && target.closest("[data-rows]");
if (typeof document !== "undefined") {
  const hold = (event) => {
    const now = event.pointerType !== "touch" && !!rowsUnder(event.target);
    if (now === held) return;
    held = now;
    if (!held) holders.forEach((release) => release());
  };
  document.addEventListener("pointerover", hold, { passive: true });
  document.documentElement.addEventListener("pointerleave", () => {
    held = false;
    holders.forEach((release) => release());
  });
}
const EMPTY = [];

const sameOrder = (one, other) => one.length === other.length && one.every((id, at) => id === other[at]);
const waiting = new Map();
const waitingWatchers = new Set();
const setWaiting = (list, count) => {
  if ((waiting.get(list) ?? 0) === count) return;
  if (count) waiting.set(list, count);
  else waiting.delete(list);
  waitingWatchers.forEach((tell) => tell());
};
const watchWaiting = (tell) => {
  waitingWatchers.add(tell);
  return () => waitingWatchers.delete(tell);
};
const countWaiting = () => [...waiting.values()].reduce((sum, count) => sum + count, 0);

/** Says that the list has changed while the pointer held it still, and lets go of it. */
export function Waiting() {
  const count = useSyncExternalStore(watchWaiting, countWaiting, () => 0);
  return h(
    "div",
    { role: "status", className: "waiting-place" },
    count
      ? h("button", { type: "button", className: "button small waiting", onClick: () => holders.forEach((go) => go()) },
          "The list has changed · Show")
      : null,
  );
}

/**
 * The order to show. While the pointer is on the rows nothing moves or vanishes, and newcomers join at the end;
 * an answer to another question (`askedIn` differs) is shown at once.
 */
export function useHeldOrder(order, askedIn) {
  const latest = useRef(order ?? EMPTY);
  const asked = useRef(askedIn);
  const [shown, setShown] = useState(order ?? EMPTY);
  latest.current = order ?? EMPTY;
  const release = useCallback(() => setShown(latest.current), []);
  useEffect(() => {
    setWaiting(release, sameOrder(shown, order ?? EMPTY) ? 0 : 1);
    return () => setWaiting(release, 0);
  }, [shown, order, release]);
  useEffect(() => {
    holders.add(release);
    return () => holders.delete(release);
  }, [release]);
  useEffect(() => {
    const now = latest.current;
    const another = asked.current !== askedIn;
    asked.current = askedIn;
    setShown((before) => {
      if (another || !held || !before.some((id) => now.includes(id))) return now;
      const more = now.filter((id) => !before.includes(id));
      return more.length || before.length !== now.length ? [...before, ...more] : before;
    });
  }, [order, askedIn]);
  return shown;
}

/** The row to show: one that has left the list stays readable until the list lets go of it. */
export function useHeldRow(row) {
  const last = useRef(row);
  if (row) last.current = row;
  const shown = last.current ?? {};
  return row || !last.current ? shown : { ...shown, gone: true };
}
