"""What admins do about users: let in, change, give a new password, let go and let in again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import reflex as rx

from ...actions import users as actions
from ...actions.drafts import read_id
from ...domain.access import Permission
from ...domain.errors import not_found
from ...live.gate import off_loop
from ...live.questions import UserList
from ...queries import users as queries
from .. import browser, guard, slots
from ..components.marks import ROLES
from ..edit_state import EditState
from ..form_state import FormState
from ..visit import as_words, visit


class UsersPage(rx.State):
    @guard.handler(Permission.SIGNED_IN)
    async def look(self) -> None:
        """Everybody may open the page: whoever may not manage users is told so by the answer."""
        await visit(self, {slots.UserRows: UserList()})


class NewUser(FormState, rx.State):
    @guard.handler(Permission.MANAGE_USERS)
    async def save(self, form: dict[str, Any]) -> list[Any]:
        return await self._save(
            "new-user-form",
            actions.create_user,
            as_words(form),
            done="The user is added and can sign in now.",
        )


class EditUser(EditState, rx.State):
    FIELDS: ClassVar[Mapping[str, str]] = {
        "full_name": "Full name",
        "username": "Username",
        "role": "Role",
        "email": "Email",
        "phone": "Phone",
    }
    DIALOG: ClassVar[str] = "edit-user"

    @guard.handler(Permission.MANAGE_USERS)
    async def choose(self, user_id: int) -> list[Any]:
        return await self._open(queries.show_user, user_id, "full_name")

    @guard.handler(Permission.MANAGE_USERS)
    async def save(self, form: dict[str, Any]) -> list[Any]:
        return await self._save_edit(actions.edit_user, form)

    async def _words(self, field: str, text: str) -> str:
        return ROLES.get(text, text) if field == "role" else text


class UserStep(FormState, rx.State, mixin=True):
    """A dialog about one user. `effects` are the sentences that say what the step will do."""

    user_id: int = 0
    name: str = ""
    effects: list[str] = []

    async def _choose(self, user_id: Any, dialog: str) -> list[Any]:
        number = read_id(user_id, "This user")
        found = await off_loop(queries.show_user, guard.actor(), number)
        if not found.order:
            raise not_found("This user")
        self.user_id, self.name, self.errors = number, str(found.rows[number]["full_name"]), {}
        return [browser.open_dialog(dialog)]


class SetPassword(UserStep, rx.State):
    @guard.handler(Permission.MANAGE_USERS)
    async def choose(self, user_id: int) -> list[Any]:
        return await self._choose(user_id, "set-password")

    @guard.handler(Permission.MANAGE_USERS)
    async def save(self, form: dict[str, Any]) -> list[Any]:
        done = f"{self.name} has a new password and is signed out everywhere."
        return await self._save(
            "set-password-form", actions.set_password, self.user_id, as_words(form), done=done
        )


class Deactivate(UserStep, rx.State):
    @guard.handler(Permission.MANAGE_USERS)
    async def choose(self, user_id: int) -> list[Any]:
        """Open the dialog, which says what will happen."""
        found = await off_loop(queries.deactivation_effects, guard.actor(), read_id(user_id, "This user"))
        self.effects = [_calls_returned(found["calls"]), _sign_ins_ended(found["sessions"])]
        return await self._choose(user_id, "deactivate-user")

    @guard.handler(Permission.MANAGE_USERS)
    async def save(self, _form: dict[str, Any]) -> list[Any]:
        done = f"{self.name} is deactivated."
        return await self._save("deactivate-user-form", actions.deactivate_user, self.user_id, done=done)


class Reactivate(UserStep, rx.State):
    @guard.handler(Permission.MANAGE_USERS)
    async def choose(self, user_id: int) -> list[Any]:
        return await self._choose(user_id, "reactivate-user")

    @guard.handler(Permission.MANAGE_USERS)
    async def save(self, _form: dict[str, Any]) -> list[Any]:
        done = f"{self.name} can sign in again."
        return await self._save("reactivate-user-form", actions.reactivate_user, self.user_id, done=done)


def _calls_returned(count: int) -> str:
    if not count:
        return "No open call is assigned to them."
    if count == 1:
        return "1 open call returns to pending and waits for another engineer."
    return f"{count} open calls return to pending and wait for another engineer."


def _sign_ins_ended(count: int) -> str:
    if not count:
        return "They are not signed in anywhere now."
    if count == 1:
        return "1 sign-in ends at once, whatever they are in the middle of."
    return f"{count} sign-ins end at once, whatever they are in the middle of."
