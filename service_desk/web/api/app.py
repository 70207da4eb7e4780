"""The application under /api/v1."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from ...domain.errors import DeskError
from . import events, me
from .problems import Problem, answer_with, of_refusal

PREFIX = "/api/v1"
BROKEN = "That did not work; nothing was saved. Try again in a moment."
NOT_THERE = "There is nothing at this address."
UNREADABLE = "This request could not be read. Nothing was saved."


def make_api() -> FastAPI:
    """The API, to be mounted under PREFIX. Its own descriptions of itself are elsewhere: they need no script."""
    api = FastAPI(title="Service Desk", version="1", openapi_url=None, docs_url=None, redoc_url=None)
    api.include_router(me.router)
    api.include_router(events.router)
    api.add_exception_handler(Problem, _problem)
    api.add_exception_handler(DeskError, _refusal)
    api.add_exception_handler(RequestValidationError, _unreadable)
    api.add_exception_handler(HTTPException, _http)
    api.add_exception_handler(Exception, _fault)
    return api


async def _problem(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, Problem)
    return answer_with(problem, request)


async def _refusal(request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, DeskError)
    return answer_with(of_refusal(refusal), request)


async def _unreadable(request: Request, wrong: Exception) -> Response:
    assert isinstance(wrong, RequestValidationError)
    fields = {str(error["loc"][-1])[:40]: str(error["msg"])[:200] for error in wrong.errors()[:20]}
    return answer_with(Problem(422, UNREADABLE, errors=fields), request)


async def _http(request: Request, refused: Exception) -> Response:
    assert isinstance(refused, HTTPException)
    detail = NOT_THERE if refused.status_code == 404 else f"{refused.detail}."
    return answer_with(Problem(refused.status_code, detail, headers=dict(refused.headers or {})), request)


async def _fault(request: Request, _: Exception) -> Response:
    # It is logged further out.
    return answer_with(Problem(500, BROKEN), request)


api = make_api()
