"""Validate the data package: every fault found is reported, with its place and remedy."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from analysis.errors import DataError, Fault

ROOT = Path(__file__).resolve().parent.parent
PROVENANCE = ("id", "source", "locator", "extent", "grade")
PACKAGE = "datapackage.json"
UNCERTAINTY = ("record", "definition", "unstated")
ENTRY = ("name", "path", "title", "description", "licenses", "attribution", "schema")
OWN_ERRORS = (
    *("byte-error", "empty-table", "cell-format"),
    *("interval-error", "bound-error", "unknown-source", "unknown-row"),
)
EDIT = "correct the cell from its source, or correct the rule in data/datapackage.json"
REMEDIES = {
    "byte-error": "restore the file, or save it as UTF-8, unmarked, every line ending in LF",
    "source-error": "restore the file: it is empty or unreadable",
    "scheme-error": "restore the file, or remove its entry from data/datapackage.json",
    "empty-table": "restore the rows, or remove the table from data/datapackage.json",
    "blank-row": "delete the blank row",
    "extra-label": "remove the column, or describe it in data/datapackage.json",
    "missing-label": "restore the column, or remove its field from data/datapackage.json",
    "incorrect-label": "put the columns in the order of data/datapackage.json",
    "duplicate-label": "rename or remove one of the two columns",
    "extra-cell": "quote cells that contain commas; every row has one cell per column",
    "missing-cell": "give every row one cell per column",
    "primary-key": "give every row of the table its own id",
    "unique-error": "give every row of the table its own id",
    "constraint-error": EDIT,
    "type-error": EDIT,
    "bound-error": EDIT,
    "cell-format": "write the bare value: no spaces around it, numbers as plain decimals",
    "interval-error": "check estimate and limits against the source; keep the right ones",
    "unknown-row": "correct the reference, or add the row that it names",
    "unknown-source": "add the entry to book/references.bib, or correct the key",
}


def bibliography_keys(path: Path) -> frozenset[str]:
    """Entry keys of a BibTeX file, read strictly."""
    from pybtex.database import parse_file

    return frozenset(parse_file(str(path)).entries)


def faults(data: Path, bibliography: Path) -> list[Fault]:
    """Everything wrong with a data package, in the order of its tables."""
    from pybtex.exceptions import PybtexError

    package_file = data / PACKAGE
    if not package_file.is_file():
        return [Fault(f"data/{PACKAGE}", "the file is missing", "restore it")]
    try:
        resources = json.loads(package_file.read_text(encoding="utf-8"))["resources"]
    except (ValueError, KeyError) as error:
        rule = f"not a data package: {error}"
        return [Fault(f"data/{PACKAGE}", rule, "write it as JSON with a list of resources")]
    if found := list(_entry_faults(resources)):
        return found
    found = list(_inventory_faults(data, resources))
    try:
        keys = bibliography_keys(bibliography)
    except (PybtexError, OSError, UnicodeDecodeError) as error:
        remedy = "mend or restore the bibliography"
        return [*found, Fault(f"book/{bibliography.name}", f"it cannot be read: {error}", remedy)]
    known = _row_ids(data, resources)
    for resource in resources:
        found += _schema_faults(resource)
        if resource["name"] in known:
            found += _table_faults(data, resource, keys, known)
    return found


def validate(data: Path = ROOT / "data", bibliography: Path | None = None) -> str:
    """Refuse a data package that breaks a rule; return the hash of one that keeps them.

    A package whose hash was found good before is not read again.

    Raises:
        DataError: with every fault found.
    """
    bibliography = bibliography or ROOT / "book" / "references.bib"
    digest = package_hash(data, bibliography)
    stamp = ROOT / "_build" / "valid-data" / digest
    if stamp.exists():
        return digest
    if found := faults(data, bibliography):
        raise DataError(found)
    try:
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.touch()
    except OSError:
        pass  # a read-only tree is validated afresh each time
    return digest


def package_hash(data: Path, bibliography: Path) -> str:
    """Hash of all that validity depends on: tables, schema, bibliography and these rules."""
    digest = hashlib.sha256()
    here = Path(__file__).parent
    rules = [here / "validation.py", here / "data_checks.py", bibliography]
    for path in [*rules, *sorted(data.glob("*"))]:
        if path.is_file():
            digest.update(f"{path.name}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _inventory_faults(data: Path, resources: list[dict[str, Any]]) -> Iterator[Fault]:
    listed = [resource["path"] for resource in resources]
    for path in sorted({path for path in listed if listed.count(path) > 1}):
        yield Fault(f"data/{PACKAGE}", f"{path} is listed twice", "remove one of the entries")
    for path in listed:
        if not (data / path).is_file():
            remedy = f"restore the file, or remove its entry from data/{PACKAGE}"
            yield Fault(f"data/{path}", "the file is missing", remedy)
    for path in sorted(data.glob("*.csv")):
        if path.name not in listed:
            remedy = f"describe the table in data/{PACKAGE}, or remove the file"
            yield Fault(f"data/{path.name}", "the table has no package entry", remedy)


def _entry_faults(resources: Any) -> Iterator[Fault]:
    """What is missing from the package's entries, without which nothing else can be said."""
    file = f"data/{PACKAGE}"
    for number, entry in enumerate(resources, start=1):
        known = entry if isinstance(entry, dict) else {}
        name = known.get("name", f"number {number}")
        if missing := [key for key in ENTRY if not known.get(key)]:
            rule = f"the entry of table {name} has no {', '.join(missing)}"
            yield Fault(file, rule, "describe the table in full")
        elif not isinstance(entry["schema"].get("fields"), list):
            yield Fault(file, f"the schema of table {name} has no fields", "describe its columns")
    names = [entry.get("name") for entry in resources if isinstance(entry, dict)]
    for name in sorted({name for name in names if name and names.count(name) > 1}):
        yield Fault(file, f"two tables are named {name}", "rename one of them")


