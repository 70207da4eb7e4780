"""The examples of docs/api.md, run as they stand there."""

from __future__ import annotations

import json
import re
import shutil
import subprocess

import pytest

from service_desk.actions.categories import create_category
from service_desk.config import ROOT
from service_desk.domain.categories import CategoryKind
from tests.api_caller import API, token_of
from tests.factories import a_phone
from tests.raw_socket import fresh_key
from tests.running_desk import RunningDesk

COMMANDS = [
    command.strip()
    for block in re.findall(r"```sh\n(.*?)```", (ROOT / "docs" / "api.md").read_text(), re.DOTALL)
    for command in re.split(r"\n(?=curl)", block)
    if command.startswith("curl")
]


def test_every_example_does_what_the_page_says(desk: RunningDesk) -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    dana, ravi = desk.people["dana"], desk.people["ravi"]
    category = create_category(dana, CategoryKind.CALL, {"name": f"Heating {fresh_key()}"})
    own = {
        "order-4711": fresh_key(),
        "+1 415 555 0123": a_phone(),
        '"category_id": 1': f'"category_id": {category}',
        "$ENGINEER": str(ravi.id),
    }
    token, answers = token_of(dana), []
    # Those that change something first, since the others read what they have made.
    for command in sorted(COMMANDS, key=lambda each: "--json" not in each and "POST" not in each):
        for written, meant in own.items():
            command = command.replace(written, meant)
        answers.append(answer_of(command, desk, token))
        if "problem" in command and "calls/1" not in own:
            made = answers[-1]["id"]
            own |= {"calls/1": f"calls/{made}", "record=1": f"record={made}", "$CALL": str(made)}
    statuses = [answer["status"] for answer in answers if "status" in answer]
    assert statuses == ["pending", "assigned", "assigned", "in_progress", "completed", "in_progress", 409]
    assert len(answers) == len(COMMANDS) == 12


def answer_of(command: str, desk: RunningDesk, token: str) -> dict[str, object]:
    environment = f"export DESK={desk.url}{API} TOKEN={token}; "
    done = subprocess.run(["bash", "-c", environment + command], capture_output=True, text=True, timeout=20)
    body = done.stdout[done.stdout.index("{") :]
    found: dict[str, object] = json.loads(body)
    if " -si " in command:
        assert done.stdout.startswith("HTTP/1.1 200") and "\netag: " in done.stdout
        return {"id": found["id"]}
    return found
