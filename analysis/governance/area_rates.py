"""Recovery rates of areas and providers in one year, as arrays with their rows.

Two rates exist for a unit and they are not exchanged. The *printed* rate is a whole percent worked
out from unrounded counts: it decides whether a unit stands at or above a threshold, and is what a
unit is said to have. The *rebuilt* rate divides counts rounded to five: it has decimals and serves
spread, funnel and persistence; at a threshold it misleads, because rounded counts often give
exactly one in two.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.evidence import Evidence
from analysis.funnel import Floats, sampling_variance
from analysis.quantity import Quantity

TABLE = "area_years"
COUNT_STEP = 5
UNITS_OF = {"ccg": "commissioning groups", "icb": "integrated care boards", "provider": "providers"}
LEVELS_BY_YEAR = {
    "ccg": ("2017-18", "2018-19", "2019-20", "2020-21", "2021-22"),
    "icb": ("2022-23", "2023-24", "2024-25"),
}


@dataclass(frozen=True)
class Areas:
    """Units of one kind in one year that print a base, with the rows they came from."""

    frame: pd.DataFrame
    rows: frozenset[str]

    @property
    def count(self) -> int:
        """How many units there are."""
        return len(self.frame)

    @property
    def sizes(self) -> Floats:
        """Finished courses at caseness, the base of the rate."""
        return np.asarray(self.frame["base"])

    @property
    def rates(self) -> Floats:
        """Rebuilt recovery rates, as shares."""
        return np.asarray(self.frame["recovered"] / self.frame["base"])

    @property
    def expected(self) -> Floats:
        """Rates that England's rate in each decile of deprivation would give, as shares."""
        return np.asarray(self.frame["expected_percent"] / 100)

    @property
    def mean(self) -> float:
        """Recoveries of all units over their bases, as a share: the target of the funnel."""
        return float(self.frame["recovered"].sum() / self.frame["base"].sum())

    @property
    def variances(self) -> Floats:
        """Variance of each rebuilt rate by chance and by rounded counts."""
        return sampling_variance(self.mean, self.sizes, COUNT_STEP)


def areas(
    evidence: Evidence, level: str, year: str, *, least_base: float = 0, deprivation: bool = False
) -> Areas:
    """Units of a level and year with a base of at least ``least_base``.

    With ``deprivation`` only those whose expected rate is known.

    Raises:
        ValueError: fewer than three units remain.
    """
    frame = evidence.table(TABLE, level=level, year=year)
    keep = frame["base"].notna() & frame["recovered"].notna() & (frame["base"] >= least_base)
    if deprivation:
        keep &= frame["expected_percent"].notna()
    frame = frame[keep]
    if len(frame) < 3:
        raise ValueError(f"{len(frame)} units of level {level!r} in {year!r}: name another year")
    return Areas(frame, evidence.rows(TABLE, frame.index))


def printed(evidence: Evidence, row: str, column: str = "recovery_percent") -> Quantity:
    """A printed whole-percent rate of one unit, as a record."""
    return evidence.quantity(TABLE, row, column)


def highest(evidence: Evidence, level: str, year: str, *, least_base: float = 0) -> Quantity:
    """Highest printed recovery rate of a level and year."""
    frame = _printed_frame(evidence, level, year, least_base)
    return _extreme(evidence, frame, np.argmax)


def lowest(evidence: Evidence, level: str, year: str, *, least_base: float = 0) -> Quantity:
    """Lowest printed recovery rate of a level and year."""
    frame = _printed_frame(evidence, level, year, least_base)
    return _extreme(evidence, frame, np.argmin)


def _printed_frame(evidence: Evidence, level: str, year: str, least_base: float) -> pd.DataFrame:
    frame = evidence.table(TABLE, level=level, year=year)
    return frame[frame["base"] >= least_base] if least_base else frame


def _extreme(
    evidence: Evidence, frame: pd.DataFrame, which: Callable[[Floats], np.intp]
) -> Quantity:
    at = int(which(frame["recovery_percent"].to_numpy()))
    value = float(frame["recovery_percent"].iloc[at])
    return Quantity(value, "percent", rows=evidence.rows(TABLE, frame.index), decimals=0)
