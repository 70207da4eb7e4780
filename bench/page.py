"""The page of figures: each benchmark writes its own chapter and leaves the others as they are."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path("docs/performance.md")
TITLE = "# Performance\n\nWhat was measured, where and how. Each chapter is written by the command that it names.\n"


def write_chapter(name: str, text: str) -> None:
    """Put `text`, Markdown from its `## ` heading on, between the marks of this chapter; new ones go to the end."""
    begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    page = PAGE.read_text() if PAGE.exists() else TITLE
    chapter = f"{begin}\n{text.strip()}\n{end}"
    known = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    found, times = known.subn(lambda _: chapter, page)
    PAGE.write_text(found if times else f"{page.rstrip()}\n\n{chapter}\n")
