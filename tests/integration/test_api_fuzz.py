"""The whole HTTP API, fuzzed by its own description: whatever is sent, it answers as it says it does.

Some 80 s in all, half of it on each database. SERVICE_DESK_TEST_FUZZ_SECONDS asks for longer runs, each with a seed of
its own, which is printed.
"""

from __future__ import annotations

import os
import secrets
from collections import Counter
from typing import Any

import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema
from starlette.applications import Starlette

from service_desk.actions.webhooks import create_webhook
from service_desk.config import settings
from service_desk.domain.categories import CategoryKind
from service_desk.domain.users import Role
from service_desk.domain.webhooks import new_secret
from service_desk.store.database import Database
from service_desk.web.api import auth
from service_desk.web.references import References
from service_desk.web.routes import routes
from service_desk.web.security import Security
from tests.api_caller import API, token_of
from tests.factories import make_call_in, make_carry_in_in, make_category, make_user
from tests.figures import Figure

SECONDS = int(os.environ.get("SERVICE_DESK_TEST_FUZZ_SECONDS", "40"))
SEED = secrets.randbelow(2**31) if "SERVICE_DESK_TEST_FUZZ_SECONDS" in os.environ else 1
# What no schema can say refuses as 422: a phone number that is none, a category of the other kind.
GOOD_ANSWERS = ["2xx", "404", "409", "412", "422"]
# A version that has gone is told before the body is looked at (RFC 9110, 13.2.1).
BAD_ANSWERS = ["400", "401", "403", "404", "405", "409", "412", "415", "422", "429"]


@pytest.fixture
def token(database: Database, monkeypatch: pytest.MonkeyPatch) -> str:
    """An admin's, on a desk with something in every state, who may ask as often as they like."""
    chosen = settings().model_copy(update={"api_requests_per_second": 1_000_000})
    monkeypatch.setattr(auth, "settings", lambda: chosen)
    ada, ravi = make_user(Role.ADMIN, "Ada A."), make_user(Role.ENGINEER, "Ravi K.")
    make_user(Role.FRONT_DESK)
    make_user(Role.DISPATCHER, is_active=False)
    calls, devices = make_category(), make_category(CategoryKind.CARRY_IN)
    for status in ("pending", "assigned", "in_progress", "completed", "cancelled"):
        make_call_in(status, ada, ravi, category_id=calls)
    for status in ("received", "in_repair", "completed", "delivered"):
        make_carry_in_in(status, ada, category_id=devices)
    create_webhook(ada, {"name": "Warehouse", "url": "https://hooks.example/"}, new_secret())
    return token_of(ada)


def config(token: str) -> SchemathesisConfig:
    return SchemathesisConfig.from_dict(
        {
            "seed": SEED,
            "max-time": SECONDS,
            "headers": {"Authorization": f"Bearer {token}"},
            "checks": {
                "positive_data_acceptance": {"expected-statuses": GOOD_ANSWERS},
                "negative_data_rejection": {"expected-statuses": BAD_ANSWERS},
            },
            "generation": {"max-examples": 20},
        }
    )


def test_it_answers_everything_as_its_description_says(token: str, figure: Figure) -> None:
    app = References(Security(Starlette(routes=routes)))
    whole = schemathesis.openapi.from_asgi(f"{API}/openapi.json", app, config=config(token))
    # A stream never ends: it is tried over a real server.
    schema = whole.exclude(path="/events")
    failures: dict[str, str] = {}
    tried, errors = Counter[str](), []
    for event in from_schema(schema).execute():
        if isinstance(event, events.NonFatalError | events.FatalError):
            errors.append(str(getattr(event, "value", None) or event.exception))
        if isinstance(event, events.ScenarioFinished):
            tried["cases"] += len(event.recorder.cases)
            for check in (check for checks in event.recorder.checks.values() for check in checks):
                tried["checks"] += 1
                note_failure(check, failures)
    figure("HTTP API fuzzed: cases", tried["cases"])
    figure("HTTP API fuzzed: checks", tried["checks"])
    figure("HTTP API fuzzed: kinds of failures", len(failures))
    assert errors == []
    assert not failures, f"seed {SEED}:\n" + "\n".join(failures.values())
    assert tried["cases"] > 10 * SECONDS


def note_failure(check: Any, failures: dict[str, str]) -> None:
    if check.failure_info is not None:
        failure = check.failure_info.failure
        name = f"{failure.operation}: {failure.title}"
        failures.setdefault(name, f"{name}\n{failure.message}\n{check.failure_info.code_sample}")
