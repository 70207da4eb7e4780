"""The application under /api/v1."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Match, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ...domain.errors import DeskError
from . import activity, calls, carry_ins, categories, customers, events, me, users, webhooks
from .counting import Counted
from .openapi import VERSION, describe
from .page import show_page
from .problems import Problem, answer_with, of_refusal

PREFIX = "/api/v1"
BROKEN = "That did not work; nothing was saved. Try again in a moment."
NOT_THERE = "There is nothing at this address."
UNREADABLE = "This request could not be read. Nothing was saved."

# FastAPI keeps them where nobody can look into.
_routes: list[BaseRoute] = []


def make_api() -> FastAPI:
    """The API, to be mounted under PREFIX. FastAPI's own pages are left out: they load scripts from elsewhere."""
    no_pages: dict[str, None] = dict.fromkeys(("openapi_url", "docs_url", "redoc_url"))
    api = FastAPI(title="Service Desk", version=VERSION, redirect_slashes=False, **no_pages)
    for part in (me, calls, carry_ins, customers, users, categories, activity, events, webhooks):
        api.include_router(part.router)
        _routes.extend(part.router.routes)
    api.add_api_route("/openapi.json", _description, include_in_schema=False)
    api.add_api_route("/docs", _page, include_in_schema=False)
    api.add_middleware(_NeverKept)
    api.add_middleware(Counted)
    api.add_exception_handler(Problem, _problem)
    api.add_exception_handler(DeskError, _refusal)
    api.add_exception_handler(RequestValidationError, _unreadable)
    api.add_exception_handler(HTTPException, _http)
    api.add_exception_handler(Exception, _fault)
    return api


class _NeverKept:
    """ASGI middleware: no cache keeps what somebody's token was answered."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).setdefault("Cache-Control", "no-store")
            await send(message)

        await self.app(scope, receive, send_on)


async def show_description(_: Request) -> Response:
    """GET /api: to the page that tells of it."""
    return RedirectResponse(f"{PREFIX}/docs", 303)


async def nothing_there(scope: Scope, receive: Receive, send: Send) -> None:
    """ASGI application that has nothing at any address."""
    await answer_with(Problem(404, NOT_THERE), Request(scope))(scope, receive, send)


async def _description() -> Response:
    # It holds nobody's data: everybody may read it.
    return JSONResponse(describe(api, PREFIX), headers={"Cache-Control": "no-cache"})


async def _page() -> Response:
    return show_page(api, PREFIX)


async def _problem(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, Problem)
    return answer_with(problem, request)


async def _refusal(request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, DeskError)
    return answer_with(of_refusal(refusal), request)


async def _unreadable(request: Request, wrong: Exception) -> Response:
    assert isinstance(wrong, RequestValidationError)
    places = {str(error["loc"][0]) for error in wrong.errors()}
    if "path" in places:
        return answer_with(Problem(404, NOT_THERE), request)
    fields = {str(error["loc"][-1])[:40]: str(error["msg"])[:200] for error in wrong.errors()[:20]}
    return answer_with(Problem(400 if "header" in places else 422, UNREADABLE, errors=fields), request)


async def _http(request: Request, refused: Exception) -> Response:
    assert isinstance(refused, HTTPException)
    headers = dict(refused.headers or {})
    if refused.status_code == 405:
        # Starlette names the methods of the first route with this path alone.
        headers["Allow"] = ", ".join(sorted(_methods_at(request.scope)))
    detail = NOT_THERE if refused.status_code == 404 else f"{refused.detail}."
    return answer_with(Problem(refused.status_code, detail, headers=headers), request)


def _methods_at(scope: Scope) -> set[str]:
    here = (
        route
        for route in (*api.routes, *_routes)
        if isinstance(route, Route) and route.matches(scope)[0] != Match.NONE
    )
    return {method for route in here for method in route.methods or ()}


async def _fault(request: Request, _: Exception) -> Response:
    # It is logged further out.
    return answer_with(Problem(500, BROKEN), request)


api = make_api()
