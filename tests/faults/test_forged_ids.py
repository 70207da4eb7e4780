"""What one may not see answers as if it did not exist, however it is asked for."""

from __future__ import annotations

from dataclasses import dataclass, field

from service_desk.actions.calls_assign import assign_call
from service_desk.actions.categories import create_category
from service_desk.actions.users import deactivate_user, reactivate_user
from service_desk.domain.categories import CategoryKind
from service_desk.domain.users import Role
from service_desk.queries.call import show_call

from ..factories import a_phone, make_call
from ..figures import Figure
from ..readings import last_seq
from ..running_desk import RunningDesk
from .foreign import HANDLERS_WITH_IDS, WAYS, Asker, Way, taking_ids
from .scale import scaled

SECRET = "the vault door alarm 4711"
CALLS, PEOPLE = scaled(5, 75), scaled(2, 10)
NUMBERS = (999_999_998, 999_999_999)
MISSING: dict[str, tuple[object, object]] = {
    "call": NUMBERS,
    "customer": NUMBERS,
    "step": NUMBERS,
    "phone": ("+14155559998", "+14155559999"),
}
"""Two of each: a page that is opened says less the second time than the first."""
UNLIMITED = "1000000"
"""What is asked here comes faster than any hand; tests of the limits keep to them."""
OWNERS = {"call": "ravi", "customer": "ravi", "phone": "ravi", "step": "maya"}


@dataclass
class Tries:
    tried: int = 0
    answered: list[str] = field(default_factory=list)

    def ask(self, asker: Asker, way: Way, foreign: list[object]) -> None:
        """Ask for each of what exists and is another's; the answer must be that for what does not exist."""
        missing = [way.ask(asker, what) for what in MISSING[way.of]][-1]
        for what in foreign:
            self.tried += 1
            before = len(asker.heard)
            answer = way.ask(asker, what)
            if answer != missing or SECRET in "".join(asker.heard[before:]):
                self.answered.append(f"{way.name} of {what}: {answer} instead of {missing}")


def test_no_foreign_id_is_answered(rehearsal_desk: RunningDesk, figure: Figure) -> None:
    desk, tries = rehearsal_desk, Tries()
    desk.environment["SERVICE_DESK_EVENTS_PER_SECOND"] = UNLIMITED
    desk.restart()
    foreign, of_users = ravis_work(desk), steps_on_users(desk)
    before = last_seq()
    for way in WAYS:
        # Each with a tab of its own: what one answer left in a tab comes back with the next page.
        with Asker(desk, "jo") as jo:
            tries.ask(jo, way, foreign[way.of])
    (undo,) = (way for way in WAYS if way.of == "step")
    for username in ("jo", "fay", "maya"):
        with Asker(desk, username) as asker:
            tries.ask(asker, undo, of_users)
    assert last_seq() == before, "something was saved"
    figure("what one may not see does not exist: ids of others tried", tries.tried)
    figure("what one may not see does not exist: ways by which each was tried", len(WAYS))
    figure("what one may not see does not exist: answered unlike a missing one", len(tries.answered))
    assert tries.answered == []
    assert tries.tried >= scaled(50, 1_000)
    expect_answers_for_owners(desk, foreign, undo, of_users)


def ravis_work(desk: RunningDesk) -> dict[str, list[object]]:
    """Calls that only Ravi and those who dispatch may see, their customers and the steps on them."""
    maya, ravi = desk.people["maya"], desk.people["ravi"]
    category = create_category(desk.people["dana"], CategoryKind.CALL, {"name": "Vaults"})
    work: dict[str, list[object]] = {"call": [], "customer": [], "phone": [], "step": []}
    for _ in range(CALLS):
        phone = a_phone()
        call = make_call(maya, category_id=category, problem=SECRET, customer_name=SECRET, phone=phone)
        assign_call(maya, call, {"assigned_to_id": ravi.id})
        work["step"].append(last_seq())
        work["call"].append(call)
        work["phone"].append(phone)
        work["customer"].append(show_call(maya, call).rows[call]["customer_id"])
    return work


def steps_on_users(desk: RunningDesk) -> list[object]:
    """Numbers of steps that only admins may see."""
    dana, steps = desk.people["dana"], []
    for name in desk.hire_many(PEOPLE, roles=(Role.ENGINEER,)):
        for step in (deactivate_user, reactivate_user):
            step(dana, desk.people[name].id)
            steps.append(last_seq())
    return steps


def expect_answers_for_owners(
    desk: RunningDesk, foreign: dict[str, list[object]], undo: Way, of_users: list[object]
) -> None:
    """Each way leads somewhere: asked by who may see it, an id is not answered as a missing one."""
    for way in WAYS:
        with Asker(desk, OWNERS[way.of]) as owner:
            missing = [way.ask(owner, what) for what in MISSING[way.of]][-1]
            assert way.ask(owner, foreign[way.of][0]) != missing, way.name
    with Asker(desk, "dana") as dana:
        assert undo.ask(dana, of_users[-1]) != undo.ask(dana, NUMBERS[0])


def test_no_handler_that_takes_an_id_is_left_out() -> None:
    assert taking_ids(Role.ENGINEER) == HANDLERS_WITH_IDS.keys()
    # Whoever dispatches or receives sees every call and customer; steps on users and sign-ins are what they may not.
    strangers = taking_ids(Role.DISPATCHER) | taking_ids(Role.FRONT_DESK)
    about_people = {name for name in strangers if name.startswith(("users", "security", "edit_user", "undo"))}
    assert about_people == {"undo.undo"}
