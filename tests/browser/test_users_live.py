"""What an admin does to a user, every screen follows, that user's own too."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from service_desk.actions.calls import create_call
from service_desk.domain.users import Role

from ..running_desk import PASSWORD
from .conftest import Hire, Sit, Wired, username_of
from .steps import dialog_of, fill_in, row_with, wire_name


def picker(page: Page) -> Locator:
    """The open form for a new call, where an engineer is chosen."""
    page.get_by_role("button", name="New call").click()
    return dialog_of(page, "New call").get_by_label("Assign to")


def option(select: Locator, name: str) -> Locator:
    return select.get_by_role("option", name=name, include_hidden=True)


def change_user(page: Page, name: str, fields: dict[str, str]) -> None:
    page.get_by_role("button", name=f"Edit: {name}").click()
    fill_in(page, f"Edit {name}", fields)


def test_a_new_user_appears_in_the_list_and_in_open_pickers(sit: Sit, word: str) -> None:
    dana, other_dana, maya = sit("dana", "/users"), sit("dana", "/users"), sit("maya")
    engineers = picker(maya.page)
    dana.page.get_by_role("button", name="New user").click()
    words = {"Full name": f"{word} Doe", "Username": word.lower(), "Password": PASSWORD, "Role": "Engineer"}
    fill_in(dana.page, "New user", words)
    expect(row_with(other_dana.page, word)).to_contain_text("Engineer")
    expect(option(engineers, word)).to_have_count(1)
    assert wire_name() == "user_created"


def test_a_new_name_shows_in_lists_pickers_and_on_their_own_screen(
    sit: Sit, wired: Wired, hire: Hire, word: str, phone: str
) -> None:
    kim = hire(Role.ENGINEER)
    create_call(
        wired.desk.people["maya"],
        {
            "phone": phone,
            "customer_name": "Bright Stores",
            "category_id": wired.categories["Network"],
            "problem": f"{word} is offline",
            "assigned_to_id": kim.id,
        },
    )
    dana, other_dana, maya = sit("dana", "/users"), sit("dana", "/users"), sit("maya", f"/calls?q={word}")
    themselves = sit(username_of(kim))
    engineers = picker(maya.page)
    change_user(dana.page, kim.name, {"Full name": f"{word} Roe"})
    expect(row_with(other_dana.page, f"{word} Roe")).to_be_visible()
    expect(option(engineers, f"{word} Roe")).to_have_count(1)
    expect(row_with(maya.page, f"{word} is offline")).to_contain_text(f"{word} Roe")
    expect(themselves.page.locator(".who-name")).to_have_text(f"{word} Roe")
    assert wire_name() == "user_updated"


def test_a_lowered_role_takes_effect_at_once_in_the_open_session(
    sit: Sit, wired: Wired, hire: Hire, word: str, phone: str
) -> None:
    kim = hire(Role.DISPATCHER)
    problem = {"phone": phone, "customer_name": "Bright Stores", "problem": f"{word} is offline"}
    create_call(wired.desk.people["maya"], {**problem, "category_id": wired.categories["Network"]})
    dana, themselves = sit("dana", "/users"), sit(username_of(kim), f"/calls?q={word}")
    expect(row_with(themselves.page, word).get_by_role("button", name="Assign")).to_be_visible()
    change_user(dana.page, kim.name, {"Role": "Engineer"})
    expect(row_with(themselves.page, word)).to_have_count(0, timeout=2000)
    seen = len(themselves.frames)
    themselves.page.reload()
    expect(themselves.page.get_by_role("status").filter(has_text="Live")).to_be_visible()
    assert not [frame for frame in themselves.frames[seen:] if f"{word} is offline" in frame]
    assert wire_name() == "user_updated"


def test_a_lowered_admin_loses_what_only_admins_see(sit: Sit, hire: Hire) -> None:
    kim = hire(Role.ADMIN)
    dana, themselves = sit("dana", "/users"), sit(username_of(kim), "/users")
    expect(row_with(themselves.page, "Dana Ortiz")).to_be_visible()
    change_user(dana.page, kim.name, {"Role": "Front desk"})
    expect(row_with(themselves.page, "Dana Ortiz")).to_have_count(0, timeout=2000)
    expect(themselves.page.get_by_role("link", name="Users")).to_have_count(0)
    expect(themselves.page.get_by_role("button", name="New user")).to_have_count(0)


def test_a_deactivated_user_is_former_in_the_list_and_gone_from_pickers_and_their_calls_are_pending(
    sit: Sit, wired: Wired, hire: Hire, word: str, phone: str
) -> None:
    kim = hire(Role.ENGINEER)
    problem = {"phone": phone, "customer_name": "Bright Stores", "problem": f"{word} is offline"}
    given = {"category_id": wired.categories["Network"], "assigned_to_id": kim.id}
    create_call(wired.desk.people["maya"], {**problem, **given})
    dana, other_dana, maya = sit("dana", "/users"), sit("dana", "/users"), sit("maya", f"/calls?q={word}")
    engineers = picker(maya.page)
    expect(option(engineers, kim.name)).to_have_count(1)
    dana.page.get_by_role("button", name=f"Deactivate: {kim.name}").click()
    expect(dialog_of(dana.page, f"Deactivate {kim.name}")).to_contain_text("1 open call returns to pending")
    fill_in(dana.page, f"Deactivate {kim.name}", {}, "Deactivate")
    expect(row_with(other_dana.page, kim.name)).to_contain_text("Former")
    expect(option(engineers, kim.name)).to_have_count(0)
    expect(row_with(maya.page, word)).to_contain_text("Pending")
    assert wire_name() == "user_deleted"
