"""The frozen set of inputs of the economic model: unit, range, distribution and sources of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from analysis.distributions import Distribution, Family
from analysis.errors import LookupFault
from analysis.evidence import Evidence
from analysis.quantity import DEFINITION, Interval, Quantity, computes
from analysis.tables import Table

TABLE = "model_parameters"
PRICES = "2024-25"


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
            kind = "sampling" if self.distribution.family == "normal" else "bound"
            level = 0.95 if kind == "sampling" else None
            interval = Interval(kind, self.low, self.high, level)
        decimals = 3 if self.unit == "difference" else None
        return Quantity(self.distribution.value, self.unit, interval, self.rows, decimals=decimals)


@dataclass(frozen=True)
class Parameters:
    """All inputs by name.

    Raises LookupFault for a name that the table does not have.
    """

    items: Mapping[str, Parameter]

    def __getitem__(self, name: str) -> Parameter:
        if name not in self.items:
            raise LookupFault(f"no parameter {name!r}: the table has {', '.join(self.items)}")
        return self.items[name]

    def central(self, name: str) -> float:
        """Central value of an input."""
        return self[name].distribution.value

    def rows(self, names: Iterable[str]) -> frozenset[str]:
        """Data rows behind several inputs."""
        return frozenset().union(*(self[name].rows for name in names))


def parameters(evidence: Evidence) -> Parameters:
    """Read the inputs; money of other years in prices of 2024-25, by the GDP deflator.

    Thresholds for a QALY are nominal and stay as printed, as do the founders' own terms.
    """
    frame = evidence.table(TABLE)
    nominal = frame["parameter"].eq("value_of_qaly") | frame.index.str.endswith("_founders")
    found = {}
    for (name, row), stays in zip(frame.iterrows(), nominal, strict=True):
        factor, used = 1.0, frozenset[str]()
        if row["unit"] == "GBP" and row["price_year"] != PRICES and not stays:
            factor, used = _uprating(evidence, row["price_year"])
        family: Family = row["distribution"]
        low, central, high = (factor * row[key] for key in ("low", "central", "high"))
        if family == "fixed" or low == high:
            law = Distribution.fixed(central)
        else:
            law = Distribution(family, central, low, high)
        base = ";".join(row[f"{key}_rows"] for key in ("low", "central", "high")).split(";")
        rows = evidence.rows(TABLE, [str(name)]) | used | frozenset(filter(None, base))
        found[str(name)] = Parameter(
            row["label"], row["unit"], row["per"], row["price_year"], law, low, high,
            row["basis"] == "data", rows,
        )  # fmt: skip
    return Parameters(found)


def _uprating(evidence: Evidence, year: str) -> tuple[float, frozenset[str]]:
    ids = [f"financial_{item.replace('-', '_')}" for item in (PRICES, year)]
    to, start = (evidence.quantity("gdp_deflator", row).value for row in ids)
    return to / start, evidence.rows("gdp_deflator", ids)


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
            for item in given.items.values()
        ]
    )
    caption = (
        f"Inputs of the model, with low and high ends; in the model money is in prices of {PRICES}"
    )
    return {"model_inputs": Table(caption, frame, folded=True)}
