"""The index that the search page reads: prose, figures, claims, numbers, sources, and code.

It is searched in the reader's browser, works from a folder, and stores no query.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from analysis.site import glossary, ledger
from analysis.site.figures import anchor
from analysis.site.pages import navigation
from analysis.site.roles import REGISTER
from analysis.site.source_pages import PAGE as SOURCES
from analysis.site.source_pages import reference_html
from analysis.site.sources import bibliography, label
from analysis.site.state import Words, book, memory
from analysis.site.words import plain, untagged

PROSE, FIGURE, CLAIM, NUMBER, SOURCE, CODE = range(6)

Entry = dict[str, Any]


def index(app: Sphinx) -> str:
    """The whole index as a script, since pages opened from disk may not fetch."""
    return f"window.recountedIndex=[\n{_lines(_prose(app))},\n{book(app).recounted_results}\n];\n"


def find_results(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Index everything but prose; of an edit of prose nothing follows for it."""

    def entries() -> str:
        parts = (_terms, _figures, _claims, _numbers, _sources)
        return _lines(entry for part in parts for entry in part(app))

    book(app).recounted_results = memory(env).kept("search", entries, navigation(env))
    return []


def _lines(entries: Iterable[Entry]) -> str:
    return ",\n".join(json.dumps(entry, ensure_ascii=False, sort_keys=True) for entry in entries)


def _entry(app: Sphinx, kind: int, page: str, spot: str, heading: str, text: str) -> Entry:
    return {
        "kind": kind,
        "page": app.env.titles[page].astext(),
        "heading": heading,
        "at": app.builder.get_target_uri(page) + (f"#{spot}" if spot else ""),
        "text": " ".join(text.split()),
    }


def remember(app: Sphinx, doctree: nodes.document) -> None:
    """Keep the words of a document, so that a build need not read it again to index it."""
    memory(app.env).words[app.env.docname] = list(_sections(doctree))


def _prose(app: Sphinx) -> Iterator[Entry]:
    for page, found in sorted(memory(app.env).words.items()):
        for kind, spot, heading, text in found:
            yield _entry(app, kind, page, spot, heading, text)


def _sections(doctree: nodes.document) -> Iterator[Words]:
    for section in doctree.findall(nodes.section):
        heading, spot = section[0].astext(), section["ids"][0]
        prose: list[str] = []
        code: list[str] = []
        for child in section[1:]:
            if not isinstance(child, nodes.section):
                _collect(child, prose, code)
        yield Words(PROSE, spot, heading, " ".join(prose))
        if code:
            yield Words(CODE, spot, heading, " ".join(code))


def _collect(node: nodes.Node, prose: list[str], code: list[str]) -> None:
    if isinstance(node, nodes.raw) or not isinstance(node, nodes.Element):
        return
    if isinstance(node, nodes.literal_block):
        code.append(node.astext())
    elif "cell_output" in node["classes"]:
        return
    elif isinstance(node, nodes.TextElement):
        prose.append(plain(node))
    else:
        for child in node.children:
            _collect(child, prose, code)


def _figures(app: Sphinx) -> Iterator[Entry]:
    records = book(app).recounted_records
    for name, item in records.displays.items():
        page = f"book/{records.chapters[name]}"
        table = item["table"] if item["kind"] == "chart" else item
        words = [item.get("alt", ""), *table["header"], *(row[0]["text"] for row in table["cells"])]
        heading = item.get("title") or item["caption"]
        yield _entry(app, FIGURE, page, anchor(name), heading, ". ".join(filter(None, words)))


def _numbers(app: Sphinx) -> Iterator[Entry]:
    if REGISTER not in app.env.found_docs:
        return
    for name, item in sorted(book(app).recounted_records.quantities.items()):
        text = f"{item['text']} {item['limits']}. {name.replace('.', ' ').replace('_', ' ')}"
        text += f". Computed by {item['by']}"
        yield _entry(app, NUMBER, REGISTER, name, name, text)


def _terms(app: Sphinx) -> Iterator[Entry]:
    if glossary.PAGE in app.env.found_docs:
        for row in glossary.terms().values():
            spot = glossary.address(row["term"])
            yield _entry(app, PROSE, glossary.PAGE, spot, row["term"], row["definition"])


def _claims(app: Sphinx) -> Iterator[Entry]:
    if ledger.PAGE in app.env.found_docs:
        for claim, item in book(app).recounted_records.rulings.items():
            text = f"{item['statement']} {ledger.made_by(item)}. Verdict: {item['verdict']}"
            yield _entry(app, CLAIM, ledger.PAGE, f"claim-{claim}", item["label"], text)


def _sources(app: Sphinx) -> Iterator[Entry]:
    if SOURCES in app.env.found_docs:
        for key in sorted(bibliography().entries):
            text = untagged(reference_html(key))
            yield _entry(app, SOURCE, SOURCES, f"source-{key}", label(key), text)


def setup(app: Sphinx) -> None:
    """Listen to what is read."""
    app.connect("doctree-read", remember)
    app.connect("env-updated", find_results)
