"""What is kept of a tab is its sign-in's alone, also when it is kept in two places in turn because Redis was away."""

from __future__ import annotations

import uuid
from pathlib import Path

from service_desk.actions.categories import create_category
from service_desk.domain.categories import CategoryKind

from ..caller import WIRE, Caller
from ..factories import make_call
from .processes import many_processes

SECRET = "the vault door alarm 4711"


def test_a_tab_that_another_sign_in_takes_over_while_redis_is_away_stays_empty_afterwards(
    tmp_path: Path,
) -> None:
    tab = str(uuid.uuid4())
    with many_processes(tmp_path, 1) as (desk, redis):
        category = create_category(desk.people["dana"], CategoryKind.CALL, {"name": "Doors"})
        ravi = desk.people["ravi"]
        call = make_call(desk.people["maya"], category_id=category, problem=SECRET, assigned_to_id=ravi.id)
        with Caller(desk.url, desk.token("ravi"), tab=tab) as owner:
            owner.settle()
            owner.call("complete_call.choose", {"call_id": call})
            assert SECRET in "".join(owner.frames)
        redis.hold_still()
        with Caller(desk.url, desk.token("jo"), tab=tab) as other:
            other.send(WIRE["missing_page.look"], {}, "/profile")
            received = "".join(other.listen(4))
            # Redis still holds all that it held.
            redis.go_on()
            received += "".join(other.listen(2))
            for _ in range(2):
                other.send(WIRE["state.hydrate"], {}, "/profile")
                received += "".join(other.listen(2))
        assert "complete_call" in received
        assert SECRET not in received
        assert f"C-{call}" not in received
