"""The data in the pages: a dictionary, one page a table, files to download and their checksums."""

from __future__ import annotations

import hashlib
import html
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from analysis.site.records import Records
from analysis.site.sources import bibliography, data_rows, label
from analysis.site.state import book
from analysis.tables import SENTENCE
from analysis.validation import PACKAGE, ROOT

FOLDER, FILES = "data", "_data"
ARCHIVE, SUMS = "recovery-recounted-data.zip", "SHA256SUMS"
SHOWN_ROWS, SHOWN_USES = 2500, 6
EARLIEST = (1980, 1, 1, 0, 0, 0)  # what a zip file can hold; the archive has no clock in it

WIDE = ' class="prose"'

Resource = Mapping[str, Any]


@cache
def resources(root: Path = ROOT) -> dict[str, dict[str, Any]]:
    """The package's description of every table, by name."""
    package = json.loads((root / "data" / PACKAGE).read_text(encoding="utf-8"))
    return {resource["name"]: resource for resource in package["resources"]}


@cache
def references(table: str) -> list[str]:
    """References ``table/id`` of the rows of a table, in its order."""
    return [reference for reference in data_rows() if reference.partition("/")[0] == table]


def uses(records: Records) -> dict[str, list[str]]:
    """For every data row, the published numbers and claims that it feeds."""
    found: dict[str, list[str]] = {}
    for name, item in sorted(records.quantities.items()):
        for reference in item["rows"]:
            found.setdefault(reference, []).append(f"register.html#{name}")
    for claim, item in sorted(records.rulings.items()):
        for reference in item["rows"]:
            found.setdefault(reference, []).append(f"claims.html#claim-{claim}")
    return found


class DataPackageDirective(SphinxDirective):
    """``{data-package}``: the dictionary of every table."""

    def run(self) -> list[nodes.Node]:
        for path in sorted((ROOT / "data").iterdir()):
            self.env.note_dependency(str(path))
        return [nodes.raw("", dictionary(), format="html")]


def dictionary() -> str:
    """Every table with its meaning, licence, columns and downloads."""
    blocks = "".join(table_entry(name, resource) for name, resource in resources().items())
    return (
        f'<p class="downloads"><a href="../{FILES}/{ARCHIVE}" download>The whole package '
        f'(ZIP)</a> <a href="../{FILES}/{SUMS}" download>Checksums (SHA-256)</a></p>'
        f'<div class="dictionary">{blocks}</div>'
    )


def table_entry(name: str, resource: Resource) -> str:
    """One table of the dictionary."""
    columns = "".join(column_row(field) for field in resource["schema"]["fields"])
    licences = ", ".join(
        f'<a href="{_quoted(item["path"])}">{html.escape(item["title"])}</a>'
        for item in resource["licenses"]
    )
    return (
        f'<section id="table-{name}"><h2>{html.escape(resource["title"])}</h2>'
        f'<p>{html.escape(resource["description"])}</p><p class="downloads">'
        f'<a href="../{FOLDER}/{name}.html">Browse {len(references(name)):,} rows</a> '
        f'<a href="../{FILES}/{name}.csv" download>{name}.csv</a></p>'
        f'<p class="source">Licence: {licences}. {html.escape(resource["attribution"])}</p>'
        f"<details><summary>Columns</summary>"
        f'<div class="scroll" tabindex="0" role="region" aria-label="Columns of {name}"><table>'
        '<thead><tr><th scope="col">Column</th><th scope="col">Type</th><th scope="col">Unit</th>'
        '<th scope="col">Meaning</th><th scope="col">Allowed</th></tr></thead>'
        f"<tbody>{columns}</tbody></table></div></details></section>"
    )


def column_row(field: Resource) -> str:
    """One column of a table: type, unit, meaning and the values it may hold."""
    limits = field.get("constraints", {})
    allowed = []
    if "enum" in limits:
        allowed.append("one of " + ", ".join(map(str, limits["enum"])))
    if "minimum" in limits:
        allowed.append(f"{limits['minimum']} to {limits['maximum']}")
    if limits.get("required"):
        allowed.append("required")
    cells = (field["type"], field.get("unit", ""), field.get("description", ""), "; ".join(allowed))
    first = f'<th scope="row"><code>{html.escape(field["name"])}</code></th>'
    return f"<tr>{first}{''.join(f'<td>{html.escape(cell)}</td>' for cell in cells)}</tr>"


