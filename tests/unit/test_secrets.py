"""No secret, and nothing of the machine it was made on, is in the repository or in what browsers get."""

from __future__ import annotations

import getpass
import math
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / ".web" / "build" / "client"
TEXTS = {
    ".py",
    ".js",
    ".mjs",
    ".css",
    ".md",
    ".json",
    ".toml",
    ".txt",
    ".html",
    ".ini",
    ".mako",
    ".svg",
    ".yml",
    ".map",
    "",
}

# Each is written so that it does not match itself here.
FORBIDDEN = {
    "a private key": r"-----BEGIN [A-Z ]*PRIVATE KEY",
    "a key of AWS": r"\bAKIA[0-9A-Z]{16}\b",
    "a token of GitHub": r"\bgh[pousr]_[A-Za-z0-9]{36}|\bgithub_pat_\w{60}",
    "a token of another service": r"\b(?:xox[abpr]-|sk-(?:ant-)?|npm_|pypi-|glpat-)[A-Za-z0-9_-]{20,}",
    "a signed token": r"\beyJ[\w-]{15,}\.eyJ[\w-]{15,}\.",
    "a path of a machine": r"(?<![\w.<{])/(?:root|home/\w+|Users/\w+|work/\w+|tmp/wt)/\w",
    "the address of a private registry": r"https?://(?:[\w-]+\.)*(?:artifactory|nexus|verdaccio|jfrog)[\w.-]*/",
}
# A password in an address, but for the words that examples and tests use in its place.
ADDRESS = re.compile(r"\b[a-z+]{3,20}://[\w.-]+:([^@\s/'\"`<>{}()]+)@")
EXAMPLES = {"geheim", "password", "hunter2", "***", "pw", "secret"}
RANDOM = re.compile(r"(?<![\w/+-])[A-Za-z0-9+/_-]{32,}={0,2}(?![\w/+])")
BITS_PER_LETTER = 4.6
"""Above this a text of 32 letters and more is hardly made of words."""


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [ROOT / name for name in listed.decode().split("\0") if name and (ROOT / name).is_file()]


def findings(text: str) -> Iterator[str]:
    for what, pattern in FORBIDDEN.items():
        if found := re.search(pattern, text):
            yield f"{what}: {found[0][:40]}"
    for found in ADDRESS.finditer(text):
        if found[1] not in EXAMPLES:
            yield f"a password in an address: {found[0][:40]}"


def looks_random(text: str) -> bool:
    counts = Counter(text)
    bits = -sum(count / len(text) * math.log2(count / len(text)) for count in counts.values())
    kinds = sum(any(test(letter) for letter in text) for test in (str.isupper, str.islower, str.isdigit))
    return kinds == 3 and bits > BITS_PER_LETTER


@pytest.mark.parametrize("path", tracked(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_tracked_file_tells_no_secret(path: Path) -> None:
    if path.suffix not in TEXTS or path == Path(__file__):
        return
    text = path.read_text()
    assert list(findings(text)) == []
    if path.name != "package-lock.json":
        # Lock files are full of checksums, as they should be.
        assert [word for word in RANDOM.findall(text) if looks_random(word)] == []


def test_no_lock_file_names_an_address_to_download_from() -> None:
    locks = [path for path in tracked() if path.name == "package-lock.json"]
    assert len(locks) == 2
    for path in locks:
        assert re.findall(r'"resolved":\s*"https?://[^"]+', path.read_text()) == []


def test_the_built_pages_tell_nothing_of_the_machine() -> None:
    if not PAGES.exists():
        pytest.skip("the pages are not built")
    own = [word for word in (str(ROOT), str(Path.home()) + "/") if len(word) > 4]
    for path in PAGES.rglob("*"):
        if path.is_file() and path.suffix in TEXTS:
            text = path.read_text(errors="replace")
            assert not [word for word in own if word in text], path.name
            assert list(findings(text)) == [], path.name


@pytest.mark.parametrize(
    "secret",
    [
        "-----BEGIN " + "RSA PRIVATE KEY-----",
        "AKIA" + "IOSFODNN7EXAMPLE",
        "ghp_" + "a1B2" * 9,
        "xoxb-" + "1234567890-abcdefghijk",
        "/home/" + f"{getpass.getuser()}/desk",
        "postgresql://desk:" + "correct-horse@db/desk",
        "https://artifactory." + "corp.example/npm/",
    ],
)
def test_the_scan_finds_what_it_looks_for(secret: str) -> None:
    assert len(list(findings(f'x = "{secret}"'))) == 1


def test_random_texts_are_told_from_words() -> None:
    assert looks_random("q9Zt3LfXw0Vb7Kc2RmYp8HnSd5GjTa1E" + "uQ4o")
    assert not looks_random("test_a_field_that_is_filled_in_wrongly_is_nothing_to_report")
    assert not looks_random("0123456789abcdef" * 4)
