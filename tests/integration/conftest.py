"""What only the tests with a real database need."""

import pytest
from argon2 import PasswordHasher

from service_desk.actions import passwords
from service_desk.web import sign_in
from service_desk.web.throttle import Throttle


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash cheaply: what is tested here is not how long a guess takes."""
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture(autouse=True)
def forgotten_guesses(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test pays for the wrong guesses of another."""
    monkeypatch.setattr(sign_in, "throttle", Throttle())
