"""Which passwords are good enough, and how they are kept."""

from __future__ import annotations

import pytest

from service_desk.actions import passwords
from service_desk.actions.passwords import check_password, hash_password, verify_password
from service_desk.domain.errors import Invalid


def refusal(password: str, username: str = "dana") -> str:
    with pytest.raises(Invalid) as refused:
        check_password(password, username)
    return refused.value.fields["password"]


def test_nine_characters_are_too_few() -> None:
    assert refusal("brzl7!kqe") == "Use at least 10 characters."


@pytest.mark.parametrize(
    "password",
    [
        "Password123",
        "qwertyuiop",
        "1234567890",
        "aaaaaaaaaa",
        "121212121212",
        "Welcome2024!",
        "Summer2025!",
        "P@$$w0rd2024",
        "trustno1trustno1",
        "service-desk",
        "ServiceDesk1",
        "January2026",
        "!@#$%^&*()",
        "!@$%+!@$%+",
        "!!!!!!@$%+",
        "{[(<{[(<!!",
    ],
)
def test_what_would_be_guessed_soon_is_refused(password: str) -> None:
    assert refusal(password) == passwords.COMMON


@pytest.mark.parametrize("password", ["dana.osborn", "Dana.Osborn1", "1dana.osborn"])
def test_the_username_is_no_password(password: str) -> None:
    assert "username" in refusal(password, "dana.osborn")


@pytest.mark.parametrize(
    "password", ["brzl7!kqe0", "correct horse battery", "пароль которого нет", "x" * 3 + "y z w" * 39]
)
def test_long_enough_and_uncommon_is_good(password: str) -> None:
    check_password(password, "dana")


def test_no_password_takes_long_to_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    """Symbols that may stand for letters multiply what is tried: few kinds of them are ever handed on."""
    judged: list[str] = []
    monkeypatch.setattr(passwords, "zxcvbn", lambda each, **_: judged.append(each) or {"score": 4})
    check_password("4@8({[<36&9#!1/|0$5+7%2" * 8, "dana")
    check_password("correct horse battery $@ " * 8, "dana")
    assert [len(each) for each in judged] == [72, 72]
    assert [set("!|@$+%([{<") & set(each) for each in judged] == [set(), {"$", "@"}]


def test_the_hash_is_argon2id_with_at_least_19_mib() -> None:
    hashed = hash_password("correct horse battery")
    assert hashed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert verify_password(hashed, "correct horse battery")
    assert not verify_password(hashed, "correct horse batterY")


def test_a_composed_and_a_combined_letter_are_the_same_password() -> None:
    assert verify_password(hash_password("caf\u00e9 au lait"), "cafe\u0301 au lait")


@pytest.mark.parametrize("password", ["", "\0", "\ud800", "x" * 1_000_000])
def test_nothing_typed_breaks_the_comparison(password: str) -> None:
    assert not verify_password(hash_password("correct horse battery"), password)


def test_nobody_has_no_password_but_is_compared_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[str] = []

    class Counting:
        hash = staticmethod(lambda password: "of nobody")

        def verify(self, hashed: str, password: bytes) -> bool:
            compared.append(hashed)
            return True

    monkeypatch.setattr(passwords, "HASHER", Counting())
    assert not verify_password(None, "anything")
    assert compared == ["of nobody"]


def test_a_broken_hash_lets_nobody_in() -> None:
    assert not verify_password("never", "anything at all")
