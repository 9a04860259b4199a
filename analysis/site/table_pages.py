"""The rows of every data table, each with its own address, on pages of their own."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from typing import Any

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from analysis.site.data_pages import FILES
from analysis.site.pages import navigation
from analysis.site.places import (
    ROWS_A_PAGE,
    page_name,
    parts,
    references,
    resources,
    source_link,
    table_address,
)
from analysis.site.records import Records
from analysis.site.sources import data_rows
from analysis.site.state import book, memory
from analysis.tables import SENTENCE

SHOWN_USES = 6
NEIGHBOURS = 3  # parts before and after the one that is open that are linked by number
WIDE, HERE = ' class="prose"', ' aria-current="page"'

Resource = Mapping[str, Any]


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


def names() -> list[str]:
    """Every page of every table."""
    return [
        page_name(table, part + 1) for table in resources() for part in range(len(parts(table)))
    ]


def note_differences(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Find out whether the pages have to be made again; Sphinx knows of no document behind them."""
    book(app).recounted_tables_differ = memory(env).differs("tables", navigation(env))
    return []


def pages(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Every page of every table, when rows, what they feed, or the contents have changed."""
    if app.builder.name != "html" or not book(app).recounted_tables_differ:
        return
    feeding = uses(book(app).recounted_records)
    for name, resource in resources().items():
        number = len(parts(name))
        for part in range(1, number + 1):
            body = part_html(name, resource, part, feeding)
            title = resource["title"] + (f", part {part} of {number}" if number > 1 else "")
            yield page_name(name, part), {"title": title, "body": body}, "page.html"


def part_html(name: str, resource: Resource, part: int, feeding: Mapping[str, list[str]]) -> str:
    """One part of a table's rows, with sources and the numbers that each feeds."""
    fields = [field["name"] for field in resource["schema"]["fields"]]
    head = "".join(
        f'<th scope="col"{" data-filter" if column == "grade" else ""}>{html.escape(column)}</th>'
        for column in [*fields, "feeds"]
    )
    rows = parts(name)[part - 1]
    body = "".join(row_html(fields, reference, feeding.get(reference, [])) for reference in rows)
    around = parts_html(name, part)
    within = ' data-within="this part"' if around else ""
    return (
        f"<section><h1>{html.escape(resource['title'])}</h1>"
        f'<p>{html.escape(resource["description"])}</p><p class="downloads">'
        f'<a href="../{FILES}/{name}.csv" download>{name}.csv</a> '
        f'<a href="../book/data.html#table-{name}">Columns and licence</a></p>{around}'
        f'<div class="data-rows scroll" tabindex="0" role="region" aria-label="Rows of {name}">'
        f'<table class="filterable"{within}><caption>{html.escape(resource["title"])}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>{around}</section>"
    )


def parts_html(name: str, part: int) -> str:
    """Which part of a long table this is, with links to others; nothing for a short one."""
    last, rows = len(parts(name)), len(references(name))
    if last == 1:
        return ""
    first_row = 1 + (part - 1) * ROWS_A_PAGE
    near = {1, last, *range(part - NEIGHBOURS, part + NEIGHBOURS + 1)}
    links = [("Previous", part - 1), *((str(n), n) for n in sorted(near)), ("Next", part + 1)]
    items = "".join(
        f'<li><a href="{table_address(name, number)}"{HERE * (number == part)}>{words}</a></li>'
        for words, number in links
        if 1 <= number <= last
    )
    return (
        f'<nav class="parts" aria-label="Parts of this table"><p>Part {part} of {last}: rows '
        f"{first_row:,} to {min(rows, first_row + ROWS_A_PAGE - 1):,} of {rows:,}; the file above "
        f"has them all.</p><ul>{items}</ul></nav>"
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


def setup(app: Sphinx) -> None:
    """Register the pages."""
    app.connect("env-updated", note_differences)
    app.connect("html-collect-pages", pages)
