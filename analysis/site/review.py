"""Re-execute chapters afresh and compare, number by number, with what they recorded.

Nothing in the working copy is written: the notebooks are executed from the files as they stand,
in fresh kernels, and only their results are kept.
"""

from __future__ import annotations

import asyncio
import hashlib
import importlib.metadata
import math
import os
import platform
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from analysis import __version__
from analysis.site.execute import executed
from analysis.site.provenance import commit
from analysis.site.records import Records, notebooks, read_records, records_of
from analysis.validation import ROOT, package_hash, validate

TOLERANCE = 1e-9  # relative; outputs are recorded with ten significant digits
LIBRARIES = ("altair", "numpy", "pandas", "scipy", "statsmodels")


@dataclass(frozen=True)
class Comparison:
    """One published item: recorded against recomputed."""

    name: str
    recorded: Any
    recomputed: Any
    agrees: bool


def review(chapters: list[str] | None = None) -> tuple[list[Comparison], dict[str, Any]]:
    """Execute chapters in fresh kernels; compare every published item with the record.

    Args:
        chapters: names of chapters; all when empty.

    Raises:
        DataError: the data package breaks a rule.
        ExecutionError: a cell failed, warned, printed or timed out.
    """
    validate()
    paths = [path for path in notebooks() if not chapters or path.stem in chapters]
    recorded = read_records(paths)
    fresh = asyncio.run(_fresh(paths))
    found = list(compare(recorded, fresh))
    return found, certificate(paths, found)


async def _fresh(paths: list[Path]) -> Records:
    slots = asyncio.Semaphore(os.cpu_count() or 1)

    async def one(path: Path) -> tuple[str, Any]:
        async with slots:
            return path.stem, await executed(path)

    return records_of(await asyncio.gather(*map(one, paths)))


def compare(recorded: Records, fresh: Records) -> Iterator[Comparison]:
    """Every item of either side; one that is missing on a side does not agree."""
    for kind in ("quantities", "displays", "rulings"):
        one, two = getattr(recorded, kind), getattr(fresh, kind)
        for name in sorted({*one, *two}):
            before, after = one.get(name), two.get(name)
            agrees = before is not None and after is not None and close(before, after)
            yield Comparison(name, summary(kind, before), summary(kind, after), agrees)


def summary(kind: str, item: Mapping[str, Any] | None) -> Any:
    """What a reader of the report needs to see of an item."""
    if item is None:
        return None
    if kind == "quantities":
        return item["value"]
    return item["verdict"] if kind == "rulings" else item["kind"]


def close(one: Any, two: Any) -> bool:
    """Whether two records agree: numbers within the tolerance, all else exactly.

    >>> close({"a": [1.0, "x"]}, {"a": [1.0 + 1e-12, "x"]}), close([1.0], [1.001])
    (True, False)
    """
    if isinstance(one, Mapping) and isinstance(two, Mapping):
        return one.keys() == two.keys() and all(close(one[key], two[key]) for key in one)
    if isinstance(one, list) and isinstance(two, list):
        return len(one) == len(two) and all(map(close, one, two))
    if isinstance(one, float) and isinstance(two, int | float):
        return math.isclose(one, two, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    return bool(one == two)


def certificate(paths: list[Path], found: list[Comparison]) -> dict[str, Any]:
    """A record of the review for machines: what was executed, with what, and the result."""
    differing = [asdict(item) for item in found if not item.agrees]
    return {
        "book": __version__,
        "commit": commit(),
        "chapters": [path.stem for path in paths],
        "data_sha256": package_hash(ROOT / "data", ROOT / "book" / "references.bib"),
        "lock_sha256": hashlib.sha256((ROOT / "requirements.txt").read_bytes()).hexdigest(),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "libraries": {name: importlib.metadata.version(name) for name in LIBRARIES},
        "relative_tolerance": TOLERANCE,
        "compared": len(found),
        "agreeing": len(found) - len(differing),
        "differing": differing,
        "result": "agrees" if not differing else "differs",
    }
