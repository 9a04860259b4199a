"""What a version consists of: the same bytes wherever it is made, usable without git, printable."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from faults import contents

from analysis.errors import BookError
from analysis.site import pdf, release
from analysis.site.provenance import commit, source_files
from browsing import require_browser
from conftest import ROOT, Book

HTML = "_build/html"
EPOCH = "1600000000"
ELSEWHERE = {"SOURCE_DATE_EPOCH": EPOCH, "TZ": "Pacific/Apia", "PYTHONHASHSEED": "7"}


def run(folder: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a module of a book on one core, by that book's own code."""
    pinned = ["taskset", "-c", "0"] if shutil.which("taskset") else []
    return subprocess.run(
        [*pinned, sys.executable, "-m", *command],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """The small book, executed and built in another folder, on one core, with its time given."""
    book = Book(tmp_path_factory.mktemp("un café") / "libro é")
    result = run(book.folder, "analysis.site.build", **ELSEWHERE)
    assert result.returncode == 0, result.stdout + result.stderr
    return book


def test_sites_are_the_same_byte_for_byte(built_book, elsewhere, tmp_path) -> None:
    """Built twice from nothing: other folder, time, zone, hash seed and number of cores."""
    other = Book(tmp_path / "book")
    assert run(other.folder, "analysis.site.build").returncode == 0
    one, two = (contents(book.folder / HTML) for book in (other, elsewhere))
    assert one == two and len(one) > 20
    assert contents(built_book.folder / HTML).keys() == one.keys()


@pytest.fixture(scope="module")
def made(elsewhere: Book) -> Path:
    """The release of the small book."""
    require_browser()
    for module in ("analysis.site.pdf", "analysis.site.release"):
        result = run(elsewhere.folder, module, **ELSEWHERE)
        assert result.returncode == 0, result.stdout + result.stderr
    return elsewhere.folder / "_build" / "release"


def test_manifest_tells_what_is_there(made, elsewhere, tmp_path) -> None:
    """Unpacked beside the manifest, every file is what the manifest says, and nothing is left."""
    shutil.copytree(made, tmp_path / "release")
    with zipfile.ZipFile(tmp_path / "release" / f"{release.NAME}-site.zip") as archive:
        archive.extractall(tmp_path / "release")
    lines = (made / "MANIFEST").read_text().splitlines()
    facts = dict(line[2:].split(": ") for line in lines if line.startswith("# "))
    sums = {name: digest for digest, name in (x.split("  ") for x in lines if x[0] != "#")}
    there = contents(tmp_path / "release")
    assert there.pop("MANIFEST") and there == sums
    lock = (elsewhere.folder / "requirements.txt").read_bytes()
    assert facts["libraries"] == hashlib.sha256(lock).hexdigest()
    assert facts["commit"] == "unknown" and facts["SOURCE_DATE_EPOCH"] == EPOCH
    unpacked = tmp_path / "release" / f"{release.NAME}-site"
    assert contents(unpacked) == contents(elsewhere.folder / HTML)


def test_release_is_the_same_byte_for_byte(made, elsewhere) -> None:
    before = contents(made)
    shutil.rmtree(made)
    for module in ("analysis.site.pdf", "analysis.site.release"):
        zone = {**ELSEWHERE, "TZ": "America/St_Johns", "PYTHONHASHSEED": "8"}
        assert run(elsewhere.folder, module, **zone).returncode == 0
    assert contents(made) == before


def test_source_archive_builds_the_same_site(made, elsewhere, tmp_path) -> None:
    """Without git, and with nothing but the archive, nothing is stale and the site is the same."""
    with tarfile.open(made / f"{release.NAME}-source.tar.gz") as archive:
        archive.extractall(tmp_path, filter="data")
    folder = tmp_path / f"{release.NAME}-source"
    result = run(folder, "analysis.site.build")
    assert result.returncode == 0 and "no chapter was stale" in result.stdout, result.stderr
    assert contents(folder / HTML) == contents(elsewhere.folder / HTML)


def test_the_books_own_source_works_without_git(tmp_path) -> None:
    """The real book from its source archive lists its numbers and knows its commit.

    It does so inside another repository too, and tells when a file was changed or added.
    """
    packed = release.tarred(ROOT, source_files(), "book", datetime(2020, 1, 1, tzinfo=UTC))
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        members = archive.getmembers()
        archive.extractall(tmp_path, filter="data")
    assert {"book/Makefile", "book/requirements.txt", "book/_toc.yml"} <= {m.name for m in members}
    assert not [
        m.name for m in members if re.search(r"(^|/)(\.venv|_build|__pycache__|\.git)/", m.name)
    ]
    book = tmp_path / "book"
    assert os.access(book / ".ci" / "run", os.X_OK)
    here, there = (run(at, "analysis", "list", "--json") for at in (ROOT, book))
    assert there.returncode == 0 and json.loads(there.stdout) == json.loads(here.stdout)
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    assert asked_commit(book) == commit()
    (book / "data" / "more.csv").write_text("id\n")
    assert asked_commit(book) == commit().removesuffix("+") + "+"
    (book / "SOURCE").unlink()
    assert asked_commit(book) == "unknown"


def asked_commit(folder: Path) -> str:
    """The commit that a copy of the source says it is of."""
    asked = "from analysis.site.provenance import commit; print(commit())"
    found = subprocess.run(
        [sys.executable, "-c", asked],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    return found.stdout.strip()


def test_release_refuses_what_nobody_could_tell_apart(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(release, "commit", lambda: "abc+")
    with pytest.raises(BookError, match=r"differ from the commit[\s\S]+remedy: commit them"):
        release.release(tmp_path / "release")
    monkeypatch.setattr(release, "PDF", tmp_path / "none.pdf")
    with pytest.raises(BookError, match=r"none\.pdf\n    remedy: run `make book pdf` first"):
        release.release(tmp_path / "release", draft=True)
    assert not (tmp_path / "release").exists()


def test_release_refuses_a_site_of_another_commit(made, elsewhere) -> None:
    page = elsewhere.folder / HTML / "book" / "index.html"
    before, released = page.read_text(), contents(made)
    page.write_text(before.replace("<code>unknown</code>", "<code>abc</code>"))
    try:
        result = run(elsewhere.folder, "analysis.site.release")
    finally:
        page.write_text(before)
    assert result.returncode == 1 and "not made from commit unknown" in result.stderr
    assert contents(made) == released


def test_pdf_has_contents_links_and_figures(made) -> None:
    """The contents lead to every page of the book, with the number of the page it begins on."""
    printed = (made / f"{release.NAME}.pdf").read_bytes()
    places = pdf.destinations(printed)
    assert {"index", "first", "second", "register"} <= places.keys()
    assert 2 < places["index"] < places["first"] < places["second"] < places["register"]
    pages = len(re.findall(rb"/Type /Page\b", printed))
    assert places["register"] == pages
    assert printed.count(b"/Subtype /Link") >= 4
    assert set(re.findall(rb"D:(\d{8})", printed)) == {b"20200913"}


def test_pdf_leaves_out_what_is_on_the_site_and_keeps_links(browser) -> None:
    """Links within the book lead within the document, others to the site if it has an address."""
    one = (
        '<article><section id="s"><h1>One</h1><a href="two.html#t">in</a>'
        '<a href="../data/x.html#r">out</a><a href="https://example.org/">far</a></section>'
        "<table><caption>Long</caption>" + "<tr><td>1" * 5 + "</table></article>"
    )
    two = (
        '<article><section id="t"><h1>Two</h1><a href="one.html#gone">lost</a></section></article>'
    )
    merge = (pdf.PAPER / "merge.js").read_text()
    given = {"pages": [["book/one", one], ["book/two", two]], "longest": 3}
    page = browser.new_page()
    with_base, without = (
        "".join(article["body"] for article in page.evaluate(merge, {**given, "base": base}))
        for base in ("https://book.example", "")
    )
    page.close()
    links = re.findall(r'href="([^"]*)">(\w+)', with_base)
    assert links == [
        ("#two--t", "in"),
        ("https://book.example/data/x.html#r", "out"),
        ("https://example.org/", "far"),
        ("https://book.example/book/one.html#gone", "lost"),
    ]
    assert re.findall(r'href="([^"]*)"', without) == ["#two--t", "https://example.org/"]
    assert 'id="one--s"' in without and 'id="two--t"' in without
    assert "The table “Long” (4 rows) is on the site." in without and "<table" not in without


def test_time_given_and_not_given(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)
    assert pdf.built_at(tmp_path) == datetime(2020, 9, 13, 12, 26, 40, tzinfo=UTC)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    assert pdf.built_at(tmp_path) == pdf.EARLIEST
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    with pytest.raises(BookError, match="remedy: give seconds"):
        pdf.built_at(tmp_path)
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    assert pdf.built_at(tmp_path) == pdf.EARLIEST
