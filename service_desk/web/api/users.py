"""Users, for admins; colleagues, for everybody."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from ...actions import second_factor
from ...actions import users as actions
from ...domain.access import Actor
from ...domain.users import Role
from ...live.gate import off_loop
from ...queries import users as queries
from ...queries.answer import Answer, Row, answer
from ...queries.keyset import slice_before
from .auth import Asker
from .describe import LISTED
from .pages import Page, Paging, page_of
from .resource import Resource, Verb, add_create, add_edit, add_read, add_verb
from .shapes import FromRow, Unsent


class User(FromRow):
    """Somebody who can sign in, or could. `may` are the steps that you may take."""

    id: int
    version: int
    username: str
    full_name: str
    email: str | None
    phone: str | None = Field(description="E.164")
    role: Role
    is_active: bool
    second_factor_at: str | None = Field(description="Since when they sign in with a code too.")
    last_seen_at: str | None
    created_at: str
    open_calls: int
    may: list[str]

    @classmethod
    def named(cls, row: dict[str, Any]) -> dict[str, Any]:
        return {"phone": row["tel"]}


class Colleague(FromRow):
    """What everybody may know of everybody: who can be assigned what."""

    id: int
    name: str
    role: Role
    is_active: bool
    is_engineer: bool


class UserFilters(Paging):
    role: Role | Unsent = None
    active: bool | Unsent = None

    def narrow(self, found: Answer) -> Answer:
        """The rows that pass, in pages."""
        rows = [row for row in found.rows.values() if self._passes(row)]
        return slice_before(answer(found.seq, rows), self.before, self.limit)

    def _passes(self, row: Row) -> bool:
        return self.role in (None, row["role"]) and self.active in (None, row["is_active"])


def _steps(asker: Actor, row: Row) -> list[str]:
    """What an admin may do with somebody; of some things, not with themselves."""
    other = row["id"] != asker.id
    may = {
        "edit": True,
        "set-password": other,
        "deactivate": other and row["may_deactivate"],
        "reactivate": row["may_reactivate"],
        "reset-second-factor": other and row["second_factor_at"] is not None,
    }
    return [step for step, allowed in may.items() if allowed]


def _with_steps(asker: Actor, found: Answer) -> Answer:
    rows = (row | {"may": _steps(asker, row)} for row in found.rows.values())
    return answer(found.seq, rows, found.extra)


def _show(asker: Actor, user_id: int) -> Answer:
    return _with_steps(asker, queries.show_user(asker, user_id))


def _list(asker: Actor) -> Answer:
    return _with_steps(asker, queries.list_users(asker))


router = APIRouter(tags=["users"])
USERS = Resource("/users", "user", "This user", User, _show)


@router.get(USERS.path, responses=LISTED, operation_id="list_users")
async def list_users(
    asker: Asker, request: Request, response: Response, filters: Annotated[UserFilters, Query()]
) -> Page[User]:
    """Everybody, former ones too, newest first. For those who manage users."""
    return page_of(filters.narrow(await off_loop(_list, asker)), User, request, response)


@router.get("/colleagues", responses=LISTED, operation_id="list_colleagues")
async def list_colleagues(
    asker: Asker, request: Request, response: Response, filters: Annotated[UserFilters, Query()]
) -> Page[Colleague]:
    """Everybody by name and role, former ones too, newest first."""
    found = await off_loop(queries.colleagues, asker)
    return page_of(filters.narrow(found), Colleague, request, response)


add_create(router, USERS, actions.create_user, actions.UserDraft)
add_read(router, USERS)
add_edit(router, USERS, actions.edit_user, actions.EditedUser)
for verb in (
    Verb("set-password", actions.set_password, actions.NewPassword),
    Verb("deactivate", actions.deactivate_user),
    Verb("reactivate", actions.reactivate_user),
    Verb("reset-second-factor", second_factor.reset_second_factor),
):
    add_verb(router, USERS, verb)
