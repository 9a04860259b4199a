"""``make book``: validate, execute what is stale, build, publish; say what was done and why."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
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
    if _timed("build the site", lambda: _build_site(lock), steps):
        sys.exit(
            "\nThe build failed, the last good site is untouched.\n"
            "    remedy: mend what the warnings above name, then build again"
        )
    lock.release()
    for step, seconds in steps:
        print(f"{seconds:6.1f} s  {step}")
    print(f"The site is at {(ROOT / '_build' / 'html' / 'index.html').relative_to(ROOT)}")


def _build_site(lock: Lock) -> int:
    program = Path(sys.executable).with_name("jupyter-book")
    command = [str(program), "build", str(ROOT), "--quiet"]
    environment = {**os.environ, **lock.environment}
    return subprocess.run(
        command, cwd=ROOT, check=False, env=environment, pass_fds=lock.descriptors
    ).returncode


def _timed(step: str, action: Callable[[], Any], steps: list[tuple[str, float]]) -> Any:
    started = time.perf_counter()
    try:
        return action()
    finally:
        steps.append((step, time.perf_counter() - started))


if __name__ == "__main__":
    main()
