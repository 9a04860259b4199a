"""The register of numbers: every published quantity with its value, function, rows and sources."""

from __future__ import annotations

import html
import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from analysis.publish import packed, with_shared_rows
from analysis.quantity import KIND_LABELS
from analysis.site.places import row_link, source_link, table_address
from analysis.site.records import Records
from analysis.site.roles import REGISTER
from analysis.site.sources import data_rows, label
from analysis.site.state import book, memory

SHOWN_ROWS = 4
FULL = "register.json"
HIDDEN = ("id", "source", "locator", "extent", "grade", "note", "preferred")


class register(nodes.General, nodes.Element):  # noqa: N801  (docutils names nodes so)
    """Where the register is printed, once all documents have been read."""


class RegisterDirective(SphinxDirective):
    """``{register}``: print the register of numbers here."""

    def run(self) -> list[nodes.Node]:
        return [register()]


def resolve(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Print the register where its directive stands."""
    for node in list(doctree.findall(register)):
        text = register_html(book(app).recounted_records, memory(app.env).used, app, docname)
        node.replace_self(nodes.raw("", text, format="html"))


def register_html(records: Records, uses: Mapping[str, set[str]], app: Sphinx, docname: str) -> str:
    """All entries as one table, which a reader can search and narrow down."""
    where: dict[str, list[str]] = {}
    for document in sorted(uses):
        for name in uses[document]:
            where.setdefault(name, []).append(document)
    entries = "".join(
        entry_html(
            name,
            records.chapters[name],
            records.quantities[name],
            _links(app, docname, where.get(name, [])),
        )
        for name in sorted(records.quantities)
    )
    head = "".join(
        f'<th scope="col">{title}</th>' for title in ("Number", "Value", "Computed by", "From")
    )
    return (
        '<div class="register scroll" tabindex="0" role="region" aria-label="Register of numbers">'
        '<table class="filterable" data-facets="chapter interval grade source">'
        "<caption>Every number that the chapters print</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{entries}</tbody></table></div>"
    )


def entry_html(name: str, chapter: str, item: Mapping[str, Any], links: str) -> str:
    """One quantity: value, interval, function, rows with sources, and where it is used."""
    kind = KIND_LABELS[item["interval"]["kind"]]
    limits = f"{item['limits']} ({kind})" if item["limits"] else kind
    rows, listed = data_rows(), item["rows"]
    lines = "".join(f"<li>{row_html(ref, rows[ref])}</li>" for ref in listed[:SHOWN_ROWS])
    rest = Counter(reference.partition("/")[0] for reference in listed[SHOWN_ROWS:])
    if rest:
        more = ", ".join(
            f'{count} of <a href="{table_address(table)}">{table}</a>'
            for table, count in rest.items()
        )
        lines += f'<li>and more rows: {more}; all ids are in <a href="../{FULL}">{FULL}</a></li>'
    facets = {
        "chapter": chapter.replace("_", " "),
        "interval": item["interval"]["kind"],
        "grade": "|".join(sorted({rows[ref]["grade"] for ref in listed})),
        "source": "|".join(sorted({label(rows[ref]["source"]) for ref in listed})),
    }
    data = "".join(f' data-{key}="{html.escape(text, quote=True)}"' for key, text in facets.items())
    return (
        f'<tr class="register-entry" id="{html.escape(name)}"{data}>'
        f'<th scope="row"><a href="#{html.escape(name)}"><code>{html.escape(name)}</code></a></th>'
        f'<td><data value="{item["value"]!r}">{html.escape(item["text"])}</data>'
        f"<span class='exact'>exactly {item['value']!r} {html.escape(item['unit'])}</span>"
        f'<span class="limits">{html.escape(limits)}</span></td>'
        f"<td><code>{html.escape(item['by'])}</code><span>used in {links or 'no page'}</span></td>"
        f"<td><details><summary>{_counted(len(listed))}</summary><ul>{lines}</ul></details></td>"
        "</tr>"
    )


def row_html(reference: str, row: Mapping[str, str]) -> str:
    """One data row: its cells, source, locator and grade."""
    cells = ", ".join(f"{key} {value}" for key, value in row.items() if value and key not in HIDDEN)
    return (
        f"{row_link(reference)}: {html.escape(cells)}. "
        f"{source_link(row['source'])}, {html.escape(row['locator'])} "
        f'<span class="grade grade-{row["grade"]}">{row["grade"]}</span>, '
        f"read as {html.escape(row['extent'])}."
    )


def _counted(rows: int) -> str:
    return "1 data row" if rows == 1 else f"{rows} data rows"


def cards(records: Records) -> dict[str, str]:
    """By chapter, a script that hands its entries' short forms to the page, for cards."""
    rows = data_rows()
    short: dict[str, dict[str, Any]] = {}
    for name, item in sorted(records.quantities.items()):
        keys = sorted({rows[ref]["source"] for ref in item["rows"]})
        grades = sorted({rows[ref]["grade"] for ref in item["rows"]})
        short.setdefault(records.chapters[name], {})[name] = {
            "text": item["text"],
            "limits": item["limits"] or KIND_LABELS[item["interval"]["kind"]],
            "by": item["by"],
            "rows": len(item["rows"]),
            "sources": [label(key) for key in keys[:4]] + (["and others"] if keys[4:] else []),
            "grades": grades,
        }
    return {
        chapter: "Object.assign(window.recountedCards??={},"
        f"{json.dumps(entries, sort_keys=True, ensure_ascii=False)});\n"
        for chapter, entries in short.items()
    }


def full(records: Records) -> str:
    """Every published quantity with all its rows, for machines; each set of rows stands once."""
    numbers = {
        name: {**item, "rows": packed(item["rows"])} for name, item in records.quantities.items()
    }
    register = with_shared_rows({"quantities": numbers})
    return json.dumps(register, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _links(app: Sphinx, docname: str, documents: list[str]) -> str:
    return ", ".join(
        f'<a href="{app.builder.get_relative_uri(docname, document)}">'
        f"{html.escape(app.env.titles[document].astext())}</a>"
        for document in documents
    )


def rewritten(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """The register, when a number, its use or the title of a page that uses it has changed."""
    uses = [
        (name, env.titles[name].astext(), sorted(names))
        for name, names in sorted(memory(env).used.items())
    ]
    return (
        [REGISTER] if memory(env).differs("register", uses) and REGISTER in env.found_docs else []
    )


def setup(app: Sphinx) -> None:
    """Register the directive and its resolution."""
    app.add_node(register)
    app.add_directive("register", RegisterDirective)
    app.connect("doctree-resolved", resolve)
    app.connect("env-updated", rewritten)
