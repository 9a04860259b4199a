"""Injected faults: how they are brought about, and what is remembered of each for the table.

``python -m tests.faults`` runs the suite and prints fault, outcome and message.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

Record = Callable[[str, object], None]
OUTCOMES = ("refused", "survived", "found by re-execution")
VERSIONS = re.compile(rb"\?v=[0-9a-f]+")

# Runs in every process of a book, kernels included, before anything else: `sys.addaudithook`
# sees every file that is opened for writing and every rename, and can do harm there.
SABOTAGE = """
import errno, os, re, signal, sys, time

action, _, pattern = os.environ.get("SABOTAGE", "").partition(":")
busy = []


def hook(event, details):
    if busy or event not in ("open", "os.rename", "os.mkdir", "os.remove"):
        return
    path = details[1] if event == "os.rename" else details[0]
    if event == "open" and not (details[2] or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
        return
    if isinstance(path, int) or not re.search(pattern, os.path.abspath(os.fsdecode(path))):
        return
    busy.append(path)
    if action == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if action == "full" and event != "os.remove":
        if event == "open":
            with open(path, "wb") as half:
                half.write(b"half of")
        busy.clear()
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), os.fsdecode(path))
    if action == "full":
        busy.clear()
    if action == "read-only":
        busy.clear()
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), os.fsdecode(path))
    if action == "wait":
        started = os.environ["SABOTAGE_STARTED"]
        open(started, "w").close()
        while os.path.exists(started):
            time.sleep(0.05)


if action:
    sys.addaudithook(hook)
"""


def clone(built: Any, folder: Path) -> Any:
    """A copy of a built book, free to be broken, with the means to sabotage its processes."""
    book = object.__new__(type(built))
    book.folder = shutil.copytree(built.folder, folder / "book")
    (book.folder / "sitecustomize.py").write_text(SABOTAGE)
    return book


def note(record: Record, fault: str, outcome: str, message: str = "") -> None:
    """Remember one fault for the table."""
    assert outcome in OUTCOMES
    record("fault", fault)
    record("outcome", outcome)
    record("message", " ".join(message.split()))


def contents(folder: Path) -> dict[str, str]:
    """A hash of every file below a folder, by its path."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def same_site(one: Path, two: Path) -> bool:
    """Whether two books have the same pages and files.

    A page built the second time gives a version to one stylesheet that it did not give before.
    """
    sites = [folder / "_build" / "html" for folder in (one, two)]
    files = [sorted(p.relative_to(site) for p in site.rglob("*.*")) for site in sites]
    return files[0] == files[1] and all(
        VERSIONS.sub(b"", (sites[0] / file).read_bytes())
        == VERSIONS.sub(b"", (sites[1] / file).read_bytes())
        for file in files[0]
        if (sites[0] / file).is_file() and file.name != ".buildinfo"
    )


def half_written(folder: Path) -> list[str]:
    """Files that a process left behind while it was writing them."""
    return [str(path.relative_to(folder)) for path in folder.rglob("*.part")]


def passage(output: str, mark: str, length: int = 600) -> str:
    """What the output says from a mark on; empty if the mark is not in it."""
    place = output.find(mark)
    return "" if place < 0 else output[place : place + length]
