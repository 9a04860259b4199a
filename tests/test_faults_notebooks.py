"""Notebooks that were edited, tampered with or do not run: refused by name, cell and remedy."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from subprocess import CompletedProcess

import nbformat.v4 as v4
import pytest
from faults import clone, contents, half_written, note, passage

from analysis.errors import PublishError
from analysis.publish import MIME, VEGA_LITE
from analysis.site import stale
from analysis.site.records import read_notebook, read_records
from conftest import Book

TIMEOUT_SECONDS = 5


# ---- records that do not belong to their outputs ------------------------------------------


def code_cells(notebook: dict) -> list[dict]:
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def output(notebook: dict, cell: int) -> dict:
    return code_cells(notebook)[cell]["outputs"][0]["data"]


def edited_number(notebook: dict) -> None:
    item = output(notebook, 2)[MIME]["quantities"]["first.rate"]
    item["text"], item["value"] = "99.9%", 99.9


def renamed_number(notebook: dict) -> None:
    quantities = output(notebook, 2)[MIME]["quantities"]
    quantities["first.share"] = quantities.pop("first.rate")


def edited_chart(notebook: dict) -> None:
    output(notebook, 1)[VEGA_LITE]["width"] += 1


def edited_table(notebook: dict) -> None:
    output(notebook, 1)[MIME]["displays"][0]["caption"] = "Other counts"


def emptied_output(notebook: dict) -> None:
    code_cells(notebook)[2]["outputs"] = []


def record_of(part: str, value: object) -> Callable[[dict], None]:
    return lambda notebook: notebook["metadata"]["record"].update({part: value})


def no_count(notebook: dict) -> None:
    code_cells(notebook)[1]["execution_count"] = None


def no_record(notebook: dict) -> None:
    del notebook["metadata"]["record"]


def edited_code(notebook: dict) -> None:
    code_cells(notebook)[1]["source"] = "pass\n" + "".join(code_cells(notebook)[1]["source"])


def cell_taken_out(notebook: dict) -> None:
    del notebook["cells"][2]


def cells_swapped(notebook: dict) -> None:
    cells = notebook["cells"]
    cells[2], cells[3] = cells[3], cells[2]


TAMPERED: dict[str, tuple[Callable[[dict], None], str]] = {
    "number edited in an output": (edited_number, "its outputs were edited"),
    "name edited in an output": (renamed_number, "its outputs were edited"),
    "chart edited in an output": (edited_chart, "its outputs were edited"),
    "table edited in an output": (edited_table, "its outputs were edited"),
    "output emptied": (emptied_output, "its outputs were edited"),
    "hash of the outputs replaced": (record_of("outputs", "0" * 64), "its outputs were edited"),
    "hash of the code replaced": (record_of("code", "0" * 64), "its code cells changed"),
    "hash of the modules replaced": (record_of("modules", ""), "a module it imports changed"),
    "hash of the libraries replaced": (record_of("lock", ""), "the locked libraries changed"),
    "hash of a table replaced": (record_of("tables", {"rates": ""}), "a table it reads changed"),
    "table taken out of the record": (record_of("tables", {}), "its record was edited"),
    "cell never executed": (no_count, "a cell was never executed"),
    "notebook never executed": (no_record, "it was never executed"),
    "code edited": (edited_code, "its code cells changed"),
    "cell taken out": (cell_taken_out, "its code cells changed"),
    "cells swapped": (cells_swapped, "its code cells changed"),
}


@pytest.fixture(scope="module")
def stale_build(built_book: Book, tmp_path_factory) -> tuple[Book, CompletedProcess[str]]:
    """A bare build of a book with every kind of tampered notebook in it."""
    book = clone(built_book, tmp_path_factory.mktemp("tampered"))
    good = json.loads((book.folder / "book/first.ipynb").read_text())
    for number, (tamper, _) in enumerate(TAMPERED.values()):
        bad = copy.deepcopy(good)
        tamper(bad)
        (book.folder / f"book/tampered_{number}.ipynb").write_text(json.dumps(bad))
    return book, book.run("jupyter-book", "build", ".")


@pytest.mark.parametrize("fault", TAMPERED)
def test_a_tampered_notebook(stale_build, built_book, record_property, fault: str) -> None:
    book, result = stale_build
    line = passage(result.stderr, f"tampered_{list(TAMPERED).index(fault)}.ipynb: ").split("\n")[0]
    assert result.returncode != 0 and TAMPERED[fault][1] in line
    assert f"stale chapters, {stale.REMEDY}:" in result.stderr
    assert contents(book.folder / "_build/html") == contents(built_book.folder / "_build/html")
    note(record_property, fault, "refused", f"stale chapters, {stale.REMEDY}: {line}")


def schema(text: str) -> str:
    package = json.loads(text)
    package["resources"][0]["schema"]["fields"][2]["constraints"]["maximum"] = 1e7
    return json.dumps(package)


SURROUNDINGS: dict[str, tuple[str, Callable[[str], str], str]] = {
    "schema changed": ("data/datapackage.json", schema, "a table it reads changed (rates)"),
    "table changed": (
        "data/rates.csv",
        lambda text: text.replace("recovered,40", "recovered,41"),
        "a table it reads changed (rates)",
    ),
    "module changed": (
        "analysis/first.py",
        lambda text: text + "\n",
        "a module it imports changed",
    ),
    "module of a module changed": (
        "analysis/quantity.py",
        lambda text: text + "\n",
        "a module it imports changed",
    ),
    "module broken": ("analysis/first.py", lambda text: text + "def (", "a module it imports"),
    "libraries changed": ("requirements.txt", lambda text: text + "#", "the locked libraries"),
}


@pytest.mark.parametrize("fault", SURROUNDINGS)
def test_a_record_that_is_out_of_date(book, record_property, fault: str) -> None:
    notebook = read_notebook(book.folder / "book/first.ipynb")
    assert stale.reasons(notebook, book.folder) == []
    file, change, reason = SURROUNDINGS[fault]
    book.edit(file, change)
    (found,) = stale.reasons(notebook, book.folder)
    assert reason in found
    note(record_property, fault, "refused", f"stale chapters, {stale.REMEDY}: first.ipynb: {found}")


def test_an_edited_output_with_a_forged_record(book, record_property) -> None:
    """Whoever forges the hash as well is found out by executing again, which `make test` does."""
    notebook = read_notebook(book.folder / "book/first.ipynb")
    edited_number(notebook)
    notebook["metadata"]["record"] = stale.record(notebook, book.folder)
    (book.folder / "book/first.ipynb").write_text(json.dumps(notebook))
    assert stale.reasons(notebook, book.folder) == []
    result = book.run("analysis", "verify", "first")
    assert result.returncode == 1
    said = passage(result.stdout, "DIFFERS first.rate: 99.9 recorded, 50.0 now")
    assert said
    note(record_property, "output edited and record forged", "found by re-execution", said)


# ---- cells that do not run as they should -------------------------------------------------

BROKEN: dict[str, tuple[list[str], str, str]] = {
    "cell raises": (["pass", "raise RuntimeError('no luck')"], "cell 2: it failed", "no luck"),
    "cell hangs": (
        ["import time", "time.sleep(600)"],
        "cell 2: it failed",
        f"timed out while it was being executed, after {TIMEOUT_SECONDS} seconds",
    ),
    "cell prints": (["pass", "print('52.1')"], "cell 2: it printed or warned", "52.1"),
    "cell warns": (
        ["import warnings", "warnings.warn('beware')"],
        "cell 2: it printed or warned",
        "UserWarning: beware",
    ),
    "cell ends the kernel": (
        ["import os", "os.kill(os.getpid(), 9)"],
        "cell 2: it failed",
        "Kernel died",
    ),
    "cell is not Python": (["pass", "for"], "cell 2: not plain Python", "mend its syntax"),
    "notebook command": (["pass", "%time 1"], "cell 2: not plain Python", "are not allowed"),
    "number shown by hand": (["pass", "52.1"], "cell 2: it shows something", "was not published"),
    "picture shown by hand": (
        ["pass", "from IPython.display import HTML, display\ndisplay(HTML('<b>52</b>'))"],
        "cell 2: it shows something",
        "was not published",
    ),
    "error allowed by a tag": (
        ["pass", "1 / 0"],
        "cell 2: it failed and is marked as allowed to",
        "ZeroDivisionError",
    ),
    "chapter not closed": (["pass", "x = 1"], "the chapter was not closed", "chapter.close()"),
}


@pytest.fixture(scope="module")
def broken_run(built_book: Book, tmp_path_factory) -> tuple[Book, str, dict, dict]:
    """One execution of every kind of notebook that does not run; files before and after."""
    book = clone(built_book, tmp_path_factory.mktemp("broken"))
    book.edit(
        "analysis/site/execute.py",
        lambda text: text.replace(
            "CELL_TIMEOUT_SECONDS = 600", f"CELL_TIMEOUT_SECONDS = {TIMEOUT_SECONDS}"
        ),
    )
    for number, (sources, _, _) in enumerate(BROKEN.values()):
        cells = [v4.new_code_cell(source, id=f"cell-{n}") for n, source in enumerate(sources)]
        if "1 / 0" in sources:
            cells[-1]["metadata"]["tags"] = ["raises-exception"]
        notebook = v4.new_notebook(cells=cells)
        (book.folder / f"book/broken_{number}.ipynb").write_text(json.dumps(notebook))
    before = contents(book.folder / "book") | contents(book.folder / "_build/html")
    result = book.make()
    after = contents(book.folder / "book") | contents(book.folder / "_build/html")
    assert result.returncode != 0
    assert "The build stopped, the last good site is untouched." in result.stderr
    return book, result.stderr, before, after


@pytest.mark.parametrize("fault", BROKEN)
def test_a_notebook_that_does_not_run(broken_run, record_property, fault: str) -> None:
    book, errors, before, after = broken_run
    _, place, reason = BROKEN[fault]
    name = f"broken_{list(BROKEN).index(fault)}.ipynb"
    said = passage(errors, name, 4000).split("\nbroken_")[0]
    assert place in said and reason in said and "\n    remedy: " in said
    assert after == before and not half_written(book.folder)
    note(record_property, fault, "refused", said)


# ---- names --------------------------------------------------------------------------------


def other_chapter(notebook: dict) -> None:
    quantities = output(notebook, 2)[MIME]["quantities"]
    quantities["second.rate"] = quantities.pop("first.rate")


def twice(notebook: dict) -> None:
    cell = copy.deepcopy(notebook["cells"][3])
    notebook["cells"].insert(4, cell)


NAMES: dict[str, tuple[Callable[[dict], None], str]] = {
    "name of another chapter": (
        other_chapter,
        "chapter first published 'second.rate'",
    ),
    "name published by two cells": (twice, "'first.rate' is published twice, in first and first"),
}


@pytest.mark.parametrize("fault", NAMES)
def test_a_name_that_cannot_be_told_apart(book, record_property, fault: str) -> None:
    path = book.folder / "book/first.ipynb"
    notebook = read_notebook(path)
    NAMES[fault][0](notebook)
    path.write_text(json.dumps(notebook))
    with pytest.raises(PublishError) as caught:
        read_records([path])
    assert NAMES[fault][1] in str(caught.value)
    note(record_property, fault, "refused", str(caught.value))


@pytest.mark.parametrize("text", ["<<<<<<< HEAD\n{}\n=======\n{}\n", "[]", ""])
def test_a_file_that_is_no_notebook(book, built_book, record_property, text: str) -> None:
    (book.folder / "book/first.ipynb").write_text(text)
    result = book.make()
    said = passage(result.stderr, "first.ipynb is not a notebook")
    assert result.returncode == 1 and "remedy: restore the file" in said
    assert contents(book.folder / "_build/html") == contents(built_book.folder / "_build/html")
    note(record_property, f"notebook that holds {text[:7]!r}", "refused", said)
