"""The pages, one file for each noun of the desk."""

from __future__ import annotations

import reflex as rx

from .activity import activity_page
from .activity_state import ActivityPage
from .call import call_page
from .call_state import CallPage
from .calls import calls_page
from .calls_state import CallsPage
from .carry_in import carry_in_page
from .carry_in_state import CarryInPage
from .carry_ins import carry_ins_page
from .carry_ins_state import CarryInsPage
from .categories import categories_page
from .categories_state import CategoriesPage
from .customer import customer_page
from .customers import customers_page
from .customers_state import CustomerPage, CustomersPage
from .missing import MissingPage, missing_page
from .profile import profile_page
from .profile_state import ProfilePage
from .security import security_page
from .security_state import SecurityPage
from .users import users_page
from .users_state import UsersPage
from .webhooks import webhooks_page
from .webhooks_state import WebhooksPage


def add_pages(app: rx.App) -> None:
    """Every address of the desk, with what it asks for when it is opened."""
    app.add_page(calls_page, route="/calls", title="Calls · Service Desk", on_load=CallsPage.look)
    app.add_page(
        carry_ins_page, route="/carry-ins", title="Carry-ins · Service Desk", on_load=CarryInsPage.look
    )
    app.add_page(
        customers_page, route="/customers", title="Customers · Service Desk", on_load=CustomersPage.look
    )
    app.add_page(
        customer_page,
        route="/customers/[customer_id]",
        title="Customer · Service Desk",
        on_load=CustomerPage.look,
    )
    app.add_page(activity_page, route="/activity", title="Activity · Service Desk", on_load=ActivityPage.look)
    app.add_page(users_page, route="/users", title="Users · Service Desk", on_load=UsersPage.look)
    app.add_page(
        categories_page, route="/categories", title="Categories · Service Desk", on_load=CategoriesPage.look
    )
    app.add_page(security_page, route="/security", title="Security · Service Desk", on_load=SecurityPage.look)
    app.add_page(webhooks_page, route="/webhooks", title="Webhooks · Service Desk", on_load=WebhooksPage.look)
    app.add_page(profile_page, route="/profile", title="Profile · Service Desk", on_load=ProfilePage.look)
    app.add_page(missing_page, route="404", title="Not found · Service Desk", on_load=MissingPage.look)
    app.add_page(call_page, route="/calls/[call_id]", title="Call · Service Desk", on_load=CallPage.look)
    app.add_page(
        carry_in_page,
        route="/carry-ins/[carry_in_id]",
        title="Carry-in · Service Desk",
        on_load=CarryInPage.look,
    )
