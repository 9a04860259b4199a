"""Validate the data package: every fault found is reported, with its place and remedy."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from analysis.errors import DataError, Fault

ROOT = Path(__file__).resolve().parent.parent
PROVENANCE = ("id", "source", "locator", "extent", "grade")
PACKAGE = "datapackage.json"
OWN_ERRORS = ("byte-error", "cell-format", "interval-error", "bound-error", "unknown-source")
EDIT = "correct the cell from its source, or correct the rule in data/datapackage.json"
REMEDIES = {
    "byte-error": "save the file as UTF-8 without a byte-order mark, lines ending in LF",
    "encoding-error": "save the file as UTF-8",
    "source-error": "restore the file: it is empty or unreadable",
    "scheme-error": "restore the file, or remove its entry from data/datapackage.json",
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
    "unknown-source": "add the entry to book/references.bib, or correct the key",
}


def bibliography_keys(path: Path) -> frozenset[str]:
    """Entry keys of a BibTeX file, read strictly."""
    from pybtex.database import parse_file

    return frozenset(parse_file(str(path)).entries)


def faults(data: Path, bibliography: Path) -> list[Fault]:
    """Everything wrong with a data package, in the order of its tables."""
    package_file = data / PACKAGE
    if not package_file.is_file():
        return [Fault(f"data/{PACKAGE}", "the file is missing", "restore it")]
    try:
        resources = json.loads(package_file.read_text(encoding="utf-8"))["resources"]
    except (ValueError, KeyError) as error:
        rule = f"not a data package: {error}"
        return [Fault(f"data/{PACKAGE}", rule, "write it as JSON with a list of resources")]
    found = list(_inventory_faults(data, resources))
    keys = bibliography_keys(bibliography)
    for resource in resources:
        found += _schema_faults(resource)
        if (data / resource["path"]).is_file():
            found += _table_faults(data, resource, keys)
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
    for path in [*rules, *sorted(data.iterdir())]:
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


def _schema_faults(resource: dict[str, Any]) -> Iterator[Fault]:
    file = f"data/{PACKAGE}"
    fields = {field["name"]: field for field in resource["schema"]["fields"]}
    for name in PROVENANCE:
        if not fields.get(name, {}).get("constraints", {}).get("required"):
            rule = f"table {resource['name']} needs a required field {name!r}"
            yield Fault(file, rule, "describe the field with constraints.required", column=name)
    for name, field in fields.items():
        limits = {"minimum", "maximum"} & set(field.get("constraints", {}))
        if field["type"] in ("integer", "number") and len(limits) < 2:
            rule = f"table {resource['name']}: a number needs a minimum and a maximum"
            yield Fault(file, rule, "state the bounds of the quantity", column=name)


def _table_faults(data: Path, descriptor: dict[str, Any], keys: frozenset[str]) -> Iterator[Fault]:
    from frictionless import Checklist, Resource

    from analysis import data_checks as checks

    path = data / descriptor["path"]
    file = f"data/{descriptor['path']}"
    numeric = [
        field["name"] for field in descriptor["schema"]["fields"] if field["type"] in checks.NUMERIC
    ]
    checklist = Checklist(
        checks=[
            checks.PlainBytes(path),
            checks.PlainCells(numeric),
            checks.KnownSource(keys),
            *(checks.IntervalContainsEstimate(**item) for item in descriptor.get("intervals", [])),
            *(checks.WithinBounds(**item) for item in descriptor.get("bounds", [])),
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


def main() -> None:
    """Validate the package of this book and say so."""
    try:
        digest = validate()
    except DataError as error:
        raise SystemExit(str(error)) from None
    print(f"data is valid, hash {digest[:12]}")


if __name__ == "__main__":
    main()
