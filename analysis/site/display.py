"""Show a figure or table that a chapter published on another page as well."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from analysis.site.figures import figure_block, table_block
from analysis.site.roles import depend_on_chapter
from analysis.site.state import book

logger = logging.getLogger(__name__)


class DisplayDirective(SphinxDirective):
    """``{display} chapter.name``: a published figure or table, as its own chapter shows it."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        name = self.arguments[0]
        records = book(self.env.app).recounted_records
        item = records.displays.get(name)
        if item is None:
            logger.warning(
                f"display {name!r} is shown and not published: correct the name",
                location=self.get_location(),
                type="recounted",
            )
            return [nodes.problematic("", f"[{name}: not published]")]
        depend_on_chapter(self.env, records.chapters[name])
        home = f"{records.chapters[name]}.html"
        block = (table_block if item["kind"] == "table" else figure_block)(item, home)
        return [nodes.raw("", block, format="html")]


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("display", DisplayDirective)
