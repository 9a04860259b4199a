"""The glossary, and a link to it from the first use of each term on a page."""

from __future__ import annotations

import html
import re
from functools import cache

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from analysis.site.places import references
from analysis.site.sources import data_rows
from analysis.validation import ROOT

PAGE, TABLE = "book/glossary", "glossary"
# words that also have their everyday meaning: explained in the glossary, not linked from prose
EVERYDAY = {"access", "bound", "data set", "derived", "extent", "grade", "record", "recovery"} | {
    "register",
    "restriction",
    "sensitivity",
    "verdict",
}
NEVER_INSIDE = (nodes.title, nodes.reference, nodes.literal, nodes.raw, nodes.caption)


@cache
def terms() -> dict[str, dict[str, str]]:
    """Every term of the glossary by its lower-case form, in alphabetical order."""
    rows = [data_rows()[reference] for reference in references(TABLE)]
    return {row["term"].lower(): row for row in sorted(rows, key=lambda row: row["term"].lower())}


@cache
def pattern() -> re.Pattern[str]:
    """Matches any term as a whole word, longer terms first, plural forms included."""
    longest_first = sorted(set(terms()) - EVERYDAY, key=len, reverse=True)
    return re.compile(rf"\b({'|'.join(map(re.escape, longest_first))})s?\b", re.IGNORECASE)


def address(term: str) -> str:
    """The anchor of a term in the glossary."""
    return "term-" + re.sub(r"[^a-z0-9]+", "-", term.lower()).strip("-")


class GlossaryDirective(SphinxDirective):
    """``{glossary-list}``: every term with its meaning in plain words."""

    def run(self) -> list[nodes.Node]:
        self.env.note_dependency(str(ROOT / "data" / f"{TABLE}.csv"))
        entries = "".join(entry_html(row) for row in terms().values())
        return [nodes.raw("", f'<dl class="glossary">{entries}</dl>', format="html")]


def entry_html(row: dict[str, str]) -> str:
    """One term."""
    others = [term.strip() for term in row["see_also"].split(";") if term.strip()]
    links = ", ".join(
        f'<a href="#{address(term)}">{html.escape(term)}</a>'
        for term in others
        if term.lower() in terms()
    )
    see = f' <span class="see-also">See also {links}.</span>' if links else ""
    return (
        f'<dt id="{address(row["term"])}">{html.escape(row["term"])}</dt>'
        f"<dd>{html.escape(row['definition'])}{see}</dd>"
    )


def link_first_uses(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Link the first use of each term in a page's paragraphs to the glossary."""
    if app.builder.name != "html" or docname == PAGE or PAGE not in app.env.found_docs:
        return
    target = app.builder.get_relative_uri(docname, PAGE)
    seen: set[str] = set()
    for paragraph in list(doctree.findall(nodes.paragraph)):
        for text in list(paragraph.findall(nodes.Text)):
            if not _inside(text, NEVER_INSIDE):
                _link(text, target, seen)


def _link(text: nodes.Text, target: str, seen: set[str]) -> None:
    pieces: list[nodes.Node] = []
    written, end = text.astext(), 0
    for match in pattern().finditer(written):
        term = match.group(1).lower()
        if term in seen:
            continue
        seen.add(term)
        pieces.append(nodes.Text(written[end : match.start()]))
        link = nodes.reference(
            "", match.group(0), refuri=f"{target}#{address(term)}", internal=True, classes=["term"]
        )
        link["reftitle"] = terms()[term]["definition"]
        pieces.append(link)
        end = match.end()
    if pieces:
        text.parent.replace(text, [*pieces, nodes.Text(written[end:])])


def _inside(node: nodes.Node, kinds: tuple[type, ...]) -> bool:
    while node is not None:
        if isinstance(node, kinds):
            return True
        node = node.parent
    return False


def setup(app: Sphinx) -> None:
    """Register the directive and the links."""
    app.add_directive("glossary-list", GlossaryDirective)
    app.connect("doctree-resolved", link_first_uses)
