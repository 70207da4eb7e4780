"""The changes of the browser runtime fit the installed Reflex."""

import re
from pathlib import Path

import pytest
import reflex as rx
from reflex.utils.frontend_skeleton import _compile_vite_config

from service_desk.ui import bundle, live_state
from service_desk.ui.bundle import (
    INSTALLED,
    BundlePlugin,
    HeavyComponent,
    RuntimeChanged,
    adapt,
    apply,
)
from service_desk.ui.runtime import CHANGES, LINK_JS, SHOWN_SOCKET, Change


@pytest.fixture
def runtime() -> str:
    return INSTALLED.read_text()


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.why)
def test_each_change_fits_the_installed_runtime_exactly_once(runtime: str, change: Change) -> None:
    assert runtime.count(change.before) == 1
    assert apply(change, runtime).count(change.after) == 1


@pytest.mark.parametrize("found", ["adapted", "of an earlier version of the desk"])
def test_whatever_an_earlier_build_left_there_is_replaced(runtime: str, found: str) -> None:
    there = adapt(runtime) if found == "adapted" else apply(SHOWN_SOCKET, runtime)
    assert adapt(there) == adapt(runtime)


def test_all_icons_come_as_one_file() -> None:
    written = _compile_vite_config(rx.Config(app_name="desk"))
    assert 'test: /lucide-react/,\n              name: "icons",' in bundle.bundle(written)


def test_the_script_that_connects_is_where_the_runtime_looks_for_it() -> None:
    assert live_state.LINK_JS.endswith(LINK_JS)


def test_reflex_tries_no_connection_again_by_itself(runtime: str) -> None:
    changed = adapt(runtime)
    assert "200 * failed_attempts" not in changed
    handlers = changed[
        changed.index('socket.current.on("connect_error"') : changed.index("reportStateUpdateError")
    ]
    assert "socket.current.reconnect()" not in handlers
    assert "[env.TRANSPORT]" not in changed
    looks = changed[changed.index("function checkVisibility") : changed.index("const disconnectTrigger")]
    assert "reconnect()" not in looks


def test_no_loop_over_what_waits_goes_on_without_a_connection(runtime: str) -> None:
    loops = [line for line in adapt(runtime).splitlines() if "while (event_queue.length" in line]
    assert loops
    assert all("&& socket.current?.connected" in line for line in loops)


def test_forms_are_sent_under_the_name_by_which_their_keys_are_found(runtime: str) -> None:
    (name,) = re.findall(r'FORM_DATA_ENTRIES_KEY = "(\w+)"', runtime)
    outbox = Path(bundle.__file__).with_name("outbox.js").read_text()
    assert f'ENTRIES = "{name}"' in outbox


def test_the_page_decides_host_and_port_of_the_socket(runtime: str) -> None:
    changed = adapt(runtime)
    start = changed.index("export const getBackendURL")
    function = changed[start : changed.index("\n};", start)]
    assert "endpoint.hostname = hostname;" in function
    assert "endpoint.port = port;" in function
    assert "SAME_DOMAIN_HOSTNAMES" not in function


def test_the_socket_is_looked_after_before_it_connects(runtime: str) -> None:
    changed = adapt(runtime)
    assert changed.index("keep(socket.current);") < changed.rindex("socket.current.connect();")


@pytest.mark.parametrize("times", [0, 2])
def test_a_runtime_that_no_longer_fits_is_refused(times: int) -> None:
    with pytest.raises(RuntimeChanged, match=f"found {times} times, not once"):
        apply(SHOWN_SOCKET, SHOWN_SOCKET.before * times)


def test_a_component_of_radix_themes_is_refused_and_a_plain_one_is_not() -> None:
    with pytest.raises(HeavyComponent, match="Button belongs to Radix Themes"):
        BundlePlugin().enter_component(rx.button("Save"))
    BundlePlugin().enter_component(rx.el.button("Save"))
