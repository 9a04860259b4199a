"""How the cost of building grows with the number of chapters and the length of the tables."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from generated import ROWS, write
from sides import Cost, Preview

CHAPTERS, TIMES = (5, 20, 50), (1, 10, 100)
TIMED = """
import shutil, time
import frictionless
from analysis import data_checks, validation
from analysis.evidence import load
shutil.rmtree("_build/valid-data")
moments = [(time.perf_counter(), time.process_time())]
for step in (validation.validate, load):
    step()
    moments.append((time.perf_counter(), time.process_time()))
for before, after in zip(moments, moments[1:]):
    print(after[0] - before[0], after[1] - before[1])
"""


def print_growth(scratch: Path, root: Path) -> None:
    """Measure books of more and more chapters, then of longer and longer tables."""
    sizes = [(number, ROWS) for number in CHAPTERS]
    table("chapters", list(CHAPTERS), [costs(scratch / "book", root, *size) for size in sizes])
    sizes = [(CHAPTERS[0], ROWS * times) for times in TIMES]
    table("table rows", list(TIMES), [costs(scratch / "book", root, *size) for size in sizes])


def costs(folder: Path, root: Path, chapters: int, rows: int) -> dict[str, Cost]:
    """What a book of a size costs, by what is done."""
    side = write(folder, root, chapters, rows)
    found = {"clean build": side.run(sys.executable, "-m", "analysis.site.build")}
    preview = Preview(side, "book/c00.ipynb")
    preview.prose()
    found["prose edit, live preview"] = min((preview.prose() for _ in range(3)), key=_clock)
    preview.end()
    said, _ = side.start(sys.executable, "-c", TIMED).communicate()
    steps = [Cost(*map(float, line.split())) for line in said.splitlines()]
    found |= dict(zip(("validation", "reading the tables"), steps, strict=True))
    shutil.rmtree(folder)
    return found


def table(what: str, sizes: list[int], found: list[dict[str, Cost]]) -> None:
    """Print costs by size; the share is of what the smallest would cost as many times over."""
    print(f"\n{f'growth with {what}':<28}" + "".join(f"{f'x {size}':>24}" for size in sizes))
    print(" " * 28 + f"{'clock':>8}{'proc.':>8}{'share':>8}" * len(sizes))
    for name, first in found[0].items():
        line = f"{name:<28}"
        for size, costs in zip(sizes, found, strict=True):
            cost, times = costs[name], size / sizes[0]
            share = cost.processors / (first.processors * times)
            line += f"{cost.clock:>8.2f}{cost.processors:>8.2f}{share:>8.2f}"
        print(line)
    print(
        "seconds on the clock and the processors, and a share of linear growth: 1 is linear, less "
        f"is better; load {os.getloadavg()[0]:.1f}",
        flush=True,
    )


def _clock(cost: Cost) -> float:
    return cost.clock
