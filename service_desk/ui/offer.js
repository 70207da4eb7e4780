// Offers back what somebody was typing when their page went away. It opens nothing by itself.
import { createElement as h, useCallback, useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { truly, When } from "./clocks.js";
import { adrift, SENT, throwAway, watch } from "./drafts.js";

const STEP_MS = 100;
const PATIENCE_MS = 10000;
const UNDO_MS = 10000;

// A record's dialog is opened by its own hidden button, which asks the server for the record as it is now.
const open = (draft) => {
  const dialog = document.getElementById(draft.form)?.closest("dialog");
  const button = dialog?.querySelector("[data-resumes]");
  if (!dialog || (draft.record !== null && !button)) return false;
  if (draft.record === null) window.desk.open(dialog.id);
  else {
    window.deskResumes = draft.record;
    button.click();
  }
  return true;
};
const resume = (draft, navigate) => {
  if (open(draft)) return;
  navigate(draft.path);
  const until = Date.now() + PATIENCE_MS;
  const timer = setInterval(() => {
    if (open(draft) || Date.now() > until) clearInterval(timer);
  }, STEP_MS);
};

// The draft that was thrown away last, for as long as it can be had back.
const useThrown = () => {
  const [thrown, setThrown] = useState(null);
  const timer = useRef(0);
  const forget = () => {
    clearTimeout(timer.current);
    setThrown(null);
  };
  const throwOne = (draft) => {
    forget();
    setThrown({ title: draft.title, undo: throwAway(draft) });
    timer.current = setTimeout(forget, UNDO_MS);
  };
  const putBack = () => {
    thrown.undo();
    forget();
  };
  return [thrown, throwOne, putBack];
};

/** The bar "You were typing: New call". `me` is the id of whoever is signed in, undefined until it is known. */
export function Offer({ me }) {
  const [drafts, setDrafts] = useState([]);
  const [thrown, throwOne, putBack] = useThrown();
  const navigate = useNavigate();
  const look = useCallback(() => adrift().then(setDrafts), []);
  useEffect(() => {
    if (!me) return undefined;
    look();
    return watch(look);
  }, [me, look]);
  const [draft] = drafts;
  const take = () => {
    setDrafts(drafts.slice(1));
    resume(draft, navigate);
  };
  return h(
    "div",
    { role: "status", className: "offer-place" },
    thrown
      ? h("div", { key: "thrown", className: "offer" },
          h("span", { className: "offer-words" }, "Thrown away: ", h("b", null, thrown.title)),
          h("span", { className: "offer-ways" },
            h("button", { type: "button", className: "button small", autoFocus: true, onClick: putBack }, "Undo")))
      : null,
    draft && me
      ? h("div", { key: "adrift", className: "offer" },
          h("span", { className: "offer-words" },
            draft.sent ? `${SENT[draft.sent][0].toUpperCase()}${SENT[draft.sent].slice(1)}: ` : "You were typing: ",
            h("b", null, draft.title),
            h("span", { className: "faint" }, " · ", h(When, { at: new Date(truly(draft.at)).toISOString() }),
              drafts.length > 1 ? `, 1 of ${drafts.length}` : "")),
          h("span", { className: "offer-ways" },
            h("button", { type: "button", className: "button small", onClick: take }, "Continue"),
            h("button", { type: "button", className: "button small quiet", onClick: () => throwOne(draft) }, "Throw away")))
      : null,
  );
}
