"""Build the site whenever a line arrives, from a process that has libraries and data in memory.

Each build runs in a fork of this process: it starts at once, and leaves nothing behind that a
later build would take for current. The answer is one line of JSON: exit code and what was said.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import tempfile
import traceback
from contextlib import suppress
from importlib import import_module
from typing import IO, Any

from sphinx.application import builtin_extensions

from analysis.errors import BookError
from analysis.site import stale
from analysis.site.build import build_site
from analysis.site.execute import execute_stale, explained
from analysis.site.lock import Lock
from analysis.site.records import notebooks, read_records
from analysis.site.source_pages import reference_html
from analysis.site.sources import bibliography, data_rows
from analysis.validation import ROOT, package_hash

LIBRARIES = (
    *builtin_extensions,
    *("jupyter_book.cli.main", "jupyter_book.sphinx", "sphinx_external_toc", "sphinx.jinja2glue"),
    *("myst_nb.sphinx_ext", "sphinxcontrib.bibtex", "nbclient", "vl_convert", "frictionless"),
    *("analysis.site", "analysis.site.reading"),
)


def build() -> None:
    """What ``make book`` does, in this process.

    Raises:
        SystemExit: the build failed; the last good site is untouched.
    """
    try:
        lock = Lock()
        for chapter, why in execute_stale().items():
            print(f"executed {chapter}: {'; '.join(why)}")
    except (BookError, OSError) as error:
        sys.exit(explained(error))
    build_site(lock)


def prepare() -> None:
    """Have in memory what every build reads: rows and sources.

    What cannot be read is left to the build, which says what is wrong with it.
    """
    with suppress(Exception):
        data_rows()
        for key in bibliography().entries:
            reference_html(key)


def read_notebooks() -> None:
    """Have in memory what the notebooks hold; only those that were edited are read again."""
    with suppress(Exception):
        stale.late(notebooks())
        read_records(notebooks())


def forget() -> None:
    """Empty every cache of the book's modules, since data or sources have changed."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "analysis":
            for item in vars(module).values():
                if hasattr(item, "cache_clear"):
                    item.cache_clear()


def in_a_fork(log: IO[Any]) -> int:
    """Exit code of a build in a child process that writes what it says to a file."""
    if child := os.fork():
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    code = 1
    try:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
        build()
        code = 0
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code)
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def main() -> None:
    """Load the libraries, then build at every line of the standard input."""
    for name in LIBRARIES:
        import_module(name)
    known = ""
    for _ in sys.stdin:
        if known != (now := package_hash(ROOT / "data", ROOT / "book" / "references.bib")):
            known = now
            forget()
            prepare()
        read_notebooks()
        gc.freeze()
        with tempfile.TemporaryFile("w+", encoding="utf-8") as log:
            code = in_a_fork(log)
            log.seek(0)
            print(json.dumps({"code": code, "text": log.read()}), flush=True)


if __name__ == "__main__":
    main()
