"""Every question that a screen can ask live, and which touches concern it. Lists carry their own question types."""

from __future__ import annotations

from dataclasses import dataclass

from ..domain.access import Actor, Permission, Scope
from ..domain.categories import CategoryKind
from ..domain.journal import Touched
from ..queries import activity, api_tokens, calls, carry_ins, categories, customers, security, users
from ..queries.answer import Answer
from ..queries.call import show_call
from ..queries.calls_counts import count_calls, count_my_calls
from ..queries.carry_in import show_carry_in
from ..queries.carry_ins_counts import count_carry_ins, count_my_carry_ins
from ..queries.customer import show_customer
from ..queries.customer_work import customer_work
from ..queries.webhooks import DeliveriesQuestion, WebhooksQuestion, list_deliveries, list_webhooks
from ..store.scope import mine
from .call_order import stays_in_place
from .views import RowsAlone, View, answers, renames


@dataclass(frozen=True, slots=True)
class CallCounts:
    """How many calls stand in each tab."""


@dataclass(frozen=True, slots=True)
class MyCallCount:
    user_id: int


@dataclass(frozen=True, slots=True)
class OneCall:
    id: int


@dataclass(frozen=True, slots=True)
class CarryInCounts:
    """How many carry-ins stand in each tab."""


@dataclass(frozen=True, slots=True)
class MyCarryInCount:
    user_id: int


@dataclass(frozen=True, slots=True)
class OneCarryIn:
    id: int


@dataclass(frozen=True, slots=True)
class OneCustomer:
    id: int


@dataclass(frozen=True, slots=True)
class CustomerWork:
    """A customer's calls and carry-ins but the one with number `exclude`."""

    customer_id: int
    exclude: str = ""


@dataclass(frozen=True, slots=True)
class History:
    """What happened to one record."""

    entity: str
    id: int


@dataclass(frozen=True, slots=True)
class Categories:
    """The categories that forms and filters offer."""

    kind: CategoryKind


@dataclass(frozen=True, slots=True)
class CategorySettings:
    kind: CategoryKind


@dataclass(frozen=True, slots=True)
class UserList:
    """Every user, for those who manage them."""


@dataclass(frozen=True, slots=True)
class Profile:
    user_id: int


@dataclass(frozen=True, slots=True)
class OwnSignIns:
    """Where a user is signed in, as seen from one of these places."""

    user_id: int
    session_id: int | None


@dataclass(frozen=True, slots=True)
class AllSignIns:
    """Where everybody is signed in, as seen from one of these places."""

    session_id: int | None
    page: int = 1


@dataclass(frozen=True, slots=True)
class OwnTokens:
    """A user's access tokens."""

    user_id: int


@dataclass(frozen=True, slots=True)
class AllTokens:
    """Everybody's access tokens."""

    page: int = 1


def _call_touch(touched: Touched, scope: Scope, _question: object) -> bool:
    return touched.entity == "call" and mine(touched, scope)


def _call_moved(touched: Touched, scope: Scope, question: object) -> bool:
    """Whether a call may stand in another tab than before: words alone never move it."""
    return _call_touch(touched, scope, question) and _moves(touched)


def _moves(touched: Touched) -> bool:
    return bool(touched.changed.keys() & {"status", "assigned_to_id", "due_at"})


def _call_list(touched: Touched, scope: Scope, question: calls.CallsQuestion) -> bool:
    return renames(touched) or (_call_touch(touched, scope, question) and _passes(touched, question))


def _passes(touched: Touched, question: calls.CallsQuestion) -> bool:
    """Whether the call passes the filters, or did so before: every fact is tried with both of its values."""
    wanted = (
        ("status", question.statuses),
        ("category_id", question.categories),
        ("priority", question.priorities),
    )
    if any(values and not set(values) & set(touched.ever(field)) for field, values in wanted):
        return False
    engineers = {engineer or None for engineer in question.engineers}
    return not engineers or bool(engineers & set(touched.ever("assigned_to_id")))


def _my_count(touched: Touched, scope: Scope, question: MyCallCount) -> bool:
    people = (*touched.ever("assigned_to_id"), *touched.ever("created_by_id"))
    return touched.entity == "call" and _moves(touched) and question.user_id in people


def _one_call(touched: Touched, scope: Scope, question: OneCall) -> bool:
    return renames(touched) or (touched.entity == "call" and touched.row_id == question.id)


def _carry_in_moved(touched: Touched, scope: Scope, _question: object) -> bool:
    return touched.entity == "carry_in" and _moves(touched)


def _my_carry_in_count(touched: Touched, scope: Scope, question: MyCarryInCount) -> bool:
    return _carry_in_moved(touched, scope, question) and question.user_id in touched.ever("assigned_to_id")


def _carry_in_list(touched: Touched, scope: Scope, _question: object) -> bool:
    return touched.entity == "carry_in" or renames(touched)


def _one_carry_in(touched: Touched, scope: Scope, question: OneCarryIn) -> bool:
    return renames(touched) or (touched.entity == "carry_in" and touched.row_id == question.id)


def _customer_list(touched: Touched, scope: Scope, _question: object) -> bool:
    moved = touched.entity in ("call", "carry_in") and "status" in touched.changed
    reassigned = touched.entity == "call" and "assigned_to_id" in touched.changed and scope.own_id is not None
    return touched.entity == "customer" or moved or reassigned


