"""nginx in front of several hosts, as `deploy/nginx.conf` has it, in a process and on ports of a test's own."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from service_desk.config import ROOT

SHIPPED = ROOT / "deploy" / "nginx.conf"
AROUND = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log crit;
worker_processes 1;
events {{ worker_connections 4096; }}
http {{
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  include {folder}/service-desk.conf;
}}
"""


@dataclass
class Proxy:
    folder: Path
    port: int
    plain_port: int

    @property
    def url(self) -> str:
        return f"https://localhost:{self.port}"

    @property
    def log(self) -> str:
        """What it wrote of the requests."""
        return (self.folder / "service-desk.log").read_text()

    def host_of(self, token: str, cookie: str) -> int:
        """The port of the host to which the proxy sends this sign-in."""
        mark = f"/plain/calls/{time.monotonic_ns()}"
        with httpx.Client(verify=False, cookies={cookie: token}) as browser:
            browser.get(f"{self.url}{mark}")
        until = time.monotonic() + 5
        while not (found := re.search(rf"GET {mark} .*127\.0\.0\.1:(\d+) \S+$", self.log, re.MULTILINE)):
            assert time.monotonic() < until, "not in the log"
            time.sleep(0.02)
        return int(found[1])


def configure(folder: Path, hosts: Sequence[int], port: int, plain_port: int) -> str:
    """The shipped configuration with other names: everything else of it is what is tested."""
    text = SHIPPED.read_text()
    servers = "\n".join(f"    server 127.0.0.1:{each} max_fails=1 fail_timeout=5s;" for each in hosts)
    changes = (
        (r"    server app1:3000 .*\n    server app2:3000 .*", servers),
        (r"listen 443 ssl http2;", f"listen 127.0.0.1:{port} ssl http2;"),
        (r"listen 80;", f"listen 127.0.0.1:{plain_port};"),
        (r"/etc/nginx/certificates/", f"{folder}/"),
        (r"/var/log/nginx/", f"{folder}/"),
    )
    for before, after in changes:
        text, times = re.subn(before, after, text)
        assert times, before
    return text


@contextmanager
def a_proxy(hosts: Sequence[int], port: int, plain_port: int) -> Iterator[Proxy]:
    program = shutil.which("nginx") or ("/usr/sbin/nginx" if Path("/usr/sbin/nginx").exists() else None)
    if program is None:
        pytest.skip("nginx is not installed.")
    folder = Path(tempfile.mkdtemp(prefix="desk-proxy-"))
    make_certificate(folder)
    (folder / "service-desk.conf").write_text(configure(folder, hosts, port, plain_port))
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder))
    folder.chmod(0o755)
    command = [program, "-p", str(folder), "-c", str(folder / "nginx.conf")]
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output)
    try:
        _wait_for(f"https://localhost:{port}/healthz", folder / "output")
        yield Proxy(folder, port, plain_port)
    finally:
        process.terminate()
        process.wait(10)
        shutil.rmtree(folder, ignore_errors=True)


def make_certificate(folder: Path) -> None:
    """One that nobody else has signed, for localhost."""
    files = ["-keyout", str(folder / "desk.key"), "-out", str(folder / "desk.pem")]
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
    ]
    subprocess.run([*command, "-days", "2", *files, *names], check=True, capture_output=True)


def _wait_for(address: str, output: Path) -> None:
    until = time.monotonic() + 20
    while True:
        try:
            if httpx.get(address, verify=False).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        assert time.monotonic() < until, output.read_text()
        time.sleep(0.1)
