"""Small books and small data packages for the tests."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.evidence import Evidence, load
from browsing import browser, served  # noqa: F401  (fixtures)

ROOT = Path(__file__).resolve().parent.parent

FIELDS = [
    {"name": "id", "type": "string", "constraints": {"required": True, "unique": True}},
    {"name": "measure", "type": "string", "constraints": {"required": True}},
    {"name": "value", "type": "number", "constraints": {"minimum": 0, "maximum": 1e6}},
    {"name": "unit", "type": "string", "constraints": {"enum": ["percent", "referrals"]}},
    {"name": "ci_low", "type": "number", "constraints": {"minimum": 0, "maximum": 1e6}},
    {"name": "ci_high", "type": "number", "constraints": {"minimum": 0, "maximum": 1e6}},
    {"name": "source", "type": "string", "constraints": {"required": True}},
    {"name": "locator", "type": "string", "constraints": {"required": True}},
    {"name": "extent", "type": "string", "constraints": {"required": True}},
    {
        "name": "grade",
        "type": "string",
        "constraints": {"required": True, "enum": ["primary", "secondary", "seed", "derived"]},
    },
]
HEADER = "id,measure,value,unit,ci_low,ci_high,source,locator,extent,grade\n"
RATES = HEADER + (
    "a,recovered,40,referrals,,,report_2019,table 1,table,primary\n"
    "b,finished,80,referrals,,,report_2019,table 1,table,primary\n"
    "c,untreated,23,percent,18,30,review_2013,abstract,abstract,secondary\n"
)
COUNTS = HEADER + "d,referred,400,referrals,,,report_2019,table 2,table,primary\n"
BIBLIOGRAPHY = (
    "@misc{report_2019, title={Report}, author={Office, Statistics}, year={2019}}\n"
    "@article{review_2013, title={Review}, author={Doe, Jane}, journal={J}, year={2013}}\n"
)


def descriptor(name: str) -> dict:
    """Package entry of a small table."""
    return {
        "name": name,
        "path": f"{name}.csv",
        "title": f"Table of {name}",
        "description": f"One row is one figure of {name}.",
        "licenses": [{"name": "CC0-1.0", "title": "CC0", "path": "https://example.org/cc0"}],
        "attribution": "Made up for the tests.",
        "uncertainty": "record",
        "intervals": [{"estimate": "value", "low": "ci_low", "high": "ci_high"}],
        "bounds": [{"field": "value", "where": {"unit": "percent"}, "minimum": 0, "maximum": 100}],
        "schema": {"fields": FIELDS, "primaryKey": ["id"], "missingValues": [""]},
    }


def write_package(folder: Path) -> Path:
    """A data package of two small tables, with its bibliography beside it."""
    data = folder / "data"
    data.mkdir(parents=True)
    resources = [descriptor("rates"), descriptor("counts")]
    (data / "datapackage.json").write_text(json.dumps({"name": "small", "resources": resources}))
    (data / "rates.csv").write_text(RATES)
    (data / "counts.csv").write_text(COUNTS)
    (folder / "book").mkdir(exist_ok=True)
    (folder / "book" / "references.bib").write_text(BIBLIOGRAPHY)
    return data


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """Folder of a small, valid data package."""
    return write_package(tmp_path)


CHAPTER_MODULE = '''
"""One chapter of the small book."""
import altair as alt
import pandas as pd
from analysis.charts import Chart
from analysis.quantity import computes, share
from analysis.tables import Table


@computes
def numbers(evidence):
    """The rate."""
    {reads}
    return {{"rate": share(part, whole)}}


@computes
def results(evidence):
    """A table and a chart."""
    {reads}
    frame = pd.DataFrame({{"row": ["part", "whole"], "count": [part, whole]}})
    table = Table("Counts", frame)
    numbers = pd.DataFrame({{"row": ["part", "whole"], "count": [part.value, whole.value]}})

    def draw(width):
        return alt.Chart(numbers).mark_bar().encode(x="count", y="row").properties(width=width)

    return {{
        "counts": table,
        "bars": Chart("The whole exceeds the part", "Two bars", table, draw),
    }}
'''
READS = {
    "first": 'part = evidence.quantity("rates", "a"); whole = evidence.quantity("rates", "b")',
    "second": 'part = evidence.quantity("counts", "d"); whole = part * 2',
}


def notebook_cells(chapter: str) -> list[tuple[str, str]]:
    """Source of a small chapter's notebook."""
    return [
        ("markdown", f"# Chapter {chapter}\n\nThe rate is {{q}}`{chapter}.rate`."),
        (
            "code",
            f"from analysis import {chapter}\nfrom analysis.evidence import load\n"
            "from analysis.publish import Chapter\n\nevidence = load()\n"
            f'chapter = Chapter("{chapter}", evidence)',
        ),
        ("code", f"chapter.publish({chapter}.results(evidence))"),
        ("code", f"chapter.publish({chapter}.numbers(evidence))"),
        ("code", "chapter.close()"),
    ]


