"""The description of the API as a page to read: made of the same document, plain HTML, no script."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from fastapi import FastAPI
from starlette.responses import Response

from ...domain.ids import MAX_ID
from ..html import page
from .openapi import describe

Schema = dict[str, Any]
Schemas = dict[str, Schema]
_REF = "#/components/schemas/"


@dataclass(frozen=True, slots=True)
class Field:
    """One field or parameter; `of` is the name of the schema that it holds, if any."""

    name: str
    words: str
    of: str
    about: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Operation:
    method: str
    path: str
    anchor: str
    summary: str
    about: str
    parameters: tuple[Field, ...]
    headers: tuple[Field, ...]
    body: tuple[Field, ...]
    answers: tuple[tuple[str, str, str], ...]
    """Status, what it means, the name of the schema of its body or ""."""


def show_page(api: FastAPI, prefix: str) -> Response:
    """The page."""
    return page("api", 200, {"Cache-Control": "no-cache"}, prefix=prefix, **_told(api, prefix))


@lru_cache(maxsize=1)
def _told(api: FastAPI, prefix: str) -> dict[str, Any]:
    document = describe(api, prefix)
    schemas: Schemas = document["components"]["schemas"]
    groups: dict[str, list[Operation]] = {}
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            groups.setdefault(told["tags"][0], []).append(_operation(method, path, told, schemas))
    shown = {of for each in groups.values() for operation in each for of in _mentioned(operation)}
    parts = {name: tuple(_fields(schemas, schemas[name])) for name in _with_inner(shown, schemas)}
    headers = {
        field.name: field for each in groups.values() for operation in each for field in operation.headers
    }
    about = document["info"]["description"]
    return {"about": about, "of_commands": tuple(headers.values()), "groups": groups, "parts": parts}


def _operation(method: str, path: str, told: Schema, schemas: Schemas) -> Operation:
    body = told.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    answers = (
        (status, answer["description"], _name(_schema_in(answer)))
        for status, answer in sorted(told["responses"].items())
    )
    taken = told.get("parameters", ())
    in_address = (each for each in taken if each["in"] != "header")
    return Operation(
        method=method.upper(),
        path=path,
        anchor=told["operationId"],
        summary=told["summary"],
        about=told.get("description", ""),
        parameters=tuple(
            _field(schemas, each["name"], each["schema"], each["required"]) for each in in_address
        ),
        headers=tuple(
            _field(schemas, each["name"], each["schema"], False) for each in taken if each["in"] == "header"
        ),
        body=tuple(_fields(schemas, schemas.get(_name(body), {}))),
        answers=tuple(answers),
    )


def _schema_in(answer: Schema) -> Schema:
    found: Schema = next((each.get("schema", {}) for each in answer.get("content", {}).values()), {})
    return found


def _fields(schemas: Schemas, schema: Schema) -> Iterator[Field]:
    needed = schema.get("required", ())
    for name, field in schema.get("properties", {}).items():
        yield _field(schemas, name, field, name in needed)


def _field(schemas: Schemas, name: str, schema: Schema, required: bool) -> Field:
    inner = schema.get("items", schema)
    return Field(name, _words(schemas, schema), _name(inner), schema.get("description", ""), required)


def _words(schemas: Schemas, schema: Schema) -> str:
    """What may stand there: "text of 0 to 120 characters or null"."""
    if parts := schema.get("anyOf"):
        return " or ".join(dict.fromkeys(_words(schemas, part) for part in parts))
    if "enum" in schema:
        return "one of " + ", ".join(map(str, schema["enum"]))
    if "const" in schema:
        return "empty" if schema["const"] == "" else str(schema["const"])
    if schema.get("type") == "array":
        return f"several: {_words(schemas, schema['items'])}"
    if name := _name(schema):
        return _words(schemas, schemas[name]) if "enum" in schemas[name] else name
    return _simple(schema)


def _simple(schema: Schema) -> str:
    kinds = {"string": "text", "integer": "number", "boolean": "true or false", "null": "null"}
    kind = str(schema.get("format") or kinds.get(schema.get("type", ""), "object"))
    if "maxLength" in schema:
        return f"{kind} of {schema.get('minLength', 0)} to {schema['maxLength']} characters"
    if "minimum" in schema:
        most = f" to {schema['maximum']}" if schema.get("maximum", MAX_ID) != MAX_ID else ""
        return f"{kind} from {schema['minimum']}{most}"
    return kind


def _name(schema: Schema) -> str:
    return str(schema.get("$ref", "")).removeprefix(_REF)


def _mentioned(operation: Operation) -> Iterator[str]:
    yield from (field.of for field in (*operation.parameters, *operation.body) if field.of)
    yield from (of for _, _, of in operation.answers if of)


def _with_inner(names: set[str], schemas: Schemas) -> list[str]:
    """These and the schemas in their fields, by name."""
    known: set[str] = set()
    waiting = set(names)
    while waiting:
        name = waiting.pop()
        known.add(name)
        waiting |= {field.of for field in _fields(schemas, schemas[name]) if field.of} - known
    return sorted(name for name in known if schemas[name].get("properties"))
