"""What the desk says of its own settings."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from service_desk.commands import build
from service_desk.commands.settings import HIDDEN, as_markdown
from service_desk.config import PREFIX, ROOT, Settings, settings


def test_the_documentation_lists_every_setting_as_it_is() -> None:
    assert (ROOT / "docs" / "settings.md").read_text() == as_markdown(), (
        "run: python -m service_desk settings --markdown > docs/settings.md"
    )
    assert all(f"`{PREFIX}{name.upper()}`" in as_markdown() for name in Settings.model_fields)


def test_every_setting_says_what_it_means() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_the_values_are_shown_and_the_secrets_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVICE_DESK_DATABASE_URL", "postgresql+psycopg://desk:geheim@db/desk")
    monkeypatch.setenv("SERVICE_DESK_METRICS_TOKEN", "sixteen letters!")
    monkeypatch.setenv("SERVICE_DESK_PUBLIC_ULR", "https://desk.example")
    monkeypatch.setenv("SERVICE_DESK_PHONE_REGION", "pt")
    settings.cache_clear()
    shown = CliRunner().invoke(build(), ["settings"])
    settings.cache_clear()
    assert shown.exit_code == 0
    assert "SERVICE_DESK_PHONE_REGION = PT" in shown.output
    assert "postgresql+psycopg://desk:***@db/desk" in shown.output
    assert f"SERVICE_DESK_METRICS_TOKEN = {HIDDEN}" in shown.output
    assert "is SERVICE_DESK_PUBLIC_URL meant?" in shown.output
    assert "geheim" not in shown.output
    assert "sixteen" not in shown.output
