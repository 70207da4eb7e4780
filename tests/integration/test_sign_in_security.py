"""What holds for every answer, and what other sites and hostile clients get."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from pathlib import Path

import httpx
import pytest
from starlette.responses import Response

from service_desk.config import settings
from service_desk.domain.users import Role
from service_desk.store.database import Database
from service_desk.web.cookies import token_of
from service_desk.web.policy import inline_scripts, policy
from service_desk.web.security import Security
from tests.door import HTML, ORIGIN, Door
from tests.factories import make_user
from tests.running_desk import RunningDesk

TOKEN = "a" * 43


@pytest.fixture
def door(database: Database) -> Door:
    make_user(Role.ADMIN)
    return Door()


FOREIGN = [
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": "http://localhost:3000.evil.example"},
    {"origin": "http://localhost:3001"},
    {"origin": "https://localhost:3000"},
    {"origin": "http://evil.example@localhost:9999"},
    {"origin": "", "referer": "https://evil.example/http://localhost:3000"},
    {"origin": "http://[", "referer": f"{ORIGIN}/calls"},
]


def test_what_another_site_sends_is_refused(door: Door) -> None:
    for path in ("/auth/sign-in", "/auth/sign-out", "/setup", "/anything"):
        for headers in FOREIGN:
            answer = door.post(path, data={"username": "dana"}, headers=headers)
            assert answer.status_code == 403, (path, headers)
            assert "SERVICE_DESK_PUBLIC_URL" in answer.text


def test_two_origins_are_as_bad_as_a_foreign_one(door: Door) -> None:
    twice = [("origin", ORIGIN), ("origin", "https://evil.example")]
    assert door.post("/anything", headers=twice).status_code == 403


def test_our_own_pages_and_programs_without_a_cookie_may_post(door: Door) -> None:
    assert door.post("/anything").text == "the page"
    assert door.post("/anything", headers={"origin": "http://127.0.0.1:3000"}).text == "the page"
    del door.client.headers["origin"]
    assert door.post("/anything").text == "the page"
    assert door.post("/anything", headers={"referer": f"{ORIGIN}/calls"}).text == "the page"


def test_a_cookie_without_any_origin_is_refused(door: Door) -> None:
    del door.client.headers["origin"]
    door.bring(TOKEN)
    assert door.post("/anything").status_code == 403
    assert door.post("/anything", headers={"referer": f"{ORIGIN}/calls"}).text == "the page"


def test_the_public_address_is_the_desks_own_too(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVICE_DESK_PUBLIC_URL", "https://desk.example/")
    settings.cache_clear()
    try:
        answer = door.post("/anything", headers={"origin": "https://desk.example"})
        assert answer.text == "the page"
        assert "wss://desk.example" in answer.headers["content-security-policy"]
        assert "strict-transport-security" in answer.headers
    finally:
        monkeypatch.undo()
        settings.cache_clear()


def test_every_answer_has_the_headers(door: Door) -> None:
    pages = ["/", "/calls", "/sign-in", "/setup", "/healthz", "/desk.css"]
    others = [
        ("POST", "/auth/sign-in"),
        ("POST", "/auth/sign-out"),
        ("PUT", "/auth/sign-in"),
        ("DELETE", "/x"),
    ]
    for method, path in [("GET", page) for page in pages] + others:
        headers = door.ask(method, path, headers=HTML).headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"], (method, path)
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert "camera=()" in headers["permissions-policy"]
        assert headers["x-frame-options"] == "DENY"
        assert "strict-transport-security" not in headers


def test_an_answer_says_once_by_what_it_varies(desk: RunningDesk) -> None:
    for path in (
        "/api/v1/openapi.json",
        "/api/v1/me",
        "/api/v1/nothing",
        "/healthz",
        "/sign-in",
        "/ping",
        "/x.css",
    ):
        for sent in ({}, {"origin": desk.url}, {"origin": "https://elsewhere.example"}):
            (varies,) = httpx.get(desk.url + path, headers=sent).headers.get_list("vary")
            names = [name.strip().lower() for name in varies.split(",")]
            assert sorted(names) == sorted(set(names)) and "origin" in names, (path, varies)


def test_only_scripts_of_the_built_pages_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = tmp_path / "build" / "client"
    (pages / "calls").mkdir(parents=True)
    (pages / "index.html").write_text("<script>boot('a<b')</script><script src='/x.js'></script>")
    (pages / "calls" / "index.html").write_text('<script type="module">import "/y.js"</script><p>text')
    monkeypatch.setenv("SERVICE_DESK_WEB_DIR", str(tmp_path))
    inline_scripts.cache_clear()
    try:
        scripts = [part for part in policy(is_page=True).split("; ") if part.startswith("script-src")]
        known = [sha256(text) for text in ("boot('a<b')", 'import "/y.js"')]
        assert scripts == [" ".join(("script-src 'self' 'unsafe-eval'", *sorted(known)))]
        assert "script-src 'self' 'unsafe-eval';" in policy(is_page=False)
        # A browser takes the headers of "not modified" for the page that it has kept.
        kept = httpx.ASGITransport(Security(Response(status_code=304)))
        answer = asyncio.run(httpx.AsyncClient(transport=kept).get("http://localhost:3000/x.js"))
        assert answer.headers["content-security-policy"] == policy(is_page=True)
    finally:
        inline_scripts.cache_clear()


def sha256(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_plain_pages_run_no_script_and_are_never_kept(door: Door) -> None:
    headers = door.get("/sign-in").headers
    assert "script-src" not in headers["content-security-policy"]
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("header", "token"),
    [
        (f"service_desk_session_3000={TOKEN}", TOKEN),
        (f"theme=dark; service_desk_session_3000={TOKEN}; other", TOKEN),
        (f'a="b; c;service_desk_session_3000 = {TOKEN}', TOKEN),
        (f"service_desk_session_3000=short; service_desk_session_3000={TOKEN}", TOKEN),
        (f"Service_Desk_Session_3000={TOKEN}", None),
        (f"xservice_desk_session_3000={TOKEN}", None),
        (f'service_desk_session_3000="{TOKEN}"', None),
        ("service_desk_session_3000=" + "a" * 5_000, None),
        (f"service_desk_session_3000={TOKEN}\n\0", None),
        ("service_desk_session_3000=" + "\ud800" * 43, None),
        ("service_desk_session_3000", None),
        (";=;==;", None),
        (f"service_desk_session_3001={TOKEN}", None),
        ("", None),
        ("a" * 1_000_000, None),
    ],
)
def test_a_token_is_found_in_any_header_and_nothing_else_is(header: str, token: str | None) -> None:
    assert token_of(header) == token
