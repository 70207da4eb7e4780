// Forms that are opened on a record: filled once, then left to whoever types. They hold what they were opened with
// themselves, so neither a live update nor a connection that begins anew can empty them. No record is known here.
import { createElement as h, useEffect, useRef } from "react";

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
    let first = (hidden.value = at || "");
    hidden.deskFill = (value) => {
      first = hidden.value = value;
      shown.current.value = shown.current.deskDefault = localInput(value);
    };
    // A form's own reset leaves hidden fields as they are.
    const reset = () => {
      hidden.value = first;
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
  form.deskLatest = { basis, values };
  if (form.deskRecord === basis.record && [...form.elements].some(isTyped)) {
    form.toggleAttribute("data-draft", true);
    // A draft of an edit belongs to what it was opened on; a step only has to know the record as it is now.
    if (!form.elements.settle) say(form);
  } else refill(form);
}

/** What was typed is saved: the next opening starts anew. */
export function forget(form) {
  delete form.deskRecord;
}

/** A click in a form that says which side of a conflict stays, or that a draft goes. */
export function onFormClick(target) {
  const form = target?.closest("form");
  const side = target?.closest("[data-settle]");
  if (form && side) {
    form.elements.settle.value = side.dataset.settle;
    form.requestSubmit();
    form.elements.settle.value = "";
  }
  if (form && target.closest("[data-refill]")) refill(form);
}
