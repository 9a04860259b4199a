"""The site on a small book: stale chapters, missing names and warnings never get published."""

import json
import re

STALE = "stale chapters"


def test_the_built_site_traces_a_number_to_its_row(built_book) -> None:
    page = built_book.page("first")
    link = '<a class="quantity" href="register.html#first.rate"><data value="50.0">50.0%</data></a>'
    assert link in page
    register = built_book.page("register")
    entry = register.split('id="first.rate"')[1].split("</article>")[0]
    for text in (
        "rates/a",
        "rates/b",
        "table 1",
        "primary",
        "analysis.first.numbers",
        "Office 2019",
    ):
        assert text in entry
    cards = (built_book.folder / "_build/html/_static/cards/first.js").read_text()
    assert json.loads(cards.partition(",")[2].rstrip(");\n"))["first.rate"]["text"] == "50.0%"


def test_figures_are_drawn_at_two_widths_with_data_and_alternative_text(built_book) -> None:
    figure = built_book.page("first").split("<figure", 1)[1].split("</figure>")[0]
    assert figure.count("<svg") == 2
    assert figure.count('role="img" aria-label="Two bars"') == 1
    assert figure.count('aria-hidden="true"') == 2
    assert "<figcaption>The whole exceeds the part</figcaption>" in figure
    assert "Sources: Office 2019 (primary)." in figure
    assert '<data value="40.0">40 referrals</data>' in figure
    ids = re.findall(r'id="([^"]+)"', built_book.page("first"))
    assert len(ids) == len(set(ids))
    charts = built_book.folder / "_build/html/_charts"
    assert (charts / "first.bars.csv").read_text().startswith("row,count\npart,40.0\n")
    assert json.loads((charts / "first.bars.vl.json").read_text())["mark"]["type"] == "bar"


def test_a_cell_that_publishes_only_numbers_shows_nothing(built_book) -> None:
    assert "first.rate =" not in built_book.page("first")


def test_no_page_names_another_host_as_a_resource(built_book) -> None:
    for page in (built_book.folder / "_build/html").rglob("*.html"):
        text = page.read_text()
        assert not re.findall(r'<(?:script|link|img|iframe)[^>]+(?:src|href)="(?:https?:)?//', text)


def test_the_footer_says_what_the_site_was_built_from(built_book) -> None:
    page = built_book.page("first")
    assert "@@PROVENANCE@@" not in page
    assert re.search(r"data <code>[0-9a-f]{12}</code>, libraries <code>[0-9a-f]{12}</code>", page)


def test_a_prose_edit_executes_nothing(book) -> None:
    book.edit("book/first.ipynb", lambda text: text.replace("The rate is", "The rate was"))
    result = book.make()
    assert result.returncode == 0, result.stdout + result.stderr
    assert "no chapter was stale" in result.stdout
    assert "The rate was" in book.page("first")


def test_a_prose_edit_leaves_the_other_pages_as_they_are(book) -> None:
    site = book.folder / "_build" / "html"
    pages = ("book/first", "book/second", "book/register", "data/rates")
    assert book.make().returncode == 0  # the fixture's copy stands elsewhere than what was built
    before = {name: (site / f"{name}.html").stat().st_ino for name in pages}
    book.edit("book/first.ipynb", lambda text: text.replace("The rate is", "The rate was"))
    assert book.make().returncode == 0
    after = {name: (site / f"{name}.html").stat().st_ino for name in pages}
    assert [name for name in pages if after[name] != before[name]] == ["book/first"]


def test_a_new_title_is_in_the_contents_of_every_page(book) -> None:
    assert book.make().returncode == 0
    book.edit("book/first.ipynb", lambda text: text.replace("# Chapter first", "# Renamed"))
    assert book.make().returncode == 0
    for name in ("book/index", "book/second", "book/register", "data/rates"):
        page = (book.folder / "_build" / "html" / f"{name}.html").read_text()
        assert ">Renamed</a>" in page.split('class="book-contents"')[1].split("</nav>")[0]
    assert ">Renamed</a>" in book.page("register").split('id="first.rate"')[1].split("</tr>")[0]


def test_a_number_of_another_chapter_changes_with_it(book) -> None:
    book.edit("book/index.md", lambda text: text + "\nIt is {q}`first.rate`.\n")
    assert book.make().returncode == 0
    book.edit("data/rates.csv", lambda text: text.replace("recovered,40", "recovered,60"))
    assert book.make().returncode == 0
    assert "75.0%" in book.page("index") and "50.0%" not in book.page("index")
    assert "75.0%" in book.page("register")
    index = (book.folder / "_build/html/_static/search-index.js").read_text()
    (entry,) = [line for line in index.split("\n") if '"heading": "first.rate"' in line]
    assert "75.0%" in entry


