"""Builds the pages when what they are made of has changed; many servers may ask at once."""

import fcntl
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from service_desk.config import ROOT

# Nothing of these reaches the browser, so a change in them needs no new pages.
SERVER_ONLY = ("commands", "store", "__main__.py", "web/server.py")
WEB = "SERVICE_DESK_WEB_DIR"
SKIP = "SERVICE_DESK_SKIP_BUILD"
TAIL_LINES = 25


class BuildFailed(Exception):
    """The pages couldn't be built; the message ends with the tail of the build's log."""


def web_dir() -> Path:
    """The folder with the built pages, `.web` unless SERVICE_DESK_WEB_DIR names another."""
    return ROOT / os.environ.get(WEB, ".web")


def fingerprint(root: Path) -> str:
    """A checksum over everything the pages are made of: names and contents, never dates."""
    digest = hashlib.sha256()
    for path in _ingredients(root):
        name = path.relative_to(root).as_posix()
        digest.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def _ingredients(root: Path) -> Iterator[Path]:
    package = root / "service_desk"
    left_out = tuple(package / name for name in SERVER_ONLY)
    for path in sorted(path for kind in ("*.py", "*.js") for path in package.rglob(kind)):
        if path not in left_out and not any(folder in path.parents for folder in left_out):
            yield path
    for folder in ("assets", "reflex.lock"):
        # Reflex links its own files into assets/external while it compiles.
        external = root / "assets" / "external"
        yield from (
            p for p in sorted((root / folder).rglob("*")) if p.is_file() and external not in p.parents
        )
    yield from (path for name in ("requirements.txt", "rxconfig.py") if (path := root / name).exists())


def ensure_built(say: Callable[[str], None], force: bool = False, relock: bool = False) -> None:
    """Build unless the pages on disk match their sources. Raises BuildFailed.

    SERVICE_DESK_SKIP_BUILD=1 takes the pages as they are, which must exist.
    """
    if os.environ.get(SKIP) == "1" and not force:
        if not _pages().exists():
            raise BuildFailed(f"{SKIP} is set, but there are no built pages in {web_dir().name}.")
        return
    with _only_one(say):
        wanted = fingerprint(ROOT)
        if not force and _pages().exists() and _built_from() == wanted:
            return
        first = not (web_dir() / "node_modules").exists()
        say(f"Building the pages{' (first time, about a minute)' if first else ''}…")
        _stamp().unlink(missing_ok=True)
        _build(relock)
        _stamp().write_text(fingerprint(ROOT) if relock else wanted)


def pages_dir() -> Path:
    """The folder whose files are served."""
    return web_dir() / "build" / "client"


def publish(into: Path, before: Path | None = None) -> Path:
    """A copy of the pages as they are built now, so that a later build changes nothing under the feet of who serves it.

    `before` is an earlier copy: what its pages load goes on being there, for those who have them open.
    """
    pages = into / "build" / "client"
    shutil.copytree(pages_dir(), pages)
    older = before / "build" / "client" / "assets" if before else None
    for file in older.rglob("*") if older and older.is_dir() else ():
        kept = pages / "assets" / file.relative_to(older)
        if file.is_file() and not kept.exists():
            kept.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(file, kept)
    return into


def _pages() -> Path:
    return pages_dir() / "index.html"


def _stamp() -> Path:
    return web_dir() / "service-desk.sha256"


def _built_from() -> str:
    return _stamp().read_text() if _stamp().exists() else ""


@contextmanager
def _only_one(say: Callable[[str], None]) -> Iterator[None]:
    """Hold the build lock; the kernel lets it go when the process dies."""
    with (ROOT / ".web-build.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Waiting for another start that is building the pages…")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _build(relock: bool) -> None:
    # Beside the folder, because Reflex may empty it.
    log = web_dir().with_name(web_dir().name + ".log")
    log.parent.mkdir(parents=True, exist_ok=True)
    with _kept_lock(relock):
        code = _run([sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip"], log)
    if code or not _pages().exists():
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-TAIL_LINES:])
        raise BuildFailed(f"The pages couldn't be built. The end of {log.name}:\n{tail}")


def _run(command: list[str], log: Path) -> int:
    """Run the build in a process group of its own, so that Ctrl-C ends all of it; returns its exit code."""
    with log.open("w") as out:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=build_environment(),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            return process.wait()
        except BaseException:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait()
            raise


def build_environment() -> dict[str, str]:
    """The environment of the build: our Node first, npm's own registry, no addresses in the lock file."""
    node = Path(sys.executable).parent
    env = {key: value for key, value in os.environ.items() if not key.startswith("__REFLEX_")}
    env["PATH"] = f"{node}{os.pathsep}{env.get('PATH', '')}"
    env.setdefault("NPM_CONFIG_REGISTRY", _registry(env))
    return env | {
        "REFLEX_USE_NPM": "true",
        "REFLEX_WEB_WORKDIR": str(web_dir()),
        "REFLEX_TELEMETRY_ENABLED": "false",
        "REFLEX_CHECK_LATEST_VERSION": "false",
        "NPM_CONFIG_SAVE_EXACT": "true",
        "NPM_CONFIG_OMIT_LOCKFILE_REGISTRY_RESOLVED": "true",
        "NPM_CONFIG_AUDIT": "false",
        "NPM_CONFIG_FUND": "false",
        "NPM_CONFIG_FETCH_RETRIES": "3",
        "NO_COLOR": "1",
    }


def _registry(env: dict[str, str]) -> str:
    """The registry npm is set up for; without this Reflex would time two public ones and take the faster."""
    npm = Path(sys.executable).parent / "npm"
    asked = subprocess.run(
        [npm, "config", "get", "registry"], env=env, capture_output=True, text=True, check=False
    )
    return asked.stdout.strip()


@contextmanager
def _kept_lock(relock: bool) -> Iterator[None]:
    """Keep reflex.lock as committed; a build that wanted other packages is refused unless `relock`."""
    if relock:
        yield
        return
    files = sorted((ROOT / "reflex.lock").glob("*.json"))
    before = [path.read_bytes() for path in files]
    try:
        yield
        # npm sorts its files differently from one run to the next: only what they say counts.
        if any(
            json.loads(path.read_bytes()) != json.loads(old) for path, old in zip(files, before, strict=True)
        ):
            raise BuildFailed(
                "reflex.lock doesn't fit the pages: run `make lock` and commit what it changes."
            )
    finally:
        for path, old in zip(files, before, strict=True):
            path.write_bytes(old)
