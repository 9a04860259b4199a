"""Build beside the published site, and put the new one in its place only when all is well."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any, cast

from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder

from analysis.site import downloads, pages, search, sharing, table_pages
from analysis.site.files import write_whole
from analysis.site.lock import Lock
from analysis.site.provenance import provenance
from analysis.site.state import book
from analysis.validation import ROOT


def forget_unfinished(app: Sphinx, config: Any) -> None:
    """Forget what Sphinx read and wrote in a build that failed or was killed; none else may run.

    Sphinx remembers what it has read before it writes, so it would take pages that it never
    wrote for finished, and warnings that it gave once for mended.
    """
    book(app).recounted_lock = Lock()
    if unfinished(app).exists():
        (Path(app.doctreedir) / "environment.pickle").unlink(missing_ok=True)
        shutil.rmtree(Path(app.outdir).with_name(".aside"), ignore_errors=True)


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
    # the book's own search replaces Sphinx's, which stores queries
    cast(StandaloneHTMLBuilder, app.builder).search = False
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
    """Assemble the new site and let it change places with the published one."""
    fresh, retired = final.with_name(".fresh"), final.with_name(".retired")
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        assemble(app, fresh)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    shutil.rmtree(retired, ignore_errors=True)
    if final.exists():
        os.replace(final, retired)
    os.replace(fresh, final)
    shutil.rmtree(retired, ignore_errors=True)


def assemble(app: Sphinx, site: Path) -> None:
    """Take from Sphinx's output what the book uses, and add what Sphinx does not write."""
    made, downloaded = Path(app.outdir), Path(app.outdir) / "_downloaded"
    if book(app).recounted_downloads_differ:
        shutil.rmtree(downloaded, ignore_errors=True)
        downloads.write(downloaded, book(app).recounted_records)
    shutil.copytree(downloaded, site, copy_function=os.link)
    finish_pages(app, site)
    shutil.copytree(ROOT / "book" / "_static", site / "_static", dirs_exist_ok=True)
    for folder in ("_images", "_downloads"):
        if (made / folder).is_dir():
            shutil.copytree(made / folder, site / folder)
    sources = site / "_sources" / "book"
    sources.mkdir(parents=True)
    for notebook in (ROOT / "book").glob("*.ipynb"):
        if f"book/{notebook.stem}" in app.env.found_docs:
            shutil.copyfile(notebook, sources / notebook.name)
    (site / "_static" / "search-index.js").write_text(search.index(app), encoding="utf-8")
    sharing.write(app, site)


def finish_pages(app: Sphinx, site: Path) -> None:
    """Give every page its lock and provenance; link those finished before as they are.

    A finished page bears the time at which Sphinx wrote it, so that it can be told from others.
    """
    made, published, line = Path(app.outdir), book(app).recounted_final, provenance()
    mark = Path(app.doctreedir) / "provenance"
    same_line = mark.exists() and mark.read_text(encoding="utf-8") == line
    for name in [*sorted(app.env.found_docs), *pages.EXTRA_PAGES, *table_pages.names()]:
        written, page, before = (folder / f"{name}.html" for folder in (made, site, published))
        page.parent.mkdir(parents=True, exist_ok=True)
        moment = written.stat().st_mtime_ns
        if same_line and before.exists() and before.stat().st_mtime_ns == moment:
            os.link(before, page)
            continue
        text = written.read_text(encoding="utf-8")
        if name == "404" and app.config.html_baseurl:
            text = pages.rooted(text, app.config.html_baseurl)
        page.write_text(pages.locked(text, line), encoding="utf-8")
        os.utime(page, ns=(moment, moment))
    start = app.builder.get_target_uri(app.config.root_doc)
    (site / "index.html").write_text(pages.locked(_redirect(app, start), line), encoding="utf-8")
    write_whole(mark, line)


def _redirect(app: Sphinx, target: str) -> str:
    title = app.config.html_title
    return (
        f'<!doctype html>\n<html lang="{app.config.language}"><head><meta charset="utf-8">'
        f'<meta http-equiv="refresh" content="0; url={target}"><title>{title}</title>'
        f'<link rel="icon" href="data:,"></head>'
        f'<body><main><h1><a href="{target}">{title}</a></h1></main></body></html>\n'
    )