def test_a_data_edit_executes_only_the_chapters_that_read_the_table(book) -> None:
    book.edit("data/rates.csv", lambda text: text.replace("recovered,40", "recovered,60"))
    refused = book.run("jupyter-book", "build", ".")
    assert refused.returncode != 0
    assert STALE in refused.stderr + refused.stdout
    assert "a table it reads changed (rates)" in refused.stderr + refused.stdout
    assert "make execute" in refused.stderr + refused.stdout
    assert "50.0%" in book.page("first")

    result = book.make()
    assert result.returncode == 0, result.stdout + result.stderr
    assert "executed first" in result.stdout and "executed second" not in result.stdout
    assert "75.0%" in book.page("first") and "50.0%" not in book.page("first")
    assert "50.0%" in book.page("second")


def test_a_code_edit_executes_only_the_chapters_that_import_it(book) -> None:
    book.edit("analysis/second.py", lambda text: text.replace("* 2", "* 4"))
    result = book.make()
    assert "executed second: a module it imports changed" in result.stdout
    assert "executed first" not in result.stdout
    assert "25.0%" in book.page("second")


def test_an_edited_output_is_refused(book) -> None:
    book.edit("book/first.ipynb", lambda text: text.replace("50.0%", "99.9%"))
    refused = book.run("jupyter-book", "build", ".")
    assert refused.returncode != 0 and "its outputs were edited" in refused.stderr + refused.stdout
    assert "99.9%" not in book.page("first")


def test_invalid_data_stop_a_bare_build_too(book) -> None:
    book.edit("data/rates.csv", lambda text: text.replace("recovered,40", "recovered,many"))
    refused = book.run("jupyter-book", "build", ".")
    assert refused.returncode != 0
    assert "data/rates.csv, row 2, column value" in refused.stderr + refused.stdout


def refuses_twice(book, message: str) -> None:
    for _ in range(2):
        for result in (book.make(), book.run("jupyter-book", "build", ".")):
            assert result.returncode != 0
            assert message in result.stdout + result.stderr
    assert "Words." in book.page("index") and "Broken" not in book.page("index")


def test_an_unpublished_name_fails_every_build_and_leaves_the_last_good_site(book) -> None:
    book.edit("book/index.md", lambda text: text + "\nBroken: {q}`first.nothing`.\n")
    refuses_twice(book, "quantity 'first.nothing' is used and not published")


def test_a_number_in_a_heading_fails(book) -> None:
    book.edit("book/index.md", lambda text: text + "\n## Broken {q}`first.rate`\n")
    refuses_twice(book, "in a heading")


def test_a_published_quantity_that_is_used_nowhere_fails(book) -> None:
    book.edit("book/first.ipynb", lambda text: text.replace("{q}`first.rate`", "Broken"))
    book.edit("book/index.md", lambda text: text + "\nBroken.\n")
    refuses_twice(book, "quantity 'first.rate' is published and used nowhere")


def test_a_name_published_by_two_cells_fails(book) -> None:
    def twice(text: str) -> str:
        notebook = json.loads(text)
        copy = json.loads(json.dumps(notebook["cells"][2]))
        copy["id"] = "copy"
        copy["source"] = "Chapter('first', evidence).publish(first.numbers(evidence))"
        notebook["cells"].insert(3, copy)
        return json.dumps(notebook)

    book.edit("book/first.ipynb", twice)
    result = book.make()
    assert result.returncode != 0
    assert "'first.rate' is published twice" in result.stdout + result.stderr


def failing_cell(book, source: str, message: str) -> None:
    def change(text: str) -> str:
        notebook = json.loads(text)
        cell = notebook["cells"][2]
        cell["source"] = [source + "\n", *cell["source"]]
        return json.dumps(notebook)

    before = (book.folder / "book/first.ipynb").read_text()
    book.edit("book/first.ipynb", change)
    edited = (book.folder / "book/first.ipynb").read_text()
    for _ in range(2):
        result = book.make()
        assert result.returncode != 0 and message in result.stdout + result.stderr
    assert (book.folder / "book/first.ipynb").read_text() == edited != before
    assert "50.0%" in book.page("first")


def test_a_cell_that_raises_fails_and_writes_nothing(book) -> None:
    failing_cell(book, "raise RuntimeError('no such luck')", "no such luck")


def test_a_cell_that_warns_fails_and_writes_nothing(book) -> None:
    failing_cell(book, "import warnings; warnings.warn('beware')", "beware")


def test_a_chapter_that_was_not_closed_fails(book) -> None:
    book.edit("book/first.ipynb", lambda text: text.replace('"chapter.close()"', '"chapter.name"'))
    result = book.make()
    assert result.returncode != 0 and "chapter.close()" in result.stdout + result.stderr


def test_an_execution_repeated_gives_the_same_bytes(book) -> None:
    before = (book.folder / "book/first.ipynb").read_bytes()
    assert book.run("analysis.site.execute", "--all").returncode == 0
    assert (book.folder / "book/first.ipynb").read_bytes() == before
