"""``make bench``: how long the book takes beside Jupyter Book's and nbval's defaults, as ratios.

The baseline is the same chapters with default settings: the same cells compute the same results,
shown by the libraries' own defaults, with numbers typed into the prose. Both sides run in copies,
in turn (default, ours, default, ours …); the shortest time of each counts. Beside the time on the
clock stands that on the processors, of all processes together, which other work on the machine
hardly changes; on an idle machine the clock is what counts. No test depends on these times.

    .venv/bin/python benchmarks/bench.py [--rounds N] [part …]
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
from collections.abc import Callable
from pathlib import Path

from growth import print_growth
from sides import Cost, Preview, Side

from analysis.site.release import source_files

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "baseline"))
from site_weight import build_default, default_notebook  # noqa: E402

CHAPTER = "attrition"  # the one whose prose is edited
TABLE = "job_value"  # the one whose description is edited; few chapters read it
PARTS = ("build", "prose", "growth", "nbval", "simulation", "figures", "weight")
JUPYTER_BOOK = str(Path(sys.executable).with_name("jupyter-book"))


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

    def executed(self) -> Cost:
        """Execute every chapter and build, with nothing kept."""
        for path in (self.folder / "book").glob("*.ipynb"):
            notebook = json.loads(path.read_text(encoding="utf-8"))
            notebook["metadata"].pop("record", None)
            path.write_text(json.dumps(notebook), encoding="utf-8")
        return self.clean()

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


class Stored(Side):
    """The same chapters with default settings and outputs in their notebooks: no cell is run."""

    def build(self) -> Cost:
        """Jupyter Book's own build."""
        return self.run(JUPYTER_BOOK, "build", ".", "-q")

    def prose(self) -> Cost:
        """An edit of the prose, to the built page."""
        self.edit_prose(f"{CHAPTER}.ipynb")
        return self.build()


class Default(Stored):
    """The same chapters with default settings; cells run when the site is built."""

    def __init__(self, folder: Path, code: Path) -> None:
        super().__init__(folder, code)
        build_default(folder)
        self.stored = folder.parent / "stored"
        shutil.copytree(folder, self.stored)
        config = (
            "title: Baseline\nexecute:\n  timeout: 600\n"  # half a minute a cell is the default
        )
        (folder / "_config.yml").write_text(config)
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
        """Jupyter Book's own build; no cell may fail."""
        cost = super().build()
        if reports := list((self.folder / "_build").rglob("*.err.log")):
            sys.exit("a cell of the baseline failed:\n" + reports[0].read_text(encoding="utf-8"))
        return cost


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
                ("clean build, every chapter executed", default.clean, ours.executed, 0.5),
                ("clean build as cloned (ours: no cell run)", default.clean, ours.clean, 0.5),
                ("as cloned, default with stored outputs", stored.clean, ours.clean, None),
                ("nothing changed", default.build, ours.build, None),
                ("data edit (default: everything again)", default.clean, ours.data, None),
            ]
            table("builds", pairs, rounds)
        if "prose" in parts:
            for side in (default, stored, ours):
                side.build()
            preview = Preview(ours, f"book/{CHAPTER}.ipynb")
            pairs = [
                ("prose edit, one command", default.prose, ours.prose, 0.5),
                ("one command, default with stored outputs", stored.prose, ours.prose, None),
                ("prose edit, live preview", default.prose, preview.prose, 0.15),
                ("live preview, default with stored outputs", stored.prose, preview.prose, None),
            ]
            table("prose", pairs, rounds)
            preview.end()
    if "growth" in parts:
        print_growth(scratch / "growth", ROOT)
    if "nbval" in parts:
        plain = Side(ours.folder, ours.folder)
        command = (sys.executable, "-m", "pytest", "-o", "addopts=", "--nbval", "-q", "book")
        pair = ("every output compared (default: serial)", lambda: plain.run(*command), ours.check)
        table("nbval", [(*pair, 0.5)], rounds)
    for part, script in (
        ("simulation", "benchmarks/simulation.py"),
        ("figures", "benchmarks/figures.py"),
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
