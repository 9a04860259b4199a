"""The data package in the pages: its dictionary, files to download and their checksums."""

from __future__ import annotations

import hashlib
import html
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from analysis.site.places import references, resources, table_address
from analysis.validation import ROOT

FILES = "_data"
ARCHIVE, SUMS = "recovery-recounted-data.zip", "SHA256SUMS"
EARLIEST = (1980, 1, 1, 0, 0, 0)  # what a zip file can hold; the archive has no clock in it

Resource = Mapping[str, Any]


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
        f'<a href="{table_address(name)}">Browse {len(references(name)):,} rows</a> '
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
    """Register the directive."""
    app.add_directive("data-package", DataPackageDirective)
