"""What the files around the book say is so, and an author's first steps work as they say."""

from __future__ import annotations

import fnmatch
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

import analysis
from analysis.errors import PublishError
from analysis.publish import MIME
from analysis.site import stale, textconv
from analysis.site.new_chapter import BEFORE, new_chapter
from analysis.site.preview import watched
from analysis.site.records import notebooks, read_notebook, read_records
from analysis.site.watching import fingerprint
from conftest import Book

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
GUIDES = ("README.md", "CONTRIBUTING.md", "book/reproduce.md", "book/reply.md")
MADE = {"_build", "__pycache__"}


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def tracked() -> Iterator[Path]:
    """Files of the book, without what tools make; there may be no git."""
    for folder, folders, names in os.walk(ROOT):
        here = Path(folder)
        kept = (n for n in folders if n not in MADE and not n.endswith((".egg-info", "_cache")))
        folders[:] = [n for n in kept if n in (".ci", ".github") or not n.startswith(".")]
        yield from (here / name for name in names if here != ROOT or name != ".git")


# ---- README ---------------------------------------------------------------------------------


def rooms_named() -> list[str]:
    """Names in the left column of the README's tree, below ``analysis/``."""
    [tree] = re.findall(r"^data/ .*?(?=^```)", text("README.md"), re.DOTALL | re.MULTILINE)
    part = tree.partition("\nanalysis/")[2].partition("\nbook/")[0]
    lines = re.findall(r"^  (\S.*)$", part, re.MULTILINE)
    return [
        name for line in lines for name in re.findall(r"([a-z_]+)/?(?=  | ?$)", line_left(line))
    ]


def line_left(line: str) -> str:
    """The names of a line: all of it when only folders stand there, else what precedes words."""
    folders = re.fullmatch(r"(?:[a-z_]+/\s*)+", line)
    return line if folders else re.split(r" {2,}", line)[0]


def rooms() -> set[str]:
    """Modules and packages directly in ``analysis``."""
    inner = {p.stem for p in (ROOT / "analysis").glob("*.py")}
    packages = {p.parent.name for p in (ROOT / "analysis").glob("*/__init__.py")}
    return (inner | packages) - {"__init__", "__main__"}


def test_the_readme_names_every_room_once_and_no_other() -> None:
    assert sorted(rooms_named()) == sorted(rooms())


def test_the_guides_name_targets_that_exist() -> None:
    makefile = text("Makefile")
    targets = set(re.findall(r"^([a-z-]+):.*##", makefile, re.MULTILINE))
    [phony] = re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert targets == set(phony.split())
    found = {
        name: set(re.findall(r"(?:`|^|run: )make ([a-z-]+)", text(name), re.MULTILINE))
        for name in [*GUIDES, ".ci/run", *workflows()]
    }
    assert {"book", "test", "verify"} <= found["README.md"]
    assert {"new-chapter", "preview"} <= found["CONTRIBUTING.md"]
    unknown = {name: made - targets for name, made in found.items() if made - targets}
    assert not unknown


def workflows() -> list[str]:
    return [str(p.relative_to(ROOT)) for p in (ROOT / ".github" / "workflows").glob("*.yml")]


def test_the_guides_name_numbers_and_modules_that_exist() -> None:
    published = read_records(notebooks()).quantities
    chapters = "|".join(path.stem for path in notebooks())
    templates = [str(p.relative_to(ROOT)) for p in (ROOT / ".github").rglob("*.yml")]
    for name in [*GUIDES, *templates]:
        named = set(re.findall(rf"\b(?:{chapters})\.(?!ipynb|md)[a-z0-9_]+\*?", text(name)))
        unknown = {item for item in named if not fnmatch.filter(published, item)}
        assert not unknown, f"{name}: {unknown}"
        for module in re.findall(r"python -m (analysis[.a-z_]*)", text(name)):
            path = ROOT.joinpath(*module.split("."))
            assert path.with_suffix(".py").is_file() or (path / "__main__.py").is_file()


# ---- versions, licences, citation, templates --------------------------------------------------


def test_every_place_gives_the_same_version() -> None:
    [latest, *_] = re.findall(r"^## (\S+)", text("CHANGELOG.md"), re.MULTILINE)
    citation = yaml.safe_load(text("CITATION.cff"))
    assert {latest, citation["version"], analysis.__version__} == {PROJECT["version"]}


