"""The slots of all pages: one for each view that a page can show."""

from __future__ import annotations

import reflex as rx

from .live_state import Slot


class Me(Slot, rx.State):
    """The signed-in user and what they may do."""


class People(Slot, rx.State):
    """All colleagues, with who is online."""


class CallCount(Slot, rx.State):
    """Calls in each tab."""


class MyCalls(Slot, rx.State):
    """Calls that are mine."""


class CarryInCount(Slot, rx.State):
    """Carry-ins in each tab."""


class CallCategories(Slot, rx.State):
    """Categories that calls can have."""


class MyCarryIns(Slot, rx.State):
    """Carry-ins that are on my bench."""


class CarryInCategories(Slot, rx.State):
    """Categories that carry-ins can have."""


class CallList(Slot, rx.State):
    """One page of calls."""


class TheCall(Slot, rx.State):
    """The call on the screen."""


class CarryInList(Slot, rx.State):
    """One page of carry-ins."""


class TheCarryIn(Slot, rx.State):
    """The carry-in on the screen."""


class CustomerList(Slot, rx.State):
    """One page of customers."""


class TheCustomer(Slot, rx.State):
    """The customer on the screen."""


class Work(Slot, rx.State):
    """The customer's calls and carry-ins."""


class Past(Slot, rx.State):
    """What happened to the record on the screen."""


class Feed(Slot, rx.State):
    """One page of the activity."""


class UserRows(Slot, rx.State):
    """Every user."""


class SignIns(Slot, rx.State):
    """One's own open sign-ins."""


class Tokens(Slot, rx.State):
    """One's own access tokens."""


class AllTokens(Slot, rx.State):
    """Everybody's access tokens."""


class AllSignIns(Slot, rx.State):
    """Everybody's open sign-ins."""


class DoorLines(Slot, rx.State):
    """One page of the door book."""


class CallCategoryRows(Slot, rx.State):
    """Call categories as they are managed."""


class CarryInCategoryRows(Slot, rx.State):
    """Carry-in categories as they are managed."""


class WebhookRows(Slot, rx.State):
    """Every webhook."""


class WebhookLog(Slot, rx.State):
    """One page of what was sent to webhooks."""
