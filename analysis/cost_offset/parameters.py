"""The frozen set of inputs of the economic model: unit, range, distribution and sources of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from analysis.distributions import Distribution, Family
from analysis.errors import LookupFault
from analysis.evidence import Evidence
from analysis.prices import BASE_YEAR
from analysis.quantity import DEFINITION, Interval, Kind, Quantity, computes
from analysis.tables import Table

TABLE = "model_parameters"


@dataclass(frozen=True)
class Parameter:
    """One input: what it is, how it may vary, and the data rows it follows from."""

    label: str
    unit: str
    per: str
    price_year: str
    distribution: Distribution
    low: float
    high: float
    from_data: bool
    rows: frozenset[str]

    @property
    def quantity(self) -> Quantity:
        """The central value; limits are a confidence interval only where data give one."""
        interval = DEFINITION
        if self.low < self.high:
            kind: Kind = "sampling" if self.distribution.family == "normal" else "bound"
            level = 0.95 if kind == "sampling" else None
            interval = Interval(kind, self.low, self.high, level)
        decimals = 3 if self.unit == "difference" else None
        return Quantity(self.distribution.value, self.unit, interval, self.rows, decimals=decimals)

    @property
    def expected(self) -> Quantity:
        """The mean over the range, which the model takes; not central where the range is uneven."""
        return replace(self.quantity, value=self.distribution.mean)


@dataclass(frozen=True)
class Parameters:
    """All inputs by name.

    Raises LookupFault for a name that the table does not have.
    """

    frame: pd.DataFrame
    deflators: Mapping[str, Quantity]

    @cached_property
    def _read(self) -> dict[str, Parameter]:
        return {}

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all inputs."""
        return tuple(str(name) for name in self.frame.index)

    def __getitem__(self, name: str) -> Parameter:
        if name not in self.frame.index:
            raise LookupFault(f"no parameter {name!r}: the table has {', '.join(self.names)}")
        if name not in self._read:
            self._read[name] = _parameter(name, self.frame.loc[name], self.deflators)
        return self._read[name]

    def central(self, name: str) -> float:
        """Central value of an input."""
        return self[name].distribution.value

    def rows(self, names: Iterable[str]) -> frozenset[str]:
        """Data rows behind several inputs."""
        return frozenset().union(*(self[name].rows for name in names))


def parameters(evidence: Evidence) -> Parameters:
    """The inputs; money of other years in prices of the base year, by the GDP deflator.

    Thresholds for a QALY are nominal and stay as printed, as do the founders' own terms.
    """
    frame = evidence.table(TABLE)
    years = {BASE_YEAR} | {
        row["price_year"]
        for name, row in frame[frame["unit"] == "GBP"].iterrows()
        if not _is_nominal(str(name), row["parameter"])
    }
    return Parameters(
        frame,
        {
            year: evidence.quantity("gdp_deflator", f"financial_{year.replace('-', '_')}")
            for year in sorted(years)
        },
    )


def _is_nominal(name: str, parameter: str) -> bool:
    return parameter == "value_of_qaly" or name.endswith("_founders")


def _parameter(name: str, row: pd.Series, deflators: Mapping[str, Quantity]) -> Parameter:
    factor, used = 1.0, frozenset[str]()
    year = row["price_year"]
    if row["unit"] == "GBP" and year != BASE_YEAR and not _is_nominal(name, row["parameter"]):
        factor = deflators[BASE_YEAR].value / deflators[year].value
        used = deflators[BASE_YEAR].rows | deflators[year].rows
    family: Family = row["distribution"]
    low, central, high = (factor * row[key] for key in ("low", "central", "high"))
    if family == "fixed" or low == high:
        law = Distribution.fixed(central)
    else:
        law = Distribution(family, central, low, high)
    base = ";".join(row[f"{key}_rows"] for key in ("low", "central", "high")).split(";")
    return Parameter(
        row["label"], row["unit"], row["per"], year, law, low, high, row["basis"] == "data",
        frozenset([f"{TABLE}/{name}", *filter(None, base)]) | used,
    )  # fmt: skip


@computes
def inputs(evidence: Evidence) -> dict[str, Table]:
    """Every input with its range, distribution and whether data or a judgement gave them."""
    given = parameters(evidence)
    frame = pd.DataFrame(
        [
            {
                "Input": item.label,
                "Central": item.quantity,
                "Each": item.per or "",
                "Distribution": item.distribution.family,
                "Range from": "data" if item.from_data else "judgement",
                "Prices of": item.price_year or "",
            }
            for item in (given[name] for name in given.names)
        ]
    )
    caption = (
        f"Inputs of the model, with low and high ends; in the model money is in prices of "
        f"{BASE_YEAR}"
    )
    return {"model_inputs": Table(caption, frame, folded=True)}
