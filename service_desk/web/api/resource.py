"""A resource: how one record is read, and what can be done with it. Each entry is one operation of the API."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from functools import wraps
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import BaseModel

from ...actions.commands import SECRET_FIELDS, Outcome, carry_out, on_version
from ...actions.drafts import Draft, read_draft
from ...domain.access import Actor, Permission
from ...domain.errors import Invalid, not_found
from ...domain.ids import MAX_ID
from ...live.gate import off_loop, turn
from ...queries.answer import Answer, Row
from .auth import Asker
from .body import read_body
from .describe import MADE, READ, TAKEN, body_of, edit_body_of
from .headers import REPEATED, SEQ, IdempotencyKey, IfMatch, etag, key_of, versions_of
from .precedence import screens_first

RecordId = Annotated[int, Path(ge=1, le=MAX_ID)]
Body = Annotated[dict[str, Any], Depends(read_body)]


NO_OBJECT = "“was” is an object: what the fields held when you read them. Nothing was saved."


class Nothing(Draft):
    """No field at all."""


def nothing_in(body: dict[str, Any]) -> None:
    """Raises Invalid for fields that nobody reads."""
    read_draft(Nothing, body)


@dataclass(frozen=True, slots=True)
class Verb:
    """A step on a record: `POST …/{id}/{name}`. The action takes actor, id and, with a draft, the body."""

    name: str
    action: Callable[..., Any]
    draft: type[Draft] | None = None


@dataclass(frozen=True, slots=True)
class Resource:
    """`show(actor, id)` answers one row or none; `what` starts the sentence "… was not found."."""

    path: str
    entity: str
    what: str
    model: type[BaseModel]
    show: Callable[[Actor, int], Answer]

    def find(self, actor: Actor, record_id: int) -> Row:
        """The row. Raises NotFound."""
        row = self.find_or_none(actor, record_id)
        if row is None:
            raise not_found(self.what.format(record_id))
        return row

    def find_or_none(self, actor: Actor, record_id: int) -> Row | None:
        found = self.show(actor, record_id)
        return found.rows[found.order[0]] if found.order else None

    def version_of(self, actor: Actor, record_id: int) -> int | None:
        """The version of the record; None when the actor sees none."""
        row = self.find_or_none(actor, record_id)
        return int(row["version"]) if row else None


def add_read(router: APIRouter, of: Resource) -> None:
    """`GET …/{id}`."""

    async def read(record_id: RecordId, asker: Asker, response: Response) -> Any:
        row = await off_loop(of.find, asker, record_id)
        response.headers["ETag"] = etag(row["version"])
        return of.model.model_validate(row)

    _add(router, "GET", f"{of.path}/{{record_id}}", read, of.model, READ, _named("read", of))


def add_create(router: APIRouter, of: Resource, action: Callable[..., int], draft: type[Draft]) -> None:
    """`POST …`, answered with the new record and its address."""

    async def create(
        asker: Asker, request: Request, body: Body, response: Response, idempotency_key: IdempotencyKey = None
    ) -> Any:
        said = [of.path, body]
        done = await carried_out(asker, said, idempotency_key, action, body, draft=draft)
        response.status_code = 201
        response.headers["Location"] = f"{request.url.path}/{done.result}"
        return await _as_it_is(of, asker, done.result, done, response)

    extra = {"requestBody": body_of(draft)}
    _add(router, "POST", of.path, create, of.model, MADE, _named("create", of), extra, status=201)


def add_edit(router: APIRouter, of: Resource, action: Callable[..., Any], draft: type[Draft]) -> None:
    """`PATCH …/{id}`: the fields that are sent, and no others."""

    @wraps(action)
    def edited(actor: Actor, record_id: int, body: dict[str, Any]) -> Any:
        changes = {name: value for name, value in body.items() if name != "was"}
        if not isinstance(body.get("was", {}), dict):
            raise Invalid(NO_OBJECT, {"was": NO_OBJECT})
        row = of.find(actor, record_id)
        version, was = (0, body["was"]) if "was" in body else (row["version"], row)
        return action(actor, record_id, version=version, was=was, changes=changes)

    extra = {"requestBody": edit_body_of(draft)}
    _add(
        router,
        "PATCH",
        f"{of.path}/{{record_id}}",
        _command(of, edited),
        of.model,
        TAKEN,
        _named("edit", of),
        extra,
    )


def add_verb(router: APIRouter, of: Resource, verb: Verb) -> None:
    """`POST …/{id}/{verb}`."""
    draft = verb.draft or Nothing

    @wraps(verb.action)
    def taken(actor: Actor, record_id: int, body: dict[str, Any]) -> Any:
        if verb.draft is not None:
            return verb.action(actor, record_id, body)
        nothing_in(body)
        return verb.action(actor, record_id)

    extra = {"requestBody": body_of(draft)}
    path = f"{of.path}/{{record_id}}/{verb.name}"
    _add(router, "POST", path, _command(of, taken, draft), of.model, TAKEN, _named(verb.name, of), extra)


def _command(of: Resource, action: Callable[..., Any], draft: type[Draft] = Nothing) -> Callable[..., Any]:
    """The endpoint that carries out `action(actor, id, body)` on a record. `draft` says which secrets it asks for."""

    async def take(
        record_id: RecordId,
        asker: Asker,
        body: Body,
        response: Response,
        idempotency_key: IdempotencyKey = None,
        if_match: IfMatch = None,
    ) -> Any:
        strict = _strict(of, action, record_id, versions_of(if_match))
        said = [of.path, record_id, body, if_match]
        done = await carried_out(asker, said, idempotency_key, strict, record_id, body, draft=draft)
        return await _as_it_is(of, asker, record_id, done, response)

    return take


async def carried_out(
    asker: Actor,
    said: list[Any],
    key: str | None,
    action: Callable[..., Any],
    *given: Any,
    draft: type[Draft] = Nothing,
) -> Outcome:
    """The action, once for each key, off the loop. `said` is what a repetition is told by, bodies among it; of secrets
    they may hold what the draft asks for."""
    words = [_flat(each) if isinstance(each, dict) else each for each in said]
    secrets = {name for each in words if isinstance(each, dict) for name in SECRET_FIELDS & each.keys()}
    # Looked at before they are hashed: nobody else waits for a turn because of them.
    nothing_in(dict.fromkeys(secrets - draft.model_fields.keys()))
    if secrets:
        # Passwords of others are all the secrets that come this way.
        asker.require(Permission.MANAGE_USERS)
    async with turn() if secrets else nullcontext():
        taken = key_of(key)
        command = (asker, taken, action, *given)
        return await off_loop(carry_out, *command, said=words, is_new=key is None)


def _flat(body: dict[str, Any]) -> dict[str, Any]:
    """The body as words to compare. Each secret in them is hashed slowly, so there may only be a form's few: not one
    in each of a thousand objects that nobody asked for."""
    return {
        name: json.dumps(_unsecret(value), sort_keys=True) if isinstance(value, dict | list) else value
        for name, value in body.items()
    }


def _unsecret(value: Any) -> Any:
    if isinstance(value, list):
        return [_unsecret(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {name: _unsecret(each) for name, each in value.items() if name not in SECRET_FIELDS}


def _strict(
    of: Resource, action: Callable[..., Any], record_id: int, versions: frozenset[int] | None
) -> Callable[..., Any]:
    if versions is None:
        return action
    return on_version(action, of.entity, record_id, versions, of.version_of)


async def _as_it_is(of: Resource, asker: Actor, record_id: int, done: Outcome, response: Response) -> Any:
    """The record after a command, once the screens have the news; nothing (204) when the asker may not see it now."""
    await screens_first()
    row = await off_loop(of.find_or_none, asker, record_id)
    response.headers.update(told(done))
    if row is None:
        return Response(status_code=204, headers=told(done))
    response.headers["ETag"] = etag(row["version"])
    return of.model.model_validate(row)


def told(done: Outcome) -> dict[str, str]:
    """What the headers tell of a command: its number in the journal, and whether it was a repetition."""
    seq = {SEQ: str(done.seq)} if done.seq is not None else {}
    return seq | ({REPEATED: "true"} if done.repeated else {})


def _named(verb: str, of: Resource) -> str:
    joint = " of " if "-" in verb else " "
    return f"{verb}{joint}{of.entity}".replace("_", "-")


def _add(
    router: APIRouter,
    method: str,
    path: str,
    endpoint: Callable[..., Any],
    model: Any,
    responses: dict[int | str, dict[str, Any]],
    name: str,
    extra: dict[str, Any] | None = None,
    *,
    status: int = 200,
) -> None:
    router.add_api_route(
        path,
        endpoint,
        methods=[method],
        response_model=model,
        status_code=status,
        operation_id=name.replace("-", "_").replace(" ", "_"),
        responses=responses,
        openapi_extra=extra,
    )
