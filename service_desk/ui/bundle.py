"""Adapts Reflex's browser runtime: one bundle for any address, a socket that can be watched."""

from pathlib import Path
from typing import Any, Unpack

import reflex_base
from reflex_base.components.component import BaseComponent
from reflex_base.plugins import Plugin
from reflex_base.plugins.base import PreCompileContext
from reflex_components_radix.themes.base import RadixThemesComponent

from .runtime import CHANGES, Change

RUNTIME = "utils/state.js"
BUNDLER = "vite.config.js"
ICONS_TOGETHER = Change(
    "send all icons as one file: over a slow link each of twenty tiny ones waits its turn",
    """          groups: [
            {
              test: /env.json/,""",
    """          groups: [
            {
              test: /lucide-react/,
              name: "icons",
            },
            {
              test: /env.json/,""",
)
INSTALLED = Path(reflex_base.__file__).parent / ".templates" / "web" / RUNTIME


class RuntimeChanged(Exception):
    """The browser runtime isn't the one the change was written for: look at it before upgrading Reflex."""


def apply(change: Change, source: str, name: str = RUNTIME) -> str:
    """The source with the change made exactly once. Raises RuntimeChanged if it doesn't fit."""
    if (found := source.count(change.before)) != 1:
        raise RuntimeChanged(f"{name}: the place to {change.why} was found {found} times, not once.")
    return source.replace(change.before, change.after)


def adapt(_found: str) -> str:
    """The browser runtime as the service desk needs it.

    Always made from the installed one: in `.web` stands what an earlier version of the desk made of it.
    """
    source = INSTALLED.read_text()
    for change in CHANGES:
        source = apply(change, source)
    return source


def bundle(found: str) -> str:
    """The bundler's settings, which Reflex writes anew for each build, as the service desk needs them."""
    return apply(ICONS_TOGETHER, found, BUNDLER)


class HeavyComponent(Exception):
    """A component that would bring the whole stylesheet of Radix Themes to every page."""


class BundlePlugin(Plugin):
    """Makes the changes whenever Reflex compiles the pages, and keeps the bundle light."""

    def pre_compile(self, **context: Unpack[PreCompileContext]) -> None:
        """Register the change of the runtime; Reflex may run it again on a file it already changed."""
        context["add_modify_task"](RUNTIME, adapt)
        context["add_modify_task"](BUNDLER, bundle)

    def enter_component(self, comp: BaseComponent, /, **kwargs: Any) -> None:
        """Refuse what would switch Radix Themes on (80 KB of styles beside our own)."""
        if isinstance(comp, RadixThemesComponent):
            raise HeavyComponent(
                f"{type(comp).__name__} belongs to Radix Themes: use rx.el.…, a Radix primitive or our own."
            )
