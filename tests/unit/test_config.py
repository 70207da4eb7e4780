"""Settings that are unsafe or contradictory are refused with a sentence."""

from pathlib import Path

import pytest

from service_desk.config import ROOT, Settings, UnsafeSettings, settings
from service_desk.config_warnings import warnings


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"SERVICE_DESK_{name.upper()}", raising=False)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("DATABASE_URL", "mysql://root@localhost/desk", "must start with sqlite or postgresql"),
        ("DATABASE_URL", "no address", "is not a database address"),
        ("DATABASE_URL", "postgresql+psycopg://u@h/d?password=geheim", "password before the @"),
        ("TRUSTED_PROXIES", "*", "neither an address nor a network"),
        ("TRUSTED_PROXIES", "10.0.0.1, 0.0.0.0/0", "whatever address anybody claims"),
        ("PUBLIC_URL", "desk.example", "must be a full address"),
        ("ALLOWED_ORIGINS", "*", "name each origin"),
        ("ALLOWED_ORIGINS", "https://*.example", "name each origin"),
        ("ALLOWED_ORIGINS", "desk.example", "must be a full address"),
        ("PUBLIC_URL", "http://desk.example", "everybody on the way can read the passwords"),
        ("HOST", "0.0.0.0", "lets other machines in"),
        ("HOST", "::", "lets other machines in"),
        ("METRICS_TOKEN", "fifteen letters", "at least 16 characters"),
        ("LOG_FORMAT", "xml", "'text' or 'json'"),
        ("LOG_LEVEL", "loud", "'debug', 'info', 'warning' or 'error'"),
        ("PHONE_REGION", "XX", "is not a two-letter country code"),
        ("REDIS_URL", "http://127.0.0.1:6379", "must be an address that starts with redis://"),
        ("REDIS_URL", "redis://h:port/0", "must be an address that starts with redis://"),
        ("WORKERS", "2", "need a Redis"),
        ("WORKERS", "0", "greater than or equal to 1"),
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


@pytest.mark.parametrize(
    "chosen",
    [
        {"public_url": "https://desk.example", "host": "0.0.0.0"},
        {"public_url": "http://localhost:3000", "host": "::1"},
        {"public_url": "http://127.0.0.2:3000"},
        {"public_url": "http://desk.example", "host": "0.0.0.0", "allow_plain_http": True},
        {"metrics_token": "sixteen letters!"},
        {"metrics_token": ""},
    ],
)
def test_what_is_safe_or_meant_is_taken(chosen: dict[str, object]) -> None:
    assert Settings.model_validate(chosen)


@pytest.mark.parametrize(
    ("chosen", "cookie"),
    [
        ({}, "service_desk_session_3000"),
        ({"port": 3001}, "service_desk_session_3001"),
        ({"public_url": "https://desk.example"}, "service_desk_session"),
        ({"public_url": "https://desk.example:8443"}, "service_desk_session_8443"),
        ({"session_cookie": "other"}, "other"),
    ],
)
def test_desks_on_one_host_have_cookies_of_their_own(chosen: dict[str, object], cookie: str) -> None:
    assert Settings.model_validate(chosen).cookie == cookie


def test_a_name_that_is_no_setting_is_pointed_out_with_the_one_that_may_be_meant() -> None:
    named = ["PATH", "SERVICE_DESK_PORT", "SERVICE_DESK_SKIP_BUILD", "SERVICE_DESK_TEST_POSTGRES_URL"]
    assert warnings(Settings(database_url="sqlite:///:memory:"), named) == []
    (said,) = warnings(Settings(database_url="sqlite:///:memory:"), [*named, "SERVICE_DESK_PUBLIC_ULR"])
    assert "SERVICE_DESK_PUBLIC_ULR is no setting" in said
    assert "is SERVICE_DESK_PUBLIC_URL meant?" in said


def test_a_database_that_everybody_can_read_is_pointed_out(tmp_path: Path) -> None:
    file = tmp_path / "desk.db"
    file.touch(0o644)
    chosen = Settings(database_url=f"sqlite:///{file}")
    tmp_path.chmod(0o755)
    assert "Everybody on this machine can read" in warnings(chosen, [])[0]
    tmp_path.chmod(0o700)
    assert warnings(chosen, []) == []


def test_the_folder_of_a_new_database_is_for_its_owner_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SERVICE_DESK_DATABASE_URL", f"sqlite:///{tmp_path}/data/desk.db")
    settings.cache_clear()
    settings()
    settings.cache_clear()
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700


def test_a_proxy_may_be_named_by_any_address_of_its_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVICE_DESK_TRUSTED_PROXIES", "10.0.0.5/24, 127.0.0.1")
    assert Settings().trusted_proxies == ("10.0.0.0/24", "127.0.0.1")


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
    chosen = Settings(
        database_url="postgresql+psycopg://desk:geheim@db/desk",
        metrics_token="sixteen letters!",
        redis_url="redis://:leise%21@redis:6379/0",
    )
    for shown in (repr(chosen), str(chosen), chosen.shown_database):
        assert "geheim" not in shown
        assert "sixteen" not in shown
        assert "leise" not in shown
    assert chosen.secrets == ("sixteen letters!", "geheim", "leise%21", "leise!")


def test_several_processes_need_more_than_a_file_and_less_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVICE_DESK_WORKERS", "2")
    monkeypatch.setenv("SERVICE_DESK_REDIS_URL", "redis://127.0.0.1:6379/1")
    settings.cache_clear()
    with pytest.raises(UnsafeSettings, match=r"^SERVICE_DESK_WORKERS: .*not a SQLite file"):
        settings()
    settings.cache_clear()
    monkeypatch.setenv("SERVICE_DESK_DATABASE_URL", "postgresql+psycopg://desk@db/desk")
    assert Settings().workers == 2
