"""Which files of the book have changed since they were last looked at."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from analysis.validation import ROOT

FOLDERS = ("analysis", "book", "data")
FILES = ("_config.yml", "_toc.yml", "CHANGELOG.md", "requirements.txt")
PASSED_OVER = ("__pycache__", ".ipynb_checkpoints")


def fingerprint(root: Path = ROOT) -> dict[str, str]:
    """A text for every source by its path; it changes when the source does.

    Of a notebook only the cells count, because builds write its outputs.
    """
    found = {}
    for path in sources(root):
        try:
            status = path.stat()
        except FileNotFoundError:
            continue  # deleted, or replaced, while we looked
        stamp = f"{status.st_mtime_ns} {status.st_size}"
        found[str(path.relative_to(root))] = (
            cells_hash(path, stamp) if path.suffix == ".ipynb" else stamp
        )
    return found


def sources(root: Path) -> Iterator[Path]:
    """Every file that the site is made from."""
    yield from (root / name for name in FILES)
    for folder in FOLDERS:
        for place, folders, names in os.walk(root / folder):
            folders[:] = [name for name in folders if name not in PASSED_OVER]
            yield from (Path(place, name) for name in names if not name.endswith((".part", "~")))


@lru_cache(maxsize=256)
def cells_hash(path: Path, stamp: str) -> str:
    """Hash of a notebook's cells without their outputs; the stamp while it is unreadable."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        kept = [[cell["cell_type"], cell["source"], cell["metadata"]] for cell in cells]
    except (OSError, ValueError, LookupError, TypeError):
        return stamp
    return hashlib.sha256(json.dumps(kept).encode()).hexdigest()


def code_changed(before: Mapping[str, str], now: Mapping[str, str]) -> bool:
    """Whether a module differs, so that a process that has imported it is out of date.

    >>> code_changed({"analysis/a.py": "1", "data/t.csv": "1"}, {"analysis/a.py": "1"})
    False
    >>> code_changed({"analysis/a.py": "1"}, {"analysis/a.py": "2"})
    True
    """
    modules = [{n: s for n, s in side.items() if n.endswith(".py")} for side in (before, now)]
    return modules[0] != modules[1]
