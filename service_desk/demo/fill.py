"""Fills an empty desk."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from random import Random

from ..actions.categories import edit_category
from ..actions.customers import create_customer, edit_customer
from ..actions.sessions import sign_in, sign_out
from ..config import settings
from ..domain.categories import CategoryKind
from ..domain.errors import Refused
from ..domain.times import now, pretend
from ..queries.categories import list_categories_for_settings
from ..queries.customer import find_customer, show_customer
from ..queries.sessions import has_anybody
from .calls import PastCall
from .carry_ins import IN_SHOP, write_delivered, write_in_shop
from .deck import Words
from .hours import Hours
from .people import Customer, Newcomer, customers, let_in, name_categories
from .phones import made_up_numbers
from .present_calls import OPEN, write_open_calls
from .stage import Stage
from .words import phrases

CALLS, CARRY_INS = 400, 150
DONE_TODAY = 6
UNDER_CONTRACT = 24
INHABITED = (
    "The desk has users already, so no demo was put into it: a demo needs an empty database. "
    "Sign in as before, or set SERVICE_DESK_DATABASE_URL to a new one."
)


def fill_demo(seed: int = 8, calls: int = CALLS, carry_ins: int = CARRY_INS) -> list[Newcomer]:
    """Everything but the passwords follows from the seed and the present moment. Returns who can sign in.

    Raises:
        Refused: the desk is not empty.
    """
    if has_anybody():
        raise Refused(INHABITED)
    # Two, so that the time of day has no say in the words. Passwords come from elsewhere.
    rng, clock = Random(seed), Random(seed)  # noqa: S311
    hours = Hours(now(), clock)
    phones = made_up_numbers(settings().phone_region, rng)
    with pretend(hours.begin):
        desk, newcomers = let_in(phones)
        name_categories(desk)
    stage = Stage(desk, hours, Words(rng), rng)
    everybody = customers(phones, rng)
    _open_the_books(stage, everybody)
    _write_calls(stage, everybody, calls)
    _write_carry_ins(stage, everybody, carry_ins)
    _tidy_up(stage, everybody)
    stage.script.play()
    _look_in(hours.present, newcomers, rng)
    return newcomers


def _open_the_books(stage: Stage, everybody: list[Customer]) -> None:
    """Who has a contract is known before the first call."""
    script, at = stage.script, stage.hours.begin
    for customer in everybody[:UNDER_CONTRACT]:
        at += timedelta(minutes=4)
        script.at(at, partial(_enter, stage, customer))


def _enter(stage: Stage, customer: Customer) -> None:
    customer.is_known = True
    create_customer(
        stage.rng.choice(stage.desk.office),
        {
            "name": customer.name,
            "phone": customer.phone,
            "email": customer.email,
            "address": customer.address,
        },
    )


def _write_calls(stage: Stage, everybody: list[Customer], number: int) -> None:
    rng = stage.rng
    write_open_calls(stage, _some(rng, everybody, len(OPEN)))
    past = _shared_out(rng, everybody, number - len(OPEN))
    for place, customer in enumerate(past):
        early = stage.hours.present - stage.hours.today
        is_of_today = place < DONE_TODAY
        logged = (
            partial(_in_shift, stage.hours.today, early * 0.5, rng) if is_of_today else stage.hours.sometime
        )
        PastCall(stage, customer).write(logged)


def _in_shift(start: datetime, length: timedelta, rng: Random) -> datetime:
    return start + length * rng.random()


def _write_carry_ins(stage: Stage, everybody: list[Customer], number: int) -> None:
    write_in_shop(stage, _some(stage.rng, everybody, len(IN_SHOP)))
    for customer in _shared_out(stage.rng, everybody, number - len(IN_SHOP)):
        write_delivered(stage, customer)


def _some(rng: Random, everybody: list[Customer], number: int) -> list[Customer]:
    """So many different ones, those with a large share first of all."""
    drawn = {customer.phone: rng.random() ** (1 / customer.share) for customer in everybody}
    chosen = sorted(everybody, key=lambda customer: drawn[customer.phone])[-number:]
    return rng.sample(chosen, number)


def _shared_out(rng: Random, everybody: list[Customer], number: int) -> list[Customer]:
    """A customer for each of so many records: one for everybody, the rest by their shares."""
    each = everybody[:number]
    more = rng.choices(everybody, [customer.share for customer in everybody], k=number - len(each))
    return rng.sample(each + more, number)


def _tidy_up(stage: Stage, everybody: list[Customer]) -> None:
    """A category gets a better name, and some customers move or write from elsewhere."""
    begin = stage.hours.begin
    stage.script.at(stage.hours.opening(begin + timedelta(days=12)), partial(_rename_tills, stage))
    for place, customer in enumerate(everybody[:UNDER_CONTRACT:3]):
        at = stage.hours.opening(begin + timedelta(days=9 * place + 6, hours=place % 5))
        change = {"email": customer.email.replace("office", "accounts")}
        if place % 2:
            change = {"address": f"{customer.address} (entrance in the yard)"}
        stage.script.at(at, partial(_correct, stage, customer, change))


def _rename_tills(stage: Stage) -> None:
    category_id = stage.desk.carry_in_categories["Tills"]
    admin = stage.desk.admin
    row = list_categories_for_settings(admin, CategoryKind.CARRY_IN).rows[category_id]
    edit_category(
        admin,
        category_id,
        version=row["version"],
        was={"name": "Tills"},
        changes={"name": "Tills and card readers"},
    )


def _correct(stage: Stage, customer: Customer, change: dict[str, str]) -> None:
    by = stage.rng.choice(stage.desk.office)
    found = find_customer(by, customer.phone)
    if found is None:
        raise LookupError(f"{customer.name} was never entered")
    row = show_customer(by, found["id"]).rows[found["id"]]
    was = {name: row[name] or "" for name in change}
    edit_customer(by, found["id"], version=row["version"], was=was, changes=change)


def _look_in(present: datetime, newcomers: list[Newcomer], rng: Random) -> None:
    """Everybody was here lately, and has signed out: nobody holds the token of an open sign-in."""
    for place, newcomer in enumerate(newcomers):
        with pretend(present - timedelta(minutes=3 + 7 * place * rng.random())):
            sign_out(sign_in(newcomer.username, newcomer.password, rng.choice(phrases.BROWSERS)))
