"""Faults of the pages: every one is named with its page, and the last good site stays."""

from __future__ import annotations

import json
import re
from subprocess import CompletedProcess

import pytest
from faults import clone, contents, note, passage, same_site

from conftest import Book
from prose import book_texts
from prose.numerals import problems

DATA_TABLE = "```{{data-table}} {}\n{}\n```"

# Each text is a page of its own, but for its title.
PAGES: dict[str, tuple[str, str]] = {
    "unknown number": ("{q}`first.nothing`", "quantity 'first.nothing' is used and not published"),
    "unknown number with interval": ("{qi}`nothing`", "quantity 'nothing' is used and not"),
    "number in a heading": ("## It is {q}`first.rate`", "stands in a heading"),
    "role in the title of a fence": (
        "```{admonition} It is {q}`first.rate`\nWords.\n```",
        "a backtick fence may not carry a role in its title: use :::",
    ),
    "role with a slip in its name": ("{qq}`first.rate`", 'Unknown interpreted text role "qq"'),
    "directive with a slip in its name": ("```{displayed} first.bars\n```", "Unknown directive"),
    "unknown citation": ("{cite}`nobody_1900`", "could not find bibtex key"),
    "link to no page": ("[there](nothing.md)", "cross-reference target not found: 'nothing.md'"),
    "link to no section": ("[there](index.md#nothing)", "local id not found"),
    "reference to no label": ("{ref}`nothing`", "undefined label: 'nothing'"),
    "picture missing": ("![a picture](nothing.png)", "image file not readable"),
    "figure deleted": ("```{display} first.gone\n```", "display 'first.gone' is shown and not"),
    "unknown claim": ("{claim}`nothing`", "claim 'nothing' is cited and not in the ledger"),
    "unknown claim in a verdict box": (
        "```{verdicts}\nnothing_a\nnothing_b\n```",
        "claim 'nothing_b' is cited and not in the ledger",
    ),
    "unknown column of a data table": (
        DATA_TABLE.format("rates", ":columns: id mood"),
        "table 'rates' has no columns ['mood']",
    ),
    "unknown data table": (
        DATA_TABLE.format("nothing", ":columns: id"),
        "there is no table 'nothing'",
    ),
    "data table without columns": (
        DATA_TABLE.format("rates", ":filters: unit"),
        "the option columns is missing",
    ),
    "data table with a broken condition": (
        DATA_TABLE.format("rates", ":columns: id\n:where: unit"),
        "'unit' is not of the form column=value",
    ),
    "data table without rows": (
        DATA_TABLE.format("rates", ":columns: id\n:where: unit=pounds"),
        "no row of table 'rates' fits",
    ),
}


@pytest.fixture(scope="module")
def broken_pages(built_book: Book, tmp_path_factory) -> tuple[Book, CompletedProcess[str]]:
    """A build of a book with every fault, each on its own page."""
    book = clone(built_book, tmp_path_factory.mktemp("pages"))
    listing = ""
    for number, (text, _) in enumerate(PAGES.values()):
        (book.folder / f"book/page_{number}.md").write_text(f"# Page {number}\n\n{text}\n")
        listing += f"- file: book/page_{number}\n"
    book.edit("_toc.yml", lambda text: text + listing)
    book.edit("book/second.ipynb", lambda text: text.replace("{q}`second.rate`", "large"))
    return book, book.make()


def warnings_of(result: CompletedProcess[str], page: str) -> str:
    lines = re.sub(r"\x1b\[[0-9;]*m", "", result.stderr).split("\n")
    return "\n".join(line for line in lines if f"/{page}" in line)


@pytest.mark.parametrize("fault", PAGES)
def test_a_fault_of_a_page(broken_pages, built_book, record_property, fault: str) -> None:
    book, result = broken_pages
    number = list(PAGES).index(fault)
    said = warnings_of(result, f"page_{number}.md")
    assert PAGES[fault][1] in said and re.search(rf"page_{number}\.md:\d+: ", said), said
    assert result.returncode != 0 and "remedy: mend what the warnings above name" in result.stderr
    assert contents(book.folder / "_build/html") == contents(built_book.folder / "_build/html")
    note(record_property, fault, "refused", said.partition("/book/")[2])


