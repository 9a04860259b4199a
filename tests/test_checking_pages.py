"""The checking pages of a small book: data, sources, ledger, listings and displays."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from analysis.site import places
from analysis.site.sources import bibliography, data_rows, label
from conftest import Book, write_notebook

CLAIMS_MODULE = '''
"""Two claims of the small book."""
from analysis.quantity import Quantity
from analysis.ruling import Claim, Finding, Ruling


def claim(name, value):
    """A claim about the rate."""
    return Claim(
        id=name, label="share <b>recovered</b>", claimant="A & B", claimant_note="",
        reported_by="", stance="for the programme", chapter="recovery",
        statement="Half of <i>them</i> recover.", value=value, unit="percent", decimals=0,
        relation="exact", kind="figure", repeat_of="", series="",
        asserted_on="2019", dated_by="printed", cited_as="",
    )


def rulings(evidence):
    """One claim that holds and one that does not."""
    rate = evidence.quantity("rates", "c")
    finding = Finding("untreated people", computed=rate)
    return {
        name: Ruling(claim(name, value), finding, "rates/c", "analysis.claims.check")
        for name, value in (("holds", 23.0), ("fails", 50.0))
    }
'''
CLAIMS_CELLS = [
    ("markdown", "# Claims\n\n```{ledger}\n```"),
    (
        "code",
        "from analysis import claims\nfrom analysis.evidence import load\n"
        "from analysis.publish import Chapter\n\nevidence = load()\n"
        'chapter = Chapter("claims", evidence)',
    ),
    ("code", "chapter.publish(claims.rulings(evidence))"),
    ("code", "chapter.close()"),
]
PAGES = {
    "data": "# Data\n\n```{data-package}\n```\n",
    "sources": "# Sources\n\n```{source-list}\n```\n",
    "more": "# More\n\nSee {claim}`holds`.\n\n```{verdicts}\nholds\nfails\n```\n\n"
    "```{display} first.bars\n```\n\n"
    "```{data-table} rates\n:columns: id value source\n:filters: source\n```\n",
}


@pytest.fixture(scope="module")
def checked(built_book: Book, tmp_path_factory: pytest.TempPathFactory) -> Book:
    """The small book with a ledger and the checking pages, built."""
    book = object.__new__(Book)
    book.folder = tmp_path_factory.mktemp("pages") / "book"
    shutil.copytree(built_book.folder, book.folder)
    (book.folder / "analysis" / "claims.py").write_text(CLAIMS_MODULE)
    write_notebook(book.folder / "book" / "claims.ipynb", CLAIMS_CELLS)
    for name, text in PAGES.items():
        (book.folder / "book" / f"{name}.md").write_text(text)
    added = "".join(f"- file: book/{name}\n" for name in ("claims", *PAGES))
    book.edit("_toc.yml", lambda text: text + added)
    result = book.make()
    assert result.returncode == 0, result.stdout + result.stderr
    return book


def built(book: Book, path: str) -> Path:
    return book.folder / "_build" / "html" / path


def test_a_row_leads_to_the_numbers_that_it_feeds_and_back(checked: Book) -> None:
    page = built(checked, "data/rates.html").read_text()
    row = page.split('<tr id="a">')[1].split("</tr>")[0]
    assert '<a href="../book/register.html#first.rate">first.rate</a>' in row
    assert '<a href="../book/sources.html#source-report_2019">Office 2019</a>' in row
    claimed = page.split('<tr id="c">')[1].split("</tr>")[0]
    assert '<a href="../book/claims.html#claim-holds">claim-holds</a>' in claimed
    assert 'href="../data/rates.html#a"' in checked.page("register")


def test_a_long_table_stands_on_several_pages(checked: Book, tmp_path: Path) -> None:
    book = object.__new__(Book)
    book.folder = shutil.copytree(checked.folder, tmp_path / "book")
    book.edit(
        "analysis/site/places.py",
        lambda text: text.replace("ROWS_A_PAGE = 500", "ROWS_A_PAGE = 1"),
    )
    result = book.make()
    assert result.returncode == 0, result.stdout + result.stderr
    assert 'href="../data/rates-2.html#b"' in book.page("register")
    second = built(book, "data/rates-2.html").read_text()
    assert '<tr id="b">' in second and '<tr id="a">' not in second
    assert "<title>Table of rates, part 2 of 3 –" in second and 'data-within="this part"' in second
    parts = second.split('<nav class="parts"')[1].split("</nav>")[0]
    assert "Part 2 of 3: rows 2 to 2 of 3" in parts
    assert "<label>Search in this part <input" in second  # room for what the script puts there
    for words, page in (
        ("Previous", "rates"),
        ("1", "rates"),
        ("3", "rates-3"),
        ("Next", "rates-3"),
    ):
        assert f'<a href="../data/{page}.html">{words}</a>' in parts
    assert '<a href="../data/rates-2.html" aria-current="page">2</a>' in parts
    assert 'class="parts"' not in built(book, "data/counts.html").read_text()


def test_every_row_of_the_book_has_its_place() -> None:
    listed = {
        row: places.page_name(table, number)
        for table in places.resources()
        for number, part in enumerate(places.parts(table), start=1)
        for row in part
    }
    assert set(listed) == set(data_rows())
    assert max(Counter(listed.values()).values()) <= places.ROWS_A_PAGE
    for row, page in listed.items():
        assert places.row_address(row) == f"../{page}.html#{row.partition('/')[2]}"


def test_the_dictionary_holds_every_table_with_licence_and_limits(checked: Book) -> None:
    page = checked.page("data")
    for name in ("rates", "counts"):
        entry = page.split(f'id="table-{name}"')[1].split("</section>")[0]
        for text in ("CC0", "Made up for the tests.", "0 to 1000000.0", f"{name}.csv"):
            assert text in entry


def test_the_files_are_those_of_the_package_and_the_sums_are_true(checked: Book) -> None:
    folder = built(checked, "_data")
    sums = dict(
        reversed(line.split("  ")) for line in (folder / "SHA256SUMS").read_text().splitlines()
    )
    assert set(sums) == {path.name for path in folder.iterdir()} - {"SHA256SUMS"}
    for name, digest in sums.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    archive = zipfile.ZipFile(io.BytesIO((folder / "recovery-recounted-data.zip").read_bytes()))
    assert archive.read("rates.csv") == (checked.folder / "data" / "rates.csv").read_bytes()


def test_a_source_lists_what_was_taken_and_what_rests_on_it(checked: Book) -> None:
    entry = checked.page("sources").split('id="source-report_2019"')[1].split("</tr>")[0]
    assert "primary; table" in entry and "2 in rates" in entry and "1 in counts" in entry
    assert '<a href="first.html">first</a>' in entry


def test_the_ledger_gives_each_claim_its_place_verdict_and_evidence(checked: Book) -> None:
    page = checked.page("claims")
    held = page.split('id="claim-holds"')[1].split("</tr>")[0]
    failed = page.split('id="claim-fails"')[1].split("</tr>")[0]
    assert 'data-verdict="reproduced"' in held
    assert 'data-verdict="differs from the evidence"' in failed
    assert "23% (CI 18% to 30%)" in held and "rates/c" in held and "Doe 2013" in held
    assert "<b>" not in held and "share &lt;b&gt;recovered&lt;/b&gt;" in held
    assert "A &amp; B, 2019" in held and "Half of &lt;i&gt;them&lt;/i&gt; recover." in held
    rows = list(csv.DictReader(io.StringIO(built(checked, "claims.csv").read_text())))
    assert [row["verdict"] for row in rows] == ["reproduced", "differs from the evidence"]
    assert json.loads(built(checked, "claims.json").read_text())["holds"]["live"] is True


def test_other_pages_cite_verdicts_and_show_figures_and_rows(checked: Book) -> None:
    page = checked.page("more")
    assert '<a class="claim" href="claims.html#claim-holds">' in page
    box = page.split('class="listed-table verdicts"')[1].split("</table>")[0]
    assert box.count("<tr>") == 3 and "differs from the evidence" in box
    assert "<figcaption>The whole exceeds the part</figcaption>" in page
    home = '<a href="first.html#first-bars">In its chapter, with how it was computed</a>'
    assert home in page and home not in checked.page("first")
    assert '<tr id="rates-a">' in page and 'href="../book/sources.html#source-review_2013"' in page


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("{claim}`holds`", "{claim}`held`", "claim 'held' is cited and not in the ledger"),
        ("\nfails\n", "\nfailed\n", "claim 'failed' is cited and not in the ledger"),
        ("first.bars", "first.barz", "display 'first.barz' is shown and not published"),
        (":columns: id value", ":columns: id worth", "table 'rates' has no columns ['worth']"),
    ],
)
def test_what_is_not_there_cannot_be_cited(
    checked: Book, tmp_path: Path, before: str, after: str, message: str
) -> None:
    copy = object.__new__(Book)
    copy.folder = tmp_path / "book"
    shutil.copytree(checked.folder, copy.folder)
    copy.edit("book/more.md", lambda text: text.replace(before, after))
    result = copy.make()
    assert result.returncode != 0
    assert message in result.stdout + result.stderr
    assert "share &lt;b&gt;recovered" in copy.page("more")  # the last good page stands


def test_a_source_whose_authors_nobody_saw_goes_by_its_title() -> None:
    unseen = [key for key in bibliography().entries if "authors not seen" in _authors(key).lower()]
    assert unseen
    for key in unseen:
        assert label(key).startswith("“") and "not seen" not in label(key)
    assert label("knapstad_2020") == "Knapstad et al. 2020"


def _authors(key: str) -> str:
    return " ".join(str(person) for person in bibliography().entries[key].persons.get("author", ()))
