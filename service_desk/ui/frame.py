"""The frame around every page: sidebar or bottom bar, search, connection, who is here, and the page itself."""

from __future__ import annotations

from typing import Any

import reflex as rx

from . import slots
from .components.browser_parts import Connection, Desk, Offer, Offline, Waits, post_form
from .components.dialogs import opener
from .components.lists import counted
from .components.marks import face, role_word
from .live_state import extra_of, held_row, only_row, order_of, row_of

NAV = (
    ("Calls", "/calls", "phone-call"),
    ("Carry-ins", "/carry-ins", "package"),
    ("Customers", "/customers", "contact"),
    ("Activity", "/activity", "activity"),
)
FACES = 5
ADMIN_NAV = (
    ("Users", "/users", "users"),
    ("Categories", "/categories", "tags"),
    ("Webhooks", "/webhooks", "webhook"),
    ("Security", "/security", "shield"),
)


def may(permission: str) -> Any:
    """Whether the viewer's role has this permission, by its name in lower case."""
    return extra_of(slots.Me, f"may_{permission}", bool)


def framed(
    title: Any, *body: rx.Component, here: str, search: Any = None, action: rx.Component | None = None
) -> rx.Component:
    """A whole page. `here` is the address of its place in the navigation; `search` what its list is searched for."""
    return rx.fragment(
        Desk.create(),
        rx.el.nav(
            rx.el.a("Skip to the page", href="#main", class_name="skip", custom_attrs={"data-reload": ""}),
            custom_attrs={"aria-label": "Skip"},
        ),
        rx.el.div(
            _sidebar(here),
            rx.el.div(
                _topbar(title, search, action),
                Offline.create(),
                _without_script(),
                rx.el.main(*body, id="main", tab_index=-1),
                rx.el.div(
                    Waits.create(), Offer.create(me=only_row(slots.Me)["id"]), class_name="offer-places"
                ),
                class_name="main",
            ),
            class_name="frame",
        ),
        _bottom_bar(here),
    )


def _without_script() -> rx.Component:
    words = rx.el.span(
        "This page needs JavaScript. ", rx.el.a("Read the plain pages", href="/plain/calls"), " instead."
    )
    return rx.el.noscript(rx.el.p(words, class_name="notice"))


def _sidebar(here: str) -> rx.Component:
    counts = {"/calls": counted(slots.CallCount, "open"), "/carry-ins": counted(slots.CarryInCount, "shop")}
    return rx.el.header(
        rx.el.a(
            rx.el.span("D", class_name="brand-mark", custom_attrs={"aria-hidden": "true"}),
            rx.el.span("Service Desk"),
            href="/calls",
            class_name="brand",
            custom_attrs={"aria-label": "Service Desk"},
        ),
        rx.el.nav(
            *(_nav_link(label, href, icon, here, counts.get(href)) for label, href, icon in NAV),
            rx.cond(
                may("manage_users"),
                rx.fragment(
                    rx.el.p("Administration", class_name="nav-group"),
                    *(_nav_link(label, href, icon, here) for label, href, icon in ADMIN_NAV),
                ),
                rx.fragment(),
            ),
            custom_attrs={"aria-label": "Places"},
        ),
        _who(),
        class_name="sidebar",
    )


def _nav_link(label: str, href: str, icon: str, here: str, count: Any = None) -> rx.Component:
    return rx.el.a(
        rx.icon(icon),
        rx.el.span(label),
        rx.el.span(count, class_name="count") if count is not None else rx.fragment(),
        href=href,
        class_name="nav-link",
        custom_attrs={
            "aria-label": label,
            "title": label,
            **({"aria-current": "page"} if href == here else {}),
        },
    )


def _who() -> rx.Component:
    me = only_row(slots.Me)
    return rx.fragment(
        rx.el.button(
            face(me["full_name"].to(str), me["id"], large=True),
            rx.el.span(
                rx.el.span(me["full_name"], class_name="who-name cut", style={"display": "block"}),
                rx.el.span(role_word(me["role"]), class_name="who-role", style={"display": "block"}),
                class_name="who-words cut",
            ),
            type="button",
            class_name="who",
            custom_attrs={"popovertarget": "who-menu", "aria-label": "Your menu"},
        ),
        rx.el.div(
            rx.el.a(rx.icon("user-round"), "Profile", href="/profile", class_name="button"),
            theme_button("button"),
            sign_out_button("button"),
            id="who-menu",
            custom_attrs={"popover": "auto"},
        ),
    )


def theme_button(kind: str) -> rx.Component:
    return rx.el.button(
        rx.icon("sun-moon"), "Light or dark", type="button", class_name=kind, on_click=rx.toggle_color_mode
    )


def sign_out_button(kind: str) -> rx.Component:
    out = rx.el.button(rx.icon("log-out"), "Sign out", type="submit", class_name=kind)
    return post_form("/auth/sign-out", out)


def _topbar(title: Any, search: Any, action: rx.Component | None) -> rx.Component:
    return rx.el.section(
        rx.el.h1(title),
        _search(search) if search is not None else rx.fragment(),
        Connection.create(),
        _faces(),
        action or rx.fragment(),
        class_name="topbar",
        custom_attrs={"aria-label": "Top of the page"},
    )


def _search(value: Any) -> rx.Component:
    return rx.el.div(
        rx.icon("search"),
        rx.el.input(
            type="search",
            default_value=value,
            placeholder="Number, name, phone, words",
            key="search",
            custom_attrs={
                "data-param": "q",
                "data-key": "/",
                "aria-label": "Search",
                "aria-keyshortcuts": "/",
                "autocomplete": "off",
                "maxlength": "100",
            },
        ),
        rx.el.kbd("/", custom_attrs={"aria-hidden": "true"}),
        class_name="search",
        custom_attrs={"role": "search"},
    )


def _faces() -> rx.Component:
    """Colleagues who are here now, the first few by their faces."""
    me = only_row(slots.Me)["id"]
    others = extra_of(slots.People, "online", int) - 1
    return rx.el.div(
        rx.foreach(
            order_of(slots.People), lambda key: online_face(row=row_of(slots.People, key), me=me, key=key)
        ),
        rx.cond(others > FACES, rx.el.span("+", others - FACES, class_name="more-faces"), rx.fragment()),
        class_name="faces not-phone",
        custom_attrs={"role": "group", "aria-label": "Here now"},
    )


@rx.memo
def online_face(row: rx.Var[dict[str, Any]], me: rx.Var[int], rest: rx.RestProp) -> rx.Component:
    person = held_row(row)
    return rx.cond(
        person["online"].to(bool) & (person["id"] != me),
        rx.el.span(face(person["name"].to(str), person["id"]), custom_attrs={"title": person["name"]}),
        rx.fragment(),
    )


def _bottom_bar(here: str) -> rx.Component:
    places = [*NAV[:3], ("Activity", "/activity", "activity"), ("Me", "/profile", "user-round")]
    return rx.el.nav(
        *(
            rx.el.a(
                rx.icon(icon),
                label,
                href=href,
                custom_attrs={"aria-current": "page"} if href == here else {},
            )
            for label, href, icon in places
        ),
        class_name="bottom-bar",
        custom_attrs={"aria-label": "Places, at the bottom"},
    )


def new_button(label: str, dialog_id: str, key: str = "") -> rx.Component:
    """The page's main button, with its shortcut."""
    return opener(label, dialog_id, icon="plus", kind="primary", key=key)
