"""Odd surroundings: the same site, byte for byte, or a refusal that says why."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from faults import clone, contents, note, passage, same_site

from conftest import Book

HTML = "_build/html"
ABROAD = {
    "PYTHONUTF8": "0",
    "PYTHONCOERCECLOCALE": "0",
    "LC_ALL": "C",
    "TZ": "Pacific/Kiritimati",
    "PYTHONHASHSEED": "1",
}
BARE = {
    "LANG": "tr_TR.UTF-8",
    "LC_ALL": "tr_TR.UTF-8",
    "TZ": "America/St_Johns",
    "PYTHONHASHSEED": "99",
    "PATH": "/nonexistent",
}
LOOPBACK = 'ip link set lo up && exec "$@"'  # kernels are spoken to on 127.0.0.1
ISOLATED = ["unshare", "--net", "--map-root-user", "sh", "-c", LOOPBACK, "sh"]


def built(book: Book, environment: dict[str, str], *prefix: str) -> str:
    result = subprocess.run(
        [*prefix, sys.executable, "-m", "analysis.site.build"],
        cwd=book.folder,
        env={**os.environ, "PYTHONPATH": str(book.folder), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def isolation() -> list[str]:
    """A command that takes the network away, where the system allows it."""
    if not shutil.which("unshare"):
        return []
    tried = subprocess.run([*ISOLATED, "true"], capture_output=True, check=False)
    return ISOLATED if tried.returncode == 0 else []


@pytest.fixture(scope="module")
def abroad(built_book: Book, tmp_path_factory) -> tuple[Book, str]:
    """Everything executed and built anew: other path, locale, time zone, hash seed, no network."""
    book = clone(built_book, tmp_path_factory.mktemp("ein Büch mit 'Lücken' ☃"))
    shutil.rmtree(book.folder / "_build")
    for notebook in (book.folder / "book").glob("*.ipynb"):
        book.edit(f"book/{notebook.name}", lambda text: text.replace('"record"', '"forgotten"'))
    (book.folder / "sitecustomize.py").write_text(NO_NETWORK)
    return book, built(book, ABROAD, *isolation())


NO_NETWORK = """
import sys


def hook(event, details):
    if event in ("socket.connect", "socket.getaddrinfo"):
        address = details[1] if event == "socket.connect" else details
        host = address[0] if isinstance(address, tuple) else ""
        if host not in ("", "localhost") and not str(host).startswith("127."):
            raise OSError(f"no network: {host}")


sys.addaudithook(hook)
"""


@pytest.mark.parametrize(
    "fault",
    [
        "locale C, files read as ASCII",
        "time zone Pacific/Kiritimati",
        "another hash seed",
        "spaces, quotes and non-ASCII letters in the path",
        "no network",
    ],
)
def test_executed_and_built_abroad(abroad, built_book, record_property, fault: str) -> None:
    book, output = abroad
    assert "executed first" in output and "executed second" in output
    assert same_site(book.folder, built_book.folder)
    for name in ("first", "second"):
        file = f"book/{name}.ipynb"
        assert (book.folder / file).read_bytes() == (built_book.folder / file).read_bytes()
    note(record_property, fault, "survived", "notebooks and site byte for byte the same")


@pytest.fixture(scope="module")
def bare(built_book: Book, tmp_path_factory) -> Book:
    """Built anew with nothing writable but ``_build`` and no program to be found."""
    book = clone(built_book, tmp_path_factory.mktemp("bare"))
    shutil.rmtree(book.folder / "_build")
    (book.folder / "_build").mkdir()
    before = contents(book.folder)
    everywhere_else = rf"^{book.folder}/(?!_build(/|$))"
    built(book, {**BARE, "SABOTAGE": f"read-only:{everywhere_else}"})
    after = contents(book.folder)
    assert {path: after[path] for path in before} == before
    written = {path for path in set(after) - set(before) if "__pycache__" not in path}
    assert all(path.startswith("_build/") for path in written)
    return book


@pytest.mark.parametrize(
    "fault",
    [
        "read-only source tree",
        "locale tr_TR",
        "time zone America/St_Johns",
        "no git",
        "no Chromium",
    ],
)
def test_built_with_next_to_nothing(bare, built_book, record_property, fault: str) -> None:
    assert same_site(bare.folder, built_book.folder)
    note(record_property, fault, "survived", "site byte for byte the same")


def test_nothing_is_writable(built_book, tmp_path, monkeypatch, record_property) -> None:
    book = clone(built_book, tmp_path)
    before = contents(book.folder / HTML)
    monkeypatch.setenv("SABOTAGE", f"read-only:^{book.folder}")
    result = book.make()
    said = passage(result.stderr, "The build stopped, the last good site is untouched.")
    assert result.returncode == 1 and "Read-only file system" in said and "remedy: " in said
    assert contents(book.folder / HTML) == before
    note(record_property, "nothing writable at all", "refused", said)


def test_a_table_that_may_not_be_read(book, built_book, monkeypatch, record_property) -> None:
    """A folder stands where the table was: no permission can be tested as an administrator."""
    (book.folder / "data/rates.csv").unlink()
    (book.folder / "data/rates.csv").mkdir()
    result = book.make()
    said = passage(result.stderr, "data/rates.csv: the file is missing")
    assert result.returncode == 1 and "remedy: " in said
    assert contents(book.folder / HTML) == contents(built_book.folder / HTML)
    note(record_property, "folder in the place of a table", "refused", said)


def test_the_small_book_is_elsewhere(built_book) -> None:
    """The suite must never touch the book that it tests."""
    assert not built_book.folder.is_relative_to(Path(__file__).resolve().parent.parent)
