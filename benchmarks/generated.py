"""Books of any number of chapters, on tables of any length, with the real rooms and a made-up text.

Every chapter has what chapters of the book have: numbers in the prose, a figure, a table, sources.
"""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

from sides import Side

TABLES, ROWS, NUMBERS = 10, 340, 20  # rows of a table as the book has them on average
OWN = ("recovery", "attrition", "self_report", "cost_offset", "governance", "claims")
COLUMNS = ("id", "year", "value", "unit", "source", "locator", "extent", "grade")

MODULE = '''"""A chapter."""
import altair as alt
import pandas as pd

from analysis.charts import Chart
from analysis.quantity import Quantity, computes
from analysis.tables import Table


@computes
def numbers(evidence):
    """Numbers as the rows have them."""
    return {{f"n{{i}}": evidence.quantity("{table}", f"r{{i}}") for i in range({numbers})}}


@computes
def results(evidence):
    """The same numbers as a table and a figure."""
    parts = {{f"r{{i}}": evidence.quantity("{table}", f"r{{i}}") for i in range({numbers})}}
    table = Table("Rows", pd.DataFrame({{"row": list(parts), "count": list(parts.values())}}))
    bars = pd.DataFrame({{"row": list(parts), "count": [part.value for part in parts.values()]}})

    def draw(width):
        return alt.Chart(bars).mark_bar().encode(x="count", y="row").properties(width=width)

    return {{"table": table, "bars": Chart("Counts differ", "Bars of counts", table, draw)}}
'''
CELLS = (
    "from analysis import {name}\nfrom analysis.evidence import load\n"
    "from analysis.publish import Chapter\n\nevidence = load()\n"
    'chapter = Chapter("{name}", evidence)',
    "chapter.publish({name}.results(evidence))",
    "chapter.publish({name}.numbers(evidence))",
    "chapter.close()",
)


def write(folder: Path, root: Path, chapters: int, rows: int = ROWS) -> Side:
    """A book that was never built."""
    shutil.copytree(
        root / "analysis",
        folder / "analysis",
        ignore=shutil.ignore_patterns("__pycache__", *OWN, *(f"{name}.py" for name in OWN)),
    )
    for name in ("requirements.txt", "_config.yml"):
        shutil.copy(root / name, folder / name)
    shutil.copytree(root / "book" / "_static", folder / "book" / "_static")
    names = [f"c{number:02}" for number in range(chapters)]
    for place, name in enumerate(names):
        text = MODULE.format(table=f"t{place % TABLES}", numbers=NUMBERS)
        (folder / "analysis" / f"{name}.py").write_text(text)
        (folder / "book" / f"{name}.ipynb").write_text(json.dumps(notebook(name)))
    pages = {
        "index": "# A book\n\nWords.\n",
        "register": "# Register\n\n```{register}\n```\n",
        "sources": "# Sources\n\n```{source-list}\n```\n\n"
        "```{bibliography}\n:all:\n:style: plain\n```\n",
        "data": "# Data\n\n```{data-package}\n```\n",
    }
    for name, text in pages.items():
        (folder / "book" / f"{name}.md").write_text(text)
    listed = "".join(f"- file: book/{name}\n" for name in (*names, *list(pages)[1:]))
    (folder / "_toc.yml").write_text(f"format: jb-book\nroot: book/index\nchapters:\n{listed}")
    (folder / "book" / "references.bib").write_text(
        "".join(f"@misc{{s{n}, title={{Report {n}}}, author={{Doe, Jane}}, year={{2019}}}}\n"
                for n in range(TABLES))
    )  # fmt: skip
    write_tables(folder / "data", rows)
    return Side(folder, folder)


def notebook(name: str) -> dict[str, Any]:
    """A chapter that was never executed."""
    prose = "\n\n".join(
        f"Here is a sentence with the number {{q}}`{name}.n{i}` in it, "
        f"as {{cite:t}}`s{i % TABLES}` counts it, and one that says no more than the first."
        for i in range(NUMBERS)
    )
    sources = [f"# Chapter {name}\n\nWords.", *CELLS[:2], f"## The numbers\n\n{prose}", *CELLS[2:]]
    cells = []
    for place, source in enumerate(sources):
        kind = "markdown" if source.startswith("#") else "code"
        code = {"outputs": [], "execution_count": None} if kind == "code" else {}
        text = source if kind == "markdown" else source.format(name=name)
        cells.append(
            {"id": f"cell-{place}", "cell_type": kind, "metadata": {}, "source": text} | code
        )
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def write_tables(data: Path, rows: int) -> None:
    """A package of tables of so many rows."""
    data.mkdir()
    required = {"constraints": {"required": True}}
    fields: list[dict[str, Any]] = [
        {"name": name, "type": "string", **required} for name in COLUMNS
    ]
    fields[0]["constraints"] = {"required": True, "unique": True}
    for place in (1, 2):
        limits = {"minimum": 0, "maximum": 1e9}
        fields[place] = {"name": COLUMNS[place], "type": "integer", "constraints": limits}
    resources = []
    for number in range(TABLES):
        name = f"t{number}"
        with (data / f"{name}.csv").open("w", newline="") as file:
            lines = csv.writer(file, lineterminator="\n")
            lines.writerow(COLUMNS)
            lines.writerows(
                (f"r{row}", 2000 + row % 20, 1000 + row, "referrals", f"s{number}", f"table {row}",
                 "full text", "primary")
                for row in range(rows)
            )  # fmt: skip
        resources.append(
            {
                "name": name, "path": f"{name}.csv", "title": f"Table {name}",
                "description": "Made up.", "attribution": "Made up.", "uncertainty": "record",
                "licenses": [{"title": "CC0", "path": "https://creativecommons.org/"}],
                "schema": {"fields": fields, "primaryKey": ["id"], "missingValues": [""]},
            }
        )  # fmt: skip
    package = {"name": "made-up", "resources": resources}
    (data / "datapackage.json").write_text(json.dumps(package))
