"""Print a data table, or some of its columns, where a page asks for it."""

from __future__ import annotations

import html
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from analysis.site.places import references, resources, source_link, table_address
from analysis.site.sources import Row, data_rows
from analysis.validation import ROOT

WIDE = ' class="prose"'
LONG = 60
logger = logging.getLogger(__name__)


class DataTableDirective(SphinxDirective):
    """``{data-table} name``: rows of a table as a page's own table.

    Options: ``columns`` to print, ``filters`` among them, ``where`` as ``column=value`` pairs.
    """

    required_arguments = 1
    option_spec: ClassVar = {
        "columns": directives.unchanged_required,
        "filters": directives.unchanged,
        "where": directives.unchanged,
    }

    def run(self) -> list[nodes.Node]:
        name = self.arguments[0]
        columns = self.options.get("columns", "").split()
        filters = self.options.get("filters", "").split()
        pairs = [pair.partition("=") for pair in self.options.get("where", "").split()]
        where = {column: value for column, _, value in pairs}
        if name not in resources():
            return self.refuse(f"there is no table {name!r}: correct the name")
        self.env.note_dependency(str(ROOT / "data" / f"{name}.csv"))
        if not columns:
            return self.refuse("the option columns is missing: name the columns to print")
        if broken := [column for column, sign, _ in pairs if not sign]:
            return self.refuse(f"{broken[0]!r} is not of the form column=value: correct :where:")
        fields = resources()[name]["schema"]["fields"]
        known = {field["name"]: field.get("title", field["name"]) for field in fields}
        if unknown := {*columns, *filters, *where} - set(known):
            return self.refuse(
                f"table {name!r} has no columns {sorted(unknown)}: it has {sorted(known)}"
            )
        if not kept(name, where):
            return self.refuse(f"no row of table {name!r} fits {where}: correct :where:")
        return [nodes.raw("", listed(name, columns, filters, where, known), format="html")]

    def refuse(self, message: str) -> list[nodes.Node]:
        """Warn, which fails the build, and print nothing."""
        logger.warning(message, location=self.get_location(), type="recounted")
        return []


def kept(name: str, where: dict[str, str]) -> list[Row]:
    """Rows of a table that fit every condition."""
    rows = (data_rows()[reference] for reference in references(name))
    return [row for row in rows if all(row[key] == value for key, value in where.items())]


def listed(
    name: str, columns: list[str], filters: list[str], where: dict[str, str], titles: dict[str, str]
) -> str:
    """Rows of a table, each with its own address, as a table that a reader can narrow down."""
    head = "".join(
        f'<th scope="col"{" data-filter" if column in filters else ""}>'
        f"{html.escape(titles[column])}</th>"
        for column in columns
    )
    body = "".join(row_html(name, columns, row) for row in kept(name, where))
    title = html.escape(resources()[name]["title"])
    opening = '<table class="filterable">' if filters else "<table>"
    return (
        f'<div class="listed-table"><p class="table-title" aria-hidden="true">{title}</p>'
        f'<div class="scroll" tabindex="0" role="region" aria-label="{title}">{opening}'
        f"<caption>{title}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        f'</div><p class="downloads"><a href="{table_address(name)}">All columns and sources</a>'
        "</p></div>"
    )


def row_html(name: str, columns: list[str], row: dict[str, str]) -> str:
    """One row; sources are links."""
    cells = []
    for place, column in enumerate(columns):
        text = source_link(row[column]) if column == "source" else html.escape(row[column])
        wide = WIDE if len(row[column]) > LONG else ""
        cells.append(
            f'<th scope="row"{wide}>{text}</th>' if not place else f"<td{wide}>{text}</td>"
        )
    return f'<tr id="{name}-{html.escape(row["id"])}">{"".join(cells)}</tr>'


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("data-table", DataTableDirective)
