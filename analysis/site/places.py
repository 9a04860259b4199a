"""Where a reader finds a data row, a table and a source: the addresses that all pages use.

Seen from a page of the book; pages of tables stand beside that folder, so from them it is the same.
"""

from __future__ import annotations

import html
import json
from functools import cache
from pathlib import Path
from typing import Any

from analysis.site.sources import bibliography, data_rows, label
from analysis.validation import PACKAGE, ROOT

FOLDER = "data"
ROWS_A_PAGE = 500


@cache
def resources(root: Path = ROOT) -> dict[str, dict[str, Any]]:
    """The package's description of every table, by name."""
    package = json.loads((root / "data" / PACKAGE).read_text(encoding="utf-8"))
    return {resource["name"]: resource for resource in package["resources"]}


def references(table: str) -> list[str]:
    """References ``table/id`` of the rows of a table, in its order."""
    return _by_table().get(table, [])


@cache
def _by_table() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for reference in data_rows():
        found.setdefault(reference.partition("/")[0], []).append(reference)
    return found


@cache
def _pages_of_rows() -> dict[str, str]:
    return {
        reference: page_name(table, 1 + place // ROWS_A_PAGE)
        for table, listed in _by_table().items()
        for place, reference in enumerate(listed)
    }


def page_name(table: str, part: int = 1) -> str:
    """The page of one part of a table, which has more than one when it is long.

    >>> page_name("rates"), page_name("rates", 2)
    ('data/rates', 'data/rates-2')
    """
    return f"{FOLDER}/{table}" if part == 1 else f"{FOLDER}/{table}-{part}"


@cache
def parts(table: str) -> list[list[str]]:
    """References of a table's rows, page by page; one page for a table without rows."""
    listed = references(table)
    starts = range(0, max(1, len(listed)), ROWS_A_PAGE)
    return [listed[start : start + ROWS_A_PAGE] for start in starts]


def table_address(table: str, part: int = 1) -> str:
    """The address of one part of a table."""
    return f"../{page_name(table, part)}.html"


def row_address(reference: str) -> str:
    """The address of a data row: its own place in the part of the table that has it."""
    return f"../{_pages_of_rows()[reference]}.html#{reference.partition('/')[2]}"


def row_link(reference: str) -> str:
    """A data row's reference as a link to its place."""
    address = html.escape(row_address(reference))
    return f'<a href="{address}"><code>{html.escape(reference)}</code></a>'


def source_link(key: str) -> str:
    """A source's short name, linked to the list of sources."""
    if key not in bibliography().entries:
        return html.escape(key)
    return f'<a href="../book/sources.html#source-{key}">{html.escape(label(key))}</a>'
