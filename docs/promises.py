"""Writes docs/promises.md: each promise, what shows it, and what it measured (docs/promises-figures.json)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Promise:
    """`fault` is also the name under which its figures are kept. `tests` are paths below tests/."""

    fault: str
    kept: str
    tests: str


LOST = (
    Promise(
        "kill -9 in mid-commit",
        "every acknowledged change is there, none half applied; what was cut short is saved once "
        "when sent again",
        "faults/test_kill.py",
    ),
    Promise(
        "replays",
        "one row and one answer for one key, also after a restart; the same key with other words is refused",
        "faults/test_replays.py integration/test_once.py browser/test_sent_once.py",
    ),
    Promise(
        "concurrent edits",
        "different fields are both kept; for the same field both values are shown and one click decides",
        "faults/test_concurrent_edits.py integration/test_edits.py browser/test_two_editors.py",
    ),
    Promise(
        "two take one call",
        "one engineer, and the other is told who was first",
        "integration/test_change_together.py integration/test_calls_workflow.py",
    ),
    Promise(
        "a step taken by mistake",
        "is taken back exactly, by whom the ordinary step back is allowed, while nobody has dealt "
        "with the record since",
        "integration/test_undo.py integration/test_undo_since.py browser/test_undo.py",
    ),
    Promise(
        "database stopped",
        "the screen stays and says that it may be old; writes are refused within 2 s with the form "
        "kept; heals by itself",
        "faults/test_database.py faults/test_stale_mark.py",
    ),
    Promise(
        "locked by another process",
        "a change waits up to 5 s, then “busy, try again”; readers feel nothing",
        "faults/test_database.py",
    ),
    Promise(
        "disk full",
        "a clear refusal, nothing damaged, works again when there is room",
        "faults/test_database.py",
    ),
    Promise(
        "news lost, doubled or reordered",
        "every screen equals the database within 30 s",
        "faults/test_news.py integration/test_hub.py",
    ),
    Promise(
        "reset",
        "noticed within 3 s; 500 changes later the screen equals a fresh one within 1 s of its return",
        "browser/test_blocked.py browser/test_reconnect.py",
    ),
    Promise(
        "silent link", "noticed within 20 s, by the browser and by the server", "browser/test_blocked.py"
    ),
    Promise(
        "WebSocket refused",
        "works by long-polling within 5 s, news at most 2 s late, and the chip says so; with "
        "everything blocked, plain pages",
        "browser/test_blocked.py integration/test_polling.py integration/test_plain.py",
    ),
    Promise(
        "restart under 50 sessions",
        "half-typed forms survive, also with a new build; all are back within 5 s; nothing "
        "acknowledged is lost",
        "faults/test_restart.py integration/test_farewell.py faults/test_restart_pages.py "
        "browser/test_drafts_after_faults.py",
    ),
    Promise(
        "several processes",
        "what one commits is told once in all of them; who is here, sign-outs and long-polling hold across them, and "
        "across hosts behind a proxy",
        "faults/test_many_processes.py faults/test_behind_a_proxy.py",
    ),
    Promise(
        "a worker dies",
        "killed every 2 s under load: nothing acknowledged is lost or doubled, its sessions are back within 5 s",
        "faults/test_lost_processes.py faults/test_many_processes.py",
    ),
    Promise(
        "Redis away",
        "stopped, or answering nothing: people go on working and see each other's changes a second later at most; "
        "healed within 10 s of its return; nothing in it matters when it is lost",
        "faults/test_lost_processes.py",
    ),
    Promise(
        "rolling restart",
        "no request is refused, everybody moves once, and nobody loses what they typed, also with a new version",
        "faults/test_lost_processes.py faults/test_renewed_pages.py",
    ),
    Promise("1,000 reconnects at once", "all back within 10 s, none refused", "faults/test_reconnects.py"),
    Promise(
        "a client that never reads",
        "costs the server less than 5 MB; the others wait less than 0.3 s",
        "faults/test_silent_clients.py",
    ),
    Promise(
        "tab frozen",
        "shows what a fresh one shows as soon as it is live again",
        "faults/test_frozen_tab.py",
    ),
    Promise(
        "clock of the browser off by a day",
        "ages, lateness and deadlines are true",
        "faults/test_browser_clock.py",
    ),
    Promise(
        "migration on a full database",
        "up, down and up again give equal checksums",
        "faults/test_big_migration.py integration/test_migrations.py",
    ),
    Promise(
        "backup under load",
        "the restored copy satisfies every invariant and has all that was acknowledged before",
        "faults/test_backup.py faults/test_backup_refusals.py integration/test_check.py",
    ),
)

DOORS = (
    Promise(
        "default deny",
        "every handler in Reflex's registry × nobody and each role answers as the table written by "
        "hand from the domain",
        "integration/test_guard_matrix.py",
    ),
    Promise(
        "what one may not see does not exist",
        "an id of others answers like a missing one: handlers, pages, plain pages",
        "faults/test_forged_ids.py integration/test_guard_strangers.py integration/test_plain.py",
    ),
    Promise(
        "HTTP API fuzzed",
        "whatever is sent, it answers as its own description says, and never with an error of the server",
        "integration/test_api_fuzz.py integration/test_api_rights.py",
    ),
    Promise(
        "arguments are untrusted",
        "each argument × null, list, dict, 1e999, NaN, NUL, lone surrogates, a million letters: a "
        "sentence, no traceback",
        "integration/test_bad_events.py unit/test_drafts.py",
    ),
    Promise(
        "token replay",
        "a tab's token is worth nothing without its cookie, with states in memory and in Redis",
        "integration/test_token_replay.py integration/test_guard_strangers.py",
    ),
    Promise(
        "sessions",
        "256 random bits, stored hashed, HttpOnly, SameSite=Lax, Secure behind TLS, new at "
        "sign-in, idle and absolute end",
        "integration/test_session_life.py integration/test_sessions.py integration/test_sign_in_security.py",
    ),
    Promise(
        "live revocation",
        "sign-out, deactivation, revocation, expiry and a lower role end the data on open sockets within 2 s",
        "faults/test_revocation.py browser/test_deactivated.py",
    ),
    Promise(
        "no default account",
        "the first admin comes from the console or a link that works once",
        "integration/test_sign_in.py integration/test_users_console.py",
    ),
    Promise(
        "passwords",
        "argon2id off the event loop, 10 characters, those that would be guessed soon refused; unknown user and wrong "
        "password are alike",
        "unit/test_passwords.py integration/test_throttle.py integration/test_sign_in_security.py",
    ),
    Promise(
        "guessing",
        "throttled per account and address, also after a restart, and never the owner from elsewhere; an app's "
        "six digits per account, so that a recovery code may be needed",
        "integration/test_throttle.py integration/test_second_factor_thief.py",
    ),
    Promise(
        "second factor",
        "no code twice, no way round it, recovery codes hashed and good once, required where a "
        "setting says so",
        "integration/test_second_factor.py integration/test_second_factor_thief.py "
        "browser/test_second_factor.py",
    ),
    Promise(
        "origin allow-list",
        "no foreign page gets in, by socket, polling or form",
        "faults/test_origins.py integration/test_sign_in_security.py",
    ),
    Promise(
        "flood of events",
        "30 a second with bursts, 10 sockets a person; 50,000 beyond that are read and dropped while the "
        "others stay below 0.3 s, at most 100 lines in the log",
        "faults/test_floods.py integration/test_many_tabs.py",
    ),
    Promise(
        "malformed frames",
        "each ends its socket; no traceback, at most 100 lines in the log, and the others stay below 0.3 s",
        "faults/test_floods.py",
    ),
    Promise("strangers", "cost next to nothing and are turned away", "faults/test_silent_clients.py"),
    Promise(
        "stored text is text",
        "no script runs on any page, no line of the log is forged; the desk exports no files, so no "
        "formula leaves it in one",
        "faults/test_stored_text.py unit/test_logs.py",
    ),
    Promise(
        "headers",
        "security headers and a CSP on every answer (`unsafe-eval` is a deviation: Reflex needs it "
        "for toasts)",
        "integration/test_sign_in_security.py",
    ),
    Promise(
        "secrets",
        "only from the environment; none in repository, pages, figures or log; unsafe settings "
        "refuse to start",
        "unit/test_secrets.py unit/test_config.py",
    ),
    Promise("dependencies", "pinned, and looked up with every check", "unit/test_audit.py"),
)

HEAD = """# Promises

