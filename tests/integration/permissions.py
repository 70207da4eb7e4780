"""The permission table of the domain, written out by hand for each handler of the screens."""

from __future__ import annotations

EVERYBODY = ("admin", "dispatcher", "front desk", "engineer")
COUNTER = ("admin", "dispatcher", "front desk")
VISITORS = ("admin", "dispatcher", "engineer")
DISPATCH = ("admin", "dispatcher")
ADMIN = ("admin",)

MAY: dict[str, tuple[str, ...]] = {
    # What Reflex itself needs of a page.
    "state.hydrate": EVERYBODY,
    "state.hydrate_and_load": EVERYBODY,
    "state.set_is_hydrated": EVERYBODY,
    "on_load_internal_state.on_load_internal": EVERYBODY,
    "on_load_internal_state.set_is_hydrated": EVERYBODY,
    # Pages. What is on them is cut to the asker's rights, or refused, by the answer itself.
    "activity_page.look": EVERYBODY,
    "call_page.look": EVERYBODY,
    "calls_page.look": EVERYBODY,
    "carry_in_page.look": EVERYBODY,
    "carry_ins_page.look": EVERYBODY,
    "categories_page.look": EVERYBODY,
    "missing_page.look": EVERYBODY,
    "profile_page.look": EVERYBODY,
    "security_page.look": EVERYBODY,
    "users_page.look": EVERYBODY,
    "webhooks_page.look": EVERYBODY,
    # Calls.
    "new_call.look_up": EVERYBODY,
    "new_call.save": EVERYBODY,
    "call_page.start": VISITORS,
    "calls_page.start": VISITORS,
    "complete_call.choose": VISITORS,
    "complete_call.save": VISITORS,
    "assign_call.choose": DISPATCH,
    "assign_call.save": DISPATCH,
    "call_page.unassign": DISPATCH,
    "cancel_call.choose": DISPATCH,
    "cancel_call.save": DISPATCH,
    "edit_call.edit": DISPATCH,
    "edit_call.save": DISPATCH,
    "reopen_call.choose": DISPATCH,
    "reopen_call.save": DISPATCH,
    # Carry-ins.
    "receive_carry_in.look_up": EVERYBODY,
    "receive_carry_in.save": EVERYBODY,
    "to_bench.choose": EVERYBODY,
    "to_bench.save": EVERYBODY,
    "complete_carry_in.choose": EVERYBODY,
    "complete_carry_in.save": EVERYBODY,
    "return_carry_in.choose": EVERYBODY,
    "return_carry_in.save": EVERYBODY,
    "deliver_carry_in.choose": COUNTER,
    "deliver_carry_in.save": COUNTER,
    "edit_carry_in.choose": COUNTER,
    "edit_carry_in.save": COUNTER,
    # Customers.
    "customer_page.look": EVERYBODY,
    "customers_page.look": EVERYBODY,
    "edit_customer.edit": COUNTER,
    "edit_customer.save": COUNTER,
    "new_customer.save": COUNTER,
    # Steps taken back. Whose, the action knows.
    "undo.undo": EVERYBODY,
    # Oneself.
    "change_password.save": EVERYBODY,
    "edit_profile.choose": EVERYBODY,
    "edit_profile.save": EVERYBODY,
    "profile_page.sign_out_others": EVERYBODY,
    "new_token.save": EVERYBODY,
    "own_token.revoke": EVERYBODY,
    # Administration.
    "categories_page.archive": ADMIN,
    "categories_page.move": ADMIN,
    "categories_page.restore": ADMIN,
    "new_call_category.save": ADMIN,
    "new_carry_in_category.save": ADMIN,
    "edit_webhook.choose": ADMIN,
    "edit_webhook.save": ADMIN,
    "new_webhook.save": ADMIN,
    "remove_webhook.choose": ADMIN,
    "remove_webhook.save": ADMIN,
    "renew_secret.choose": ADMIN,
    "renew_secret.save": ADMIN,
    "webhooks_page.pause": ADMIN,
    "webhooks_page.resume": ADMIN,
    "webhooks_page.send_test": ADMIN,
    "rename_category.choose": ADMIN,
    "rename_category.save": ADMIN,
    "deactivate.choose": ADMIN,
    "deactivate.save": ADMIN,
    "edit_user.choose": ADMIN,
    "edit_user.save": ADMIN,
    "new_user.save": ADMIN,
    "users_page.reactivate": ADMIN,
    "reset_second_factor.choose": ADMIN,
    "reset_second_factor.save": ADMIN,
    "security_page.sign_out": ADMIN,
    "security_page.sign_out_everywhere": ADMIN,
    "set_password.choose": ADMIN,
    "set_password.save": ADMIN,
}

DENIED = {
    "frontend_event_exception_state.handle_frontend_exception",
    "update_vars_internal_state.update_vars_internal",
}
"""Handlers of Reflex's own that no page needs, closed to everybody as all setters of variables are."""
