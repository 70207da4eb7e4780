"""Forms that begin with a phone number: the customer is found by it, and what is new is saved under it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import reflex as rx

from ..live.gate import off_loop
from ..queries.customer import find_customer
from . import browser, guard
from .form_state import FormState
from .visit import as_words


class KnownCustomerState(FormState, rx.State, mixin=True):
    """A subclass names its form and makes the two handlers. `work` has rows as in `queries.customer_work`."""

    FORM: ClassVar[str] = ""
    """Id of the form, with fields customer_name and address."""

    found: dict[str, Any] = {}
    work: list[dict[str, Any]] = []

    async def _look_up(self, phone: Any) -> list[Any]:
        """Fill in the customer once the number is whole, or take back what another number filled in."""
        found = await off_loop(find_customer, guard.actor(), phone) if isinstance(phone, str) else None
        self.found = {key: value for key, value in found.items() if key != "work"} if found else {}
        self.work = found["work"] if found else []
        known = found or {"name": "", "address": None}
        return [browser.fill(self.FORM, {"customer_name": known["name"], "address": known["address"] or ""})]

    async def _save_new(self, action: Callable[..., int], form: Any, done: Callable[[int], str]) -> list[Any]:
        """Save a new record. Fields left empty are not sent, so that they keep their defaults."""
        typed = {name: value for name, value in as_words(form).items() if value != ""}
        answer = await self._save(self.FORM, action, typed, done=done)
        if not self.errors:
            self.found, self.work = {}, []
        return answer
