"""Users: let in, changed and let go, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine

from service_desk.actions import users
from service_desk.actions.sessions import sign_in
from service_desk.actions.users import (
    change_own_password,
    create_user,
    deactivate_user,
    edit_profile,
    edit_user,
    hash_new,
    reactivate_user,
    set_password,
)
from service_desk.domain.access import Actor, Permission
from service_desk.domain.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from service_desk.domain.times import now
from service_desk.domain.users import Role, User
from service_desk.queries.sessions import who_are, who_is
from service_desk.queries.users import colleagues, deactivation_effects, list_users, show_profile
from service_desk.store.database import Database
from tests.factories import make_user
from tests.readings import last_entry, last_seq, last_touches, stored

pytestmark = pytest.mark.usefixtures("database")
PASSWORD, ANOTHER = "correct horse battery", "staple of another kind"
FORM = {"username": "dana", "full_name": "Dana O.", "role": "dispatcher", "password": PASSWORD}


@pytest.fixture
def admin(database: Database) -> Actor:
    return make_user(Role.ADMIN, "Ada A.")


def edit(actor: Actor, user_id: int, **changes: object) -> None:
    user = stored(User, user_id)
    was = {field: getattr(user, field) for field in changes}
    edit_user(actor, user_id, version=user.version, was=was, changes=changes)


def test_a_new_user_can_sign_in_and_is_journaled_without_the_password(admin: Actor) -> None:
    user_id = create_user(admin, FORM | {"email": "dana@example.com", "phone": "(415) 555-0100"})
    user = stored(User, user_id)
    assert (user.username, user.role, user.phone, user.created_by_id) == (
        "dana",
        Role.DISPATCHER,
        "+14155550100",
        admin.id,
    )
    assert who_is(sign_in("dana", PASSWORD)).id == user_id
    assert last_entry().verb == "create user"
    assert "argon2" not in str(last_touches()) and "password_hash" in last_touches()[0].changed


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("username", "", "Fill this in"),
        ("username", "d", "2 to 40"),
        ("username", "dänä", "2 to 40"),
        ("username", "1dana", "2 to 40"),
        ("username", "x" * 41, "2 to 40"),
        ("username", 7, "Fill this in"),
        ("full_name", "   ", "Fill this in"),
        ("full_name", "x" * 101, "At most 100"),
        ("email", "nowhere", "e-mail"),
        ("phone", "12", "phone number"),
        ("role", "boss", "Choose"),
        ("role", None, "Fill this in"),
        ("password", "short", "at least 10"),
        ("password", "x" * 201, "At most 200"),
        ("password", ["x"], "text"),
        ("password", "with\0null-characters", "can't be kept"),
        ("is_active", False, "not known"),
    ],
)
def test_what_is_typed_wrong_gets_a_sentence_beside_its_field(
    admin: Actor, field: str, value: object, words: str
) -> None:
    before = last_seq()
    with pytest.raises(Invalid) as refused:
        create_user(admin, FORM | {field: value})
    assert words in refused.value.fields[field]
    assert last_seq() == before


def test_a_username_is_taken_in_any_case_and_by_former_colleagues_too(admin: Actor) -> None:
    user_id = create_user(admin, FORM)
    deactivate_user(admin, user_id)
    with pytest.raises(Invalid) as refused:
        create_user(admin, FORM | {"username": "DANA"})
    assert "taken" in refused.value.fields["username"]
    other = create_user(admin, FORM | {"username": "other"})
    with pytest.raises(Invalid) as refused:
        edit(admin, other, username="Dana")
    assert "taken" in refused.value.fields["username"]
    edit(admin, user_id, username="DANA")


def test_a_role_can_be_changed_but_ones_own_admin_role_cannot(admin: Actor) -> None:
    user_id = create_user(admin, FORM)
    edit(admin, user_id, role="admin", full_name="Dana Osborn")
    assert (stored(User, user_id).role, stored(User, user_id).full_name) == (Role.ADMIN, "Dana Osborn")
    with pytest.raises(Refused, match="your own admin role"):
        edit(admin, admin.id, role="engineer")
    edit(admin, admin.id, role="admin", full_name="Ada Lovelace")
    assert stored(User, admin.id).full_name == "Ada Lovelace"


def test_two_admins_who_edit_one_user_keep_what_does_not_collide(admin: Actor) -> None:
    user_id = create_user(admin, FORM)
    version = stored(User, user_id).version
    edit(make_user(Role.ADMIN, "Bea B."), user_id, full_name="Dana Osborn")
    same = {"version": version, "was": {"full_name": "Dana O.", "role": "dispatcher"}}
    edit_user(admin, user_id, **same, changes={"full_name": "Dana O.", "role": "engineer"})
    with pytest.raises(Conflict) as contested:
        edit_user(admin, user_id, **same, changes={"full_name": "D. Osborn"})
    assert (contested.value.theirs, contested.value.by) == ({"full_name": "Dana Osborn"}, "Bea B.")
    assert (stored(User, user_id).full_name, stored(User, user_id).role) == ("Dana Osborn", Role.ENGINEER)


def test_a_password_set_by_an_admin_ends_the_users_sign_ins(admin: Actor) -> None:
    user_id = create_user(admin, FORM)
    token = sign_in("dana", PASSWORD)
    set_password(admin, user_id, {"password": ANOTHER})
    assert who_is(token) is None
    assert sign_in("dana", ANOTHER)
    assert last_touches()[0].changed.keys() == {"password_hash"}
    assert "argon2" not in str(last_touches()[0].changed)
    with pytest.raises(Refused, match="your own password"):
        set_password(admin, admin.id, {"password": ANOTHER})
    with pytest.raises(Invalid):
        set_password(admin, user_id, {"password": "dana"})


def test_ones_own_password_needs_the_current_one_and_ends_the_other_sign_ins(admin: Actor) -> None:
    create_user(admin, FORM)
    here, there = sign_in("dana", PASSWORD), sign_in("dana", PASSWORD)
    actor = who_is(here)
    assert actor is not None
    for typed, field in (
        ({"current": "wrong", "new": ANOTHER}, "current"),
        ({"current": PASSWORD, "new": PASSWORD}, "new"),
        ({"current": PASSWORD, "new": "short"}, "new"),
        ({"new": ANOTHER}, "current"),
    ):
        with pytest.raises(Invalid) as refused:
            change_own_password(actor, typed)
        assert list(refused.value.fields) == [field]
    change_own_password(actor, {"current": PASSWORD, "new": ANOTHER})
    assert who_are([here, there]).keys() == {here}
    assert sign_in("dana", ANOTHER)


def test_ones_own_password_can_not_be_guessed_on_a_screen_left_unlocked(admin: Actor) -> None:
    dana = Actor(create_user(admin, FORM), Role.DISPATCHER, "Dana O.")

    def tried(current: str) -> str:
        with pytest.raises(Invalid) as refused:
            change_own_password(dana, {"current": current, "new": "short"})
        return next(iter(refused.value.fields.values()))

    for _ in range(9):
        assert "not your current" in tried("a guess")
    assert "at least" in tried(PASSWORD)
    with ThreadPoolExecutor(8) as threads:
        told = list(threads.map(tried, ["a guess"] * 16))
    assert sum("not your current" in sentence for sentence in told) == 10
    assert "Too many tries" in tried(PASSWORD)
    with time_machine.travel(now() + timedelta(minutes=16)):
        change_own_password(dana, {"current": PASSWORD, "new": ANOTHER})


def test_a_password_that_an_admin_has_set_meanwhile_stays(
    admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    dana = Actor(create_user(admin, FORM), Role.DISPATCHER, "Dana O.")

    def slow_hash(password: str, *rest: str) -> str:
        monkeypatch.setattr(users, "hash_new", hash_new)
        set_password(admin, dana.id, {"password": "given by an admin"})
        return hash_new(password, *rest)

    monkeypatch.setattr(users, "hash_new", slow_hash)
    with pytest.raises(Refused):
        change_own_password(dana, {"current": PASSWORD, "new": ANOTHER})
    assert sign_in("dana", "given by an admin")


def test_people_change_their_own_name_but_not_their_own_role(admin: Actor) -> None:
    dana = Actor(create_user(admin, FORM), Role.DISPATCHER, "Dana O.")
    profile = show_profile(dana).rows[dana.id]
    assert profile | {"version": 1} == profile and "password_hash" not in profile
    edit_profile(dana, version=1, was=profile, changes=profile | {"full_name": "Dana Osborn"})
    assert stored(User, dana.id).full_name == "Dana Osborn"
    with pytest.raises(Invalid):
        edit_profile(dana, version=2, was={"role": "dispatcher"}, changes={"role": "admin"})


OTHERS = [role for role in Role if role != Role.ADMIN]
MANAGED = {
    "create": lambda actor, _id: create_user(actor, FORM | {"username": "eve"}),
    "edit": lambda actor, id_: edit_user(actor, id_, version=1, was={"role": "x"}, changes={"role": "admin"}),
    "set password": lambda actor, id_: set_password(actor, id_, {"password": ANOTHER}),
    "deactivate": deactivate_user,
    "reactivate": reactivate_user,
    "list": lambda actor, _id: list_users(actor),
    "effects": deactivation_effects,
}


@pytest.mark.parametrize("role", OTHERS)
def test_only_admins_manage_users(admin: Actor, role: Role) -> None:
    user_id, actor = create_user(admin, FORM), make_user(role)
    before = last_seq()
    for step in MANAGED.values():
        with pytest.raises(Forbidden, match=f"You may not {Permission.MANAGE_USERS.value}"):
            step(actor, user_id)
    assert last_seq() == before


def test_a_user_who_does_not_exist_was_not_found(admin: Actor) -> None:
    for name in ("edit", "set password", "deactivate", "reactivate", "effects"):
        with pytest.raises(NotFound, match=r"This user was not found\."):
            MANAGED[name](admin, 2_000_000)


def test_the_list_has_active_people_first_and_no_secret(admin: Actor) -> None:
    user_id = create_user(admin, FORM)
    gone = make_user(Role.ENGINEER, "Aaron A.", is_active=False)
    sign_in("dana", PASSWORD)
    found = list_users(admin)
    assert found.order == (admin.id, user_id, gone.id)
    dana = found.rows[user_id]
    assert dana["last_seen_at"] and dana["may_deactivate"] and not dana["may_reactivate"]
    assert found.rows[admin.id]["may_deactivate"] is False, "the last admin"
    assert found.rows[gone.id]["may_reactivate"] is True
    assert "argon2" not in str(found) and "token" not in str(found)
    assert found.seq == last_seq()


@pytest.mark.parametrize("role", Role)
def test_everybody_knows_their_colleagues(admin: Actor, role: Role) -> None:
    engineer = make_user(Role.ENGINEER, "Ravi K.")
    gone = make_user(Role.ENGINEER, "Zoe Z.", is_active=False)
    rows = colleagues(make_user(role, "Me")).rows
    assert rows[engineer.id] == {
        "id": engineer.id,
        "name": "Ravi K.",
        "role": "engineer",
        "is_active": True,
        "is_engineer": True,
    }
    assert (rows[gone.id]["is_active"], rows[gone.id]["is_engineer"]) == (False, False)
