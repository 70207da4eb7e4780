"""What several descriptions of records share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import BaseModel, Field, model_validator
from pydantic.json_schema import SkipJsonSchema

from ...domain.ids import MAX_ID

Unsent = SkipJsonSchema[None]
"""Of what stands in an address or a header: it may be left out, but there is no null there."""
Id = Annotated[int, Field(ge=1, le=MAX_ID)]
IdOrNobody = Annotated[int, Field(ge=0, le=MAX_ID)]
Ids = Annotated[list[Id], Field(max_length=50)]
IdsOrNobody = Annotated[list[IdOrNobody], Field(max_length=50, description="0 stands for nobody.")]
Words = Annotated[str, Field(max_length=100, description="A number, a phone or words.")]


class FromRow(BaseModel):
    """Made of a row that a query answers: the same names, but for those that `named` tells apart."""

    @model_validator(mode="before")
    @classmethod
    def _from_row(cls, row: Any) -> Any:
        return {**row, **cls.named(row)}

    @classmethod
    def named(cls, row: dict[str, Any]) -> dict[str, Any]:
        """The fields whose value the row has under another name, or in another form."""
        return {}


def steps_in(row: dict[str, Any], steps: Iterable[str]) -> list[str]:
    """Those of the steps that the asker may take now."""
    return [step for step in steps if row[f"may_{step}"]]


def several(values: Iterable[Any]) -> tuple[Any, ...]:
    """The values of a filter as questions hold them: sorted, each once."""
    return tuple(sorted(set(values)))
