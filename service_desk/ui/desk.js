// The little that only a browser can do: clocks in the viewer's zone, the socket's true state, keys, dialogs,
// and holding rows still under the pointer. It knows nothing of calls, customers or rights.
import { createElement as h, useCallback, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { useLocation, useNavigate } from "react-router";
import { begin, forget, onFormClick } from "./forms.js";

const TICK_MS = 15000;
const GIVE_UP_MS = 10000;
const ANSWER_MS = 15000;

const watchers = new Set();
let moment = Date.now();
if (typeof window !== "undefined") {
  setInterval(() => {
    moment = Date.now();
    watchers.forEach((tell) => tell());
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
const clock = (at) => at.toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" });
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
    if (late || at - now < HOUR) return [words, late];
    const [amount, name] = spanOf(at - now);
    return [new Intl.RelativeTimeFormat(undefined, { style: "short" }).format(amount, name), false];
  },
  clock: (at, now) => [daysApart(at, now) === 0 ? clock(at) : `${dated(at, now)}, ${clock(at)}`, false],
  days: (at, now) => {
    const days = Math.max(0, -daysApart(at, now));
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

/** The order to show: while the pointer is on the rows nothing moves or vanishes, and newcomers join at the end. */
export function useHeldOrder(order) {
  const latest = useRef(order ?? EMPTY);
  const [shown, setShown] = useState(order ?? EMPTY);
  latest.current = order ?? EMPTY;
  const release = useCallback(() => setShown(latest.current), []);
  useEffect(() => {
    holders.add(release);
    return () => holders.delete(release);
  }, [release]);
  useEffect(() => {
    const now = latest.current;
    setShown((before) => {
      if (!held || !before.some((id) => now.includes(id))) return now;
      const more = now.filter((id) => !before.includes(id));
      return more.length || before.length !== now.length ? [...before, ...more] : before;
    });
  }, [order]);
  return shown;
}

/** The row to show: one that has left the list stays readable until the list lets go of it. */
export function useHeldRow(row) {
  const last = useRef(row);
  if (row) last.current = row;
  const shown = last.current ?? {};
  return row || !last.current ? shown : { ...shown, gone: true };
}

const LIVE = "Live";
const TRYING = "Reconnecting…";

/** The chip that says whether what is on the screen is alive, by what the socket does and not by hope. */
export function Connection() {
  const [state, setState] = useState({ word: "Connecting…", kind: "waiting", lostAt: 0 });
  useEffect(() => {
    let socket = null;
    let timer = 0;
    const live = () => {
      clearTimeout(timer);
      document.documentElement.dataset.connection = "live";
      setState({ word: LIVE, kind: "live", lostAt: 0 });
    };
    const lost = () => {
      document.documentElement.dataset.connection = "lost";
      setState((before) => {
        const lostAt = before.lostAt || Date.now();
        clearTimeout(timer);
        timer = setTimeout(
          () => setState({ word: `Offline since ${clock(new Date(lostAt))}`, kind: "offline", lostAt }),
          Math.max(0, lostAt + GIVE_UP_MS - Date.now()),
        );
        return { word: TRYING, kind: "waiting", lostAt };
      });
    };
    const failed = () => {
      if (document.documentElement.dataset.connection !== "lost") lost();
    };
    const watch = () => {
      socket = window.deskSocket ?? null;
      if (!socket) return;
      socket.on("connect", live);
      socket.on("disconnect", lost);
      socket.on("connect_error", failed);
      if (socket.connected) live();
    };
    // A device that knows it has no network says so before the socket notices.
    const offline = () => lost();
    const online = () => (socket?.connected ? live() : tryNow());
    watch();
    window.addEventListener("desk:socket", watch);
    window.addEventListener("offline", offline);
    window.addEventListener("online", online);
    return () => {
      clearTimeout(timer);
      window.removeEventListener("desk:socket", watch);
      window.removeEventListener("offline", offline);
      window.removeEventListener("online", online);
      socket?.off("connect", live).off("disconnect", lost).off("connect_error", failed);
    };
  }, []);
  return h(
    "span",
    { className: "connection" },
    h("span", { role: "status", "aria-live": "polite", className: "chip", "data-kind": state.kind },
      h("span", { className: "dot", "aria-hidden": true }), state.word),
    state.lostAt ? h("button", { type: "button", className: "button small", onClick: tryNow }, "Try now") : null,
  );
}
const tryNow = () => {
  const socket = window.deskSocket;
  if (socket && !socket.connected) {
    socket.wait_connect = false;
    socket.reconnect();
  }
};

const busy = (form, on) => {
  form.toggleAttribute("data-busy", on);
  form.setAttribute("aria-busy", on ? "true" : "false");
  form.querySelectorAll("button[type=submit]").forEach((button) => {
    button.disabled = on;
  });
};
let leaving = false;
const formOf = (id) => document.getElementById(id);

// What the server tells the page to do, by name.
const desk = {
  open(id) {
    const dialog = formOf(id);
    if (!dialog || dialog.open) return;
    dialog.showModal();
    dialog.querySelector("[data-first], input:not([type=hidden]), textarea, select")?.focus();
  },
  begin(id, basis, values) {
    begin(id, basis, values);
    desk.open(id);
  },
  close(id) {
    const dialog = formOf(id);
    if (dialog?.open) dialog.close();
  },
  // A form was answered: it can be pressed again, and a saved one starts afresh next time.
  answered(id, saved) {
    const form = formOf(id);
    if (!form) return;
    clearTimeout(form.deskTimer);
    busy(form, false);
    form.querySelector("[data-waiting]")?.remove();
    if (saved) {
      form.reset();
      forget(form);
      form.closest("dialog")?.close();
    } else {
      // After React has shown the answer.
      setTimeout(() => form.querySelector("[aria-invalid=true], [data-answer]")?.focus(), 50);
    }
  },
  fill(id, values) {
    const form = formOf(id);
    for (const [name, value] of Object.entries(values)) {
      const field = form?.elements.namedItem(name);
      if (field && !field.value) field.value = value;
    }
  },
  // Somebody who is signing out is on the way already: telling them why would break off their going.
  leave(url) {
    if (!leaving) window.location.replace(url);
  },
};

const onSubmit = (event) => {
  const form = event.target;
  leaving ||= form instanceof HTMLFormElement && form.method === "post";
  if (!(form instanceof HTMLFormElement) || !form.id || form.method === "post") return;
  // After React has read the fields: a form that is on its way can't be sent twice.
  setTimeout(() => busy(form, true));
  clearTimeout(form.deskTimer);
  form.deskTimer = setTimeout(() => {
    busy(form, false);
    const note = document.createElement("p");
    note.dataset.waiting = "";
    note.className = "error";
    note.setAttribute("role", "alert");
    note.textContent = "No answer yet. What you typed is kept here; it is sent once the connection is back.";
    form.append(note);
  }, ANSWER_MS);
};
const onClick = (navigate) => (event) => {
  const target = event.target instanceof Element ? event.target : null;
  const opens = target?.closest("[data-opens]");
  if (opens) desk.open(opens.dataset.opens);
  const closes = target?.closest("[data-closes]");
  if (closes) closes.closest("dialog")?.close();
  onFormClick(target);
  const item = target?.closest("[popover] button, [popover] a");
  if (item) item.closest("[popover]").hidePopover();
  const link = target?.closest("a[href^='/'], a[href^='?']");
  const plain = !event.defaultPrevented && event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;
  if (link && plain && !link.target && !link.hasAttribute("download") && link.dataset.reload === undefined) {
    event.preventDefault();
    navigate(link.dataset.set ? withParam(link.dataset.set) : link.getAttribute("href"));
    return;
  }
  // A click on a row opens it, unless it was meant for a control in it or for selecting text.
  const row = target?.closest("[data-href]");
  if (row && plain && !target.closest("a, button, input, select, label") && !String(getSelection())) {
    navigate(row.dataset.href);
  }
};
const withParam = (pair) => {
  const params = new URLSearchParams(window.location.search);
  const at = pair.indexOf("=");
  const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
  if (value) params.set(name, value);
  else params.delete(name);
  if (name !== "page") params.delete("page");
  return `${window.location.pathname}?${params}`;
};
const typing = (target) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
const onKey = (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = event.target instanceof Element && event.target.closest("form");
    if (form && !form.hasAttribute("data-busy")) {
      event.preventDefault();
      form.requestSubmit();
    }
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Escape" && event.target instanceof Element && event.target.matches("input[type=search]")) {
    event.target.blur();
    return;
  }
  if (typing(event.target) || document.querySelector("dialog[open]")) return;
  const bound = document.querySelector(`[data-key~="${CSS.escape(event.key)}"]`);
  if (!bound) return;
  event.preventDefault();
  if (bound.matches("input")) {
    bound.focus();
    bound.select();
  } else bound.click();
};

/** Mounted once in the frame: links without reload, filters in the address, keys, dialogs, forms that are on their way. */
export function Desk() {
  const navigate = useNavigate();
  const { search } = useLocation();
  // Going back, or a link that takes a filter away, changes the address under fields that were typed in.
  useEffect(() => {
    const params = new URLSearchParams(search);
    document.querySelectorAll("input[data-param]").forEach((field) => {
      if (field !== document.activeElement) field.value = params.get(field.dataset.param) ?? "";
    });
  }, [search]);
  useEffect(() => {
    window.desk = desk;
    const click = onClick(navigate);
    let timer = 0;
    const filter = (event) => {
      const field = event.target instanceof Element && event.target.closest("[data-param]");
      if (!field) return;
      clearTimeout(timer);
      // Taken now: React puts a select back to what the address says before the timer runs.
      const chosen = `${field.dataset.param}=${field.value}`;
      timer = setTimeout(() => navigate(withParam(chosen), { replace: true }), field.matches("input") ? 200 : 0);
    };
    document.addEventListener("click", click);
    document.addEventListener("submit", onSubmit, true);
    document.addEventListener("keydown", onKey);
    document.addEventListener("input", filter);
    return () => {
      document.removeEventListener("click", click);
      document.removeEventListener("submit", onSubmit, true);
      document.removeEventListener("keydown", onKey);
      document.removeEventListener("input", filter);
    };
  }, [navigate]);
  return null;
}
