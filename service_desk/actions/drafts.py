"""Drafts: what somebody typed, checked strictly before anything is done with it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import Enum
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from ..config import settings
from ..domain.errors import Invalid, not_found
from ..domain.ids import MAX_ID, as_id
from ..domain.phones import SENTENCE as NO_PHONE
from ..domain.phones import find_phone
from ..store.touches import plain

MISSING = "Fill this in."
NO_TEXT = "Write this as text."
NO_CHOICE = "Choose one from the list."
UNKNOWN = "This field is not known here."
NO_MOMENT = "This is not a date and time."
LOOK_AGAIN = "Some fields need another look."

D = TypeVar("D", bound="Draft")


class Draft(BaseModel):
    """Input of one action. Strict, frozen, and closed to fields it doesn't know."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


def read_draft(draft: type[D], data: object) -> D:
    """The draft that `data` holds, whatever `data` is.

    Raises:
        Invalid: `fields` has one sentence for each field that is wrong.
    """
    if not isinstance(data, Mapping) or not all(isinstance(name, str) for name in data):
        raise Invalid("This form could not be read. Nothing was saved.")
    for name in data:
        # Checked here, since a name that no encoding can carry breaks pydantic's own report.
        if name not in draft.model_fields:
            raise Invalid(LOOK_AGAIN, {re.sub(r"\W", "?", name[:40], flags=re.ASCII): UNKNOWN})
    try:
        return draft.model_validate(dict(data))
    except ValidationError as refused:
        fields = {str(error["loc"][0]): _sentence(error) for error in refused.errors() if error["loc"]}
        raise Invalid(LOOK_AGAIN, fields) from None


def read_id(value: object, what: str = "This record") -> int:
    """The id in a client's value.

    Raises:
        NotFound: nothing can have such an id.
    """
    number = as_id(value)
    if number is None:
        raise not_found(what)
    return number


def _sentence(error: Any) -> str:
    if error["type"] == "missing":
        return MISSING
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    return "This could not be read."


def _cleaned(value: object, maximum: int, *, lines: bool) -> str:
    """Trimmed, composed text; a ValueError with a sentence for what can't be kept."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError(NO_TEXT)
    kept = value.strip()
    if len(kept) > maximum:
        raise ValueError(f"At most {maximum} characters.")
    kept = re.sub(r"\r\n?|[\u2028\u2029\x85]", "\n", kept)
    kept = kept if lines else re.sub(r"\s+", " ", kept)
    if any(unicodedata.category(letter) in ("Cc", "Cs") and letter not in "\n\t" for letter in kept):
        raise ValueError("This holds characters that can't be kept. Type it again.")
    return unicodedata.normalize("NFC", kept)[:maximum]


def _required(typed: str) -> str:
    if not typed:
        raise ValueError(MISSING)
    return typed


def _from(sent: Any, read: Callable[[Any], Any]) -> BeforeValidator:
    """Reads what a client sends; `sent` is how its type is described to clients."""
    return BeforeValidator(read, json_schema_input_type=sent)


def _some(maximum: int) -> Any:
    return Annotated[str, Field(min_length=1, max_length=maximum)]


def _any(maximum: int) -> Any:
    return Annotated[str, Field(max_length=maximum)] | None


def line(maximum: int) -> BeforeValidator:
    """One line of text that must be there."""
    return _from(_some(maximum), lambda value: _required(_cleaned(value, maximum, lines=False)))


def maybe_line(maximum: int) -> BeforeValidator:
    """One line of text; empty means none."""
    return _from(_any(maximum), lambda value: _cleaned(value, maximum, lines=False) or None)


def text(maximum: int) -> BeforeValidator:
    """Text of several lines that must be there."""
    return _from(_some(maximum), lambda value: _required(_cleaned(value, maximum, lines=True)))


def maybe_text(maximum: int) -> BeforeValidator:
    """Text of several lines; empty means none."""
    return _from(_any(maximum), lambda value: _cleaned(value, maximum, lines=True) or None)


def word(words: type[Enum]) -> BeforeValidator:
    """A member of an enumeration by its word: "urgent", "front_desk"."""
    known: dict[str, Enum] = {plain(member): member for member in words}

    def member_of(value: object) -> Enum:
        if isinstance(value, words):
            return value
        if not isinstance(value, str) or value not in known:
            raise ValueError(NO_CHOICE if value else MISSING)
        return known[value]

    return _from(Literal[tuple(known)], member_of)


def _id(value: object) -> int:
    number = as_id(value)
    if number is None:
        raise ValueError(MISSING if value is None or value == "" else NO_CHOICE)
    return number


def _phone(value: object) -> str:
    number = find_phone(_required(_cleaned(value, 40, lines=False)), settings().phone_region)
    if number is None:
        raise ValueError(NO_PHONE)
    return number


def _email(value: object) -> str:
    address = _cleaned(value, 254, lines=False)
    if address and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]+", address):
        raise ValueError("This is not an e-mail address.")
    return address


def _moment(value: object) -> datetime | None:
    if not isinstance(value, datetime):
        written = _cleaned(value, 40, lines=False)
        if not written:
            return None
        try:
            value = datetime.fromisoformat(written)
        except ValueError:
            raise ValueError(NO_MOMENT) from None
    if value.tzinfo is None or not 2000 <= value.year < 2200:
        raise ValueError(NO_MOMENT)
    return value.astimezone(UTC)


_SentId = (
    Annotated[int, Field(ge=1, le=MAX_ID)] | Annotated[str, Field(pattern="^0*[1-9][0-9]*$", max_length=10)]
)
_Nothing = Literal[""] | None


def _maybe(read: Callable[[object], Any]) -> Callable[[object], Any]:
    return lambda value: None if value is None or value == "" else read(value)


Id = Annotated[int, _from(_SentId, _id)]
MaybeId = Annotated[int | None, _from(_SentId | _Nothing, _maybe(_id))]
Phone = Annotated[str, _from(_some(40), _phone)]
MaybePhone = Annotated[str | None, _from(_any(40), _maybe(_phone))]
MaybeEmail = Annotated[str | None, _from(_any(254), lambda value: _email(value) or None)]
MaybeMoment = Annotated[datetime | None, _from(AwareDatetime | _Nothing, _moment)]
