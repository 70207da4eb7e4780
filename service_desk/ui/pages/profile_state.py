"""What everybody can do about themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import reflex as rx

from ...actions import sessions, users
from ...domain.access import Actor, Permission
from ...live.questions import OwnSignIns, OwnTokens
from ...queries.answer import Answer
from ...queries.users import show_profile
from .. import guard, slots
from ..edit_state import EditState
from ..form_state import FormState, end_sign_ins
from ..visit import as_words, visit


class ProfilePage(rx.State):
    @guard.handler(Permission.SIGNED_IN)
    async def look(self) -> None:
        me = guard.actor()
        await visit(self, {slots.SignIns: OwnSignIns(me.id, me.session_id), slots.Tokens: OwnTokens(me.id)})

    @guard.handler(Permission.SIGNED_IN)
    async def sign_out_others(self, key: str) -> list[Any]:
        return await end_sign_ins(key, sessions.revoke_other_sessions, done=_so_many_places)


def _so_many_places(count: int) -> str:
    places = "1 other place" if count == 1 else f"{count} other places"
    return f"Signed out in {places}." if count else "You are signed in nowhere else."


class EditProfile(EditState, rx.State):
    FIELDS: ClassVar[Mapping[str, str]] = {"full_name": "Full name", "email": "Email", "phone": "Phone"}
    DIALOG: ClassVar[str] = "edit-profile"

    @guard.handler(Permission.SIGNED_IN)
    async def choose(self) -> list[Any]:
        return await self._open(_own_row, guard.actor().id)

    @guard.handler(Permission.SIGNED_IN)
    async def save(self, form: dict[str, Any]) -> list[Any]:
        return await self._save_edit(_edit_own, form)


class ChangePassword(FormState, rx.State):
    @guard.handler(Permission.SIGNED_IN)
    async def save(self, form: dict[str, Any]) -> list[Any]:
        return await self._save(
            "change-password-form",
            users.change_own_password,
            as_words(form),
            done="Your password is changed. Every other sign-in of yours has ended.",
        )


def _own_row(actor: Actor, _user_id: int) -> Answer:
    return show_profile(actor)


def _edit_own(actor: Actor, _user_id: int, **edit: Any) -> None:
    users.edit_profile(actor, **edit)
