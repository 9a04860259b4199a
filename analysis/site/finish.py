"""Build beside the published site, and put the new one in its place only when all is well."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from analysis import __version__
from analysis.site import data_pages, ledger, register
from analysis.site.figures import VEGA_LITE_VERSION, live_script
from analysis.site.files import write_whole
from analysis.site.lock import Lock
from analysis.site.records import Records
from analysis.site.state import book
from analysis.validation import ROOT, package_hash

PROVENANCE_MARK = "@@PROVENANCE@@"
CACHE = ROOT / "_build" / "cache"


def forget_unfinished(app: Sphinx, config: Any) -> None:
    """Forget Sphinx's memory after a build that failed or was killed, once none is running.

    Sphinx remembers what it has read before it writes, so it would take pages that it never
    wrote for finished, and warnings that it gave once for mended.
    """
    book(app).recounted_lock = Lock()
    if unfinished(app).exists():
        (Path(app.doctreedir) / "environment.pickle").unlink(missing_ok=True)


def unfinished(app: Sphinx) -> Path:
    """The file that stands while a build has begun and its site is not yet published."""
    return Path(app.doctreedir) / "unfinished"


def restore(final: Path) -> None:
    """Put the last good site back, if a build was killed while it changed places.

    Sphinx has made an empty folder in its place by now.
    """
    retired = final.with_name(".retired")
    if retired.exists() and not any(final.glob("*")):
        os.replace(retired, final)


def build_aside(app: Sphinx) -> None:
    """Let Sphinx write beside the published site, never into it."""
    unfinished(app).touch()
    if app.builder.name != "html":
        return
    final = book(app).recounted_final = Path(app.outdir)
    restore(final)
    aside = final.with_name(".aside")
    aside.mkdir(parents=True, exist_ok=True)
    app.outdir = type(app.outdir)(aside)
    app.builder.outdir = app.outdir


def publish_or_refuse(app: Sphinx, exception: Exception | None) -> None:
    """Publish a clean build; a failed one stays marked as unfinished, so that it fails again."""
    try:
        if not exception and not app._warncount:
            if app.builder.name == "html":
                publish(app, book(app).recounted_final)
            unfinished(app).unlink()
    finally:
        book(app).recounted_lock.release()


def publish(app: Sphinx, final: Path) -> None:
    """Complete a copy of what Sphinx wrote and let it change places with the published site."""
    fresh, retired = final.with_name(".fresh"), final.with_name(".retired")
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        shutil.copytree(app.outdir, fresh)
        complete(fresh, book(app).recounted_records)
        for page in (fresh / "book").glob("*.html"):
            if f"book/{page.stem}" not in app.env.found_docs:
                page.unlink()  # of a chapter that is no longer in the contents
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    shutil.rmtree(retired, ignore_errors=True)
    if final.exists():
        os.replace(final, retired)
    os.replace(fresh, final)
    shutil.rmtree(retired, ignore_errors=True)


def complete(site: Path, records: Records) -> None:
    """Add what Sphinx does not write: chart data, cards, the chart engine, provenance, index."""
    charts = [item for item in records.displays.values() if item["kind"] == "chart"]
    folder = site / "_charts"
    folder.mkdir(exist_ok=True)
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
    (site / "_static" / "cards.js").write_text(register.cards(records), encoding="utf-8")
    live = [item for item in charts if item["interactive"]]
    for item in live:
        (folder / f"{item['name']}.js").write_text(live_script(item), encoding="utf-8")
    if live:
        shutil.copyfile(vega_bundle(), site / "_static" / "vega.js")
    line = provenance()
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        if PROVENANCE_MARK in text:
            page.write_text(text.replace(PROVENANCE_MARK, line), encoding="utf-8")
    (site / "index.html").write_text(
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta http-equiv="refresh" content="0; url=book/index.html">'
        "<title>Recovery, Recounted</title></head>"
        '<body><p><a href="book/index.html">Recovery, Recounted</a></p></body></html>\n',
        encoding="utf-8",
    )


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
    """The chart engine as one classic script, made once per version of vl-convert."""
    import vl_convert

    made_by = vl_convert.__version__  # type: ignore[attr-defined]  # left out of its stub
    path = CACHE / f"vega-{made_by}-{VEGA_LITE_VERSION}.js"
    if not path.exists():
        bundle = vl_convert.javascript_bundle(
            "window.vegaEmbed=vegaEmbed;", vl_version=VEGA_LITE_VERSION
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        # its top-level names would clash with those of Sphinx's own scripts
        write_whole(path, f"(()=>{{{bundle}}})();\n")
    return path


def provenance() -> str:
    """Version, commit, and hashes of data and locked libraries, for the footer."""
    import hashlib

    data = package_hash(ROOT / "data", ROOT / "book" / "references.bib")
    lock = hashlib.sha256((ROOT / "requirements.txt").read_bytes()).hexdigest()
    return (
        f"Version {__version__}, commit <code>{commit()}</code>, "
        f"data <code>{data[:12]}</code>, libraries <code>{lock[:12]}</code>"
    )


def commit() -> str:
    """The commit the site was built from, with a plus sign where files differ from it."""

    def git(*arguments: str) -> str:
        return subprocess.run(
            ["git", "-C", str(ROOT), *arguments], capture_output=True, text=True, check=True
        ).stdout.strip()

    try:
        return git("rev-parse", "--short=12", "HEAD") + (
            "+" if git("status", "--porcelain") else ""
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
