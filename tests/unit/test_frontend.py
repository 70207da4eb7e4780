"""When the pages are built again, and what happens when that fails."""

import os
import threading
from pathlib import Path

import pytest

from service_desk.web import frontend

SOURCES = {
    "service_desk/ui/desk.js": "export {}",
    "service_desk/service_desk.py": "app = 1",
    "service_desk/ui/pages/calls.py": "page = 1",
    "service_desk/store/change.py": "commit = 1",
    "service_desk/commands/serve.py": "serve = 1",
    "assets/desk.css": "body {}",
    "assets/external/reflex/logo.svg": "<svg/>",
    "reflex.lock/package-lock.json": '{"lockfileVersion": 3}',
    "requirements.txt": "reflex==1",
    "rxconfig.py": "config = 1",
}


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in SOURCES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(frontend, "ROOT", tmp_path)
    monkeypatch.delenv(frontend.SKIP, raising=False)
    monkeypatch.delenv(frontend.WEB, raising=False)
    return tmp_path


class Builder:
    """Stands in for the real build: writes the page, a log, and counts."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, code: int = 0, lock: str | None = None) -> None:
        self.times = 0
        self.code = code
        self.lock = lock
        monkeypatch.setattr(frontend, "_run", self.run)

    def run(self, command: list[str], log: Path) -> int:
        self.times += 1
        log.write_text("one\ntwo\nthe reason\n")
        if self.lock:
            (frontend.ROOT / "reflex.lock" / "package-lock.json").write_text(self.lock)
        if not self.code:
            page = frontend.web_dir() / "build" / "client" / "index.html"
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_text("<html>")
        return self.code


def start(said: list[str] | None = None) -> None:
    frontend.ensure_built(say=(said if said is not None else []).append)


@pytest.mark.parametrize(
    "name",
    [
        name
        for name in SOURCES
        if not name.startswith(("service_desk/store", "service_desk/commands", "assets/external"))
    ],
)
def test_a_changed_ingredient_changes_the_checksum(desk: Path, name: str) -> None:
    before = frontend.fingerprint(desk)
    (desk / name).write_text("something else")
    assert frontend.fingerprint(desk) != before


@pytest.mark.parametrize(
    "name",
    ["service_desk/store/change.py", "service_desk/commands/serve.py", "assets/external/reflex/logo.svg"],
)
def test_what_never_reaches_the_browser_does_not_change_the_checksum(desk: Path, name: str) -> None:
    before = frontend.fingerprint(desk)
    (desk / name).write_text("something else")
    assert frontend.fingerprint(desk) == before


def test_a_new_date_alone_does_not_change_the_checksum(desk: Path) -> None:
    before = frontend.fingerprint(desk)
    os.utime(desk / "rxconfig.py", (1, 1))
    assert frontend.fingerprint(desk) == before


def test_a_renamed_page_changes_the_checksum(desk: Path) -> None:
    before = frontend.fingerprint(desk)
    (desk / "assets/desk.css").rename(desk / "assets/other.css")
    assert frontend.fingerprint(desk) != before


def test_the_pages_are_built_once_and_again_after_a_change(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    builder = Builder(monkeypatch)
    start()
    start()
    assert builder.times == 1
    (desk / "assets/desk.css").write_text("main {}")
    start()
    assert builder.times == 2


def test_two_starts_at_once_build_once(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    builder = Builder(monkeypatch)
    starts = [threading.Thread(target=start) for _ in range(4)]
    for thread in starts:
        thread.start()
    for thread in starts:
        thread.join()
    assert builder.times == 1


def test_a_failed_build_shows_the_end_of_its_log_and_is_tried_again(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    builder = Builder(monkeypatch, code=1)
    for _ in range(2):
        with pytest.raises(frontend.BuildFailed, match=r"couldn't be built(?s:.*)the reason"):
            start()
    assert builder.times == 2


def test_a_build_that_wants_other_packages_is_refused_and_the_lock_stays(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Builder(monkeypatch, lock='{"lockfileVersion": 4}')
    with pytest.raises(frontend.BuildFailed, match="make lock"):
        start()
    assert (desk / "reflex.lock/package-lock.json").read_text() == '{"lockfileVersion": 3}'


def test_a_lock_that_is_only_sorted_differently_is_accepted_and_stays(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Builder(monkeypatch, lock='{ "lockfileVersion":3 }')
    start()
    assert (desk / "reflex.lock/package-lock.json").read_text() == '{"lockfileVersion": 3}'


def test_ready_made_pages_are_taken_as_they_are(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    builder = Builder(monkeypatch)
    monkeypatch.setenv(frontend.SKIP, "1")
    with pytest.raises(frontend.BuildFailed, match="no built pages"):
        start()
    frontend.ensure_built(say=print, force=True)
    (desk / "assets/desk.css").write_text("main {}")
    start()
    assert builder.times == 1


def test_the_build_uses_our_node_and_writes_no_addresses(desk: Path) -> None:
    environment = frontend.build_environment()
    first_on_path = Path(environment["PATH"].split(os.pathsep)[0])
    assert (first_on_path / "node").exists()
    assert (first_on_path / "npm").exists()
    assert environment["NPM_CONFIG_OMIT_LOCKFILE_REGISTRY_RESOLVED"] == "true"


def test_the_committed_lock_file_has_no_download_addresses() -> None:
    lock = Path(__file__).parents[2] / "reflex.lock" / "package-lock.json"
    assert '"resolved"' not in lock.read_text()
