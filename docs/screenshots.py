"""Takes the pictures of the README from the running product: python docs/screenshots.py [name …]

A server with a demo of its own is started for it, on a free port, and everything is gone afterwards.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, Error, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
DESKTOP, PHONE = (1280, 720), (360, 740)
READY = "Service Desk is ready at "
AFTERNOON = 14
COLLEAGUES = ("maya", "jo", "priya")
"""Who is at the desk too, so that the pictures show company."""

# A record in which much has happened: the longest history among those in this state.
RICHEST = """
    select row_id from touch where entity = ? and row_id in (select id from {entity} where {state})
    group by row_id order by count(*) desc, row_id desc limit 1
"""


@dataclass(frozen=True)
class Shot:
    """`path` may name a record in braces, see `records`. `then` is done to the page before the picture."""

    name: str
    path: str
    who: str = "dana"
    size: tuple[int, int] = DESKTOP
    dark: bool = False
    then: str = ""


SHOTS = (
    Shot("calls", "/calls"),
    Shot("calls-dark", "/calls", dark=True),
    Shot("call", "/calls/{call}"),
    Shot("new-call", "/calls", then="log a call"),
    Shot("carry-ins", "/carry-ins"),
    Shot("carry-in", "/carry-ins/{carry_in}"),
    Shot("customer", "/customers/{customer}"),
    Shot("users", "/users", who="helen"),
    Shot("categories", "/categories", who="helen"),
    Shot("activity", "/activity", who="helen"),
    Shot("phone-list", "/calls", who="ravi", size=PHONE),
    Shot("phone-list-dark", "/calls", who="ravi", size=PHONE, dark=True),
    Shot("phone-call", "/calls/{phone_call}", who="ravi", size=PHONE),
)


def main(names: list[str]) -> int:
    """Take the pictures named, or all; the number of those that failed."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    wanted = [shot for shot in SHOTS if not names or shot.name in names]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        database = Path(folder) / "desk.db"
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        with running(database) as (address, passwords):
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            facts = records(database)
            for colleague in COLLEAGUES:
                sign_in(browser.new_page(), address, colleague, passwords[colleague])
            failed = [shot.name for shot in wanted if not take(browser, address, shot, passwords, facts)]
            browser.close()
    return len(failed)


@contextmanager
def running(database: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """A server that has just filled this database: its address, and the passwords by username."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {
        "SERVICE_DESK_DATABASE_URL": f"sqlite:///{database}",
        "PYTHONUNBUFFERED": "1",
        "TZ": afternoon(),
    }
    server = subprocess.Popen(
        [sys.executable, "-m", "service_desk", "serve", "--demo", "--port", str(port)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        passwords = read_passwords(server)
        yield f"http://localhost:{port}", passwords
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=20)


def read_passwords(server: subprocess.Popen[str]) -> dict[str, str]:
    """What the demo prints once: a username first and its password last on each line."""
    passwords: dict[str, str] = {}
    assert server.stdout is not None
    for line in server.stdout:
        if line.startswith(READY):
            return passwords
        words = line.split()
        if line.startswith("  ") and len(words) >= 3:
            passwords[words[0]] = words[-1]
    raise SystemExit("The server ended before it was ready.")


def afternoon() -> str:
    """The zone in which it is about two o'clock now, so that the pictures show people at work."""
    east = (AFTERNOON - datetime.now(UTC).hour + 11) % 24 - 11
    return f"Etc/GMT{-east:+d}" if east else "Etc/GMT"


def records(database: Path) -> dict[str, str]:
    """What the pictures show, by the name used in their paths."""
    with closing(sqlite3.connect(database)) as store:

        def richest(entity: str, state: str) -> str:
            sql = RICHEST.format(entity=entity, state=state)
            return str(store.execute(sql, (entity,)).fetchone()[0])

        ravi = "(select id from user where username = 'ravi')"
        most = "select customer_id, count(*) from call group by 1 order by 2 desc limit 1"
        customer_id = store.execute(most).fetchone()[0]
        phone = store.execute("select phone from customer where id = ?", (customer_id,)).fetchone()[0]
        return {
            "call": richest("call", "status = 'in_progress'"),
            "phone_call": richest("call", f"status = 'in_progress' and assigned_to_id = {ravi}"),
            "carry_in": richest("carry_in", "status = 'completed'"),
            "customer": str(customer_id),
            "phone": f"({phone[2:5]}) {phone[5:8]}-{phone[8:]}",
        }


def take(
    browser: Browser, address: str, shot: Shot, passwords: dict[str, str], facts: dict[str, str]
) -> bool:
    """One picture; says so and answers False when the page did not come."""
    context = browser.new_context(
        viewport={"width": shot.size[0], "height": shot.size[1]},
        color_scheme="dark" if shot.dark else "light",
        device_scale_factor=2 if shot.size == PHONE else 1,
        locale="en-GB",
        timezone_id=afternoon(),
    )
    context.set_default_timeout(15_000)
    page = context.new_page()
    try:
        sign_in(page, address, shot.who, passwords[shot.who])
        page.goto(address + shot.path.format(**facts))
        page.get_by_role("status").filter(has_text="Live").wait_for()
        if shot.then:
            log_a_call(page, facts["phone"])
        page.evaluate("document.fonts.ready")
        page.wait_for_timeout(1_500)
        page.screenshot(path=IMAGES / f"{shot.name}.png")
    except Error as fault:
        print(f"{shot.name}: {str(fault).splitlines()[0]}", file=sys.stderr)
        return False
    finally:
        context.close()
    print(f"docs/images/{shot.name}.png")
    return True


def sign_in(page: Page, address: str, username: str, password: str) -> None:
    page.goto(f"{address}/calls")
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("status").filter(has_text="Live").wait_for()


def log_a_call(page: Page, phone: str) -> None:
    """Half-way through logging one for a customer whom the desk knows."""
    page.get_by_role("button", name="New call").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Phone").fill(phone)
    dialog.get_by_label("Problem").fill("No internet on the second floor. The switch shows an amber light.")
    dialog.get_by_label("Category").select_option(label="Network")
    dialog.get_by_label("Priority").select_option(label="High")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