def test_the_citation_has_what_the_format_requires() -> None:
    citation = yaml.safe_load(text("CITATION.cff"))
    assert citation["cff-version"] == "1.2.0"
    assert citation["type"] in ("software", "dataset")
    assert citation["message"].strip() and citation["title"].strip()
    assert citation["authors"] and all("name" in author for author in citation["authors"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", citation["date-released"])
    allowed = {"abstract", "authors", "cff-version", "date-released", "keywords", "license"}
    assert set(citation) <= allowed | {"message", "title", "type", "version"}


def test_the_licences_that_are_named_are_there_and_no_other() -> None:
    annotations = tomllib.loads(text("REUSE.toml"))["annotations"]
    named = {
        licence
        for item in annotations
        for licence in item["SPDX-License-Identifier"].split(" AND ")
    }
    assert named == {path.stem for path in (ROOT / "LICENSES").glob("*.txt")}
    assert set(yaml.safe_load(text("CITATION.cff"))["license"]) <= named


def test_templates_ask_questions() -> None:
    folder = ROOT / ".github" / "ISSUE_TEMPLATE"
    assert yaml.safe_load((folder / "config.yml").read_text()) == {"blank_issues_enabled": True}
    forms = [path for path in folder.glob("*.yml") if path.name != "config.yml"]
    assert len(forms) >= 3
    for path in forms:
        form = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert form["name"] and form["description"]
        names = [question["id"] for question in form["body"]]
        assert names and len(names) == len(set(names))
        assert all(question["attributes"]["label"] for question in form["body"])


def test_no_file_names_a_package_host_or_a_folder_of_a_machine() -> None:
    for name in ("requirements.txt", "pyproject.toml"):
        assert not re.search(r"https?://|--(?:extra-)?index-url|file:", text(name)), name
    places = re.compile("|".join(f"(?<![\\w.~])/{place}/" for place in ("work", "root", "home")))
    hosts = re.compile(r"pypi\." + r"org|python" + r"hosted\.org")
    for path in tracked():
        content = path.read_text(encoding="utf-8", errors="replace")
        assert not (found := places.search(content) or hosts.search(content)), (path, found)


# ---- the author's path ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """A book with the real data, in which one chapter was started and built."""
    book = object.__new__(Book)
    book.folder = folder = tmp_path_factory.mktemp("started")
    for name in ("analysis", "data"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns(*MADE))
    for name in ("requirements.txt", "_config.yml", "pyproject.toml"):
        shutil.copy(ROOT / name, folder / name)
    (folder / "book").mkdir()
    (folder / "tests").mkdir()
    shutil.copytree(ROOT / "book" / "_static", folder / "book" / "_static")
    shutil.copy(ROOT / "book" / "references.bib", folder / "book")
    for name in ("index", "claims"):
        (folder / "book" / f"{name}.md").write_text(f"# The {name}\n\nWords.\n")
    (folder / "book" / "register.md").write_text("# Register\n\n```{register}\n```\n")
    (folder / "book" / "sources.md").write_text("# Sources\n\n```{bibliography}\n```\n")
    (folder / "_toc.yml").write_text(
        "format: jb-book\nroot: book/index\nparts:\n  - caption: All\n    chapters:\n"
        f"{BEFORE}      - file: book/register\n      - file: book/sources\n"
    )
    begun = book.run("analysis.site.new_chapter", "second_opinion")
    assert begun.returncode == 0, begun.stderr
    made = book.make()
    assert made.returncode == 0, made.stdout + made.stderr
    return book


def test_a_chapter_that_was_just_started_is_a_page_with_datum_number_and_figure(started) -> None:
    page = started.page("second_opinion")
    published = read_records([started.folder / "book" / "second_opinion.ipynb"])
    for name, quantity in published.quantities.items():
        assert f"#{name}" in page and quantity["number"] in page
    assert page.count("<svg") == 2, "the figure is drawn at two widths"
    contents = yaml.safe_load((started.folder / "_toc.yml").read_text())["parts"][0]["chapters"]
    assert [item["file"] for item in contents][:2] == ["book/second_opinion", "book/claims"]


def test_a_chapter_that_was_just_started_passes_its_test_and_the_style(started) -> None:
    shutil.copy(ROOT / "tests" / "conftest.py", started.folder / "tests")
    shutil.copy(ROOT / "tests" / "browsing.py", started.folder / "tests")
    new = ["analysis/second_opinion", "tests/test_second_opinion.py"]
    for command in (
        ("pytest", "-o", "addopts=", "-q", "--doctest-modules", *new),
        ("ruff", "check", *new, "book/second_opinion.ipynb"),
        ("ruff", "format", "--check", *new),
    ):
        result = started.run(*command)
        assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("second_opinion", "is in use: there is analysis/second_opinion"),
        ("quantity", "is in use: there is analysis/quantity.py"),
        ("register", "is in use: there is book/register.md"),
        ("Second", "begin with a lower-case letter"),
        ("second-opinion", "begin with a lower-case letter"),
        ("class", "cannot name a chapter"),
        ("", "cannot name a chapter"),
    ],
)
def test_a_name_that_cannot_be_used_is_refused(started, name: str, says: str) -> None:
    before = sorted(started.folder.rglob("*"))
    with pytest.raises(PublishError, match=says):
        new_chapter(name, started.folder)
    assert sorted(started.folder.rglob("*")) == before


