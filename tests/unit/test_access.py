"""The permission table, as a manager would read it."""

from __future__ import annotations

import pytest

from service_desk.domain.access import ROLES, Actor, Permission
from service_desk.domain.calls import CallStatus, may_call
from service_desk.domain.errors import Forbidden
from service_desk.domain.users import Role

OFFICE = {"admin", "dispatcher", "front_desk"}
TABLE = {
    "SIGNED_IN": {*OFFICE, "engineer"},
    "SEE_CALLS": {*OFFICE, "engineer"},
    "CREATE_CALL": {*OFFICE, "engineer"},
    "DISPATCH_CALLS": {"admin", "dispatcher"},
    "WORK_ANY_CALL": {"admin", "dispatcher"},
    "WORK_OWN_CALL": {"admin", "dispatcher", "engineer"},
    "SEE_CARRY_INS": {*OFFICE, "engineer"},
    "RECEIVE_CARRY_IN": {*OFFICE, "engineer"},
    "EDIT_CARRY_IN": OFFICE,
    "REPAIR_CARRY_IN": {*OFFICE, "engineer"},
    "DELIVER_CARRY_IN": OFFICE,
    "SEE_CUSTOMERS": {*OFFICE, "engineer"},
    "SEE_ALL_CUSTOMERS": OFFICE,
    "EDIT_CUSTOMERS": OFFICE,
    "SEE_COLLEAGUES": {*OFFICE, "engineer"},
    "SEE_ACTIVITY": {*OFFICE, "engineer"},
    "MANAGE_USERS": {"admin"},
    "MANAGE_CATEGORIES": {"admin"},
    "MANAGE_WEBHOOKS": {"admin"},
    "SEE_SECURITY": {"admin"},
}


@pytest.mark.parametrize("permission", Permission)
def test_each_role_may_what_the_table_says(permission: Permission) -> None:
    assert {role.value for role in Role if permission in ROLES[role]} == TABLE[permission.name]


def test_a_refusal_says_what_one_may_not() -> None:
    with pytest.raises(Forbidden) as refusal:
        Actor(1, Role.ENGINEER, "Ravi K.").require(Permission.MANAGE_USERS)
    assert refusal.value.sentence == "You may not manage users."


@pytest.mark.parametrize(
    ("assigned_to", "created_by", "sees"), [(7, 1, True), (1, 7, True), (1, 1, False), (None, None, False)]
)
def test_an_engineer_sees_what_is_theirs(assigned_to: int | None, created_by: int | None, sees: bool) -> None:
    engineer = Actor(7, Role.ENGINEER, "Ravi K.")
    assert may_call(engineer, "see", CallStatus.ASSIGNED, assigned_to, created_by) is sees
    assert may_call(engineer, "start", CallStatus.ASSIGNED, assigned_to, created_by) is (assigned_to == 7)
    assert not may_call(engineer, "cancel", CallStatus.ASSIGNED, assigned_to, created_by)


def test_the_front_desk_sees_every_call_and_works_on_none() -> None:
    clerk = Actor(7, Role.FRONT_DESK, "Flo D.")
    assert may_call(clerk, "see", CallStatus.ASSIGNED, 1, 1)
    for step in ("edit", "assign", "unassign", "start", "complete", "cancel", "reopen"):
        for status in CallStatus:
            assert not may_call(clerk, step, status, 7, 7)
