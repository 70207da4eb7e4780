// The little that only a browser can do: keys, dialogs, forms that are on their way.
// It knows nothing of calls, customers or rights.
import { useEffect } from "react";
import { useLocation, useNavigate } from "react-router";
import { beginSignOut, discard, discardFor, hasLeft, mark, restore } from "./drafts.js";
import { begin, clear, forget, goOnFrom, onFormClick, OURS } from "./forms.js";
import { arm, armed, disarm, heard, rearm } from "./keys.js";
import { isOpen, isShownOut, letGo } from "./link.js";
import { ANSWER_MS, forgo } from "./outbox.js";
import { answered as answeredStep, isUnsent, leaveIt } from "./waits.js";

const WAIT_STEP_MS = 500;
const LEAVING_MS = 30000;
const UNSENT = "No answer yet. What you typed is kept, and is sent once the connection is back if this page stays open.";
const SIGNED_OUT = "You have signed out in another tab. What was not sent yet is not sent any more.";
const SAVED_BEFORE = "It was saved as it was sent. What you have changed since is not saved.";
const SAVED_NEW = "It was saved as it was sent. What you have changed since is not: change it in the record, since saving this again makes a second one.";
const GONE_BEFORE = "What you sent before may have been saved all the same: look whether it is there.";
const LEAVES_UNSENT = "Something here has not been sent yet, and will not be. Sign out all the same?";

const busy = (form, on) => {
  form.toggleAttribute("data-busy", on);
  form.setAttribute("aria-busy", on ? "true" : "false");
  form.querySelectorAll("button[type=submit]").forEach((button) => {
    button.disabled = on;
  });
};
let leftAt = -LEAVING_MS;
const isLeaving = () => performance.now() - leftAt < LEAVING_MS;
const formOf = (id) => document.getElementById(id);
const focusFirst = (within) => within.querySelector("[data-first], input:not([type=hidden]), textarea, select")?.focus();

