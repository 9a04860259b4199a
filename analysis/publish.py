"""Publish a chapter's results under names: the only way from a computation to the page.

A notebook publishes mappings of names to quantities, tables and charts. What is published
becomes a cell output that holds values, lineage and chart specifications and nothing that
depends on time or machine, so that a re-execution can be compared with the record.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from analysis.charts import Chart
from analysis.errors import PublishError
from analysis.evidence import Evidence
from analysis.quantity import Quantity
from analysis.ruling import Ruling
from analysis.tables import Table, rounded, table_html

MIME = "application/vnd.recounted.published+json"
VEGA_LITE = "application/vnd.vegalite.v6+json"
NAME = re.compile(r"[a-z][a-z0-9_]*")

Publishable = Quantity | Table | Chart | Ruling


class Published:
    """What one cell published; its display is the record that the site reads.

    Args:
        record: quantities and displays as plain data.
        picture: the Vega-Lite specification of the cell's chart, which notebook editors draw.
    """

    def __init__(self, record: Mapping[str, Any], picture: Mapping[str, Any] | None = None) -> None:
        self.record = record
        self.picture = picture

    def __repr__(self) -> str:
        lines = [
            f"{name} = {item['text']}" + (f" ({item['limits']})" if item["limits"] else "")
            for name, item in self.record.get("quantities", {}).items()
        ]
        lines += [
            f"{item['name']}: {item['kind']}, {item.get('title') or item['caption']}"
            for item in self.record.get("displays", ())
        ]
        lines += [
            f"{name}: {item['verdict']}" for name, item in self.record.get("rulings", {}).items()
        ]
        if "closing" in self.record:
            lines.append("tables read: " + ", ".join(self.record["closing"]["tables"]))
        return "\n".join(lines)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        bundle: dict[str, Any] = {MIME: self.record, "text/plain": repr(self)}
        displays = self.record.get("displays", ())
        if tables := [item for item in displays if item["kind"] == "table"]:
            bundle["text/html"] = "\n".join(
                table_html(item["caption"], item["header"], item["cells"]) for item in tables
            )
        if self.picture:
            bundle[VEGA_LITE] = self.picture
        return bundle


class Chapter:
    """The names that a chapter has published so far.

    Args:
        name: the chapter's name, that of its notebook and of its module.
        evidence: what the chapter computes from; its record of tables read closes the chapter.
    """

    def __init__(self, name: str, evidence: Evidence) -> None:
        self.name = name
        self._evidence = evidence
        self.items: dict[str, Publishable] = {}

    def publish(self, items: Mapping[str, Publishable]) -> Published:
        """Publish results under names of the form ``chapter.name``.

        Raises:
            PublishError: a name is malformed or doubled, a value is of no publishable kind, or
                there is more than one chart (a cell's output shows one).
        """
        picture: dict[str, Any] | None = None
        quantities: dict[str, Any] = {}
        displays: list[dict[str, Any]] = []
        rulings: dict[str, Any] = {}
        for short, item in items.items():
            if not NAME.fullmatch(short):
                raise PublishError(f"the name {short!r} must be lower-case letters, digits and _")
            name = f"{self.name}.{short}"
            if name in self.items:
                raise PublishError(f"the name {name!r} is published twice: rename one of the two")
            self.items[name] = item
            if isinstance(item, Quantity):
                quantities[name] = quantity_record(item)
            elif isinstance(item, Ruling):
                rulings[short] = {**ruling_record(item), "order": len(rulings)}
            elif isinstance(item, Table):
                displays.append({"kind": "table", "name": name, **table_record(item)})
            elif isinstance(item, Chart):
                if picture is not None:
                    raise PublishError(f"{name!r} is a second chart: publish it in its own cell")
                displays.append({"kind": "chart", "name": name, **chart_record(item)})
                picture = item.specification("wide")
            else:
                raise PublishError(
                    f"{name!r} is a {type(item).__name__}, not a quantity, table, chart or ruling"
                )
        record = {"quantities": quantities, "displays": displays}
        record |= {"rulings": rulings} if rulings else {}
        return Published(with_shared_rows(record), picture)

    def close(self) -> Published:
        """End the chapter: record which tables it read and how much it published."""
        closing = {"tables": list(self._evidence.tables_read), "published": len(self.items)}
        return Published({"closing": closing})


def quantity_record(item: Quantity) -> dict[str, Any]:
    """A quantity as plain data."""
    low, high = item.interval.limits or (None, None)
    return {
        "value": rounded(item.value),
        "unit": item.unit,
        "text": str(item),
        "number": item.number(),
        "limits": item.limits_text(),
        "interval": {
            "kind": item.interval.kind,
            "low": None if low is None else _json_number(low),
            "high": None if high is None else _json_number(high),
            "level": item.interval.level,
        },
        "by": item.by,
        "rows": packed(item.rows),
    }


def ruling_record(item: Ruling) -> dict[str, Any]:
    """A claim with its finding and verdict as plain data."""
    claim, found = item.claim, item.finding

    def figure(part: Quantity | None) -> dict[str, Any] | None:
        if part is None:
            return None
        return {"text": str(part), "limits": part.limits_text(), "value": rounded(part.value)}

    return {
        "label": claim.label,
        "claimant": claim.claimant,
        "claimant_note": claim.claimant_note,
        "reported_by": claim.reported_by,
        "stance": claim.stance,
        "chapter": claim.chapter,
        "kind": claim.kind,
        "statement": claim.statement,
        "figure": claim.figure(),
        "asserted_on": claim.asserted_on,
        "dated_by": claim.dated_by,
        "cited_as": claim.cited_as,
        "repeat_of": claim.repeat_of,
        "series": claim.series,
        "computed": figure(found.computed),
        "own": figure(found.own),
        "others": [figure(part) for part in found.others],
        "exceptions": figure(found.exceptions),
        "later": figure(found.later),
        "later_on": found.later_on,
        "on": found.on,
        "footing": found.footing,
        "unlike": found.unlike,
        "departs": found.departs,
        "missing": found.missing,
        "class": item.verdict.label,
        "verdict": item.label,
        "rule": item.verdict.rule,
        "live": item.live,
        "by": item.by,
        "inherited": item.inherited,
        "rows": packed(item.rows),
    }


def table_record(item: Table) -> dict[str, Any]:
    """A table as plain data."""
    record = {
        "caption": item.caption,
        "header": item.header,
        "cells": item.cells(),
        "folded": item.folded,
        "rows": packed(item.rows),
    }
    return record | ({"filters": list(item.filters)} if item.filters else {})


def chart_record(item: Chart) -> dict[str, Any]:
    """A chart as plain data, but for the wide specification, which is an output of its own."""
    narrow = item.specification("narrow")
    return {
        "title": item.title,
        "alt": item.alt,
        "interactive": item.interactive,
        "narrow": json.dumps(narrow, sort_keys=True, separators=(",", ":"), ensure_ascii=False),
        "table": table_record(item.table),
    }


def row_holders(record: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The entries of a record that name data rows: quantities, tables (also of charts), rulings."""
    yield from record.get("quantities", {}).values()
    yield from (item.get("table", item) for item in record.get("displays", ()))
    yield from record.get("rulings", {}).values()


def with_shared_rows(record: dict[str, Any]) -> dict[str, Any]:
    """A record that holds every set of rows once, under a digest to which its entries refer.

    Ten results of one simulation rest on the same thousands of rows.
    """
    sets: dict[str, dict[str, str]] = {}
    for holder in row_holders(record):
        rows = holder["rows"]
        digest = hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()[:12]
        sets[digest] = rows
        holder["rows"] = digest
    return {**record, "rows": sets}


def packed(rows: Iterable[str]) -> dict[str, str]:
    """References ``table/id`` as one line of ids per table, since there can be hundreds.

    >>> packed({"rates/b", "rates/a", "counts/d"})
    {'counts': 'd', 'rates': 'a b'}
    """
    tables: dict[str, list[str]] = {}
    for reference in sorted(rows):
        table, _, row = reference.partition("/")
        tables.setdefault(table, []).append(row)
    return {table: " ".join(ids) for table, ids in tables.items()}


def unpacked(lines: Mapping[str, str]) -> list[str]:
    """The inverse of ``packed``, sorted.

    >>> unpacked({"counts": "d", "rates": "a b"})
    ['counts/d', 'rates/a', 'rates/b']
    """
    return [f"{table}/{row}" for table in sorted(lines) for row in lines[table].split()]


def _json_number(value: float) -> float | str:
    return rounded(value) if abs(value) != float("inf") else str(value)
