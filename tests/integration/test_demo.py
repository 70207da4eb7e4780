"""The demo: a desk that looks lived in, and whose history is as true as any other."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TypeVar

import pytest
from sqlmodel import SQLModel, col, select

from service_desk.actions.sessions import sign_in
from service_desk.demo import Newcomer, fill_demo
from service_desk.demo.fill import CALLS, CARRY_INS
from service_desk.demo.hours import Hours
from service_desk.demo.phones import made_up_numbers
from service_desk.domain.calls import OPEN_CALL, Call, CallStatus
from service_desk.domain.carry_ins import IN_SHOP, CarryIn, CarryInStatus
from service_desk.domain.categories import Category, CategoryKind
from service_desk.domain.customers import Customer
from service_desk.domain.errors import Refused
from service_desk.domain.journal import JournalEntry, Touch
from service_desk.domain.phones import find_phone
from service_desk.domain.times import now, pretend
from service_desk.domain.users import Role, User, UserSession
from service_desk.store.database import Database, current
from tests.factories import make_user
from tests.readings import last_seq, seqs


def test_a_demo_is_a_desk_with_three_true_months(database: Database) -> None:
    started = now()
    # A quarter of it on the slower one: the point there is that every step is taken, not how often.
    part = 1 if database.is_sqlite else 4
    newcomers = fill_demo(calls=CALLS // part, carry_ins=CARRY_INS // part)
    _everybody_is_there(newcomers)
    _there_is_enough_to_see(CALLS // part, CARRY_INS // part)
    _open_work_is_in_good_hands()
    _now_is_a_busy_moment()
    _the_journal_rises(began=started - timedelta(days=85))
    _every_row_has_its_history()
    _words_seldom_repeat()
    with pytest.raises(Refused, match="users already"):
        fill_demo()
    assert sign_in(newcomers[0].username, newcomers[0].password)


R = TypeVar("R", bound=SQLModel)


def _all(kind: type[R]) -> list[R]:
    with current().reading() as session:
        return list(session.exec(select(kind)))


def _everybody_is_there(newcomers: list[Newcomer]) -> None:
    users = _all(User)
    roles = Counter(user.role for user in users)
    assert roles == {Role.ADMIN: 1, Role.DISPATCHER: 2, Role.FRONT_DESK: 2, Role.ENGINEER: 3}
    assert [user.username for user in users] == [newcomer.username for newcomer in newcomers]
    assert len({newcomer.password for newcomer in newcomers}) == 8
    assert all(sign_in.revoked_at for sign_in in _all(UserSession)), "somebody's sign-in was left open"


def _there_is_enough_to_see(calls: int, carry_ins: int) -> None:
    assert len(_all(Customer)) == 60
    assert len(_all(Call)) == calls
    assert len(_all(CarryIn)) == carry_ins
    kinds = Counter(category.kind for category in _all(Category))
    assert kinds == {CategoryKind.CALL: 8, CategoryKind.CARRY_IN: 6}


def _open_work_is_in_good_hands() -> None:
    engineers = {user.id for user in _all(User) if user.is_engineer()}
    for call in _all(Call):
        if call.status == CallStatus.PENDING:
            assert call.assigned_to_id is None
        elif call.status != CallStatus.CANCELLED:
            assert call.assigned_to_id in engineers
        assert (call.status == CallStatus.COMPLETED) == bool(call.completion_remark)
        moments = [call.created_at, call.assigned_at, call.started_at, call.completed_at, now()]
        known = [at for at in moments if at]
        assert known == sorted(known)


def _now_is_a_busy_moment() -> None:
    calls = [call for call in _all(Call) if call.status in OPEN_CALL]
    assert len(calls) == 30
    assert {call.status for call in calls} == set(OPEN_CALL)
    on_site = [call.assigned_to_id for call in calls if call.status == CallStatus.IN_PROGRESS]
    assert len(on_site) == len(set(on_site)) == 3, "somebody is at two places at once"
    assert sum(call.due_at is not None and call.due_at < now() for call in calls) == 3
    in_shop = [carry_in.status for carry_in in _all(CarryIn) if carry_in.status != CarryInStatus.DELIVERED]
    assert len(in_shop) == 12
    assert set(in_shop) == set(IN_SHOP)


def _the_journal_rises(began: datetime) -> None:
    assert seqs() == list(range(1, last_seq() + 1))
    with current().reading() as session:
        times = list(session.exec(select(JournalEntry.at).order_by(col(JournalEntry.seq))))
    assert times == sorted(times)
    assert times[0] < began < times[-1] <= now()


def _every_row_has_its_history() -> None:
    told = {(touch.entity, touch.row_id) for touch in _all(Touch)}
    for kind in (User, Customer, Category, Call, CarryIn):
        assert {(kind.__entity__, row.id) for row in _all(kind)} <= told


def _words_seldom_repeat() -> None:
    problems = Counter(call.problem for call in _all(Call))
    assert len(problems) > 0.75 * problems.total()
    assert not any("{" in problem for problem in problems)


def test_a_used_desk_gets_no_demo(database: Database) -> None:
    make_user(Role.ADMIN)
    before = last_seq()
    with pytest.raises(Refused, match="empty database"):
        fill_demo()
    assert last_seq() == before


def test_a_small_demo_of_another_day_ends_at_that_moment(database: Database) -> None:
    present = datetime(2026, 8, 16, 15, 20, tzinfo=UTC)
    with pretend(present):
        fill_demo(seed=3, calls=70, carry_ins=15)
    assert (len(_all(Call)), len(_all(CarryIn))) == (70, 15)
    assert max(entry.at for entry in _all(JournalEntry)) <= present


@pytest.mark.parametrize("region", ["US", "CA", "GB", "DE", "FR", "IT", "IN", "BR", "AU", "NG"])
def test_every_region_has_enough_numbers_that_ring_nowhere(region: str) -> None:
    numbers = list(made_up_numbers(region, Random(1)))
    assert len(set(numbers)) >= 68
    assert all(find_phone(number, region) == number for number in numbers[:68])


@pytest.mark.parametrize("hour", [1, 7, 9, 12, 17, 23])
@pytest.mark.parametrize("day", range(21, 28))
def test_people_are_at_work_in_the_present_shift_and_else_by_day(day: int, hour: int) -> None:
    present = datetime(2026, 11, day, hour, 30, tzinfo=UTC)
    hours = Hours(present, Random(5))
    assert timedelta(hours=1) < present - hours.today <= timedelta(hours=6)
    for moment in [hours.sometime() for _ in range(30)] + [hours.days_ago(days) for days in (1, 2, 6)]:
        assert hours.begin < moment < hours.today
        assert moment == hours.opening(moment)
    assert hours.opening(hours.today + timedelta(minutes=5)) == hours.today + timedelta(minutes=5)
    assert all(hours.ahead(days).weekday() < 5 and hours.ahead(days) > present for days in (1, 2, 5))
