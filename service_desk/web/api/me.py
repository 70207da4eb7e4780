"""Whose token this is, and what it may."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel, Field

from ...domain.access import Permission
from ...domain.users import Role
from ...live.gate import off_loop
from ...queries.api_tokens import show_token
from .auth import Asker, wrong_token
from .describe import OPEN

router = APIRouter(tags=["me"])


class Token(BaseModel):
    name: str
    created_at: str
    expires_at: str


class Me(BaseModel):
    """The owner of the token."""

    id: int
    name: str
    role: Role
    permissions: list[str] = Field(description="What their role may: `dispatch_calls`, for one.")
    token: Token


@router.get("/me", responses=OPEN, operation_id="read_me")
async def read_me(asker: Asker) -> Me:
    """Whose token this is, what they may do, and until when the token is good."""
    token = await off_loop(show_token, asker)
    if not token:
        # It was recognised a moment ago and has been cleared out since.
        raise wrong_token()
    may = [permission.name.lower() for permission in Permission if asker.may(permission)]
    return Me(
        id=asker.id, name=asker.name, role=asker.role, permissions=may, token=Token.model_validate(token)
    )
