"""A folder in which the book, or another, is built, and what that costs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Cost:
    """Seconds on the clock, and on the processors."""

    clock: float
    processors: float


class Side:
    """One of the two: a folder of its own and the program that runs there.

    Args:
        folder: where it stands.
        code: folder whose ``analysis`` is imported.
    """

    def __init__(self, folder: Path, code: Path) -> None:
        self.folder = folder
        self._environment = {
            **{k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"},
            "PYTHONPATH": str(code),
        }
        self._edits = 0

    def run(self, *command: str) -> Cost:
        """What a command takes; it must succeed."""
        started, before = time.perf_counter(), os.times()
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )
        clock, after = time.perf_counter() - started, os.times()
        if done.returncode:
            sys.exit(f"{' '.join(command)} failed in {self.folder}\n{done.stdout}\n{done.stderr}")
        used = after.children_user + after.children_system
        return Cost(clock, used - before.children_user - before.children_system)

    def build(self) -> Cost:
        """What it takes to build the site."""
        raise NotImplementedError

    def clean(self) -> Cost:
        """The same from nothing but the source."""
        shutil.rmtree(self.folder / "_build", ignore_errors=True)
        return self.build()

    def start(self, *command: str) -> subprocess.Popen[str]:
        """A program that answers on its standard output."""
        return subprocess.Popen(
            command,
            cwd=self.folder,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def edit_prose(self, file: str) -> None:
        """Add a sentence to the last text of a notebook."""
        path = self.folder / file
        notebook = json.loads(path.read_text(encoding="utf-8"))
        cell = [cell for cell in notebook["cells"] if cell["cell_type"] == "markdown"][-1]
        self._edits += 1
        cell["source"] = "".join(cell["source"]) + f"\n\nEdit {self._edits} of the benchmark.\n"
        path.write_text(json.dumps(notebook), encoding="utf-8")


class Preview:
    """The process of the live preview, with the libraries in memory."""

    def __init__(self, side: Side, notebook: str) -> None:
        self._side, self._notebook = side, notebook
        self._process = side.start(sys.executable, "-m", "analysis.site.builder")
        self.build()

    def build(self) -> Cost:
        """From the word to the built page."""
        assert self._process.stdin and self._process.stdout
        started, before = time.perf_counter(), self._used()
        self._process.stdin.write("build\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        if answer["code"]:
            sys.exit(answer["text"])
        return Cost(time.perf_counter() - started, self._used() - before)

    def _used(self) -> float:
        """Seconds on the processors, of the process and of those it waited for."""
        stat = Path(f"/proc/{self._process.pid}/stat").read_text(encoding="utf-8")
        ticks = stat.rpartition(")")[2].split()[11:15]
        return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")

    def prose(self) -> Cost:
        """An edit of the prose, to the built page."""
        self._side.edit_prose(self._notebook)
        return self.build()

    def end(self) -> None:
        """Let it go."""
        self._process.kill()
        self._process.wait()
