"""Settings that are unsafe or contradictory are refused with a sentence."""

import pytest

from service_desk.config import ROOT, Settings, UnsafeSettings, settings


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"SERVICE_DESK_{name.upper()}", raising=False)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("DATABASE_URL", "mysql://root@localhost/desk", "must start with sqlite or postgresql"),
        ("DATABASE_URL", "no address", "is not a database address"),
        ("PUBLIC_URL", "desk.example", "must be a full address"),
        ("ALLOWED_ORIGINS", "*", "must be a full address"),
        ("PHONE_REGION", "XX", "is not a two-letter country code"),
        ("PORT", "0", "greater than or equal to 1"),
    ],
)
def test_an_unsafe_value_is_refused_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(f"SERVICE_DESK_{name}", value)
    settings.cache_clear()
    with pytest.raises(UnsafeSettings, match=f"^SERVICE_DESK_{name}: .*{sentence}"):
        settings()
    settings.cache_clear()


def test_only_the_own_addresses_are_allowed_by_default() -> None:
    assert Settings(port=4000).origins == ("http://localhost:4000", "http://127.0.0.1:4000")


def test_the_public_address_is_allowed_too_and_makes_cookies_secure() -> None:
    chosen = Settings(public_url="https://Desk.example:8443/start")
    assert chosen.origins[-1] == "https://desk.example:8443"
    assert chosen.secure_cookies
    assert not Settings().secure_cookies


def test_origins_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVICE_DESK_ALLOWED_ORIGINS", "https://a.example, http://b.example:81")
    assert Settings().origins == ("https://a.example", "http://b.example:81")


def test_a_relative_sqlite_file_lies_in_the_project() -> None:
    assert Settings().database_url == f"sqlite:///{ROOT}/data/service_desk.db"
    assert Settings(database_url="sqlite:////srv/desk.db").database_url == "sqlite:////srv/desk.db"


def test_a_password_never_shows_in_the_settings() -> None:
    assert "geheim" not in repr(Settings(database_url="postgresql+psycopg://desk:geheim@db/desk"))
