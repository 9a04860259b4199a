"""``make book``: validate, execute what is stale, build, publish; say what was done and why."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

from analysis.errors import BookError
from analysis.site.execute import execute_stale, explained
from analysis.site.lock import Lock
from analysis.validation import ROOT, validate


def main() -> None:
    """Run the three steps, each timed; stop at the first that fails."""
    steps: list[tuple[str, float]] = []
    try:
        lock = Lock()
        digest = _timed("validate the data", validate, steps)
        print(f"data are valid (hash {digest[:12]})")
        executed = _timed("execute stale chapters", execute_stale, steps)
    except (BookError, OSError) as error:
        sys.exit(f"\nThe build stopped, the last good site is untouched.\n{explained(error)}")
    for chapter, why in executed.items():
        print(f"executed {chapter}: {'; '.join(why)}")
    if not executed:
        print("no chapter was stale, none was executed")
    try:
        _timed("build the site", lambda: build_site(lock), steps)
    except (RuntimeError, SystemExit) as error:
        sys.exit(
            f"{error}\nThe build failed, the last good site is untouched.\n"
            "    remedy: mend what the warnings above name, then build again"
        )
    lock.release()
    for step, seconds in steps:
        print(f"{seconds:6.1f} s  {step}")
    print(f"The site is at {(ROOT / '_build' / 'html' / 'index.html').relative_to(ROOT)}")


def build_site(lock: Lock) -> None:
    """What ``jupyter-book build`` does, in this process, which has most of the libraries already.

    Raises:
        RuntimeError: the build ended early; the last good site is untouched.
        SystemExit: it ended with warnings; the same.
    """
    jupyter_book = import_module("jupyter_book.cli.main").main
    os.environ.update(lock.environment)
    jupyter_book(["build", str(ROOT), "--quiet"], standalone_mode=False)


def _timed(step: str, action: Callable[[], Any], steps: list[tuple[str, float]]) -> Any:
    started = time.perf_counter()
    try:
        return action()
    finally:
        steps.append((step, time.perf_counter() - started))


if __name__ == "__main__":
    main()