def write_notebook(path: Path, cells: list[tuple[str, str]]) -> None:
    """A notebook that was never executed."""
    import nbformat.v4 as v4

    notebook = v4.new_notebook()
    for number, (kind, source) in enumerate(cells):
        cell = v4.new_code_cell(source) if kind == "code" else v4.new_markdown_cell(source)
        cell["id"] = f"cell-{number}"
        notebook["cells"].append(cell)
    path.write_text(json.dumps(notebook, indent=1))


@pytest.fixture(scope="session")
def evidence() -> Evidence:
    """The book's own evidence."""
    return load()


class Book:
    """A small book in a folder of its own, with the real rooms and two small chapters."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        chapters = {"recovery", "attrition", "self_report", "cost_offset", "governance", "claims"}
        shutil.copytree(
            ROOT / "analysis",
            folder / "analysis",
            ignore=shutil.ignore_patterns("__pycache__", *chapters, *(f"{c}.py" for c in chapters)),
        )
        write_package(folder)
        for name in ("requirements.txt", "_config.yml"):
            shutil.copy(ROOT / name, folder / name)
        shutil.copytree(ROOT / "book" / "_static", folder / "book" / "_static")
        (folder / "_toc.yml").write_text(
            "format: jb-book\nroot: book/index\nchapters:\n- file: book/first\n"
            "- file: book/second\n- file: book/register\n"
        )
        (folder / "book" / "index.md").write_text("# Small book\n\nWords.\n")
        (folder / "book" / "register.md").write_text("# Register\n\n```{register}\n```\n")
        for chapter, reads in READS.items():
            module = CHAPTER_MODULE.format(reads=reads)
            (folder / "analysis" / f"{chapter}.py").write_text(module)
            write_notebook(folder / "book" / f"{chapter}.ipynb", notebook_cells(chapter))

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a program of this environment in the book's folder."""
        program, *arguments = command
        if program == "jupyter-book":
            full = [str(Path(sys.executable).with_name("jupyter-book")), *arguments]
        else:
            full = [sys.executable, "-m", program, *arguments]
        environment = {**os.environ, "PYTHONPATH": str(self.folder)}
        return subprocess.run(
            full, cwd=self.folder, env=environment, capture_output=True, text=True, check=False
        )

    def make(self) -> subprocess.CompletedProcess[str]:
        """What ``make book`` runs."""
        return self.run("analysis.site.build")

    def page(self, name: str) -> str:
        """A built page."""
        return (self.folder / "_build" / "html" / "book" / f"{name}.html").read_text()

    def edit(self, file: str, change: Callable[[str], str]) -> None:
        """Change a file; refuses a change that changes nothing."""
        path = self.folder / file
        before = path.read_text()
        after = change(before)
        assert after != before
        path.write_text(after)


@pytest.fixture(scope="session")
def built_book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """A small book, executed and built once."""
    book = Book(tmp_path_factory.mktemp("small") / "book")
    result = book.make()
    assert result.returncode == 0, result.stdout + result.stderr
    return book


@pytest.fixture
def book(built_book: Book, tmp_path: Path) -> Book:
    """A copy of the built small book, free to be broken."""
    copy = object.__new__(Book)
    copy.folder = tmp_path / "book"
    shutil.copytree(built_book.folder, copy.folder)
    return copy


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly when the browser checks could not run."""
    for report in terminalreporter.stats.get("skipped", []):
        if "NO BROWSER" in str(report.longrepr):
            terminalreporter.write_line("")
            terminalreporter.write_line("!" * 80, red=True, bold=True)
            terminalreporter.write_line(
                "The browser checks did NOT run: install Debian's chromium package.",
                red=True,
                bold=True,
            )
            terminalreporter.write_line("!" * 80, red=True, bold=True)
