// Points in time, in the viewer's own words and zone.
import { createElement as h, useSyncExternalStore } from "react";
import { isLinked, watchLink } from "./link.js";

const TICK_MS = 15000;
const JUMP_MS = 60000;
const SPREAD_MS = 2000;
// The server's hour comes in whole seconds: a clock that is as near as this is right.
const RIGHT_MS = 3000;

const watchers = new Set();
// How far the server's clock is ahead of this device's, which may be off by days.
let ahead = 0;
let moment = Date.now();
/** A moment of this device's own clock as it truly was: ms to ms. */
export const truly = (at) => at + ahead;
const tick = () => {
  moment = truly(Date.now());
  watchers.forEach((tell) => tell());
};
const measure = async () => {
  const from = Date.now();
  const answer = await fetch("/favicon.svg", { method: "HEAD", cache: "no-store" }).catch(() => null);
  const told = Date.parse(answer?.headers.get("date"));
  if (Number.isNaN(told)) return;
  // The answer's own second began up to one second before it was made.
  const off = told + 500 - (from + Date.now()) / 2;
  ahead = Math.abs(off) < RIGHT_MS ? 0 : off;
  tick();
};
if (typeof window !== "undefined") {
  let linked = false;
  let before = moment;
  watchLink(() => {
    // Not at once: a thousand others may be returning too.
    if (isLinked() && !linked) setTimeout(measure, Math.random() * SPREAD_MS);
    linked = isLinked();
  });
  measure();
  setInterval(() => {
    // Somebody has set the clock, or the device has slept.
    if (Math.abs(Date.now() - before - TICK_MS) > JUMP_MS) measure();
    before = Date.now();
    tick();
  }, TICK_MS);
}
const watchClock = (tell) => {
  watchers.add(tell);
  return () => watchers.delete(tell);
};
const useNow = () => useSyncExternalStore(watchClock, () => moment, () => moment);

const MINUTE = 60000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const unit = (amount, name) =>
  new Intl.NumberFormat(undefined, { style: "unit", unit: name, unitDisplay: "short" }).format(amount);
const spanOf = (ms) =>
  ms < HOUR ? [Math.max(1, Math.floor(ms / MINUTE)), "minute"]
    : ms < DAY ? [Math.floor(ms / HOUR), "hour"] : [Math.floor(ms / DAY), "day"];
export const clock = (at) => at.toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" });
const dayOf = (at) => new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
const daysApart = (at, now) => Math.round((dayOf(at) - dayOf(new Date(now))) / DAY);
const dated = (at, now) =>
  at.toLocaleDateString(undefined, {
    weekday: Math.abs(at - now) < 30 * DAY ? "short" : undefined,
    day: "numeric",
    month: "short",
    year: at.getFullYear() === new Date(now).getFullYear() ? undefined : "numeric",
  });
const nearDay = (days) => new Intl.RelativeTimeFormat(undefined, { numeric: "auto" }).format(days, "day");

// Each form gives [words, late]. After a week everything is a date.
const FORMS = {
  age: (at, now) => {
    const past = Math.max(0, now - at);
    if (daysApart(at, now) === 0 || past < 12 * HOUR) return [unit(...spanOf(past)), false];
    return [past < 7 * DAY ? nearDay(daysApart(at, now)) : dated(at, now), false];
  },
  ago: (at, now) => {
    const past = Math.max(0, now - at);
    if (past >= 7 * DAY) return [dated(at, now), false];
    if (past < MINUTE) return [new Intl.RelativeTimeFormat(undefined, { numeric: "auto" }).format(0, "second"), false];
    const [amount, name] = spanOf(past);
    return [new Intl.RelativeTimeFormat(undefined, { numeric: "auto", style: "short" }).format(-amount, name), false];
  },
  due: (at, now) => {
    const left = at - now;
    if (left < 0) return [`${unit(...spanOf(-left))} late`, true];
    if (left < HOUR) return [new Intl.RelativeTimeFormat(undefined, { style: "short" }).format(spanOf(left)[0], "minute"), false];
    const days = daysApart(at, now);
    if (days === 0) return [`${nearDay(0)} ${clock(at)}`, false];
    return [days === 1 ? nearDay(1) : dated(at, now), false];
  },
  deadline: (at, now) => {
    const days = daysApart(at, now);
    return [`${Math.abs(days) <= 1 ? nearDay(days) : dated(at, now)} ${clock(at)}`, false];
  },
  hour: (at) => [clock(at), false],
  left: (at, now) => {
    const [words, late] = FORMS.due(at, now);
    const left = at - now;
    if (late || left < HOUR) return [words, late];
    // To the nearest, so that what was just made for 90 days has 90 and not 89 left.
    const [amount, name] = spanOf(left + (left < DAY ? HOUR : DAY) / 2);
    return [new Intl.RelativeTimeFormat(undefined, { style: "short" }).format(amount, name), false];
  },
  clock: (at, now) => [daysApart(at, now) === 0 ? clock(at) : `${dated(at, now)}, ${clock(at)}`, false],
  days: (at, now) => {
    const days = Math.max(0, Math.floor((now - at) / DAY));
    return [days ? unit(days, "day") : nearDay(0), false];
  },
};

/** A point in time in the viewer's own words and zone. `at` is ISO 8601; `form` a key of FORMS; `still` never late; `until` instead of now. */
export function When({ at, form = "ago", still = false, none = "–", until = null }) {
  const present = useNow();
  const now = until ? Date.parse(until) : present;
  if (!at) return h("span", { className: "faint" }, none);
  const point = new Date(at);
  const [words, late] = FORMS[form](point, now);
  const full = point.toLocaleString(undefined, { dateStyle: "full", timeStyle: "short" });
  return h(
    "time",
    { dateTime: at, title: full, "data-late": late && !still ? "" : undefined, suppressHydrationWarning: true },
    late && still ? dated(point, now) : words,
  );
}

/** The day of `at`, unless that of `before`, the line above, is the same. */
export function DayHeading({ at, before }) {
  const now = useNow();
  const point = new Date(at);
  if (!at || (before && dayOf(new Date(before)) === dayOf(point))) return null;
  const days = daysApart(point, now);
  return h("h2", { className: "day", suppressHydrationWarning: true }, days > -2 ? nearDay(days) : dated(point, now));
}

/** Shows what is in it until `at`, or for good when that is null. */
export function Until({ at, children }) {
  const now = useNow();
  return !at || now < new Date(at) ? children : null;
}
