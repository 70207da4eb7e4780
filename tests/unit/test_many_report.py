"""The chapter on many calls and the page of query plans say what was measured, wherever they are written."""

from __future__ import annotations

import json
import re

from bench.many_calls import PLANS, RESULTS
from bench.many_report import chapter, plans_page
from bench.page import PAGE
from service_desk.config import ROOT

MEASURED = json.loads((ROOT / RESULTS).read_text())


def test_the_chapter_is_what_was_measured_and_leaves_the_plans_to_their_page() -> None:
    page = (ROOT / PAGE).read_text()
    found = re.search("<!-- many-calls -->\n(.*)\n<!-- end of many-calls -->", page, re.DOTALL)
    assert found is not None and found[1] == chapter(MEASURED).strip()
    assert "Execution Time" not in page and "](query-plans.md)" in found[1]


def test_the_page_of_plans_has_those_of_the_largest_desk_on_each_database() -> None:
    page = (ROOT / PLANS).read_text()
    assert page == plans_page(MEASURED)
    for kind in ("sqlite", "postgresql"):
        largest = max(MEASURED[kind], key=int)
        assert f"{int(largest):,} calls" in page
        for name, lines in MEASURED[kind][largest]["plans"].items():
            assert f"### {name}\n\n```\n" + "\n".join(lines) in page
