"""Categories of both kinds: named, moved, archived and restored, on both databases."""

from __future__ import annotations

from functools import partial

import pytest

from service_desk.actions.categories import (
    archive_category,
    create_category,
    edit_category,
    move_category,
    restore_category,
)
from service_desk.domain.access import Actor
from service_desk.domain.categories import Category, CategoryKind
from service_desk.domain.errors import Forbidden, Invalid, NotFound, Refused
from service_desk.domain.journal import WIRE_NAMES
from service_desk.domain.users import Role
from service_desk.queries.categories import list_categories, list_categories_for_settings
from service_desk.store.database import Database
from tests.factories import make_call, make_carry_in, make_user
from tests.readings import last_entry, last_seq, stored

pytestmark = pytest.mark.usefixtures("database")
CALL, CARRY_IN = CategoryKind.CALL, CategoryKind.CARRY_IN


@pytest.fixture
def admin(database: Database) -> Actor:
    return make_user(Role.ADMIN, "Ada A.")


@pytest.fixture
def three(admin: Actor) -> list[int]:
    return [create_category(admin, CALL, {"name": name}) for name in ("Heating", "Water", "Power")]


def names(actor: Actor, kind: CategoryKind = CALL) -> list[str]:
    found = list_categories(actor, kind)
    return [found.rows[key]["name"] for key in found.order]


def rename(actor: Actor, category_id: int, name: object) -> None:
    category = stored(Category, category_id)
    edit_category(
        actor, category_id, version=category.version, was={"name": category.name}, changes={"name": name}
    )


def test_new_ones_come_last_and_kinds_keep_apart(admin: Actor, three: list[int]) -> None:
    create_category(admin, CARRY_IN, {"name": "Heating"})
    assert names(admin) == ["Heating", "Water", "Power"]
    assert names(admin, CARRY_IN) == ["Heating"]


@pytest.mark.parametrize("kind", CategoryKind)
def test_every_change_has_its_wire_name(admin: Actor, kind: CategoryKind) -> None:
    told: list[str] = []

    def tell() -> None:
        told.append(WIRE_NAMES[last_entry().verb])

    first = create_category(admin, kind, {"name": "Heating"})
    tell()
    create_category(admin, kind, {"name": "Water"})
    for step in (rename, move_category, archive_category, restore_category):
        more = {rename: ("Warmth",), move_category: (False,)}.get(step, ())
        step(admin, first, *more)
        tell()
    prefix = "category" if kind == CALL else "service_category"
    assert told == [f"{prefix}_{what}" for what in ("created", "updated", "updated", "deleted", "updated")]


def test_a_name_is_taken_in_any_case_and_script_and_when_archived(admin: Actor, three: list[int]) -> None:
    create_category(admin, CALL, {"name": "Électricité"})
    archive_category(admin, three[1])
    before = last_seq()
    for name, words in (
        ("HEATING", "already."),
        ("éLECTRICITÉ", "already."),
        (" water ", "restore it instead"),
    ):
        with pytest.raises(Invalid) as refused:
            create_category(admin, CALL, {"name": name})
        assert words in refused.value.fields["name"]
        with pytest.raises(Invalid):
            rename(admin, three[2], name)
    assert last_seq() == before
    rename(admin, three[0], "HEATING")


@pytest.mark.parametrize("name", ["", "  ", None, 7, "x" * 61, "a\0b", ["Heating"], "\ud800"])
def test_what_is_no_name_gets_a_sentence(admin: Actor, name: object) -> None:
    with pytest.raises(Invalid) as refused:
        create_category(admin, CALL, {"name": name})
    assert refused.value.fields["name"].endswith(".")


def test_moving_changes_places_with_the_neighbour(admin: Actor, three: list[int]) -> None:
    move_category(admin, three[2], up=True)
    assert names(admin) == ["Heating", "Power", "Water"]
    move_category(admin, three[0], up=False)
    assert names(admin) == ["Power", "Heating", "Water"]


def test_moving_at_either_end_is_no_news(admin: Actor, three: list[int]) -> None:
    before = last_seq()
    move_category(admin, three[0], up=True)
    move_category(admin, three[2], up=False)
    assert (last_seq(), names(admin)) == (before, ["Heating", "Water", "Power"])


def test_an_archived_one_stays_on_records_and_is_listed_last(admin: Actor, three: list[int]) -> None:
    make_call(admin, category_id=three[0])
    archive_category(admin, three[0])
    found = list_categories_for_settings(admin, CALL)
    assert found.order == (three[1], three[2], three[0])
    assert (found.rows[three[0]]["is_active"], found.rows[three[0]]["used"]) == (False, 1)
    with pytest.raises(Refused, match="archived already"):
        archive_category(admin, three[0])
    with pytest.raises(Refused, match="Restore it"):
        move_category(admin, three[0], up=True)


def test_moving_skips_the_archived(admin: Actor, three: list[int]) -> None:
    archive_category(admin, three[1])
    move_category(admin, three[2], up=True)
    assert names(admin) == ["Power", "Heating", "Water"]


def test_a_restored_one_comes_last(admin: Actor, three: list[int]) -> None:
    archive_category(admin, three[0])
    restore_category(admin, three[0])
    assert names(admin) == ["Water", "Power", "Heating"]
    with pytest.raises(Refused, match="in use already"):
        restore_category(admin, three[0])


def test_use_is_counted_per_kind(admin: Actor, three: list[int]) -> None:
    device = create_category(admin, CARRY_IN, {"name": "Laptop"})
    for _ in range(2):
        make_carry_in(admin, category_id=device)
    assert list_categories_for_settings(admin, CARRY_IN).rows[device]["used"] == 2
    assert [row["used"] for row in list_categories(admin, CARRY_IN).rows.values()] == [0]
    assert {row["used"] for row in list_categories_for_settings(admin, CALL).rows.values()} == {0}


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMIN])
def test_only_admins_manage_categories_and_everybody_sees_them(three: list[int], role: Role) -> None:
    actor = make_user(role)
    before = last_seq()
    for step in (
        lambda: create_category(actor, CALL, {"name": "Mine"}),
        lambda: rename(actor, three[0], "Mine"),
        lambda: move_category(actor, three[0], up=False),
        partial(archive_category, actor, three[0]),
        partial(restore_category, actor, three[0]),
        partial(list_categories_for_settings, actor, CALL),
    ):
        with pytest.raises(Forbidden, match="You may not manage categories"):
            step()
    assert last_seq() == before
    assert names(actor) == ["Heating", "Water", "Power"]


def test_one_that_does_not_exist_was_not_found(admin: Actor) -> None:
    for step in (partial(move_category, up=True), archive_category, restore_category):
        with pytest.raises(NotFound, match=r"This category was not found\."):
            step(admin, 2_000_000)