// What the server tells the page to do, by name.
const desk = {
  open(id) {
    const dialog = formOf(id);
    if (!dialog || dialog.open) return;
    dialog.showModal();
    const form = dialog.querySelector("form");
    arm(form);
    if (form) restore(form);
    answeredStep();
    focusFirst(dialog);
  },
  begin(id, basis, values) {
    const form = formOf(`${id}-form`);
    if (form && form.deskRecord !== basis.record) letGoOf(form);
    begin(id, basis, values);
    desk.open(id);
  },
  // The command of this form with this key was answered: it can be pressed again, and a saved one starts afresh next time.
  answered(id, saved, anew, key) {
    const form = formOf(id);
    if (key) heard(key);
    if (!form) return;
    const first = form.deskFirst?.get(key);
    form.deskFirst?.delete(key);
    // The form is on something new by now: it was opened on another record, or this is the second answer to one command.
    if (key && form.elements.key?.value !== key) {
      if (saved && first && first.record !== (form.deskRecord ?? null)) discardFor(form, first.record);
      return;
    }
    clearInterval(form.deskTimer);
    busy(form, false);
    note(form, "");
    if (saved || anew) rearm(form);
    const typedOn = first && hasMore(form, first);
    if (saved && typedOn) {
      mark(form, undefined);
      if (form.elements.basis?.value) goOnFrom(form, Object.fromEntries(JSON.parse(first.words)));
      note(form, form.elements.basis?.value ? SAVED_BEFORE : SAVED_NEW);
    } else if (saved) {
      discard(form);
      clear(form);
      forget(form);
      form.closest("dialog")?.close();
    } else {
      mark(form, undefined);
      // After React has shown the answer.
      setTimeout(() => form.querySelector("[aria-invalid=true], [data-answer]")?.focus(), 50);
    }
  },
  armed,
  disarm,
  // The command was refused before anything looked at it: nothing sends it again by itself.
  heard(key) {
    heard(key);
    const form = [...document.querySelectorAll("form[data-busy]")].find((each) => each.elements.key?.value === key);
    if (!form) return;
    mark(form, undefined);
    letGoOf(form);
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
  // What is shown once goes with its dialog.
  reveal(id, text) {
    const dialog = formOf(id);
    const field = dialog?.querySelector("[data-revealed]");
    if (!field) return;
    field.value = text;
    dialog.addEventListener("close", () => (field.value = ""), { once: true });
    dialog.querySelector("[data-copied]").hidden = true;
    desk.open(id);
    field.select();
  },
  rest(why) {
    window.dispatchEvent(new CustomEvent("desk:rest", { detail: why }));
  },
  // Somebody who is signing out is on the way already: telling them why would break off their going.
  leave(url) {
    letGo();
    if (!isLeaving()) window.location.replace(url);
  },
};

const wordsOf = (form) => JSON.stringify([...new FormData(form)].filter(([name]) => !OURS.includes(name)));
// Whether somebody has changed something since the form was sent first, as which it was saved. What a look-up fills in
// meanwhile is nobody's.
const hasMore = (form, first) => form.deskTypedAt > first.at && first.words !== wordsOf(form);

// What the form sent is answered all the same, but it waits for that no more.
const letGoOf = (form) => {
  clearInterval(form.deskTimer);
  busy(form, false);
  note(form, "");
  form.deskSent = undefined;
};
// What the form was to send is not sent any more; what has gone already may be saved all the same.
const takeBack = (form) => {
  const went = form.deskSent === "gone";
  forgo(form.elements.key?.value);
  letGoOf(form);
  if (went) note(form, GONE_BEFORE);
};
// What was pressed here is answered by another page, by plain HTTP.
const onLeave = (event, form) => {
  const isSignOut = form.action.endsWith("/auth/sign-out");
  if (isSignOut && isUnsent()) {
    if (!window.confirm(LEAVES_UNSENT)) {
      event.preventDefault();
      return;
    }
    leaveIt();
  }
  leftAt = performance.now();
  if (isSignOut) beginSignOut();
};
const onSubmit = (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement)) return;
  if (form.method === "post") {
    onLeave(event, form);
    return;
  }
  if (!form.id) return;
  arm(form);
  form.deskFirst ??= new Map(); // Key → what was sent under it first, when, and for which record.
  const key = form.elements.key?.value;
  if (!form.deskFirst.has(key)) form.deskFirst.set(key, { words: wordsOf(form), at: Date.now(), record: form.deskRecord ?? null });
  const sent = isOpen() ? "gone" : "waiting";
  // After React has read the fields: a form that is on its way can't be sent twice.
  setTimeout(() => {
    busy(form, true);
    mark(form, sent);
  });
  clearInterval(form.deskTimer);
  // Only time with a connection counts: what was sent without one, or not answered before it went, is sent once it is back.
  let patience = ANSWER_MS;
  form.deskTimer = setInterval(() => {
    if (isOpen()) {
      patience -= WAIT_STEP_MS;
      mark(form, "gone");
      note(form, "");
    } else {
      patience = ANSWER_MS;
      note(form, UNSENT);
    }
    if (patience > 0) return;
    clearInterval(form.deskTimer);
    const button = form.querySelector("button[type=submit]");
    note(form, `No answer came. What you typed is kept. Press ${button.getAttribute("aria-label")} again: nothing is saved twice.`);
    busy(form, false);
  }, WAIT_STEP_MS);
};
// Says in a form what has become of it; nothing more once there are no words.
const note = (form, words) => {
  const there = form.querySelector("[data-waiting]");
  if (there?.textContent === words) return;
  there?.remove();
  if (!words) return;
  const line = document.createElement("p");
  line.dataset.waiting = "";
  line.className = "notice";
  line.setAttribute("role", "alert");
  line.textContent = words;
  (form.querySelector(".dialog-body") ?? form).append(line);
};
const onSignedOut = () =>
  document.querySelectorAll("form[data-busy]").forEach((form) => {
    clearInterval(form.deskTimer);
    busy(form, false);
    note(form, SIGNED_OUT);
  });
