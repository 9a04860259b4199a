"""One build at a time in one working copy: two would write over each other's pages."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import IO

from analysis.errors import BusyError
from analysis.validation import ROOT

LOCK = ROOT / "_build" / ".lock"
INHERITED = "RECOUNTED_LOCK"


class Lock:
    """The right to build here, held until released or until the process ends, however it ends.

    A program started with ``environment`` and ``descriptors`` shares the right.

    Args:
        path: the file that is locked.

    Raises:
        BusyError: another process holds the right.
    """

    def __init__(self, path: Path = LOCK) -> None:
        self._file: IO[str] | None = None
        if _inherited(path):
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a+", encoding="utf-8")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            file.close()
            raise BusyError(
                f"another build (process {holder}) is running in {path.parent.parent}\n"
                "    remedy: wait until it has ended, then build again"
            ) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        self._file = file

    @property
    def descriptors(self) -> tuple[int, ...]:
        """What a child process has to inherit to share the right."""
        return (self._file.fileno(),) if self._file else ()

    @property
    def environment(self) -> dict[str, str]:
        """What tells a child process that it has inherited the right."""
        return {INHERITED: str(self._file.fileno())} if self._file else {}

    def release(self) -> None:
        """Let others build."""
        if self._file:
            self._file.close()
            self._file = None


def _inherited(path: Path) -> bool:
    """Whether the process that started this one handed on its right to build here."""
    number = os.environ.get(INHERITED, "")
    try:
        return number.isdigit() and os.path.samestat(os.fstat(int(number)), path.stat())
    except OSError:
        return False
