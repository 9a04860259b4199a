"""Injected faults: how they are brought about, and what is remembered of each for the table.

``python -m tests.faults`` runs the suite and prints fault, outcome and message.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

Record = Callable[[str, object], None]
BEFORE, PLACE, REMEDY = "the last good site is untouched", "place", "remedy"
OUTCOMES = ("refused", "survived", "found by re-execution")


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


def half_written(folder: Path) -> list[str]:
    """Files that a process left behind while it was writing them."""
    return [str(path.relative_to(folder)) for path in folder.rglob("*.part")]


def passage(output: str, mark: str, length: int = 600) -> str:
    """What the output says from a mark on; empty if the mark is not in it."""
    place = output.find(mark)
    return "" if place < 0 else output[place : place + length]
