// Forms that are opened on a record: filled once, then left to whoever types. They hold what they were opened with
// themselves, so neither a live update nor a connection that begins anew can empty them. No record is known here.
import { createElement as h, useEffect, useRef } from "react";
import { rearm } from "./keys.js";

/** A select that stays on what was chosen, whenever its options arrive, leave or move. */
export function Choice({ children, defaultValue, ...rest }) {
  const box = useRef(null);
  useEffect(() => {
    const select = box.current;
    select.deskDefault = select.deskChosen ??= defaultValue ?? select.value;
    const keep = () => {
      const there = [...select.options].some((option) => option.value === select.deskChosen);
      if (there && select.value !== select.deskChosen) select.value = select.deskChosen;
    };
    const choose = () => {
      select.deskChosen = select.value;
    };
    const reset = () => {
      select.deskChosen = select.deskDefault;
      setTimeout(keep);
    };
    const options = new MutationObserver(keep);
    options.observe(select, { childList: true, subtree: true });
    const form = select.form;
    select.addEventListener("change", choose);
    form?.addEventListener("reset", reset);
    keep();
    return () => {
      options.disconnect();
      select.removeEventListener("change", choose);
      form?.removeEventListener("reset", reset);
    };
  }, []);
  return h("select", { ref: box, defaultValue, ...rest }, children);
}

const MINUTE = 60000;
const localInput = (at) => {
  const point = at ? new Date(at) : null;
  return point ? new Date(point - point.getTimezoneOffset() * MINUTE).toISOString().slice(0, 16) : "";
};

/** A date and time in the viewer's zone, sent in UTC under `name`. */
export function Moment({ name, at, fieldId, ...rest }) {
  const shown = useRef(null);
  const sent = useRef(null);
  useEffect(() => {
    const hidden = sent.current;
    // Set here and not as a property: React would set it again whenever the form is rendered.
    hidden.value = hidden.deskDefault = at || "";
    hidden.deskType = (value) => {
      hidden.value = value;
      shown.current.value = localInput(value);
    };
    hidden.deskFill = (value) => {
      hidden.deskType(value);
      hidden.deskDefault = value;
      shown.current.deskDefault = shown.current.value;
    };
    // A form's own reset leaves hidden fields as they are.
    const reset = () => {
      hidden.value = hidden.deskDefault;
    };
    const form = hidden.form;
    form?.addEventListener("reset", reset);
    return () => form?.removeEventListener("reset", reset);
  }, []);
  return [
    h("input", {
      ...rest,
      key: "shown",
      ref: shown,
      id: fieldId,
      type: "datetime-local",
      defaultValue: localInput(at),
      onChange: (event) => {
        sent.current.value = event.target.value ? new Date(event.target.value).toISOString() : "";
      },
    }),
    h("input", { key: "sent", ref: sent, type: "hidden", name }),
  ];
}

/** Boxes to tick, sent as the ticked ones' values with blanks between them under `name`. `children` are the boxes. */
export function Ticks({ name, children, ...rest }) {
  const sent = useRef(null);
  const all = useRef(null);
  const boxes = () => [...all.current.querySelectorAll("input[type=checkbox]")];
  useEffect(() => {
    const hidden = sent.current;
    hidden.value = hidden.deskDefault = "";
    hidden.deskType = (value) => {
      const words = value.split(" ");
      hidden.value = value;
      boxes().forEach((box) => (box.checked = words.includes(box.value)));
    };
    hidden.deskFill = (value) => {
      hidden.deskType(value);
      hidden.deskDefault = value;
    };
    // A form's own reset comes after the event, and leaves hidden fields as they are.
    const reset = () => {
      hidden.value = hidden.deskDefault;
      setTimeout(() => hidden.deskType(hidden.value));
    };
    const form = hidden.form;
    form?.addEventListener("reset", reset);
    return () => form?.removeEventListener("reset", reset);
  }, []);
  const tick = () => {
    sent.current.value = boxes().filter((box) => box.checked).map((box) => box.value).join(" ");
  };
  return h("div", { ...rest, ref: all, onChange: tick }, children, h("input", { ref: sent, type: "hidden", name }));
}

const formOf = (dialog) => document.getElementById(`${dialog}-form`);

const fillField = (field, value) => {
  if (field.deskFill) field.deskFill(value);
  else if (field.type === "radio") field.checked = field.deskDefault = field.value === value;
  else field.value = field.deskChosen = field.deskDefault = value;
};

const say = (form) => {
  const { basis, values } = form.deskLatest;
  form.elements.basis.value = JSON.stringify({ ...basis, was: values });
};

