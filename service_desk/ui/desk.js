// The little that only a browser can do: the socket's true state, keys, dialogs, forms that are on their way.
// It knows nothing of calls, customers or rights.
import { createElement as h, useEffect, useState } from "react";
import { useLocation, useNavigate } from "react-router";
import { clock } from "./clocks.js";
import { begin, forget, onFormClick } from "./forms.js";

const GIVE_UP_MS = 10000;
const ANSWER_MS = 15000;
const WAIT_STEP_MS = 500;

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
  // A form was answered: it can be pressed again, and a saved one starts afresh next time.
  answered(id, saved) {
    const form = formOf(id);
    if (!form) return;
    clearInterval(form.deskTimer);
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
      // What somebody typed stays; what an earlier look-up filled in goes with it.
      if (!field || (field.value && field.value !== field.deskFilled)) continue;
      field.value = field.deskFilled = value;
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
  clearInterval(form.deskTimer);
  // Only time with a connection counts: a form sent without one waits for it, and sending it twice would save it twice.
  let patience = ANSWER_MS;
  form.deskTimer = setInterval(() => {
    if (window.deskSocket?.connected) patience -= WAIT_STEP_MS;
    else tellWaiting(form);
    if (patience > 0) return;
    clearInterval(form.deskTimer);
    tellWaiting(form);
    busy(form, false);
  }, WAIT_STEP_MS);
};
const tellWaiting = (form) => {
  if (form.querySelector("[data-waiting]")) return;
  const note = document.createElement("p");
  note.dataset.waiting = "";
  note.className = "notice";
  note.setAttribute("role", "alert");
  note.textContent = "No answer yet. What you typed is kept here and is sent once the connection is back. Keep this page open.";
  (form.querySelector(".dialog-body") ?? form).append(note);
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
// A field keeps the focus for a moment after its dialog has closed; nobody types there any more.
const typing = (target) =>
  target instanceof HTMLElement && !target.closest("dialog:not([open])") && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
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
