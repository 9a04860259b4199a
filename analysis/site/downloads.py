"""Files beside the pages: chart data and specifications, the chart engine, the register as data."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from analysis.site import data_pages, ledger, register
from analysis.site.engine import engine
from analysis.site.figures import VEGA_LITE_VERSION, live_script
from analysis.site.files import write_whole
from analysis.site.records import Records
from analysis.site.state import book, memory
from analysis.validation import ROOT

CACHE = ROOT / "_build" / "cache"
# Vega without its maps, trees, forces, word clouds and regressions, which no live chart uses
ENGINE = """
import {extend} from "/npm/vega-util@2.1.0/+esm";
import {transforms} from "/npm/vega-dataflow@6.1.0/+esm";
import * as data from "/npm/vega-transforms@5.1.0/+esm";
import * as layout from "/npm/vega-view-transforms@5.1.0/+esm";
import * as encode from "/npm/vega-encode@5.1.0/+esm";
import {View} from "/npm/vega-view@6.1.0/+esm";
import {parse} from "/npm/vega-parser@7.1.0/+esm";
import {expressionInterpreter} from "/npm/vega-interpreter@2.0.0/+esm";
extend(transforms, data, layout, encode);
window.vega = {View, parse, expressionInterpreter};
"""


def write(site: Path, records: Records) -> None:
    """Write every download of the site and every script that a page loads when it is needed."""
    folder = site / "_charts"
    folder.mkdir(parents=True)
    charts = [item for item in records.displays.values() if item["kind"] == "chart"]
    for item in records.displays.values():
        table = item["table"] if item["kind"] == "chart" else item
        (folder / f"{item['name']}.csv").write_text(table_csv(table), encoding="utf-8")
    for item in charts:
        text = json.dumps(item["wide"], indent=1, sort_keys=True)
        (folder / f"{item['name']}.vl.json").write_text(text, encoding="utf-8")
    data_pages.write_files(site)
    for name, text in ledger.downloads(records):
        (site / name).write_text(text, encoding="utf-8")
    (site / register.FULL).write_text(register.full(records), encoding="utf-8")
    cards = site / "_static" / "cards"
    cards.mkdir(parents=True)
    for chapter, script in register.cards(records).items():
        (cards / f"{chapter}.js").write_text(script, encoding="utf-8")
    live = [item for item in charts if item["interactive"]]
    for item in live:
        (folder / f"{item['name']}.js").write_text(live_script(item), encoding="utf-8")
    if live:
        shutil.copyfile(vega_bundle(), site / "_static" / "vega.js")


def note_differences(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Find out whether the downloads have to be written again."""
    book(app).recounted_downloads_differ = memory(env).differs("downloads")
    return []


def table_csv(table: Mapping[str, Any]) -> str:
    """A published table as CSV: numbers as exact values, limits as printed."""
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    has_limits = [
        any("limits" in row[i] for row in table["cells"]) for i in range(len(table["header"]))
    ]
    header = []
    for label, limits in zip(table["header"], has_limits, strict=True):
        header += [label, f"{label}: interval"] if limits else [label]
    writer.writerow(header)
    for row in table["cells"]:
        cells: list[Any] = []
        for cell, limits in zip(row, has_limits, strict=True):
            cells.append(cell.get("value", cell["text"]))
            if limits:
                cells.append(cell.get("limits", ""))
        writer.writerow(cells)
    return lines.getvalue()


def vega_bundle() -> Path:
    """Vega and its expression interpreter as one classic script, made once per version.

    Charts are compiled from Vega-Lite when the site is built, so that readers need not load the
    compiler; the interpreter replaces scripts made from strings, which the pages forbid. Both
    come from the modules inside vl-convert: nothing is fetched.
    """
    path = CACHE / f"vega-{version('vl-convert-python')}-{hash_of(ENGINE)}.js"
    if not path.exists():
        bundle = engine().javascript_bundle(ENGINE, vl_version=VEGA_LITE_VERSION)
        path.parent.mkdir(parents=True, exist_ok=True)
        # in a function of its own, so that no top-level name of its meets another's
        write_whole(path, f"(()=>{{{bundle}}})();\n")
    return path


def hash_of(text: str) -> str:
    """A short name for a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def setup(app: Sphinx) -> None:
    """Listen to what is read."""
    app.connect("env-updated", note_differences)
