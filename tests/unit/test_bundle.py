"""The changes of the browser runtime fit the installed Reflex."""

from pathlib import Path

import pytest
import reflex as rx
import reflex_base

from service_desk.ui.bundle import (
    PAGE_ORIGIN,
    RUNTIME,
    SHOWN_SOCKET,
    BundlePlugin,
    Change,
    HeavyComponent,
    RuntimeChanged,
    adapt,
    apply,
)

INSTALLED = Path(reflex_base.__file__).parent / ".templates" / "web" / RUNTIME


@pytest.fixture
def runtime() -> str:
    return INSTALLED.read_text()


@pytest.mark.parametrize("change", [PAGE_ORIGIN, SHOWN_SOCKET], ids=lambda change: change.why)
def test_each_change_fits_the_installed_runtime_exactly_once(runtime: str, change: Change) -> None:
    assert runtime.count(change.before) == 1
    assert apply(change, runtime).count(change.after) == 1


def test_a_changed_runtime_stays_as_it_is(runtime: str) -> None:
    assert adapt(adapt(runtime)) == adapt(runtime)


def test_the_page_decides_host_and_port_of_the_socket(runtime: str) -> None:
    changed = adapt(runtime)
    start = changed.index("export const getBackendURL")
    function = changed[start : changed.index("\n};", start)]
    assert "endpoint.hostname = hostname;" in function
    assert "endpoint.port = port;" in function
    assert "SAME_DOMAIN_HOSTNAMES" not in function


def test_the_socket_is_shown_before_it_connects(runtime: str) -> None:
    changed = adapt(runtime)
    assert changed.index("window.deskSocket = socket.current;") < changed.rindex("socket.current.connect();")


@pytest.mark.parametrize("times", [0, 2])
def test_a_runtime_that_no_longer_fits_is_refused(times: int) -> None:
    with pytest.raises(RuntimeChanged, match=f"found {times} times, not once"):
        apply(SHOWN_SOCKET, SHOWN_SOCKET.before * times)


def test_a_component_of_radix_themes_is_refused_and_a_plain_one_is_not() -> None:
    with pytest.raises(HeavyComponent, match="Button belongs to Radix Themes"):
        BundlePlugin().enter_component(rx.button("Save"))
    BundlePlugin().enter_component(rx.el.button("Save"))
