"""Which texts are keys of commands: the same for the screens and for the pages without a script."""

from __future__ import annotations

import pytest

from service_desk.domain.commands import is_key
from service_desk.domain.errors import Invalid
from service_desk.store.once import read_key
from service_desk.web.sent_twice import new_key


@pytest.mark.parametrize("key", ["a" * 16, "Az09_-" * 10, "a" * 64, new_key()])
def test_what_a_browser_or_the_server_makes_is_a_key(key: str) -> None:
    assert is_key(key) and read_key(key) == key


@pytest.mark.parametrize(
    "key", ["", "a" * 15, "a" * 65, "a" * 16 + "\n", "ä" * 16, "a.b" * 6, None, 7, ["a" * 16]]
)
def test_other_things_are_none(key: object) -> None:
    assert not is_key(key)
    with pytest.raises(Invalid):
        read_key(key)
