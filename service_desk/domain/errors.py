"""Refusals. Each carries the sentence a person reads; none carries a code."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime


class DeskError(Exception):
    """Anything the desk refuses to do.

    `sentence` is shown as it is. `fields` maps a form field's name to the sentence beside it and is
    empty when the refusal concerns the whole step.
    """

    def __init__(self, sentence: str, fields: dict[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.fields = fields or {}


class Invalid(DeskError):
    """The input is wrong; `fields` says where."""


class NotFound(DeskError):
    """It does not exist, or the asker may not know that it does: both answer alike."""


class Forbidden(DeskError):
    """The asker may see it but may not do this."""


class Refused(DeskError):
    """The record's state does not allow this step."""


class SavedOtherwise(Refused):
    """What is sent again was saved already, with other words."""


class SentByAnother(Refused):
    """A page sends what somebody else pressed in it, who is not signed in there any more."""


class Conflict(DeskError):
    """Somebody changed the same fields meanwhile.

    `theirs` maps each contested field to the value now stored, `whose` to who set it last and when; `by` names all
    of them. Who is not known is "".
    """

    def __init__(
        self,
        sentence: str,
        theirs: dict[str, object],
        by: str = "",
        whose: Mapping[str, tuple[str, datetime]] | None = None,
    ) -> None:
        super().__init__(sentence)
        self.theirs = theirs
        self.by = by
        self.whose = whose or {}


class Outdated(DeskError):
    """The record is not in the state any more on which the step was based. Nothing was done."""


class Busy(DeskError):
    """The store cannot take the change now; nothing was saved."""


def not_found(what: str) -> NotFound:
    """The one wording for what is missing and for what one may not see. `what` starts the sentence: "Call C-7"."""
    return NotFound(f"{what} was not found.")
