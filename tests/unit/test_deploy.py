"""What is shipped for running the desk elsewhere names only what is there."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import textwrap
from ipaddress import ip_address, ip_network
from pathlib import Path, PurePath

import pytest
import yaml

from service_desk.config import PREFIX, ROOT, Settings
from service_desk.config_warnings import NOT_SETTINGS
from service_desk.web.workers import GOODBYE_SECONDS

DEPLOY = ROOT / "deploy"
FILES = sorted(path for path in DEPLOY.iterdir() if path.is_file())


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_setting_that_is_named_exists(file: Path) -> None:
    known = {PREFIX + name.upper() for name in Settings.model_fields} | set(NOT_SETTINGS)
    assert set(re.findall(rf"\b{PREFIX}[A-Z_]+", file.read_text())) <= known


def test_the_image_is_made_of_what_is_here_and_runs_as_nobody_in_particular() -> None:
    lines = (DEPLOY / "Dockerfile").read_text().splitlines()
    for words in (shlex.split(line) for line in lines if line.startswith("COPY") and "--from" not in line):
        assert all((ROOT / source).exists() for source in words[1:-1])
    users = [line.split()[1] for line in lines if line.startswith("USER")]
    assert users == ["desk"]
    last = "\n".join(lines).rpartition("FROM ")[2]
    assert "node" not in last.lower()


def test_whoever_ends_the_desk_waits_longer_than_its_farewell() -> None:
    unit, compose = ((DEPLOY / name).read_text() for name in ("service-desk.service", "compose.yaml"))
    waits = [*re.findall(r"TimeoutStopSec=(\d+)", unit), *re.findall(r"stop_grace_period: (\d+)s", compose)]
    assert len(waits) == 2
    assert all(int(wait) > GOODBYE_SECONDS for wait in waits)


def test_the_unit_is_one_that_systemd_understands(tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        # Only Debian's own machines are sure to have it; the words are few enough to be looked at here.
        assert (
            "ExecStart=/srv/service-desk/.venv/bin/python -m service_desk serve"
            in (DEPLOY / "service-desk.service").read_text()
        )
        return
    unit = (DEPLOY / "service-desk.service").read_text()
    # The program lies elsewhere here.
    (tmp_path / "service-desk.service").write_text(
        unit.replace("/srv/service-desk/.venv/bin/python", "/bin/true")
    )
    told = subprocess.run(
        [program, "verify", str(tmp_path / "service-desk.service")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert not [line for line in told.stderr.splitlines() if "service-desk.service:" in line]


SECRETS = ("deploy/service-desk.env", "deploy/.env", ".env", "deploy/certificates/desk.key", "other.db")
"""What the texts in `deploy` tell people to put there, and a desk beside the one in `data`."""


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_that_lies_here_gets_into_no_image_and_no_commit(secret: str) -> None:
    ignored = (ROOT / ".dockerignore").read_text().split()
    above = [PurePath(secret), *PurePath(secret).parents]
    assert any(str(path) == line or path.match(line) for path in above for line in ignored)
    asked = ["git", "check-ignore", "--no-index", "--quiet", secret]
    assert subprocess.run(asked, cwd=ROOT, check=False).returncode == 0


def test_no_password_is_on_a_command_line(tmp_path: Path) -> None:
    told = (DEPLOY / "compose.yaml").read_text().partition("command:")[2].partition("environment:")[0]
    script = textwrap.dedent(told.partition("- |\n")[2]).replace("$$", "$") or told
    stand_in = tmp_path / "redis-server"
    stand_in.write_text('#!/bin/sh\necho "$@"\ncat >&2\n')
    stand_in.chmod(0o700)
    ran = subprocess.run(
        ["sh", "-c", script],
        env={"PATH": f"{tmp_path}:/bin:/usr/bin", "REDIS_PASSWORD": "geheim"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.startswith("- ")
    assert "geheim" not in ran.stdout
    assert ran.stderr == "requirepass geheim\n"


def test_the_proxy_finds_each_host_again_after_it_was_made_anew() -> None:
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    [network] = compose["networks"]["inside"]["ipam"]["config"]
    hosts = re.findall(r"server (\S+):3000", (DEPLOY / "nginx.conf").read_text())
    assert len(hosts) == 2
    # A proxy asks for addresses only when it starts, and others get theirs from another range.
    for host in hosts:
        address = ip_address(compose["services"][host]["networks"]["inside"]["ipv4_address"])
        assert address in ip_network(network["subnet"])
        assert address not in ip_network(network["ip_range"])
