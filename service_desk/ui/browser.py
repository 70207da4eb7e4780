"""What the server may tell a page to do. Each is an event that a handler returns; `ui/desk.js` carries it out."""

from __future__ import annotations

import json
from typing import Any

import reflex as rx
from reflex_base.vars.base import Var
from reflex_components_sonner.toast import ToastAction

from .. import reference
from ..domain.errors import DeskError

UNDO_MS = 10_000


def open_dialog(dialog: str) -> Any:
    return _desk("open", dialog)


def begin(dialog: str, basis: dict[str, Any], values: dict[str, str]) -> Any:
    """Open an edit dialog filled with `values`; its field "basis" sends `basis` back, with them as "was"."""
    return _desk("begin", dialog, basis, values)


def answered(form: str, *, saved: bool, anew: bool = False, key: object = None) -> Any:
    """The form's command with this key was answered: it can be sent again; a saved one is emptied, its dialog closed.

    `anew`: what is sent next is another command, whatever became of this one.
    """
    return _desk("answered", form, saved, anew, key if isinstance(key, str) else "")


def heard(key: str) -> Any:
    """The button's command can't be carried out now: nothing repeats it by itself; its next click is the same one."""
    return _desk("heard", key)


def disarm(key: str) -> Any:
    """The button's command was answered: its next click is another one."""
    return _desk("disarm", key)


def fill(form: str, values: dict[str, str]) -> Any:
    """Fill fields that are empty or hold what was filled in before. What somebody typed is never overwritten."""
    return _desk("fill", form, values)


def reveal(dialog: str, text: str) -> Any:
    """Show what is never shown again in a dialog's field; it goes when the dialog is closed."""
    return _desk("reveal", dialog, text)


def leave(url: str) -> Any:
    """Load another page anew, forgetting everything this one holds."""
    # Without the frame (a page that was never let in) there is no desk to ask.
    return rx.call_script(f"(window.desk?.leave ?? ((url) => location.replace(url)))({_script(url)})")


def rest(why: str) -> Any:
    """Stop following what happens, and say why, until somebody looks at this tab again or asks it to go on."""
    return _desk("rest", why)


def say(sentence: str, *, undo: Any = None) -> Any:
    """A toast for what went well. `undo` is the event that takes it back: a button, or the key "z", for 10 s."""
    if undo is None:
        return rx.toast.success(_words(sentence))
    return rx.toast.success(_words(sentence), duration=UNDO_MS, action=ToastAction("Undo", undo))


def complain(why: str | DeskError) -> Any:
    """A toast for what did not. A refusal that may be reported carries its reference."""
    sentence = reference.told(why) if isinstance(why, DeskError) else why
    return rx.toast.error(_words(sentence), duration=8000)


def _desk(verb: str, *words: Any) -> Any:
    return rx.call_script(f"window.desk?.{verb}({', '.join(map(_script, words))})")


def _words(sentence: str) -> Var[str]:
    return Var(_js_expr=_script(sentence), _var_type=str)


def _script(value: Any) -> str:
    """The value as an expression of JavaScript."""
    # Reflex looks for its own tags in every text, "<reflex.Var>" among what somebody typed too, and never comes back.
    return json.dumps(value).replace("<", "\\u003c")
