"""Builds that are killed, run out of disk or meet another build: the last good site stays whole."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from faults import clone, contents, half_written, note, passage

from conftest import Book

HTML = "_build/html"

# Where a build is killed or the disk is full: a file that it opens to write, or renames.
MOMENTS = {
    "a chapter is executed": r"book/first\.ipynb\.\d+\.part$",
    "a figure is drawn": r"cache/svg/[0-9a-f]+\.svg",
    "a page is written": r"\.aside/book/index\.html$",
    "the site is completed": r"\.fresh/book/index\.html$",
}
CHANGING_PLACES = r"_build/html$"


@pytest.fixture(scope="module")
def edited(built_book: Book, tmp_path_factory) -> Book:
    """A book with a good site whose data and prose have changed since."""
    book = clone(built_book, tmp_path_factory.mktemp("builds"))
    book.edit("book/index.md", lambda text: text + "\nIt is {q}`first.rate`.\n")
    assert book.make().returncode == 0
    book.edit("data/rates.csv", lambda text: text.replace("recovered,40", "recovered,60"))
    for drawing in (book.folder / "_build/cache/svg").iterdir():
        drawing.unlink()
    return book


def sabotaged(book: Book, monkeypatch, how: str) -> subprocess.CompletedProcess[str]:
    with monkeypatch.context() as patched:
        patched.setenv("SABOTAGE", how)
        return book.make()


@pytest.mark.parametrize("how", ["full", "kill"])
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_build_cut_short(edited, monkeypatch, record_property, moment: str, how: str) -> None:
    before = contents(edited.folder / HTML)
    result = sabotaged(edited, monkeypatch, f"{how}:{MOMENTS[moment]}")
    assert result.returncode != 0
    assert contents(edited.folder / HTML) == before
    if how == "kill":
        note(record_property, f"killed while {moment}", "survived", "the last good site stays")
        return
    assert "No space left on device" in result.stdout + result.stderr
    said = passage(result.stderr, "The build ")
    assert "the last good site is untouched" in said and "remedy: " in said
    lines = (result.stdout + result.stderr).replace(f"{edited.folder}/", "").split("\n")
    said = f"{next(line for line in lines if 'No space left' in line)} {said}"
    assert not half_written(edited.folder) and not (edited.folder / "_build/.fresh").exists()
    note(record_property, f"disk full while {moment}", "refused", said)


def test_after_all_that_a_build_is_clean(edited, record_property) -> None:
    """No page keeps a number from before, though Sphinx was killed when it had read them all."""
    result = edited.make()
    assert result.returncode == 0, result.stderr
    for page in ("first", "index"):
        assert "75.0%" in edited.page(page) and "50.0%" not in edited.page(page)
    for drawing in (edited.folder / "_build/cache/svg").glob("*.svg"):
        assert drawing.read_text().endswith("</svg>")
    note(record_property, "build after killed and failed ones", "survived", "nothing stale in it")


def test_killed_while_the_sites_change_places(built_book, tmp_path, monkeypatch, record_property):
    book = clone(built_book, tmp_path)
    before = contents(book.folder / HTML)
    book.edit("book/index.md", lambda text: text + "\nMore.\n")
    assert sabotaged(book, monkeypatch, f"kill:{CHANGING_PLACES}").returncode != 0
    book.edit("book/index.md", lambda text: text + "\n{q}`nothing`\n")
    assert book.run("jupyter-book", "build", ".").returncode != 0
    assert contents(book.folder / HTML) == before
    said = "the next build puts the last good site back, also if it fails itself"
    note(record_property, "killed while the sites change places", "survived", said)


def test_two_builds_at_once(built_book, tmp_path, record_property) -> None:
    book = clone(built_book, tmp_path)
    book.edit("book/index.md", lambda text: text + "\nMore.\n")
    started = tmp_path / "started"
    environment = {
        **os.environ,
        "PYTHONPATH": str(book.folder),
        "SABOTAGE": f"wait:{MOMENTS['a page is written']}",
        "SABOTAGE_STARTED": str(started),
    }
    command = [sys.executable, "-m", "analysis.site.build"]
    with subprocess.Popen(
        command, cwd=book.folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as first:
        wait_for(started, first)
        before = contents(book.folder)
        others = [book.run(f"analysis.site.{name}") for name in ("build", "execute")]
        bare = book.run("jupyter-book", "build", ".")
        after = contents(book.folder)
        started.unlink()
        output = first.communicate()[0].decode()
    for other in others:
        said = passage(other.stderr, f"another build (process {first.pid}) is running")
        assert other.returncode == 1 and "remedy: wait until it has ended" in said, other.stderr
    assert bare.returncode != 0 and "another build (process" in bare.stdout + bare.stderr
    assert {path for path in before if after.get(path) != before[path]} == set()
    assert first.returncode == 0, output
    assert "More." in book.page("index")
    note(record_property, "two builds at once", "refused", said)


def wait_for(path: Path, process: subprocess.Popen[bytes]) -> None:
    while not path.exists():
        assert process.poll() is None, process.communicate()[0].decode()
        time.sleep(0.05)
