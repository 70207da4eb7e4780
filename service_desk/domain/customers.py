"""Customers: known by one phone number, however it is spelt."""

from __future__ import annotations

from typing import ClassVar

from sqlmodel import Field

from .record import Record


class Customer(Record, table=True):
    __entity__: ClassVar[str] = "customer"

    name: str = Field(max_length=120, index=True)
    phone: str = Field(max_length=20, unique=True)
    email: str | None = Field(default=None, max_length=254)
    address: str | None = Field(default=None, max_length=300)
