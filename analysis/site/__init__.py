"""The site: a Sphinx extension that refuses stale chapters and prints what they published.

It imports the other rooms; none of them imports it.
"""

from __future__ import annotations

import hashlib
from typing import Any

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from analysis import __version__
from analysis.errors import BookError, StaleError
from analysis.site import (
    citations,
    data_pages,
    display,
    downloads,
    finish,
    formulas,
    glossary,
    ledger,
    listing,
    pages,
    register,
    roles,
    search,
    source_pages,
    stale,
    state,
    table_pages,
)
from analysis.site.records import notebooks, read_records
from analysis.site.state import book
from analysis.validation import ROOT, validate


def refuse_stale(app: Sphinx) -> None:
    """Stop before anything is written when data are invalid or a chapter's record is stale."""
    try:
        validate()
        chapters = notebooks()
        if late := stale.late(chapters):
            lines = "\n".join(f"  {path.name}: {'; '.join(why)}" for path, why in late.items())
            raise StaleError(f"stale chapters, {stale.REMEDY}:\n{lines}")
        book(app).recounted_records = read_records(chapters)
        book(app).recounted_outputs = stale.outputs_hashes(chapters)
    except BookError as error:
        book(app).recounted_lock.release()
        raise ExtensionError(str(error)) from None


def printing_hash(app: Sphinx, config: Any) -> None:
    """Re-read every page when the code that prints numbers, a table or the bibliography changes."""
    digest = hashlib.sha256()
    inputs = [
        *(ROOT / "analysis").glob("*.py"),
        *(ROOT / "analysis" / "site").glob("*.py"),
        *(ROOT / "data").iterdir(),
        ROOT / "book" / "references.bib",
    ]
    for path in sorted(inputs):
        digest.update(path.read_bytes())
    config.recounted_printing = digest.hexdigest()


def choose_theme(app: Sphinx, config: Any) -> None:
    """The book's own theme, whatever options jupyter-book hands to its default one."""
    config.html_theme = "recounted"
    config.html_theme_options = {}


def setup(app: Sphinx) -> dict[str, Any]:
    """Sphinx's entry point."""
    app.keep_going = True  # a warning makes the exit status non-zero, also without -W
    app.add_config_value("recounted_printing", "", "env")
    app.add_config_value("comments_config", {}, "")  # a key that jupyter-book always sets
    app.add_html_theme("recounted", str(ROOT / "analysis" / "site" / "theme"))
    app.connect("config-inited", printing_hash)
    app.connect("config-inited", finish.forget_unfinished)
    app.connect("config-inited", choose_theme)
    app.connect("builder-inited", refuse_stale, priority=100)
    app.connect("builder-inited", finish.build_aside, priority=200)
    app.connect("build-finished", finish.publish_or_refuse, priority=900)
    app.add_css_file("book.css")
    app.add_js_file("book.js", loading_method="defer")
    app.add_js_file("search.js", loading_method="defer")
    state.setup(app)
    formulas.setup(app)
    pages.setup(app)
    roles.setup(app)
    register.setup(app)
    ledger.setup(app)
    data_pages.setup(app)
    table_pages.setup(app)
    source_pages.setup(app)
    listing.setup(app)
    glossary.setup(app)
    display.setup(app)
    search.setup(app)
    downloads.setup(app)
    citations.setup(app)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
