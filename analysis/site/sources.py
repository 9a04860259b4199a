"""Look up, for references ``table/id``, the data rows and the sources that they came from."""

from __future__ import annotations

import codecs
import csv
import json
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from textwrap import shorten

import latexcodec  # noqa: F401  (registers the codec that reads LaTeX letters)
from pybtex.database import BibliographyData, parse_file

from analysis.validation import PACKAGE, ROOT

Row = dict[str, str]
UNSEEN = "authors not seen"  # what the bibliography says of them
TITLE = 60  # letters of a title that tell it from others


@cache
def data_rows(root: Path = ROOT) -> dict[str, Row]:
    """Every row of the data package by its reference ``table/id``."""
    package = json.loads((root / "data" / PACKAGE).read_text(encoding="utf-8"))
    rows: dict[str, Row] = {}
    for resource in package["resources"]:
        with (root / "data" / resource["path"]).open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                rows[f"{resource['name']}/{row['id']}"] = row
    return rows


@cache
def bibliography(root: Path = ROOT) -> BibliographyData:
    """The book's bibliography."""
    return parse_file(str(root / "book" / "references.bib"))


@cache
def label(key: str) -> str:
    """A short name for a source: authors and year, for example ``Knapstad et al. 2020``.

    Where nobody has seen who wrote it, the beginning of its title stands in their place.

    Raises:
        KeyError: the key is not in the bibliography.
    """
    entry = bibliography().entries[key]
    people = entry.persons.get("author") or entry.persons.get("editor") or []
    names = [_plain(" ".join(person.prelast_names + person.last_names)) for person in people]
    title = _plain(entry.fields.get("title", key))
    name = names[0] if names else title
    if name.lower().endswith(UNSEEN):
        name = f"“{shorten(title, TITLE, placeholder=' …')}”"
    elif len(names) == 2:
        name = " and ".join(names)
    elif len(names) > 2:
        name += " et al."
    return f"{name} {entry.fields.get('year', 'n.d.')}"


def _plain(text: str) -> str:
    # The codec is latexcodec's; the stubs list only the codecs that come with Python.
    decoded: str = codecs.decode(text, "ulatex")  # type: ignore[call-overload]
    return decoded.replace("{", "").replace("}", "")


def source_labels(references: Iterable[str]) -> list[str]:
    """The sources behind data rows, those of most rows first, each with its grades."""
    rows = data_rows()
    grades: dict[str, set[str]] = {}
    counts: Counter[str] = Counter()
    for reference in references:
        name = label(rows[reference]["source"])
        grades.setdefault(name, set()).add(rows[reference]["grade"])
        counts[name] += 1
    ordered = sorted(counts, key=lambda name: (-counts[name], name))
    return [f"{name} ({', '.join(sorted(grades[name]))})" for name in ordered]
