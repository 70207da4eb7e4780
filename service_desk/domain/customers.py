"""Customers: known by one phone number, however it is spelt."""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import Index, text
from sqlmodel import Field

from .record import Record


class Customer(Record, table=True):
    __entity__: ClassVar[str] = "customer"

    name: str = Field(max_length=120)
    phone: str = Field(max_length=20, unique=True)
    email: str | None = Field(default=None, max_length=254)
    address: str | None = Field(default=None, max_length=300)

    __table_args__ = (Index("ix_customer_name_lower_id", text("lower(name)"), "id"),)
