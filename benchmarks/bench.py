"""``make bench``: how long the book takes beside Jupyter Book's and nbval's defaults, as ratios.

The baseline is the same chapters with default settings: the same cells compute the same results,
shown by the libraries' own defaults, with numbers typed into the prose. Both sides run in copies,
in turn (default, ours, default, ours …); the shortest time of each counts. Beside the time on the
clock stands that on the processors, of all processes together, which other work on the machine
hardly changes; on an idle machine the clock is what counts. No test depends on these times.

    .venv/bin/python benchmarks/bench.py [--rounds N] [build] [prose] [nbval] [simulation] [weight]
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from analysis.site.release import source_files

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "baseline"))
from site_weight import build_default, default_notebook  # noqa: E402

CHAPTER = "attrition"  # the one whose prose is edited
TABLE = "job_value"  # the one whose description is edited; few chapters read it
PARTS = ("build", "prose", "nbval", "simulation", "weight")
JUPYTER_BOOK = str(Path(sys.executable).with_name("jupyter-book"))


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


class Ours(Side):
    """A copy of the book's source."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, folder)
        for name in source_files():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)

    def build(self) -> Cost:
        """What ``make book`` runs."""
        return self.run(sys.executable, "-m", "analysis.site.build")

    def clean(self) -> Cost:
        """Execute every chapter and build, with nothing kept."""
        shutil.rmtree(self.folder / "_build", ignore_errors=True)
        for path in (self.folder / "book").glob("*.ipynb"):
            notebook = json.loads(path.read_text(encoding="utf-8"))
            notebook["metadata"].pop("record", None)
            path.write_text(json.dumps(notebook), encoding="utf-8")
        return self.build()

    def prose(self) -> Cost:
        """An edit of the prose, to the built page."""
        self.edit_prose(f"book/{CHAPTER}.ipynb")
        return self.build()

    def data(self) -> Cost:
        """An edit of a table, to the built pages: what reads it is executed."""
        path = self.folder / "data" / "datapackage.json"
        package = json.loads(path.read_text(encoding="utf-8"))
        resource = next(item for item in package["resources"] if item["name"] == TABLE)
        resource["description"] += " Edited."
        path.write_text(json.dumps(package, indent=1), encoding="utf-8")
        return self.build()

    def check(self) -> Cost:
        """Every chapter executed and compared as ``make test`` does it."""
        return self.run(sys.executable, "-m", "pytest", "book", "-n", "2", "--dist", "loadfile")


class Default(Side):
    """The same chapters with default settings; cells run when the site is built."""

    def __init__(self, folder: Path, code: Path) -> None:
        super().__init__(folder, code)
        build_default(folder)
        self.stored = folder.parent / "stored"
        shutil.copytree(folder, self.stored)
        (folder / "_config.yml").write_text("title: Baseline\n")
        shutil.copyfile(ROOT / "benchmarks" / "default_display.py", folder / "default_display.py")
        for path in sorted((ROOT / "book").glob("*.ipynb")):
            notebook = json.loads(default_notebook(path))
            for cell in notebook["cells"]:
                if cell["cell_type"] == "code":
                    source = "".join(cell["source"])
                    cell["source"] = source.replace("analysis.publish", "default_display")
                    cell["outputs"], cell["execution_count"] = [], None
            (folder / path.name).write_text(json.dumps(notebook), encoding="utf-8")

    def build(self) -> Cost:
        """Jupyter Book's own build."""
        cost = self.run(JUPYTER_BOOK, "build", ".", "-q")
        if reports := list((self.folder / "_build").rglob("*.err.log")):
            sys.exit("a cell of the baseline failed:\n" + reports[0].read_text(encoding="utf-8"))
        return cost

    def clean(self) -> Cost:
        """Execute every chapter and build, with nothing kept."""
        shutil.rmtree(self.folder / "_build", ignore_errors=True)
        return self.build()

    def prose(self) -> Cost:
        """An edit of the prose, to the built page; the chapter is executed again."""
        self.edit_prose(f"{CHAPTER}.ipynb")
        return self.build()


