"""What a browser may load and run on the desk's pages (Content-Security-Policy, https://www.w3.org/TR/CSP3/)."""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from html.parser import HTMLParser

from ..config import settings
from .frontend import pages_dir


def policy(*, is_page: bool) -> str:
    """The header's value. Only a page has scripts of its own, known by their checksums; nobody can add one."""
    # Some browsers don't count the page's own socket as 'self'.
    sockets = " ".join(origin.replace("http", "ws", 1) for origin in settings().origins)
    scripts = " ".join(inline_scripts()) if is_page else ""
    return "; ".join(
        (
            "default-src 'self'",
            # Reflex runs what its backend sends (toasts, and our own calls) through eval.
            f"script-src 'self' 'unsafe-eval' {scripts}".rstrip(),
            # Components place and size what they show by style attributes, which have no checksum.
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            f"connect-src 'self' {sockets}",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


@lru_cache(maxsize=1)
def inline_scripts() -> tuple[str, ...]:
    """The checksums of the scripts that stand in the built pages, as the header names them."""
    found = _Scripts()
    for page in sorted(pages_dir().rglob("*.html")):
        found.feed(page.read_text())
        found.close()
        found.reset()
    return tuple(sorted(_checksum(script) for script in found.texts))


def _checksum(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


class _Scripts(HTMLParser):
    """Collects the text of every script that is not loaded from elsewhere."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.texts: set[str] = set()
        self._text: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "script" and "src" not in dict(attrs):
            self._text = []

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "script" and self._text is not None:
            self.texts.add("".join(self._text))
            self._text = None