def _one_customer(touched: Touched, scope: Scope, question: OneCustomer) -> bool:
    return (touched.entity == "customer" and touched.row_id == question.id) or (
        question.id in touched.ever("customer_id")
    )


def _work(touched: Touched, scope: Scope, question: CustomerWork) -> bool:
    return touched.entity in ("call", "carry_in") and question.customer_id in touched.ever("customer_id")


def _history(touched: Touched, scope: Scope, question: History) -> bool:
    return (touched.entity == question.entity and touched.row_id == question.id) or renames(touched)


def _categories(touched: Touched, scope: Scope, question: Categories) -> bool:
    return touched.entity == "category" and question.kind.value in touched.ever("kind")


def _category_settings(touched: Touched, scope: Scope, question: CategorySettings) -> bool:
    used = touched.entity == question.kind.value and "category_id" in touched.changed
    return used or (touched.entity == "category" and question.kind.value in touched.ever("kind"))


def _users(touched: Touched, scope: Scope, _question: object) -> bool:
    assigned = touched.entity == "call" and bool(touched.changed.keys() & {"assigned_to_id", "status"})
    return touched.entity == "user" or assigned


def _profile(touched: Touched, scope: Scope, question: Profile | OwnSignIns | OwnTokens) -> bool:
    return touched.entity == "user" and touched.row_id == question.user_id


def _any_user(touched: Touched, _scope: object, _question: object) -> bool:
    return touched.entity == "user"


def _renamed_user(touched: Touched, _scope: object, _question: object) -> bool:
    return touched.entity == "user" and renames(touched)


def _webhooks(touched: Touched, _scope: object, _question: object) -> bool:
    return touched.entity == "webhook"


def _anything(_touched: Touched, _scope: Scope, _question: object) -> bool:
    return True


def _count_mine(actor: Actor, question: MyCallCount) -> Answer:
    return count_my_calls(actor)


def _profile_with_permissions(actor: Actor, _question: Profile) -> Answer:
    found = users.show_profile(actor)
    granted = {f"may_{permission.name.lower()}": actor.may(permission) for permission in Permission}
    return Answer(found.seq, found.order, found.rows, {**found.extra, **granted})


_CALLS_ALONE = RowsAlone(stays_in_place, calls.read_calls)


def register_views() -> None:
    """Tell the hub how each question is answered."""
    answers(calls.CallsQuestion, View("calls", calls.list_calls, _call_list, timed=True, alone=_CALLS_ALONE))
    answers(CallCounts, View("call counts", lambda actor, _: count_calls(actor), _call_moved, timed=True))
    answers(MyCallCount, View("my calls", _count_mine, _my_count))
    answers(OneCall, View("call", lambda actor, q: show_call(actor, q.id), _one_call))
    answers(carry_ins.CarryInsQuestion, View("carry-ins", carry_ins.list_carry_ins, _carry_in_list))
    answers(
        CarryInCounts,
        View("carry-in counts", lambda actor, _: count_carry_ins(actor), _carry_in_moved, by_role=True),
    )
    answers(
        MyCarryInCount,
        View("my carry-ins", lambda actor, _: count_my_carry_ins(actor), _my_carry_in_count),
    )
    answers(OneCarryIn, View("carry-in", lambda actor, q: show_carry_in(actor, q.id), _one_carry_in))
    answers(customers.CustomersQuestion, View("customers", customers.list_customers, _customer_list))
    answers(OneCustomer, View("customer", lambda actor, q: show_customer(actor, q.id), _one_customer))
    answers(
        CustomerWork,
        View("customer's work", lambda a, q: customer_work(a, q.customer_id, q.exclude), _work),
    )
    answers(History, View("history", lambda actor, q: activity.history(actor, q.entity, q.id), _history))
    answers(activity.ActivityQuestion, View("activity", activity.list_activity, _anything))
    # What happens at the doors is no news either: whoever writes the door book sees to it.
    answers(security.DoorsQuestion, View("doors", security.list_doors, _renamed_user))
    answers(
        Categories,
        View("categories", lambda a, q: categories.list_categories(a, q.kind), _categories, by_role=True),
    )
    answers(
        CategorySettings,
        View(
            "category settings",
            lambda a, q: categories.list_categories_for_settings(a, q.kind),
            _category_settings,
        ),
    )
    answers(UserList, View("users", lambda actor, _: users.list_users(actor), _users, timed=True))
    answers(Profile, View("profile", _profile_with_permissions, _profile))
    # Nor is what was sent: the senders see to it, and the slow check for those of other processes.
    answers(WebhooksQuestion, View("webhooks", list_webhooks, _webhooks, timed=True))
    answers(DeliveriesQuestion, View("deliveries", list_deliveries, _webhooks, timed=True))
    # Signing in is no news: those who listen to sign-ins and the slow check see to it.
    answers(OwnSignIns, View("sign-ins", lambda actor, _: users.list_sessions(actor), _profile, timed=True))
    # Nor is the use of a token.
    answers(OwnTokens, View("tokens", lambda actor, _: api_tokens.list_tokens(actor), _profile, timed=True))
    answers(
        AllTokens,
        View("all tokens", lambda a, q: api_tokens.list_all_tokens(a, q.page), _any_user, timed=True),
    )
