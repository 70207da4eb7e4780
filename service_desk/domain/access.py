"""Who may do what: the table a manager could read, and the asker."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .errors import Forbidden
from .users import Role


class Permission(StrEnum):
    """What a permission allows, as it reads in a refusal: "You may not …"."""

    SIGNED_IN = "use the desk"
    SEE_CALLS = "see calls"
    CREATE_CALL = "log calls"
    DISPATCH_CALLS = "edit, assign, cancel or reopen calls"
    WORK_ANY_CALL = "start or complete other people's calls"
    WORK_OWN_CALL = "start or complete calls"
    SEE_CARRY_INS = "see carry-ins"
    RECEIVE_CARRY_IN = "receive carry-ins"
    EDIT_CARRY_IN = "edit carry-ins"
    REPAIR_CARRY_IN = "repair carry-ins"
    DELIVER_CARRY_IN = "deliver carry-ins"
    SEE_CUSTOMERS = "see customers"
    SEE_ALL_CUSTOMERS = "see every customer"
    EDIT_CUSTOMERS = "edit customers"
    SEE_COLLEAGUES = "see colleagues"
    SEE_ACTIVITY = "see the activity"
    MANAGE_USERS = "manage users"
    MANAGE_CATEGORIES = "manage categories"
    MANAGE_WEBHOOKS = "manage webhooks"
    SEE_SECURITY = "see who is signed in and what happened at the doors"


_P = Permission
_EVERYBODY = frozenset(
    {
        _P.SIGNED_IN,
        _P.SEE_CALLS,
        _P.CREATE_CALL,
        _P.SEE_CARRY_INS,
        _P.RECEIVE_CARRY_IN,
        _P.REPAIR_CARRY_IN,
        _P.SEE_CUSTOMERS,
        _P.SEE_COLLEAGUES,
        _P.SEE_ACTIVITY,
    }
)
_COUNTER = {_P.EDIT_CARRY_IN, _P.DELIVER_CARRY_IN, _P.SEE_ALL_CUSTOMERS, _P.EDIT_CUSTOMERS}
_DISPATCH = {_P.DISPATCH_CALLS, _P.WORK_ANY_CALL, _P.WORK_OWN_CALL}

ROLES: dict[Role, frozenset[Permission]] = {
    Role.ADMIN: _EVERYBODY
    | _COUNTER
    | _DISPATCH
    | {_P.MANAGE_USERS, _P.MANAGE_CATEGORIES, _P.MANAGE_WEBHOOKS, _P.SEE_SECURITY},
    Role.DISPATCHER: _EVERYBODY | _COUNTER | _DISPATCH,
    Role.FRONT_DESK: _EVERYBODY | _COUNTER,
    Role.ENGINEER: _EVERYBODY | {_P.WORK_OWN_CALL},
}


@dataclass(frozen=True, slots=True)
class Scope:
    """What an asker's answers depend on. Askers with equal scopes get equal answers.

    `own_id` is set for those who only see what is theirs.
    """

    role: Role
    own_id: int | None


@dataclass(frozen=True, slots=True)
class Actor:
    """The signed-in user on whose behalf something is asked or done. `session_id` is the sign-in used, or `token_id`
    the access token, if any."""

    id: int
    role: Role
    name: str
    session_id: int | None = None
    token_id: int | None = None

    @property
    def scope(self) -> Scope:
        return Scope(self.role, self.id if self.role == Role.ENGINEER else None)

    def may(self, permission: Permission) -> bool:
        return permission in ROLES[self.role]

    def require(self, permission: Permission) -> None:
        """Raises Forbidden unless the actor's role has the permission."""
        if not self.may(permission):
            raise Forbidden(f"You may not {permission.value}.")
