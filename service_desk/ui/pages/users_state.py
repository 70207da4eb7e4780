"""What admins do about users: let in, change, give a new password, let go and let in again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import reflex as rx

from ...actions import second_factor
from ...actions import users as actions
from ...actions.drafts import read_id
from ...domain.access import Actor, Permission
from ...live.gate import off_loop
from ...live.questions import UserList
from ...queries import users as queries
from .. import guard, slots
from ..components.marks import ROLES
from ..edit_state import EditState
from ..form_state import FormState, act
from ..step_state import StepState
from ..visit import as_words, visit


class UsersPage(rx.State):
    @guard.handler(Permission.SIGNED_IN)
    async def look(self) -> None:
        """Everybody may open the page: whoever may not manage users is told so by the answer."""
        await visit(self, {slots.UserRows: UserList()})

    @guard.handler(Permission.MANAGE_USERS)
    async def reactivate(self, user_id: int, key: str) -> list[Any]:
        """Calls are not given back: this is for somebody who returns, undoing for somebody who never left."""
        return await act(
            key,
            actions.reactivate_user,
            read_id(user_id, "This user"),
            done=lambda name: f"{name} can sign in again, with the password they had.",
            undo=True,
        )


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


class UserStep(StepState, rx.State, mixin=True):
    """A step about one user. `effects` are the sentences that say what it will do."""

    row: dict[str, str] = {"full_name": ""}
    effects: list[str] = []

    def _name(self, key: int) -> str:
        return self.row["full_name"] or "This user"


class SetPassword(UserStep, rx.State):
    DIALOG: ClassVar[str] = "set-password"

    @guard.handler(Permission.MANAGE_USERS)
    async def choose(self, user_id: int) -> list[Any]:
        return await self._open(queries.show_user, user_id, lambda _: {"password": ""})

    @guard.handler(Permission.MANAGE_USERS)
    async def save(self, form: dict[str, Any]) -> list[Any]:
        return await self._take(
            actions.set_password, form, "has a new password and is signed out everywhere."
        )


class Deactivate(UserStep, rx.State):
    DIALOG: ClassVar[str] = "deactivate-user"

    @guard.handler(Permission.MANAGE_USERS)
    async def choose(self, user_id: int) -> list[Any]:
        """Open the dialog, which says what will happen."""
        found = await off_loop(queries.deactivation_effects, guard.actor(), read_id(user_id, "This user"))
        self.effects = [_calls_returned(found["calls"]), _sign_ins_ended(found["sessions"])]
        return await self._open(queries.show_user, user_id, _nothing_to_fill)

    @guard.handler(Permission.MANAGE_USERS)
    async def save(self, form: dict[str, Any]) -> list[Any]:
        return await self._take(_deactivate, form, "is deactivated.", undo=True)


class ResetSecondFactor(UserStep, rx.State):
    DIALOG: ClassVar[str] = "reset-second-factor"

    @guard.handler(Permission.MANAGE_USERS)
    async def choose(self, user_id: int) -> list[Any]:
        return await self._open(queries.show_user, user_id, _nothing_to_fill)

    @guard.handler(Permission.MANAGE_USERS)
    async def save(self, form: dict[str, Any]) -> list[Any]:
        return await self._take(_reset_second_factor, form, "signs in with the password alone now.")


def _nothing_to_fill(_row: object) -> dict[str, str]:
    return {}


def _deactivate(actor: Actor, user_id: int, _form: object) -> None:
    actions.deactivate_user(actor, user_id)


def _reset_second_factor(actor: Actor, user_id: int, _form: object) -> None:
    second_factor.reset_second_factor(actor, user_id)


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
