"""Who works at the demo's desk, for whom, and into which categories they sort it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any, NamedTuple

from ..actions.categories import create_category
from ..actions.users import create_user
from ..actions.users_first import create_user_at_console
from ..domain.access import Actor
from ..domain.categories import CategoryKind
from ..domain.users import Role
from .deck import AT_WORK, CARRIED
from .words.customers import BUSINESSES, COLLEAGUES, HOMES

PLAIN = "abcdefghjkmnpqrstuvwxyz23456789"


class Newcomer(NamedTuple):
    """Somebody who can sign in. The password is kept nowhere else."""

    username: str
    role: str
    password: str


@dataclass
class Customer:
    """`contact` comes to the counter for them. `share` is how much of the work is theirs."""

    name: str
    phone: str
    email: str
    address: str
    contact: str
    is_home: bool
    has_tills: bool
    share: float
    is_known: bool = False

    def form(self) -> dict[str, Any]:
        """What is typed about them: everything the first time, then the number alone tells who it is."""
        typed = {"phone": self.phone, "customer_name": self.name}
        if not self.is_known:
            typed |= {"customer_email": self.email, "address": self.address}
            self.is_known = True
        return typed


@dataclass
class Desk:
    """The people and the categories, by name."""

    by_role: dict[Role, list[Actor]] = field(default_factory=dict)
    call_categories: dict[str, int] = field(default_factory=dict)
    carry_in_categories: dict[str, int] = field(default_factory=dict)

    @property
    def admin(self) -> Actor:
        return self.by_role[Role.ADMIN][0]

    @property
    def engineers(self) -> list[Actor]:
        return self.by_role[Role.ENGINEER]

    @property
    def dispatchers(self) -> list[Actor]:
        return self.by_role[Role.DISPATCHER]

    @property
    def office(self) -> list[Actor]:
        """Who stands at the counter, those who do it most more than once."""
        return self.by_role[Role.FRONT_DESK] * 3 + self.dispatchers


def let_in(phones: Iterator[str]) -> tuple[Desk, list[Newcomer]]:
    """The colleagues, the admin first, with new passwords."""
    desk = Desk()
    newcomers: list[Newcomer] = []
    for line in COLLEAGUES:
        username, full_name, role = line.split(" | ")
        typed = {
            "username": username,
            "full_name": full_name,
            "role": role,
            "email": f"{username}@desk.example",
            "phone": next(phones),
            "password": _one_time_password(),
        }
        user_id = create_user(desk.admin, typed) if newcomers else create_user_at_console(typed)
        desk.by_role.setdefault(Role(role), []).append(Actor(user_id, Role(role), full_name))
        newcomers.append(Newcomer(username, Role(role).label, typed["password"]))
    return desk, newcomers


def _one_time_password() -> str:
    """Twelve letters and digits that can be read aloud: 59 bits."""
    return "-".join("".join(secrets.choice(PLAIN) for _ in range(4)) for _ in range(3))


def name_categories(desk: Desk) -> None:
    for kind, names, known in (
        (CategoryKind.CALL, AT_WORK, desk.call_categories),
        (CategoryKind.CARRY_IN, CARRIED, desk.carry_in_categories),
    ):
        for name in names:
            known[name] = create_category(desk.admin, kind, {"name": name})


def customers(phones: Iterator[str], rng: Random) -> list[Customer]:
    """Sixty of them, those with a contract first."""
    found = []
    for line in BUSINESSES:
        name, address, domain, contact, *till = line.split(" | ")
        share = rng.choice((1, 2, 2, 3, 5, 8))
        email = f"office@{domain}.example"
        found.append(Customer(name, next(phones), email, address, contact, False, bool(till), share))
    for line in HOMES:
        name, address, mailbox = (part.strip() for part in line.split("|"))
        email = f"{mailbox}@mail.example" if mailbox else ""
        found.append(Customer(name, next(phones), email, address, name, True, False, 0.5))
    return found
