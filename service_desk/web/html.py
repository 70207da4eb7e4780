"""The few pages that are plain HTML, and work without any script."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from .. import reference
from ..domain.errors import DeskError
from ..log import get_logger

log = get_logger(__name__)

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")), autoescape=True, undefined=StrictUndefined
)
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self' 'unsafe-inline'; font-src 'self'; img-src 'self' data:; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
}


def page(
    template: str, status: int = 200, headers: dict[str, str] | None = None, **words: Any
) -> HTMLResponse:
    """The template filled with `words`, all of them escaped; never kept by the browser."""
    html = _templates.get_template(f"{template}.html").render(**words)
    return HTMLResponse(html, status, _HEADERS | (headers or {}))


def message(why: str | DeskError, status: int, headers: dict[str, str] | None = None) -> HTMLResponse:
    """A page that says one sentence, with a reference under which the log has more."""
    if isinstance(why, DeskError):
        reference.told(why)
    else:
        log.info("told a visitor", status=status, told=why)
    sentence = why.sentence if isinstance(why, DeskError) else why
    return page("message", status, headers, sentence=sentence, reference=reference.current())