def test_a_chapter_is_not_started_where_the_contents_have_no_place_for_it(tmp_path) -> None:
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: book/index\n")
    with pytest.raises(PublishError, match="restore that line"):
        new_chapter("second_opinion", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["_toc.yml"]


# ---- the preview ------------------------------------------------------------------------------


def test_a_page_reloads_itself_only_as_it_is_served(built_book) -> None:
    page = built_book.page("first")
    served = watched(page)
    assert served.count("connect-src 'self'") == 1 and "/-preview/reload.js" in served
    left = served.replace("; connect-src 'self'", "")
    assert left.replace('<script src="/-preview/reload.js" defer></script>', "") == page
    site = built_book.folder / "_build" / "html"
    assert not [p for p in site.rglob("*.html") if "-preview" in p.read_text()]


def test_what_a_build_writes_is_no_change_and_what_an_author_writes_is(book) -> None:
    path = book.folder / "book" / "first.ipynb"
    before = fingerprint(book.folder)
    notebook = json.loads(path.read_text())
    notebook["cells"][-1]["outputs"] = []
    path.write_text(json.dumps(notebook))
    assert fingerprint(book.folder) == before
    notebook["cells"][0]["source"] = "# Other words"
    path.write_text(json.dumps(notebook))
    assert differing(before, fingerprint(book.folder)) == {"book/first.ipynb"}
    before = fingerprint(book.folder)
    (book.folder / "data" / "new.csv").write_text("id\n")
    (book.folder / "analysis" / "first.py").unlink()
    assert differing(before, fingerprint(book.folder)) == {"data/new.csv", "analysis/first.py"}


def differing(one: dict[str, str], other: dict[str, str]) -> set[str]:
    return {name for name in {*one, *other} if one.get(name) != other.get(name)}


def test_the_preview_follows_changes_and_keeps_the_last_good_site(book) -> None:
    command = [sys.executable, "-m", "analysis.site.preview", "--port", "0"]
    environment = {**os.environ, "PYTHONPATH": str(book.folder)}
    with subprocess.Popen(
        command, cwd=book.folder, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout
            [address] = re.findall(r"http://\S+(?=/)", process.stdout.readline())
            assert "built" in process.stdout.readline()
            with urllib.request.urlopen(f"{address}/-preview/events", timeout=120) as events:
                first = event(events)
                book.edit("book/index.md", lambda words: words.replace("Words", "Other words"))
                second = event(events)
                assert second["built"] > first["built"] and not second["message"]
                assert "Other words" in served(f"{address}/book/index.html")
                book.edit("analysis/first.py", lambda code: code.replace("part, whole)", "part)"))
                third = event(events)
                assert "first.ipynb" in third["message"] and "remedy" in third["message"]
                assert third["built"] == second["built"]
                assert "Other words" in served(f"{address}/book/index.html")
                book.edit("analysis/first.py", lambda code: code.replace("part)}", "part, whole)}"))
                fourth = event(events)
                assert fourth["built"] > third["built"] and not fourth["message"]
        finally:
            process.terminate()


def event(stream) -> dict:
    """The next state in a stream of server-sent events."""
    for line in stream:
        if line.startswith(b"data: "):
            return json.loads(line.removeprefix(b"data: "))
    raise AssertionError("the stream ended")


def served(address: str) -> str:
    with urllib.request.urlopen(address, timeout=30) as answer:
        return answer.read().decode()


# ---- notebooks as text ------------------------------------------------------------------------


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.stem)
def test_a_notebook_is_compared_as_prose_code_and_numbers(path: Path) -> None:
    notebook = read_notebook(path)
    shown = list(textconv.lines(notebook))
    for cell in notebook["cells"]:
        assert set("".join(cell["source"]).splitlines()) <= set(shown)
        for output in cell.get("outputs", ()):
            for name, item in output["data"].get(MIME, {}).get("quantities", {}).items():
                assert any(line.startswith(f"# > {name} = {item['text']}") for line in shown)
    assert max(map(len, shown)) < 5000, "no encoded picture or record"


JUPYTEXT = str(Path(sys.executable).with_name("jupytext"))


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [("# The ledger of claims", "# Claims", []), ("chapter.close()", "chapter.close( )", ["code"])],
)
def test_a_notebook_edited_as_text_keeps_its_outputs(
    tmp_path: Path, before: str, after: str, changed: list[str]
) -> None:
    source, words = tmp_path / "claims.ipynb", tmp_path / "claims.md"
    shutil.copy(ROOT / "book" / "claims.ipynb", source)
    already = stale.reasons(read_notebook(source))
    subprocess.run([JUPYTEXT, "--quiet", "--to", "md:myst", source, "-o", words], check=True)
    assert words.read_text().count(before) == 1
    words.write_text(words.read_text().replace(before, after))
    subprocess.run(
        [JUPYTEXT, "--quiet", "--to", "ipynb", "--update", words, "-o", source], check=True
    )
    edited = read_notebook(source)
    assert after in "".join("".join(cell["source"]) for cell in edited["cells"])
    found = [reason for reason in stale.reasons(edited) if reason not in already]
    assert found == [stale.LABELS[part] for part in changed]