What survives, what is refused, and the command that shows it. `make faults` runs the rehearsals with the numbers
below and writes the figures; `make test` runs every one of them in a short form. After each rehearsal one checker,
which knows nothing of the run, compares the acknowledgements, the rows, the journal and the screens
(`tests/faults/checker.py`); `python -m service_desk check` is the part of it that needs only a database.

How long others wait is measured from a change to a colleague's screen, 99 of 100 of them (p99). Those who work, those
who flood and the server are processes of their own, and those who flood have the lowest priority (`nice` 19): beside
them on the same few cores it would be the scheduler that is measured, not the server.

A line's command is `.venv/bin/python -m pytest` with the paths beside it, `SERVICE_DESK_FAULTS=full` before it for
the full numbers; with these a figure beyond its promise fails the run. All of this holds for one process, on SQLite
and on PostgreSQL, and what names several processes for those on PostgreSQL with Redis. Where no database is named, the
figure does not depend on it.
"""


def write() -> None:
    """Write the page anew from the list above and the figures beside it."""
    kept = json.loads((HERE / "promises-figures.json").read_text())
    figures, machine = kept["figures"], kept["machine"]
    on = ", ".join(f"{name} {value}" for name, value in machine.items())
    written = kept["written"]
    parts = [
        HEAD,
        "## Nothing is lost\n\n" + _table(LOST, figures, written),
        "## Nobody gets in, or further than they may\n\n" + _table(DOORS, figures, written),
        f"## Where it was measured\n\n{on}; {written} where no other day is named, on a machine that others use too.\n",
    ]
    (HERE / "promises.md").write_text("\n".join(parts))


def _table(promises: tuple[Promise, ...], figures: dict[str, Any], written: str) -> str:
    lines = ["| | promise | measured | tests/ |", "| --- | --- | --- | --- |"]
    for each in promises:
        told = figures.get(each.fault, {})
        days = {figure["on"] for by in told.values() for figure in by.values()}
        # The day of all of them is told once.
        day = days.pop() if len(days) == 1 else written
        lines_told = [_measured(what, by, day) for what, by in told.items()]
        measured = "<br>".join(lines_told if day == written else [*lines_told, f"({day})"])
        tests = "<br>".join(f"`{path}`" for path in each.tests.split())
        lines.append(
            f"| {each.fault} | {each.kept} | {measured or 'no figure: it holds, or its tests fail'} | {tests} |"
        )
    return "\n".join(lines) + "\n"


def _measured(what: str, by_database: dict[str, dict[str, Any]], written: str) -> str:
    values = (
        " ".join(part for part in (_value(each), NAMES.get(name, ""), _day(each, written)) if part)
        for name, each in sorted(by_database.items(), reverse=True)
    )
    return f"{what}: {', '.join(values)}"


def _value(each: dict[str, Any]) -> str:
    return f"{each['value']:,g} {each['unit']}".strip()


def _day(each: dict[str, Any], written: str) -> str:
    return "" if each["on"] == written else f"({each['on']})"


NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}

if __name__ == "__main__":
    write()