def pages(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """One page for every table, each row with its own address."""
    if app.builder.name != "html":
        return
    feeding = uses(book(app).recounted_records)
    for name, resource in resources().items():
        body = table_page(name, resource, feeding)
        yield f"{FOLDER}/{name}", {"title": resource["title"], "body": body}, "page.html"


def table_page(name: str, resource: Resource, feeding: Mapping[str, list[str]]) -> str:
    """The rows of a table, with sources and the numbers that each feeds."""
    listed = references(name)
    shown = [
        reference
        for place, reference in enumerate(listed)
        if place < SHOWN_ROWS or reference in feeding
    ]
    fields = [field["name"] for field in resource["schema"]["fields"]]
    head = "".join(
        f'<th scope="col"{" data-filter" if column == "grade" else ""}>{html.escape(column)}</th>'
        for column in [*fields, "feeds"]
    )
    body = "".join(row_html(fields, reference, feeding.get(reference, [])) for reference in shown)
    left = len(listed) - len(shown)
    note = f"<p>{left:,} further rows, which feed no number, are in the file.</p>" if left else ""
    return (
        f"<section><h1>{html.escape(resource['title'])}</h1>"
        f'<p>{html.escape(resource["description"])}</p><p class="downloads">'
        f'<a href="../{FILES}/{name}.csv" download>{name}.csv</a> '
        f'<a href="../book/data.html#table-{name}">Columns and licence</a></p>{note}'
        f'<div class="data-rows scroll" tabindex="0" role="region" aria-label="Rows of {name}">'
        f'<table class="filterable"><caption>{html.escape(resource["title"])}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div></section>"
    )


def row_html(fields: list[str], reference: str, used: list[str]) -> str:
    """One data row: its cells, its source as a link, and the numbers it feeds."""
    row = data_rows()[reference]
    cells = "".join(
        f"<td{WIDE if len(row[field]) > SENTENCE else ''}>"
        f"{source_link(row[field]) if field == 'source' else html.escape(row[field])}</td>"
        for field in fields[1:]
    )
    links = ", ".join(
        f'<a href="../book/{target}">{html.escape(target.partition("#")[2])}</a>'
        for target in used[:SHOWN_USES]
    )
    if used[SHOWN_USES:]:
        links += f" and {len(used) - SHOWN_USES} more"
    return (
        f'<tr id="{html.escape(row["id"])}"><th scope="row"><code>{html.escape(row["id"])}</code>'
        f"</th>{cells}<td>{links}</td></tr>"
    )


def row_link(reference: str) -> str:
    """A data row's reference as a link to its place, from a page of the book."""
    table, _, row = reference.partition("/")
    return (
        f'<a href="../{FOLDER}/{table}.html#{html.escape(row)}"><code>{html.escape(reference)}'
        "</code></a>"
    )


def source_link(key: str) -> str:
    """A source's short name, linked to the list of sources."""
    if key not in bibliography().entries:
        return html.escape(key)
    return f'<a href="../book/sources.html#source-{key}">{html.escape(label(key))}</a>'


def write_files(site: Path) -> None:
    """The tables as files, the package as one archive without a clock, and their checksums."""
    folder = site / FILES
    folder.mkdir(exist_ok=True)
    contents = {
        path.name: path.read_bytes()
        for path in sorted((ROOT / "data").iterdir())
        if path.suffix in (".csv", ".json")
    }
    contents["references.bib"] = (ROOT / "book" / "references.bib").read_bytes()
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in contents.items():
            packed.writestr(zipfile.ZipInfo(name, EARLIEST), content, zipfile.ZIP_DEFLATED)
    files = {**contents, ARCHIVE: archive.getvalue()}
    for name, content in files.items():
        (folder / name).write_bytes(content)
    sums = (f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in files.items())
    (folder / SUMS).write_text("".join(sums), encoding="utf-8")


def _quoted(text: str) -> str:
    return html.escape(text, quote=True)


def setup(app: Sphinx) -> None:
    """Register the directive and the pages."""
    app.add_directive("data-package", DataPackageDirective)
    app.connect("html-collect-pages", pages)
