"""What the door book says of the second factor, of one's own password, and of sign-ins that end with either."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlmodel import col, select

from service_desk.actions.doors import write
from service_desk.actions.second_factor import reset_second_factor, reset_second_factor_of
from service_desk.actions.sessions import sign_in
from service_desk.actions.undo import undo
from service_desk.actions.users import (
    change_own_password,
    create_user,
    deactivate_user,
    reactivate_user,
    set_password,
)
from service_desk.domain.access import Actor
from service_desk.domain.errors import Invalid
from service_desk.domain.security import Door, SecurityEvent
from service_desk.domain.users import Role
from service_desk.queries.security import DoorsQuestion, list_doors
from service_desk.queries.sessions import who_is
from service_desk.store.database import Database, current
from tests import door as doorway
from tests.door import PASSWORD
from tests.factories import make_user
from tests.raw_socket import fresh_key
from tests.readings import last_seq

from .second_steps import code_of, secret_in, set_up, step

pytestmark = pytest.mark.usefixtures("database")
PLACE = "203.0.113.5"
NEW = "another fine password"


@pytest.fixture
def admin(database: Database) -> Actor:
    return make_user(Role.ADMIN, "Ada A.")


@pytest.fixture
def dana(admin: Actor) -> Actor:
    form = {"username": "dana", "full_name": "Dana O.", "role": "dispatcher", "password": PASSWORD}
    return Actor(create_user(admin, form), Role.DISPATCHER, "Dana O.")


@pytest.fixture
def door(dana: Actor) -> doorway.Door:
    """Dana's browser, signed in with the password alone."""
    door = doorway.Door()
    door.bring(sign_in("dana", PASSWORD))
    return door


def told(*kinds: Door) -> list[tuple[str, int | None, str, str, int]]:
    """The lines of these kinds: what, whose, from where, with which detail and how often."""
    write()
    with current().reading() as session:
        lines = session.exec(select(SecurityEvent).order_by(col(SecurityEvent.id))).all()
    return [
        (line.kind, line.user_id, line.address, line.detail, line.times)
        for line in lines
        if line.kind in kinds
    ]


def test_wrong_passwords_on_the_page_of_two_step_sign_in_are_noted(door: doorway.Door, dana: Actor) -> None:
    for _ in range(12):
        step(door, "begin", password="guess")
    what = "to set up two-step sign-in"
    assert told(Door.WRONG_PASSWORD, Door.TOO_MANY_TRIES) == [
        (Door.WRONG_PASSWORD, dana.id, PLACE, what, 10),
        (Door.TOO_MANY_TRIES, dana.id, PLACE, what, 2),
    ]


def test_wrong_codes_on_that_page_are_noted_with_what_they_were_for(door: doorway.Door, dana: Actor) -> None:
    secret = secret_in(step(door, "begin", password=PASSWORD))
    step(door, "confirm", code="000000", secret=secret)
    step(door, "confirm", code=code_of(secret), secret=secret)
    step(door, "renew", code="000000")
    for _ in range(11):
        step(door, "off", code="000000")
    assert told(Door.CODE_WRONG, Door.TOO_MANY_TRIES) == [
        (Door.CODE_WRONG, dana.id, PLACE, "to set up two-step sign-in", 1),
        (Door.CODE_WRONG, dana.id, PLACE, "for new recovery codes", 1),
        (Door.CODE_WRONG, dana.id, PLACE, "to turn off two-step sign-in", 9),
        (Door.TOO_MANY_TRIES, dana.id, PLACE, "to turn off two-step sign-in", 2),
    ]
    assert secret not in str(told(*Door))


def test_what_was_never_a_guess_is_not_noted_as_one(door: doorway.Door) -> None:
    door.post("/second-factor", data={"step": "confirm", "code": "000000"})
    door.post("/second-factor", data={"step": "dance"})
    assert told(*Door) == told(Door.SIGNED_IN)