TYPED = {
    "number typed in a page": ("book/index.md", "Words.", "It was 52%.", "line 3: “52%”"),
    "fraction in words": ("book/index.md", "Words.", "Half of them.", "line 3: “Half”"),
    "number typed in a notebook": ("book/first.ipynb", "The rate is", "Of 52, it is", "“52”"),
    "number typed in a title": ("analysis/first.py", "The whole exceeds", "It is 52 to", "“52”"),
}


@pytest.mark.parametrize("fault", TYPED)
def test_a_number_typed_by_hand(book, record_property, fault: str) -> None:
    """Found by `make test`, which reads the prose of every page, notebook and figure."""
    file, old, new, place = TYPED[fault]
    before = problems(book_texts(book.folder), [])
    book.edit(file, lambda text: text.replace(old, new))
    (said,) = set(problems(book_texts(book.folder), [])) - set(before)
    assert file in said and place in said and "publish the number and print it by name" in said
    note(record_property, fault, "refused", said)


def test_a_number_that_no_page_uses(broken_pages, record_property) -> None:
    _, result = broken_pages
    said = "quantity 'second.rate' is published and used nowhere: use it in prose or stop"
    assert said in result.stderr
    note(record_property, "published number that no page uses", "refused", said)


def test_a_broken_book_fails_again_and_is_whole_when_mended(
    broken_pages, built_book, record_property
) -> None:
    book, _ = broken_pages
    again = book.run("jupyter-book", "build", ".")
    assert again.returncode != 0
    for number, (_, message) in enumerate(PAGES.values()):
        assert message in warnings_of(again, f"page_{number}.md")
        (book.folder / f"book/page_{number}.md").unlink()
    for file in ("_toc.yml", "book/second.ipynb"):
        (book.folder / file).write_bytes((built_book.folder / file).read_bytes())
    mended = book.make()
    assert mended.returncode == 0, mended.stderr
    assert same_site(book.folder, built_book.folder)
    note(record_property, "failed build repeated", "refused", "the same warnings, until mended")


def test_a_chapter_out_of_the_contents_leaves_the_site(book, record_property) -> None:
    book.edit("_toc.yml", lambda text: text.replace("- file: book/second\n", ""))
    (book.folder / "book/second.ipynb").unlink()
    result = book.make()
    assert result.returncode == 0, result.stderr
    pages = contents(book.folder / "_build/html")
    assert "book/first.html" in pages and "book/second.html" not in pages
    everything = (book.folder / "_build/html/book/register.html").read_text()
    assert "first.rate" in everything and "second.rate" not in everything
    note(record_property, "chapter taken out of the book", "survived", "its page is gone")


def test_a_page_of_the_contents_that_is_missing(book, built_book, record_property) -> None:
    (book.folder / "book/index.md").unlink()
    result = book.run("jupyter-book", "build", ".")
    assert result.returncode != 0
    assert contents(book.folder / "_build/html") == contents(built_book.folder / "_build/html")
    said = passage(result.stderr, "Sphinx is unable to load the master document").split("\n")[0]
    assert "book/index" in said
    note(record_property, "page of the contents missing", "refused", said)


def test_a_deleted_figure_that_another_page_shows(book, built_book, record_property) -> None:
    """The chapter no longer publishes it: executed again, then the page that shows it fails."""
    shown = "\n```{display} second.bars\n```\n"
    book.edit("book/index.md", lambda text: text + shown)
    notebook = json.loads((book.folder / "book/second.ipynb").read_text())
    del notebook["cells"][2]
    (book.folder / "book/second.ipynb").write_text(json.dumps(notebook))
    result = book.make()
    said = warnings_of(result, "index.md")
    assert result.returncode != 0 and "display 'second.bars' is shown and not published" in said
    assert contents(book.folder / "_build/html") == contents(built_book.folder / "_build/html")
    note(record_property, "figure deleted from its chapter", "refused", said.partition("/book/")[2])