class Stored(Side):
    """The baseline with outputs in its notebooks and execution switched off."""

    def build(self) -> Cost:
        """Jupyter Book's own build."""
        return self.run(JUPYTER_BOOK, "build", ".", "-q")

    def prose(self) -> Cost:
        """An edit of the prose, to the built page; no cell is run."""
        self.edit_prose(f"{CHAPTER}.ipynb")
        return self.build()


class Preview:
    """The process of the live preview, with the libraries in memory."""

    def __init__(self, ours: Ours) -> None:
        self._ours = ours
        self._process = ours.start(sys.executable, "-m", "analysis.site.builder")
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
        self._ours.edit_prose(f"book/{CHAPTER}.ipynb")
        return self.build()

    def end(self) -> None:
        """Let it go."""
        self._process.kill()
        self._process.wait()


Timed = Callable[[], Cost]


def table(title: str, pairs: list[tuple[str, Timed, Timed, float | None]], rounds: int) -> None:
    """Run pairs in turn, round by round; print the least costs, their ratio and the goal."""
    costs: dict[str, tuple[list[Cost], list[Cost]]] = {name: ([], []) for name, *_ in pairs}
    for _ in range(rounds):
        for name, default, ours, _ in pairs:
            costs[name][0].append(default())
            costs[name][1].append(ours())
    print(f"\n{title:<42}{'on the clock':^24}{'on the processors':^24}")
    print(f"{'':<42}" + f"{'default':>8}{'ours':>8}{'ratio':>8}" * 2 + f"{'goal':>6}")
    for name, _, _, goal in pairs:
        line = f"{name:<42}"
        for kind in ("clock", "processors"):
            then, now = (min(getattr(cost, kind) for cost in side) for side in costs[name])
            line += f"{then:>8.1f}{now:>8.1f}{now / then:>8.2f}"
        print(line + ("" if goal is None else f"{goal:>6.2f}"))
    print(f"seconds; load {os.getloadavg()[0]:.1f}, {rounds} round(s)", flush=True)


def measure(parts: list[str], rounds: int, scratch: Path) -> None:
    """Print one table for each part."""
    ours = Ours(scratch / "ours")
    if {"build", "prose"} & {*parts}:
        (scratch / "default").mkdir()
        default = Default(scratch / "default", ours.folder)
        stored = Stored(default.stored, ours.folder)
        if "build" in parts:
            pairs: list[tuple[str, Timed, Timed, float | None]] = [
                ("clean build, every chapter executed", default.clean, ours.clean, 0.5),
                ("nothing changed", default.build, ours.build, None),
                ("data edit (default: everything again)", default.clean, ours.data, None),
            ]
            table("builds", pairs, rounds)
        if "prose" in parts:
            for side in (default, stored, ours):
                side.build()
            preview = Preview(ours)
            pairs = [
                ("prose edit, one command", default.prose, ours.prose, 0.5),
                ("one command, default with stored outputs", stored.prose, ours.prose, None),
                ("prose edit, live preview", default.prose, preview.prose, 0.15),
                ("live preview, default with stored outputs", stored.prose, preview.prose, None),
            ]
            table("prose", pairs, rounds)
            preview.end()
    if "nbval" in parts:
        plain = Side(ours.folder, ours.folder)
        command = (sys.executable, "-m", "pytest", "-o", "addopts=", "--nbval", "-q", "book")
        pair = ("every output compared (default: serial)", lambda: plain.run(*command), ours.check)
        table("nbval", [(*pair, 0.5)], rounds)
    for part, script in (
        ("simulation", "benchmarks/simulation.py"),
        ("weight", "tests/baseline/site_weight.py"),
    ):
        if part in parts:
            print(f"\n{part}", flush=True)
            subprocess.run([sys.executable, str(ROOT / script)], cwd=ROOT, check=True)


def main() -> None:
    """Command line: measure all parts or those named."""
    parser = argparse.ArgumentParser(description=re.sub(r"\s+", " ", __doc__ or ""))
    parser.add_argument("parts", nargs="*", metavar="part", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--rounds", type=int, default=1, help="how often each is run (default 1)")
    options = parser.parse_args()
    if unknown := {*options.parts} - {*PARTS}:
        parser.error(f"no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before the first run")
    with tempfile.TemporaryDirectory() as scratch:
        measure(options.parts or list(PARTS), options.rounds, Path(scratch))


if __name__ == "__main__":
    main()
