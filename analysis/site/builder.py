"""Build the site whenever a line arrives, from a process that has the libraries in memory.

Each build runs in a fork of this process: it starts at once, and leaves nothing behind that a
later build would take for current. The answer is one line of JSON: exit code and what was said.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import traceback
from importlib import import_module
from typing import IO, Any

from analysis.errors import BookError
from analysis.site.execute import execute_stale, explained
from analysis.site.lock import Lock
from analysis.validation import ROOT

LIBRARIES = ("jupyter_book.cli.main", "jupyter_book.sphinx", "myst_nb.sphinx_ext", "nbclient")
OURS = (
    "analysis.site",
    "analysis.site.search",
    "vl_convert",
    "frictionless",
    "sphinx.builders.html",
)


def build() -> None:
    """What ``make book`` does, in this process.

    Raises:
        SystemExit: the build failed; the last good site is untouched.
    """
    jupyter_book = import_module("jupyter_book.cli.main").main
    try:
        lock = Lock()
        for chapter, why in execute_stale().items():
            print(f"executed {chapter}: {'; '.join(why)}")
    except (BookError, OSError) as error:
        sys.exit(explained(error))
    os.environ.update(lock.environment)
    jupyter_book(["build", str(ROOT), "--quiet"], standalone_mode=False)


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
    for name in (*LIBRARIES, *OURS):
        import_module(name)
    for _ in sys.stdin:
        with tempfile.TemporaryFile("w+", encoding="utf-8") as log:
            code = in_a_fork(log)
            log.seek(0)
            print(json.dumps({"code": code, "text": log.read()}), flush=True)


if __name__ == "__main__":
    main()
