"""What a browser is sent, whatever its page shows of it: every frame of every socket is read."""

from __future__ import annotations

from playwright.sync_api import expect
from sqlmodel import col, select

from service_desk.actions.calls import create_call
from service_desk.actions.calls_assign import assign_call
from service_desk.domain.users import User, UserSession
from service_desk.store.database import current

from ..typist import Typist
from .conftest import Seat, Sit, Wired
from .steps import row_with


def frames_with(seat: Seat, words: str) -> list[str]:
    return [frame for frame in seat.frames if words in frame]


def test_an_engineer_is_never_sent_a_call_that_is_neither_theirs_nor_logged_by_them(
    sit: Sit, wired: Wired, typist: Typist, word: str, phone: str
) -> None:
    """Jo has every page open that could show a call, while Ravi's is logged, changed and done."""
    people, network = wired.desk.people, wired.categories["Network"]
    fields = {"phone": phone, "customer_name": f"Customer {word}", "category_id": network}
    secret = create_call(people["maya"], {**fields, "problem": f"{word} before"})
    jo = sit("jo", "/calls?tab=all")
    for path in (f"/calls/{secret}", "/activity", "/customers", f"/calls?q={word}"):
        jo.tab(wired.desk.url + path)
    typist.assign_call(secret, people["ravi"].id)
    typist.edit_call(secret, {"problem": f"{word} before"}, problem=f"{word} after")
    typist.log_call(f"{word} and another", network, phone, assigned_to_id=str(people["ravi"].id))
    typist.cancel_call(secret, f"{word} was nothing")
    typist.log_call("The last one, for Jo", network, phone, assigned_to_id=str(people["jo"].id))
    expect(row_with(jo.page, "The last one, for Jo").first).to_be_visible()
    for said in (f"{word} before", f"{word} after", f"{word} and another", f"{word} was nothing"):
        assert not frames_with(jo, said)
    # Since the last call is Jo's, so is its customer, whose name is no secret any more; the number of the other is.
    assert not frames_with(jo, f'"C-{secret}"')


def test_a_call_that_was_taken_away_is_not_sent_to_its_former_engineer_any_more(
    sit: Sit, wired: Wired, typist: Typist, word: str, phone: str
) -> None:
    people, network = wired.desk.people, wired.categories["Network"]
    fields = {"phone": phone, "customer_name": "Bright Stores", "category_id": network}
    call = create_call(people["maya"], {**fields, "problem": f"{word} before"})
    assign_call(people["maya"], call, {"assigned_to_id": people["ravi"].id})
    ravi, jo = sit("ravi", f"/calls/{call}"), sit("jo")
    expect(ravi.page.get_by_role("heading", name=f"{word} before")).to_be_visible()
    typist.assign_call(call, people["jo"].id, before=people["ravi"].id)
    expect(ravi.page.get_by_text("This call was not found.")).to_be_visible()
    typist.edit_call(call, {"problem": f"{word} before"}, problem=f"{word} after")
    expect(row_with(jo.page, f"{word} after")).to_be_visible()
    typist.log_call(f"{word} a new one", network, phone, assigned_to_id=str(people["ravi"].id))
    ravi.page.get_by_role("link", name="Calls").first.click()
    expect(row_with(ravi.page, f"{word} a new one")).to_be_visible()
    assert not frames_with(ravi, f"{word} after")


def test_nobody_is_sent_a_password_hash_or_a_session_token(sit: Sit, wired: Wired) -> None:
    with current().reading() as session:
        hashes = [user.password_hash for user in session.exec(select(User))]
        tokens = session.exec(select(col(UserSession.token_hash))).all()
    secrets = [secret for secret in (*hashes, *tokens) if secret]
    for username in ("dana", "ravi"):
        seat = sit(username, "/users")
        for path in ("/profile", "/activity", "/calls", "/customers", "/carry-ins", "/categories"):
            seat.page.goto(wired.desk.url + path)
            expect(seat.page.get_by_role("status").filter(has_text="Live")).to_be_visible()
        seat.page.goto(wired.desk.url + "/profile")
        expect(seat.page.get_by_text("Chrome on Linux").first).to_be_visible()
        told = "".join(seat.frames)
        assert "argon2" not in told and "token_hash" not in told
        assert not [secret for secret in secrets if secret in told]
        assert seat.token not in told