// A page that the browser had put aside whole must not show again what somebody has left.
const onShow = (event) => {
  if (event.persisted && (hasLeft() || isLeaving() || isShownOut())) window.location.reload();
};
const copy = async (button) => {
  const field = formOf(button.dataset.copies);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    // A page by plain http has no clipboard of its own.
    document.execCommand("copy");
  }
  button.parentElement.querySelector("[data-copied]").hidden = false;
};
const onClick = (navigate) => (event) => {
  const target = event.target instanceof Element ? event.target : null;
  const opens = target?.closest("[data-opens]");
  if (opens) desk.open(opens.dataset.opens);
  const closes = target?.closest("[data-closes]");
  if (closes) closes.closest("dialog")?.close();
  const copies = target?.closest("[data-copies]");
  if (copies) copy(copies);
  const anew = target?.closest("[data-refill]")?.closest("form");
  if (anew) takeBack(anew);
  onFormClick(target);
  if (anew) {
    discard(anew);
    // The button that was pressed is not to be seen any more.
    focusFirst(anew);
  }
  const item = target?.closest("[popover] button, [popover] a");
  if (item) item.closest("[popover]").hidePopover();
  const link = target?.closest("a[href^='/'], a[href^='?']");
  const plain = !event.defaultPrevented && event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;
  if (link && plain && !link.target && !link.hasAttribute("download") && link.dataset.reload === undefined) {
    event.preventDefault();
    navigate(link.getAttribute("href"));
    return;
  }
  // A click on a row opens it, unless it was meant for a control in it or for selecting text.
  const row = target?.closest("[data-href]");
  if (row && plain && !target.closest("a, button, input, select, label") && !String(getSelection())) {
    navigate(row.dataset.href);
  }
};
// A link that sets parameters keeps the others. Asked before the router's own links, which know only their address.
const onSetting = (navigate) => (event) => {
  const link = event.target instanceof Element ? event.target.closest("a[data-set]") : null;
  if (!link || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  navigate(withParams(link.dataset.set));
};
// `chosen` is a query as an address has it, or an object of values by name; an empty value takes its parameter away.
const withParams = (chosen) => {
  const params = new URLSearchParams(window.location.search);
  params.delete("page");
  for (const [name, value] of new URLSearchParams(chosen)) {
    if (value) params.set(name, value);
    else params.delete(name);
  }
  return `${window.location.pathname}?${params}`;
};
// A field keeps the focus for a moment after its dialog has closed; nobody types there any more.
const typing = (target) =>
  target instanceof HTMLElement && !target.closest("dialog:not([open])") && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
// The newest toast stands first among them.
const wayBack = () => document.querySelector("[data-sonner-toast]:not([data-removed=true]) [data-action]");
const onKey = (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    // A click beside the fields takes the focus to the dialog, or out of it.
    const form = (event.target instanceof Element && event.target.closest("form")) || document.querySelector("dialog[open] form");
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
  const bound = event.key === "z" ? wayBack() : document.querySelector(`[data-key~="${CSS.escape(event.key)}"]`);
  if (!bound) return;
  event.preventDefault();
  if (bound.matches("input")) {
    bound.focus();
    bound.select();
  } else bound.click();
};

// Where the tabs are wider than the screen, the chosen one comes into sight, with a bit of the next.
const NEXT_TAB_PX = 28;
const showTab = (tab) => {
  const [row, own] = [tab.parentElement.getBoundingClientRect(), tab.getBoundingClientRect()];
  if (own.right > row.right) tab.parentElement.scrollLeft += own.right - row.right + NEXT_TAB_PX;
  else if (own.left < row.left) tab.parentElement.scrollLeft -= row.left - own.left + NEXT_TAB_PX;
};
const watchTabs = () => {
  // Numbers come later than the tabs, and make them wider: the chosen one, or those before it.
  const grown = new ResizeObserver(() => document.querySelectorAll(".tabs [aria-current=page]").forEach(showTab));
  const choose = () => {
    grown.disconnect();
    document.querySelectorAll(".tabs > *").forEach((tab) => grown.observe(tab));
  };
  const chosen = new MutationObserver(choose);
  chosen.observe(document.body, { subtree: true, attributeFilter: ["aria-current"] });
  choose();
  return () => [grown, chosen].forEach((watcher) => watcher.disconnect());
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
    const setting = onSetting(navigate);
    let timer = 0;
    const filter = (event) => {
      const field = event.target instanceof Element && event.target.closest("[data-param]");
      if (!field) return;
      clearTimeout(timer);
      // Taken now: React puts a select back to what the address says before the timer runs.
      const chosen = { [field.dataset.param]: field.value };
      timer = setTimeout(() => navigate(withParams(chosen), { replace: true }), field.matches("input") ? 200 : 0);
    };
    document.addEventListener("click", setting, true);
    document.addEventListener("click", click);
    document.addEventListener("submit", onSubmit, true);
    document.addEventListener("keydown", onKey);
    document.addEventListener("input", filter);
    window.addEventListener("desk:signed-out", onSignedOut);
    window.addEventListener("pageshow", onShow);
    const forgetTabs = watchTabs();
    return () => {
      forgetTabs();
      document.removeEventListener("click", setting, true);
      document.removeEventListener("click", click);
      document.removeEventListener("submit", onSubmit, true);
      document.removeEventListener("keydown", onKey);
      document.removeEventListener("input", filter);
      window.removeEventListener("desk:signed-out", onSignedOut);
      window.removeEventListener("pageshow", onShow);
    };
  }, [navigate]);
  return null;
}
