"""The permission table of the domain, written out by hand for each operation of the HTTP API."""

from __future__ import annotations

from .permissions import ADMIN, COUNTER, DISPATCH, EVERYBODY, VISITORS

MAY: dict[str, tuple[str, ...]] = {
    "GET /me": EVERYBODY,
    # Calls. The engineer of the table has the call that is asked for.
    "GET /calls": EVERYBODY,
    "POST /calls": EVERYBODY,
    "GET /calls/{record_id}": EVERYBODY,
    "PATCH /calls/{record_id}": DISPATCH,
    "POST /calls/{record_id}/assign": DISPATCH,
    "POST /calls/{record_id}/unassign": DISPATCH,
    "POST /calls/{record_id}/start": VISITORS,
    "POST /calls/{record_id}/complete": VISITORS,
    "POST /calls/{record_id}/cancel": DISPATCH,
    "POST /calls/{record_id}/reopen": DISPATCH,
    # Whose step it was, the action knows: nobody is refused as such.
    "POST /calls/{record_id}/undo": EVERYBODY,
    # Carry-ins.
    "GET /carry-ins": EVERYBODY,
    "POST /carry-ins": EVERYBODY,
    "GET /carry-ins/{record_id}": EVERYBODY,
    "PATCH /carry-ins/{record_id}": COUNTER,
    "POST /carry-ins/{record_id}/bench": EVERYBODY,
    "POST /carry-ins/{record_id}/complete": EVERYBODY,
    "POST /carry-ins/{record_id}/deliver": COUNTER,
    "POST /carry-ins/{record_id}/return": EVERYBODY,
    "POST /carry-ins/{record_id}/undo": EVERYBODY,
    # Customers. The one that is asked for is that of the call.
    "GET /customers": EVERYBODY,
    "POST /customers": COUNTER,
    "GET /customers/{record_id}": EVERYBODY,
    "PATCH /customers/{record_id}": COUNTER,
    # Users.
    "GET /colleagues": EVERYBODY,
    "GET /users": ADMIN,
    "POST /users": ADMIN,
    "GET /users/{record_id}": ADMIN,
    "PATCH /users/{record_id}": ADMIN,
    "POST /users/{record_id}/set-password": ADMIN,
    "POST /users/{record_id}/deactivate": ADMIN,
    "POST /users/{record_id}/reactivate": ADMIN,
    "POST /users/{record_id}/reset-second-factor": ADMIN,
    # Categories.
    "GET /categories": EVERYBODY,
    "POST /categories": ADMIN,
    "GET /categories/{record_id}": EVERYBODY,
    "PATCH /categories/{record_id}": ADMIN,
    "POST /categories/{record_id}/move": ADMIN,
    "POST /categories/{record_id}/archive": ADMIN,
    "POST /categories/{record_id}/restore": ADMIN,
    # Webhooks.
    "GET /webhooks": ADMIN,
    "POST /webhooks": ADMIN,
    "GET /webhooks/{record_id}": ADMIN,
    "PATCH /webhooks/{record_id}": ADMIN,
    "GET /webhooks/{record_id}/deliveries": ADMIN,
    "POST /webhooks/{record_id}/pause": ADMIN,
    "POST /webhooks/{record_id}/resume": ADMIN,
    "POST /webhooks/{record_id}/test": ADMIN,
    "POST /webhooks/{record_id}/renew-secret": ADMIN,
    "POST /webhooks/{record_id}/remove": ADMIN,
    # Activity. The step that is asked for is that of an admin, on a call.
    "GET /activity": EVERYBODY,
    "POST /activity/{seq}/undo": DISPATCH,
}
"""Operation → who may. Whoever may not is told so (403); nobody at all gets in without a token (401)."""

ENDLESS = {"GET /events"}
"""Streams, which are open to everybody and never end: `test_event_stream.py` reads them from a real server."""
