"""Roles that print published quantities in prose: ``{q}`chapter.name``` and ``{qi}``.

``q`` prints the value with its unit, ``qi`` adds the interval. Both link to the quantity's
entry in the register. A name that is not published, or published and used nowhere, is a
warning, and warnings fail the build.
"""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole

from analysis.site.state import book, memory

REGISTER = "book/register"
ROLE_IN_FENCE = re.compile(r"""[\s">]*`{3,}\{[\w-]+\}[^`]*\{\w+\}`""")
logger = logging.getLogger(__name__)


class quantity(nodes.Inline, nodes.TextElement):  # noqa: N801  (docutils names nodes so)
    """A published number in running text; its child is the text as printed."""


class QuantityRole(SphinxRole):
    """Print a published quantity by name.

    Args:
        with_limits: whether the interval is printed after the value.
    """

    def __init__(self, with_limits: bool) -> None:
        super().__init__()
        self.with_limits = with_limits

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        name = self.text.strip()
        records = book(self.env.app).recounted_records
        memory(self.env).used.setdefault(self.env.docname, set()).add(name)
        item = records.quantities.get(name)
        if item is None:
            message = (
                f"quantity {name!r} is used and not published: publish it in its chapter, or "
                "correct the name"
            )
            logger.warning(message, location=self.get_location(), type="recounted")
            return [nodes.problematic(self.rawtext, f"[{name}: not published]")], []
        depend_on_chapter(self.env, records.chapters[name])
        text = item["text"]
        if self.with_limits and item["limits"]:
            text += f" ({item['limits']})"
        return [quantity(self.rawtext, text, name=name, value=item["value"])], []


def depend_on_chapter(env: BuildEnvironment, chapter: str) -> None:
    """Re-read the current document whenever what the chapter published changes, not its prose."""
    outputs = book(env.app).recounted_outputs
    memory(env).shows.setdefault(env.docname, {})[chapter] = outputs.get(chapter)


def outdated(app: Sphinx, env: BuildEnvironment, *_: object) -> list[str]:
    """Documents that show results of a chapter that has published others since."""
    outputs = book(app).recounted_outputs
    return [
        docname
        for docname, chapters in memory(env).shows.items()
        if any(outputs.get(chapter) != digest for chapter, digest in chapters.items())
    ]


def visit_html(translator: Any, node: quantity) -> None:
    """Open the link to the register and the ``data`` element."""
    inside_link = isinstance(node.parent, nodes.reference)
    builder = translator.builder
    target = builder.get_relative_uri(builder.current_docname, REGISTER)
    opening = "" if inside_link else f'<a class="quantity" href="{target}#{node["name"]}">'
    translator.body.append(f'{opening}<data value="{node["value"]!r}">')
    node["closing"] = "</data>" + ("" if inside_link else "</a>")


def depart_html(translator: Any, node: quantity) -> None:
    """Close what ``visit_html`` opened."""
    translator.body.append(node["closing"])


def pass_through(translator: Any, node: quantity) -> None:
    """Other writers print the child text alone."""


def check_all_used(app: Sphinx, env: BuildEnvironment) -> None:
    """Warn of every quantity that is published and used in no document."""
    names = set().union(*memory(env).used.values())
    for name in sorted(set(book(app).recounted_records.quantities) - names):
        logger.warning(
            f"quantity {name!r} is published and used nowhere: use it in prose or stop "
            "publishing it",
            type="recounted",
        )


def refuse_in_headings(app: Sphinx, doctree: nodes.document) -> None:
    """Warn of numbers in headings: the permalink of the heading would move with the data."""
    for title in doctree.findall(nodes.title):
        for node in title.findall(quantity):
            logger.warning(
                f"quantity {node['name']!r} stands in a heading: its permalink would move with "
                "the data, so say it in the text below",
                location=title,
                type="recounted",
            )


def refuse_in_fence_titles(app: Sphinx, docname: str, source: list[str]) -> None:
    """Warn of a role in the title of a backtick fence, which would be printed as it was typed."""
    for number, line in enumerate(source[0].split("\n"), start=1):
        if ROLE_IN_FENCE.match(line):
            logger.warning(
                "a backtick fence may not carry a role in its title: use ::: for the fence",
                location=f"{app.env.doc2path(docname)}:{number}",
                type="recounted",
            )


def setup(app: Sphinx) -> None:
    """Register the roles, their node and the checks."""
    skip = (pass_through, pass_through)
    app.add_node(quantity, html=(visit_html, depart_html), text=skip, latex=skip)
    app.add_role("q", QuantityRole(with_limits=False))
    app.add_role("qi", QuantityRole(with_limits=True))
    app.connect("source-read", refuse_in_fence_titles)
    app.connect("doctree-read", refuse_in_headings)
    app.connect("env-get-outdated", outdated)
    app.connect("env-check-consistency", check_all_used)