const refill = (form) => {
  const { basis, values } = form.deskLatest;
  form.deskRecord = basis.record;
  for (const field of form.elements) {
    if (field.name in values) fillField(field, values[field.name]);
  }
  say(form);
  form.toggleAttribute("data-draft", false);
};

const isTyped = (field) => {
  const now = field.matches("select") ? field.deskChosen : field.type === "radio" ? field.checked : field.value;
  return field.deskDefault !== undefined && now !== field.deskDefault;
};

/** Fill a dialog's form with a record as it is now; what was half-typed for the same record stays, and is called a draft. */
export function begin(dialog, basis, values) {
  const form = formOf(dialog);
  if (!form) return;
  if (form.deskRecord !== basis.record) rearm(form);
  form.deskLatest = { basis, values };
  if (form.deskRecord === basis.record && [...form.elements].some(isTyped)) {
    form.toggleAttribute("data-draft", true);
    // A draft of an edit belongs to what it was opened on; a step only has to know the record as it is now.
    if (!form.elements.settle) say(form);
  } else refill(form);
}

/** It was saved as `sent` (values by name), and is open still: what is saved next is based on that. */
export function goOnFrom(form, sent) {
  const { was, ...basis } = JSON.parse(form.elements.basis.value);
  const saved = Object.fromEntries(Object.keys(was).map((name) => [name, sent[name] ?? was[name]]));
  form.elements.basis.value = JSON.stringify({ ...basis, was: saved });
}

/** What was typed is saved: the next opening starts anew. */
export function forget(form) {
  delete form.deskRecord;
  form.toggleAttribute("data-draft", false);
}

/** Empty the form, also in React's memory: it would take the same words, pasted again, for no change. */
export function clear(form) {
  form.reset();
  for (const field of form.elements) {
    if (/^(text|tel|email|search|textarea)$/.test(field.type)) field.value = field.defaultValue;
  }
}

/** The form as it was opened, or as the record is now. */
export function restart(form) {
  rearm(form);
  if (form.deskRecord !== undefined) {
    refill(form);
    return;
  }
  for (const name of Object.keys(changedFields(form))) {
    const field = form.elements.namedItem(name);
    if (field instanceof HTMLElement) typeInto(field, field.deskDefault ?? field.defaultValue ?? "");
  }
  clear(form);
  form.toggleAttribute("data-draft", false);
}

/** Fields of ours, beside what somebody types. */
export const OURS = ["basis", "key", "settle"];
const SECRET = /password|one-time-code/;
const isDraftable = (field) =>
  field.name && !OURS.includes(field.name) && !/^(password|file|submit|button|fieldset)$/.test(field.type) &&
  !SECRET.test(field.autocomplete ?? "") && (field.type !== "hidden" || field.deskType);

/** What somebody typed or chose, by the fields' names. Secrets are no part of it. */
export function changedFields(form) {
  const changed = {};
  // A form for records that is open on none holds nothing of anybody's.
  if (form.elements.basis && form.deskRecord === undefined) return changed;
  for (const field of form.elements) {
    if (!isDraftable(field)) continue;
    if (field.type === "radio" || field.type === "checkbox") {
      if (field.checked && !(field.deskDefault ?? field.defaultChecked)) changed[field.name] = field.value;
      continue;
    }
    const now = field.matches("select") ? (field.deskChosen ?? field.value) : field.value;
    if (now !== (field.deskDefault ?? field.defaultValue ?? now)) changed[field.name] = now;
  }
  return changed;
}

const nativeValue = (field) => Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), "value");

/** Put a value into a field as if it were typed: whatever listens to the field hears of it. */
export function typeInto(field, value) {
  if (field.deskType) field.deskType(value);
  else if (field.type === "radio" || field.type === "checkbox") field.checked = field.value === value;
  else if (field.matches("select")) field.value = field.deskChosen = value;
  else {
    // Around React, which else takes the value for one that it knows already.
    nativeValue(field).set.call(field, value);
    field.form.deskTypes = true;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.form.deskTypes = false;
  }
}

/** The forms of dialogs, and what people call each. */
export const formsIn = (root) => [...root.querySelectorAll("dialog form")];
export const titleOf = (form) => form.closest("dialog")?.querySelector("h2")?.textContent ?? "";

/** A click in a form that says which side of a conflict stays, or that a draft goes. */
export function onFormClick(target) {
  const form = target?.closest("form");
  const side = target?.closest("[data-settle]");
  if (form && side) {
    form.elements.settle.value = side.dataset.settle;
    form.requestSubmit();
    form.elements.settle.value = "";
  }
  if (form && target.closest("[data-refill]")) restart(form);
}
