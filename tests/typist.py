"""Somebody who works without a screen: the same events as the pages send, over a bare socket, one after another."""

from __future__ import annotations

import json
from typing import Any, Self

from .raw_socket import RawSocket, fresh_key

PAGES = "reflex___state____state.service_desk___ui___pages___"


class Typist:
    """Every step waits for its answer and fails when it was refused."""

    def __init__(self, base: str, token: str) -> None:
        self._socket = RawSocket(base, token)

    def __enter__(self) -> Self:
        self._socket.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.__exit__()

    def log_call(self, problem: str, category_id: int, phone: str, **fields: str) -> None:
        form = {"phone": phone, "customer_name": "Bright Stores", "category_id": str(category_id)}
        self._send_form("calls_state____new_call", "new-call-form", {**form, "problem": problem, **fields})

    def edit_call(self, call_id: int, was: dict[str, str], **changes: str) -> None:
        """`was` holds what the changed fields were before."""
        form = {"basis": _basis(call_id, was), **changes}
        self._send_form("call_edit_state____edit_call", "edit-call-form", form)

    def assign_call(self, call_id: int, engineer_id: int, *, before: int | None = None) -> None:
        basis = _basis(call_id, {"assigned_to_id": str(before or "")})
        form = {"basis": basis, "assigned_to_id": str(engineer_id)}
        self._send_form("calls_dialogs_state____assign_call", "assign-call-form", form)

    def cancel_call(self, call_id: int, reason: str) -> None:
        form = {"basis": _basis(call_id, {}), "reason": reason}
        self._send_form("calls_dialogs_state____cancel_call", "cancel-call-form", form)

    def _send_form(self, state: str, form_id: str, form: dict[str, Any]) -> None:
        self._socket.send(f"{PAGES}{state}.save", {"form": form | {"key": fresh_key()}})
        asked = f'answered("{form_id}", '
        answer = self._socket.wait_for(lambda frame: asked in frame.replace("\\", ""))
        assert f"{asked}true" in answer.replace("\\", ""), answer


def _basis(record_id: int, was: dict[str, str]) -> str:
    """What a form says that it was opened on."""
    return json.dumps({"record": record_id, "version": 1, "was": was})
