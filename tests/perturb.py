"""Move the data a little and see which numbers move: the test that lineage is not just declared."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from analysis.evidence import Evidence
from analysis.quantity import Quantity

Compute = Callable[[Evidence], Mapping[str, Quantity]]
SIZES = (0.1, 0.3, 0.02)
DRAWS = range(8)  # seeds: a rare kind of row may not be drawn at once
TOLERANCE = 1e-9


def perturbed(evidence: Evidence, table: str, size: float, seed: int = 0) -> Evidence:
    """The evidence with every number of one table shrunk by its own factor up to ``size``.

    Numbers shrink, so that shares stay shares; an interval moves with its estimate, so that it
    still contains it.
    """
    frame = evidence.table(table)
    generator = np.random.default_rng(seed)
    linked = [set(item.values()) for item in evidence.descriptor(table).get("intervals", ())]
    for column in frame.columns:
        if pd.api.types.is_float_dtype(frame[column]) and not any(column in s for s in linked):
            frame[column] = frame[column] * (1 - size * generator.random(len(frame)))
    for columns in linked:
        factor = 1 - size * generator.random(len(frame))
        for column in columns:
            frame[column] = frame[column] * factor
    return evidence.with_table(table, frame)


def grown(evidence: Evidence, table: str, seed: int = 0) -> Evidence:
    """The evidence with as many rows again in one table, each cell drawn from its column.

    Counts of rows stand still when numbers shrink; they move when there are more rows. The rows
    that were there keep their ids, so that a row named in a module is still found.
    """
    frame = evidence.table(table)
    generator = np.random.default_rng(seed)
    drawn = {
        name: column.take(generator.integers(len(frame), size=len(frame))).to_numpy()
        for name, column in frame.items()
    }
    more = pd.DataFrame(drawn, index=[f"{row}_drawn" for row in frame.index])
    both = pd.concat([frame, more.astype(frame.dtypes)]).rename_axis(frame.index.name)
    decimals = evidence._decimals[table]
    more_decimals = decimals.set_axis([f"{row}_drawn" for row in decimals.index])
    return Evidence(
        {**evidence._tables, table: both},
        evidence._descriptors,
        {**evidence._decimals, table: pd.concat([decimals, more_decimals])},
    )


def lineage_problems(compute: Compute, evidence: Evidence) -> list[str]:
    """What is wrong with the declared lineage of what a function computes.

    A quantity that moves with a table must name it, and every quantity must move with at least
    one table, or it is typed by hand.
    """
    before = compute(evidence)
    declared = {
        name: {row.split("/")[0] for row in quantity.rows} for name, quantity in before.items()
    }
    moved: dict[str, set[str]] = {name: set() for name in before}
    for size in SIZES:
        # counts and whole numbers need a larger step than shares: try again for what stood still
        still = [name for name in before if not moved[name]]
        tables = evidence.tables_read if size == SIZES[0] else _union(declared, still)
        for table in sorted(tables):
            for name, after in compute(perturbed(evidence, table, size)).items():
                if differs(before[name], after):
                    moved[name].add(table)
    for seed in DRAWS:
        still = [name for name in before if not moved[name]]
        for table in sorted(_union(declared, still)):
            after = compute(grown(evidence, table, seed))
            for name in still:
                if differs(before[name], after[name]):
                    moved[name].add(table)
    problems = []
    for name in before:
        for table in sorted(moved[name] - declared[name]):
            problems.append(f"{name} moves with table {table} and does not name it")
        if not moved[name]:
            problems.append(f"{name} moves with no table: it is typed by hand")
    return problems


def _union(declared: Mapping[str, set[str]], names: list[str]) -> set[str]:
    return set().union(*(declared[name] for name in names))


def differs(one: Quantity, other: Quantity) -> bool:
    """Whether value or limits differ by more than rounding error."""
    first = [one.value, *(one.interval.limits or ())]
    second = [other.value, *(other.interval.limits or ())]
    return len(first) != len(second) or not np.allclose(first, second, rtol=TOLERANCE, atol=0)
