"""Look up, for references ``table/id``, the data rows and the sources that they came from."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from pybtex.database import BibliographyData, parse_file

from analysis.validation import PACKAGE, ROOT

Row = dict[str, str]


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

    Raises:
        KeyError: the key is not in the bibliography.
    """
    entry = bibliography().entries[key]
    people = entry.persons.get("author") or entry.persons.get("editor") or []
    names = [" ".join(person.prelast_names + person.last_names).strip("{}") for person in people]
    name = names[0] if names else entry.fields.get("title", key).strip("{}")
    if len(names) == 2:
        name = " and ".join(names)
    elif len(names) > 2:
        name += " et al."
    return f"{name} {entry.fields.get('year', 'n.d.')}".replace("{", "").replace("}", "")


def source_line(references: Iterable[str]) -> str:
    """The sources behind data rows as one line: labels by number of rows, with weakest grade."""
    rows = data_rows()
    grades: dict[str, set[str]] = {}
    counts: dict[str, int] = {}
    for reference in references:
        key = rows[reference]["source"]
        grades.setdefault(key, set()).add(rows[reference]["grade"])
        counts[key] = counts.get(key, 0) + 1
    ordered = sorted(counts, key=lambda key: (-counts[key], key))
    return "; ".join(f"{label(key)} ({', '.join(sorted(grades[key]))})" for key in ordered)