def _schema_faults(resource: dict[str, Any]) -> Iterator[Fault]:
    file = f"data/{PACKAGE}"
    fields = {field["name"]: field for field in resource["schema"]["fields"]}
    if resource.get("uncertainty", "unstated") not in UNCERTAINTY:
        rule = f"table {resource['name']}: uncertainty {resource['uncertainty']!r} is unknown"
        yield Fault(file, rule, f"write one of {', '.join(UNCERTAINTY)}")
    named = [name for item in resource.get("intervals", ()) for name in item.values()]
    for item in resource.get("bounds", ()):
        named += [item["field"], *item["where"]]
    named += [item["field"] for item in resource.get("references", ())]
    for name in sorted(set(named) - set(fields)):
        rule = f"table {resource['name']}: a rule names a column that the table does not have"
        yield Fault(
            file, rule, "correct the name under intervals, bounds or references", column=name
        )
    for name in PROVENANCE:
        if not fields.get(name, {}).get("constraints", {}).get("required"):
            rule = f"table {resource['name']} needs a required field {name!r}"
            yield Fault(file, rule, "describe the field with constraints.required", column=name)
    for name, field in fields.items():
        limits = {"minimum", "maximum"} & set(field.get("constraints", {}))
        if field["type"] in ("integer", "number") and len(limits) < 2:
            rule = f"table {resource['name']}: a number needs a minimum and a maximum"
            yield Fault(file, rule, "state the bounds of the quantity", column=name)


def _row_ids(data: Path, resources: list[dict[str, Any]]) -> dict[str, frozenset[str]]:
    """Ids of the rows of every table that is there."""
    known = {}
    for resource in resources:
        if (path := data / resource["path"]).is_file():
            with path.open(encoding="utf-8", errors="replace", newline="") as file:
                known[resource["name"]] = frozenset(
                    row.get("id") or "" for row in csv.DictReader(file)
                )
    return known


def _table_faults(
    data: Path,
    descriptor: dict[str, Any],
    keys: frozenset[str],
    known: Mapping[str, frozenset[str]],
) -> Iterator[Fault]:
    from frictionless import Checklist, Resource

    from analysis import data_checks as checks

    path = data / descriptor["path"]
    file = f"data/{descriptor['path']}"
    if fault := _undecodable(path, file):
        yield fault
        return
    types = {field["name"]: field["type"] for field in descriptor["schema"]["fields"]}
    numeric = [name for name in types if types[name] in checks.NUMERIC]
    truths = [name for name in types if types[name] == "boolean"]
    sources = [name for name in types if name == "source" or name.endswith("_source")]
    checklist = Checklist(
        checks=[
            checks.PlainBytes(path),
            checks.SomeRows(),
            checks.PlainCells(numeric, truths),
            checks.KnownSource(keys, sources),
            *(checks.IntervalContainsEstimate(**item) for item in descriptor.get("intervals", [])),
            *(checks.WithinBounds(**item) for item in descriptor.get("bounds", [])),
            *(checks.KnownRows(known, **item) for item in descriptor.get("references", [])),
        ],
    )
    described = {**descriptor, "encoding": "utf-8"}
    report = Resource.from_descriptor(described, basepath=str(data)).validate(
        checklist, limit_errors=10_000
    )
    for task in report.tasks:
        for error in task.errors:
            yield Fault(
                file,
                error.note if error.type in OWN_ERRORS else error.message,
                REMEDIES.get(error.type, EDIT),
                row=getattr(error, "row_number", None),
                column=getattr(error, "field_name", None) or getattr(error, "label", None),
            )
    if not report.tasks:
        for error in report.errors:
            yield Fault(file, error.message, REMEDIES.get(error.type, EDIT))


def _undecodable(path: Path, file: str) -> Fault | None:
    """The first row that is not UTF-8; rows below it cannot be told apart."""
    content = path.read_bytes()
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        rule = f"the byte {content[error.start]:#04x} is not UTF-8"
        return Fault(file, rule, "save the file as UTF-8", row=row)
    return None


def main() -> None:
    """Validate the package of this book and say so."""
    try:
        digest = validate()
    except DataError as error:
        raise SystemExit(str(error)) from None
    print(f"data is valid, hash {digest[:12]}")


if __name__ == "__main__":
    main()