def test_new_recovery_codes_and_used_ones_are_noted_once(
    door: doorway.Door, dana: Actor, admin: Actor
) -> None:
    secret = secret_in(step(door, "begin", password=PASSWORD))
    step(door, "confirm", code=code_of(secret, -1), secret=secret)
    form = {"step": "renew", "code": code_of(secret), "key": fresh_key()}
    for _ in range(2):
        codes = door.post("/second-factor", data=form)
    one = codes.text.partition("<li><code>")[2][:19]
    step(door, "off", code=one)
    secrets = [
        Door.SECOND_FACTOR_ON,
        Door.RECOVERY_CODES_RENEWED,
        Door.RECOVERY_CODE_USED,
        Door.SECOND_FACTOR_OFF,
    ]
    assert [(kind, whose, times) for kind, whose, _, _, times in told(*secrets)] == [
        (kind, dana.id, 1) for kind in secrets
    ]
    shown = list_doors(admin, DoorsQuestion(group="secrets")).rows.values()
    assert "Recovery codes renewed" in [row["what"] for row in shown]


def test_guesses_at_one_s_own_password_are_noted(dana: Actor) -> None:
    for _ in range(12):
        with pytest.raises(Invalid):
            change_own_password(dana, {"current": "guess guess", "new": NEW})
    assert told(*Door) == [
        (Door.WRONG_PASSWORD, dana.id, "", "to change the password", 10),
        (Door.TOO_MANY_TRIES, dana.id, "", "to change the password", 2),
    ]


Step = Callable[[Actor, Actor], object]


@pytest.mark.parametrize(
    ("end", "by"),
    [
        (lambda ada, me: set_password(ada, me.id, {"password": NEW}), "by Ada A., who set a new password"),
        (
            lambda _, me: change_own_password(me, {"current": PASSWORD, "new": NEW}),
            "by Dana O., who changed the password",
        ),
        (lambda _, me: set_up(me), "by Dana O., who turned on two-step sign-in"),
    ],
    ids=["set", "changed", "second factor"],
)
def test_each_sign_in_that_ends_with_a_secret_is_noted_with_who_ended_it(
    admin: Actor, dana: Actor, end: Step, by: str
) -> None:
    me = who_is(sign_in("dana", PASSWORD))
    assert me is not None
    for _ in range(2):
        sign_in("dana", PASSWORD)
    end(admin, me)
    times = 3 if "Ada" in by else 2
    assert told(Door.SIGN_IN_ENDED) == [(Door.SIGN_IN_ENDED, dana.id, "", by, times)]


@pytest.mark.parametrize("where", ["the desk", "the console"])
def test_sign_ins_that_end_with_a_reset_are_noted(
    door: doorway.Door, admin: Actor, dana: Actor, where: str
) -> None:
    secret = secret_in(step(door, "begin", password=PASSWORD))
    step(door, "confirm", code=code_of(secret), secret=secret)
    if where == "the desk":
        reset_second_factor(admin, dana.id)
    else:
        reset_second_factor_of("dana")
    by = "by Ada A., who reset" if where == "the desk" else "at the console, with a reset of"
    assert told(Door.SIGN_IN_ENDED) == [(Door.SIGN_IN_ENDED, dana.id, "", f"{by} two-step sign-in", 1)]


def test_sign_ins_that_end_with_a_reactivation_taken_back_are_noted(admin: Actor, dana: Actor) -> None:
    deactivate_user(admin, dana.id)
    reactivate_user(admin, dana.id)
    sign_in("dana", PASSWORD)
    undo(admin, last_seq())
    by = "by Ada A., who deactivated them"
    assert told(Door.SIGN_IN_ENDED) == [(Door.SIGN_IN_ENDED, dana.id, "", by, 1)]


def test_a_refused_change_ends_and_notes_nothing(admin: Actor, dana: Actor) -> None:
    sign_in("dana", PASSWORD)
    with pytest.raises(Invalid):
        set_password(admin, dana.id, {"password": "short"})
    assert told(Door.SIGN_IN_ENDED, Door.PASSWORD_SET) == []
