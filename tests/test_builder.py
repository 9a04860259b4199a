"""The process of the live preview: what it holds in memory never outlives a change."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from conftest import Book

Build = Callable[[], dict]


@pytest.fixture
def build(book: Book) -> Iterator[Build]:
    """Build the copied book in one process, as often as asked."""
    process = subprocess.Popen(
        [sys.executable, "-m", "analysis.site.builder"],
        cwd=book.folder,
        env={"PYTHONPATH": str(book.folder)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin and process.stdout

    def told() -> dict:
        process.stdin.write("build\n")
        process.stdin.flush()
        return json.loads(process.stdout.readline())

    yield told
    process.kill()
    process.communicate()


def test_edits_are_followed_and_faults_refused_in_one_process(book: Book, build: Build) -> None:
    assert build()["code"] == 0
    good = (book.folder / "book/first.ipynb").read_text()
    before = book.page("first")
    book.edit("book/first.ipynb", lambda text: text.replace("{q}`first.rate`", "{q}`first.rote`"))
    for _ in range(2):
        refused = build()
        assert (
            refused["code"] and "quantity 'first.rote' is used and not published" in refused["text"]
        )
        assert book.page("first") == before
    (book.folder / "book/first.ipynb").write_text(good.replace("The rate is", "The rate was"))
    assert build()["code"] == 0 and "The rate was" in book.page("first")

    book.edit("data/rates.csv", lambda text: text.replace("recovered,40", "recovered,60"))
    answer = build()
    assert "executed first: a table it reads changed (rates)" in answer["text"]
    assert "executed second" not in answer["text"]
    assert "75.0%" in book.page("first") and "75.0%" in book.page("register")
    assert "<td>60" in (book.folder / "_build/html/data/rates.html").read_text()

    book.edit("data/rates.csv", lambda text: text.replace("recovered,60", "recovered,many"))
    assert "data/rates.csv, row 2, column value" in build()["text"]
    assert "75.0%" in book.page("first")
