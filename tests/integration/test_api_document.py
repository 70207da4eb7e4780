"""The API's description of itself: OpenAPI 3.1 for programs, and a page for people."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from schemathesis.openapi import from_dict

from service_desk.domain.access import Actor
from service_desk.web.api.app import PREFIX, api
from service_desk.web.api.openapi import describe
from tests.api_caller import Program
from tests.door import HTML

from .api_permissions import MAY


@pytest.fixture
def stranger(ada: Actor) -> Program:
    return Program()


def test_everybody_may_read_it_and_it_is_openapi_3_1(stranger: Program) -> None:
    answer = stranger.call("GET", "/openapi.json")
    assert answer.status_code == 200 and answer.json()["openapi"] == "3.1.0"
    assert answer.json() == describe(api, PREFIX)
    from_dict(answer.json()).validate()


def test_the_fields_of_bodies_come_from_the_drafts(stranger: Program) -> None:
    schemas = stranger.call("GET", "/openapi.json").json()["components"]["schemas"]
    assert schemas["CallDraft"]["required"] == ["phone", "problem", "category_id"]
    assert schemas["CallDraft"]["properties"]["problem"]["maxLength"] == 2000
    assert schemas["CallDraft"]["additionalProperties"] is False
    assert schemas["CallDraft"]["properties"]["priority"]["enum"] == ["low", "normal", "high", "urgent"]


class Page(HTMLParser):
    """Every tag, every address that is named, every id."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: set[str] = set()
        self.ids: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.tags.add(tag)
        self.links |= {value for name in ("href", "src") if (value := told.get(name))}
        self.ids |= {value for name in ("id",) if (value := told.get(name))}


def test_the_page_tells_of_every_operation_without_a_script_or_anything_from_elsewhere(
    stranger: Program,
) -> None:
    answer = stranger.call("GET", "/docs", **HTML)
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/html")
    for operation in MAY:
        assert f"<code>{operation}</code>" in answer.text
    page = Page(answer.text)
    assert "script" not in page.tags and "default-src 'none'" in answer.headers["content-security-policy"]
    assert all(re.match(r"(#|/(?!/)|data:,$)", link) for link in page.links)
    assert {link[1:] for link in page.links if link.startswith("#")} <= page.ids


def test_what_is_no_version_of_the_api_is_no_page_either(stranger: Program) -> None:
    for path in (
        "/api/",
        "/api/v2/calls",
        "/api/v1/nothing",
        "/api/v1/",
        "/api/v1/nothing%0A2",
        "/api/v2/%0A",
    ):
        answer = stranger.get(path, headers=HTML)
        assert answer.status_code == 404, path
        assert answer.headers["content-type"] == "application/problem+json"


def test_who_only_knows_that_there_is_one_is_shown_the_page(stranger: Program) -> None:
    for path in ("/api", PREFIX):
        assert stranger.get(path, headers=HTML).headers["location"] == f"{PREFIX}/docs"
