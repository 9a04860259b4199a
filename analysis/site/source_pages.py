"""The list of sources: what was read of each, how far it can be trusted, and what rests on it."""

from __future__ import annotations

import codecs
import html
from collections import Counter
from functools import cache

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from analysis.site.places import table_address
from analysis.site.records import Records
from analysis.site.sources import bibliography, data_rows, label
from analysis.site.state import book, memory

PAGE = "book/sources"
GRADES = ("primary", "secondary", "seed", "derived")


class sourcelist(nodes.General, nodes.Element):  # noqa: N801  (docutils names nodes so)
    """Where the sources are listed."""


class SourceListDirective(SphinxDirective):
    """``{source-list}``: every source with its grades, its rows and the chapters it feeds."""

    def run(self) -> list[nodes.Node]:
        return [sourcelist()]


def resolve(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """List the sources where the directive stands."""
    for node in list(doctree.findall(sourcelist)):
        node.replace_self(nodes.raw("", listing(book(app).recounted_records), format="html"))


def listing(records: Records) -> str:
    """Every source of the bibliography, those of data rows with what was taken from them."""
    taken: dict[str, list[str]] = {}
    for reference, row in data_rows().items():
        taken.setdefault(row["source"], []).append(reference)
    feeds = chapters_fed(records)
    keys = sorted(bibliography().entries, key=lambda key: label(key).casefold())
    rows = "".join(row_html(key, taken.get(key, []), feeds) for key in keys)
    head = "".join(
        f'<th scope="col">{name}</th>'
        for name in ("Source", "Seen as", "Figures taken", "Feeds chapters")
    )
    return (
        '<div class="source-list scroll" tabindex="0" role="region" aria-label="Sources">'
        '<table class="filterable" data-facets="grade chapter">'
        "<caption>Sources, what was read of each, and what rests on it</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def chapters_fed(records: Records) -> dict[str, set[str]]:
    """For every data row, the chapters whose numbers rest on it."""
    feeds: dict[str, set[str]] = {}
    for name, item in [*records.quantities.items(), *records.displays.items()]:
        for reference in item["rows"]:
            feeds.setdefault(reference, set()).add(records.chapters[name])
    return feeds


def row_html(key: str, taken: list[str], feeds: dict[str, set[str]]) -> str:
    """One source."""
    rows = data_rows()
    grades = sorted({rows[reference]["grade"] for reference in taken}, key=GRADES.index)
    extents = sorted({rows[reference]["extent"] for reference in taken})
    chapters = sorted({chapter for reference in taken for chapter in feeds.get(reference, ())})
    tables = Counter(reference.partition("/")[0] for reference in taken)
    figures = ", ".join(
        f'<a href="{table_address(table)}">{count:,} in {html.escape(table)}</a>'
        for table, count in sorted(tables.items())
    )
    named = ", ".join(
        f'<a href="{chapter}.html">{html.escape(chapter.replace("_", " "))}</a>'
        for chapter in chapters
    )
    seen = f"{', '.join(grades)}; {', '.join(extents)}" if taken else "cited in prose or method"
    return (
        f'<tr id="source-{key}" data-grade="{"|".join(grades) or "none"}" '
        f'data-chapter="{"|".join(chapters) or "none"}">'
        f'<th scope="row" class="prose">{reference_html(key)}</th><td>{html.escape(seen)}</td>'
        f"<td>{figures or '–'}</td><td>{named or '–'}</td></tr>"
    )


@cache
def reference_html(key: str) -> str:
    """A source as a reference: people, year, title, where it appeared, address."""
    entry = bibliography().entries[key]
    title = _plain(entry.fields.get("title", key)).rstrip(".")
    if url := entry.fields.get("url"):
        title = f'<a href="{html.escape(_plain(url), quote=True)}">{html.escape(title)}</a>'
    else:
        title = html.escape(title)
    venue = entry.fields.get("journal") or entry.fields.get("howpublished") or ""
    venue = _plain(venue or entry.fields.get("publisher", "") or "")
    text = f"<b>{html.escape(label(key))}</b>. {title}."
    return f"{text} {html.escape(venue)}." if venue and "url{" not in venue else text


def _plain(text: str) -> str:
    # The codec is latexcodec's; the stubs list only the codecs that come with Python.
    plain: str = codecs.decode(text, "ulatex")  # type: ignore[call-overload]
    return plain.replace("{", "").replace("}", "")


def rewritten(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """The list, when results that rest on sources have changed, or which sources are cited."""
    cited = [citation.key for citation in env.get_domain("cite").data["citations"]]
    return [PAGE] if memory(env).differs("sources", cited) and PAGE in env.found_docs else []


def setup(app: Sphinx) -> None:
    """Register the directive and its resolution."""
    app.add_node(sourcelist)
    app.add_directive("source-list", SourceListDirective)
    app.connect("doctree-resolved", resolve)
    app.connect("env-updated", rewritten)
